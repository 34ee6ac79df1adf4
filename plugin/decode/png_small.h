/* SPDX-License-Identifier: GPL-3.0-or-later */
/* png_small.h: PNG files whose pixels are too many to be held, at a smaller scale. */
#ifndef FEATURESCOPE_DECODE_PNG_SMALL_H
#define FEATURESCOPE_DECODE_PNG_SMALL_H

#include "decode/block.h"
#include "pixels/wire.h"

/* Rows are averaged while they are decoded, so that few of them are in memory: squares of
 * 2 x 2 pixels, or as many as it takes, become one of Y' or R'G'B' bytes. bytes: of a whole file (whole.h). WIRE_LARGE if it is interlaced, has a
 * palette or fewer than 8 bits, if it is shorter than that many pixels could be, or if there are
 * more than 8 GB. A transparent colour is not looked at. */
WireKind png_small(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block);

#endif
