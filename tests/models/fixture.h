/* fixture.h: folders of small pictures to train on, made on the spot.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <glib.h>

/* Starts GEGL. What its modules keep for the process is not ours to free: sanitizers are
 * told so. */
void fixture_gegl(void);

/* A new empty folder; fixture_remove() takes it away with all that is in it. */
char *fixture_folder(void);
void fixture_remove(char *folder);

/* folder/name with these bytes; folders on the way are made. */
void fixture_file(const char *folder, const char *name, const void *bytes, gsize size);

/* A PPM of side x side pixels: stripes of a random phase with noise, across (kind 0),
 * down (1) or on the slope (2). */
void
fixture_stripes(const char *folder, const char *name, int side, int kind, guint64 seed);

/* count pictures each of the classes "across", "down" and "slope". */
void fixture_classes(const char *folder, int side, int count);

#endif
