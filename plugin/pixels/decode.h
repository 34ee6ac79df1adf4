/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decode.h: an image file to a buffer. */
#ifndef FEATURESCOPE_PIXELS_DECODE_H
#define FEATURESCOPE_PIXELS_DECODE_H

#include <gegl.h>
#include <glib.h>

/* Decodes a file by one of GEGL's own loaders, chosen by the file's first bytes, and
 * turns it upright. Its pixels are for pixels_read(), which knows the file's colour
 * profile. Several threads may decode at a time.
 *
 * unknown  TRUE if it is no format of GEGL's: another loader may try. Errors that no
 *          other loader could mend (no such file) leave it FALSE. */
GeglBuffer *pixels_decode(const char *path, gboolean *unknown, GError **error);

#endif
