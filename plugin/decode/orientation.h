/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orientation.h: which way up a photo is, by its EXIF data.
 *
 * A camera that was held upright stores the picture lying, and says so in the tag
 * Orientation (EXIF 2.32, 4.6.4): a number from 1, as it is, to 8, for the ways to turn
 * and mirror a rectangle. GEGL's loaders do not look at it. */
#ifndef FEATURESCOPE_DECODE_ORIENTATION_H
#define FEATURESCOPE_DECODE_ORIENTATION_H

#include "decode/block.h"

/* Of the bytes of a JPEG, PNG, WebP or TIFF file: 1 to 8; 1 if nothing is said, or what
 * is said is damaged. */
int orientation_of(const guint8 *bytes, gsize size);

/* TRUE if GEGL's loader looks at what is said for some layouts of the file, and turns it
 * in part, or, where it makes no sense, upside down: that of TIFF. Then it is to be made 1
 * in the loader's copy. */
gboolean orientation_is_read(const guint8 *bytes, gsize size);
void orientation_clear(guint8 *bytes, gsize size);

/* Turns the block upright. FALSE without memory. */
gboolean orientation_apply(Block *block, int orientation);

#endif
