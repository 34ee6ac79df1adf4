/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slot.h: a name for files that are not whole yet, which one run at a time holds. */
#ifndef FEATURESCOPE_BASE_SLOT_H
#define FEATURESCOPE_BASE_SLOT_H

#include <glib.h>

typedef struct Slot Slot;

/* FOLDER/STEM, or, while others hold that, FOLDER/STEM-2, -3 and so on. The caller puts
 * suffixes of its own behind it.
 *
 * A lock on NAME.lock holds it until slot_free(), or until the process ends in whatever
 * way. So what a run that was ended has left there is overwritten by the next. Where the
 * file system has no locks, STEM is not only one run's. NULL with an error that names the
 * folder if nothing can be written there. */
Slot *slot_take(const char *folder, const char *stem, GError **error);

const char *slot_name(const Slot *slot); /* a path without suffix */

void slot_free(Slot *slot); /* NULL: nothing */

#endif
