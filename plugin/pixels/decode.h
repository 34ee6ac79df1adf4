/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decode.h: an image file to a buffer. */
#ifndef FEATURESCOPE_PIXELS_DECODE_H
#define FEATURESCOPE_PIXELS_DECODE_H

#include <gegl.h>
#include <glib.h>

/* Decodes a file in a process of its own (helper.h) by the loader that the file's first
 * bytes ask for, turns it upright and converts it to sRGB. Whatever the file holds, and
 * whatever the loader does with it, the worst that comes of it is an error that names the
 * file. Several threads may decode at a time.
 *
 * unknown  TRUE if no loader here knows the format: the editor's may. Errors that no
 *          other loader could mend (no such file) leave it FALSE. */
GeglBuffer *pixels_decode(const char *path, gboolean *unknown, GError **error);

/* A number that stands for the colour profile which the decoded file carried; 0: none. */
guint64 pixels_profile(GeglBuffer *buffer);

#endif
