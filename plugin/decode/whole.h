/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whole.h: tells files that were cut off or damaged, where a loader does not.
 *
 * GEGL's of PNG stops at the last row and looks at no checksum behind it, WebP's shows what it
 * got so far, as gdk-pixbuf's of BMP does. */
#ifndef FEATURESCOPE_DECODE_WHOLE_H
#define FEATURESCOPE_DECODE_WHOLE_H

#include <glib.h>

/* The chunks end with IEND, and the checksums of those that are needed are right. */
gboolean whole_png(const guint8 *bytes, gsize size);

/* The file and its chunks are as long as they say. */
gboolean whole_webp(const guint8 *bytes, gsize size);

/* There are as many bytes as the picture takes, or as the file says if it is packed. */
gboolean whole_bmp(const guint8 *bytes, gsize size);

#endif
