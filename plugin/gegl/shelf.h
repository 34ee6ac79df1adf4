/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/shelf.h: what one computation leaves for the next: plans and buffers of a network,
 * and what was last run in them. All operations of a process share it, as the models. */
#ifndef FEATURESCOPE_GEGL_SHELF_H
#define FEATURESCOPE_GEGL_SHELF_H

#include <glib.h>

/* Takes a thing away that was put there under the name; NULL: there is none. So nobody
 * else has it meanwhile. */
gpointer shelf_take(const char *name);

/* Puts it there; name and thing become the shelf's. The newest ones stay. */
void shelf_put(char *name, gpointer thing, GDestroyNotify destroy);

/* Before models are forgotten, of which plans are made. */
void shelf_clear(void);

#endif
