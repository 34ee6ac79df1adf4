/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orientation.h: which way up a photo is, by its EXIF data.
 *
 * A camera that was held upright stores the picture lying, and says so in the tag
 * Orientation (EXIF 2.32, 4.6.4): a number from 1, as it is, to 8, for the ways to turn
 * and mirror a rectangle. GEGL's loader does not look at it. */
#ifndef FEATURESCOPE_DECODE_ORIENTATION_H
#define FEATURESCOPE_DECODE_ORIENTATION_H

#include "decode/block.h"

/* Of a JPEG file's bytes: 1 to 8; 1 if nothing is said, or what is said is damaged. */
int orientation_of_jpeg(const guint8 *bytes, gsize size);

/* Turns the block upright. FALSE without memory. */
gboolean orientation_apply(Block *block, int orientation);

#endif
