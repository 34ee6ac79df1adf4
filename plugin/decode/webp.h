/* SPDX-License-Identifier: GPL-3.0-or-later */
/* webp.h: animated WebP files, of which libwebp's decoder, and so GEGL's loader, reads
 * none. */
#ifndef FEATURESCOPE_DECODE_WEBP_H
#define FEATURESCOPE_DECODE_WEBP_H

#include "decode/block.h"

/* The first picture of an animation, and where it lies on the animation's canvas. */
typedef struct {
    GByteArray *file; /* as a file of its own; NULL: there is no picture */
    int width, height, x, y;
} WebpFirst;

/* FALSE: it is not animated. */
gboolean webp_first(WebpFirst *first, const guint8 *bytes, gsize size);

/* The decoded picture on the canvas, which is transparent. FALSE without memory, or if it
 * does not lie on it. */
gboolean webp_place(const WebpFirst *first, Block *block);

#endif
