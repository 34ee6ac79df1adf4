/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pixbuf.h: GIF and BMP files, by gdk-pixbuf, which GIMP brings. */
#ifndef FEATURESCOPE_DECODE_PIXBUF_H
#define FEATURESCOPE_DECODE_PIXBUF_H

#include "decode/block.h"
#include "pixels/wire.h"

/* Of an animation, the first picture. WIRE_UNKNOWN if gdk-pixbuf has no loader for it. */
WireKind pixbuf_load(const char *path, WireAnswer *answer, Block *block);

/* A JPEG file whose pixels are too many to be held, at a half, a quarter or an eighth of
 * its size: libjpeg decodes it so. */
WireKind jpeg_small(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block);

#endif
