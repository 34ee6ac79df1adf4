/* SPDX-License-Identifier: GPL-3.0-or-later */
/* listen.h: what loaders say while they read a file, which tells that they did not read
 * all of it. */
#ifndef FEATURESCOPE_DECODE_LISTEN_H
#define FEATURESCOPE_DECODE_LISTEN_H

#include <glib.h>

/* From now on. The first time, this takes what GLib and GEGL log for themselves, and what
 * libraries print as errors. */
void listen_begin(void);

/* TRUE if a loader warned. */
gboolean listen_warned(void);

/* Bytes that were printed as errors since. */
gsize listen_printed(void);

/* TRUE if libjpeg printed that data of the picture are damaged. It prints the first of its
 * warnings only, and what it says of the header (`header` bytes) twice, as the header is
 * read twice; bytes there that belong to nothing are no damage. Nor are those that are
 * left over at the end of the picture: photos that were sent from program to program
 * often have them, and look good. */
gboolean listen_jpeg_is_damaged(gsize header);

#endif
