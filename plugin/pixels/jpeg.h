/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jpeg.h: whether a JPEG file is whole.
 *
 * GEGL's loader reads on behind the end of a file that was cut off: it crashes, or shows
 * what lies in memory there. So such files are not given to it. */
#ifndef JPEG_H
#define JPEG_H

#include <glib.h>

/* Walks from marker to marker, as a decoder does (ITU-T T.81, annex B): true if the end
 * of the image comes before the end of the bytes. */
gboolean jpeg_is_whole(const guint8 *bytes, gsize size);

#endif
