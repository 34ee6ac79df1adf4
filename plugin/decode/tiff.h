/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff.h: layouts of TIFF files that GEGL's loader reads as something else.
 *
 * It takes 0 for black where the file says that it is white, signed values for unsigned
 * ones, and rows with more samples than it has use for as shorter ones. */
#ifndef FEATURESCOPE_DECODE_TIFF_H
#define FEATURESCOPE_DECODE_TIFF_H

#include "decode/block.h"

/* Of the file's first picture. Both are FALSE for other kinds of files. */
gboolean tiff_is_misread(const guint8 *bytes, gsize size);
gboolean tiff_is_negative(const guint8 *bytes, gsize size);

/* 1 - v of gray pixels; not of their alpha. FALSE without memory. */
gboolean tiff_invert(Block *block);

#endif
