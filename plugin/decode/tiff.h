/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff.h: layouts of TIFF files that GEGL's loader reads as something else.
 *
 * It takes 0 for black where the file says that it is white, signed values for unsigned
 * ones, rows with more samples than it has use for as shorter ones, and a palette's colours
 * without the alpha beside them. */
#ifndef FEATURESCOPE_DECODE_TIFF_H
#define FEATURESCOPE_DECODE_TIFF_H

#include "decode/block.h"
#include "pixels/wire.h"

/* Of the file's first picture. Both are FALSE for other kinds of files. */
gboolean tiff_is_misread(const guint8 *bytes, gsize size);
gboolean tiff_is_negative(const guint8 *bytes, gsize size);

/* TRUE if libtiff may have no way for it, should it fail: packings that few programs
 * write, JPEG inside that libjpeg does not read, and tiles of a palette or of few bits that
 * are not packed. */
gboolean tiff_is_rarely_read(const guint8 *bytes, gsize size);

/* The bits of a value if neither GEGL nor libtiff reads so many; 0: they do. */
guint32 tiff_odd_bits(const guint8 *bytes, gsize size);

/* 1 - v of gray pixels; not of their alpha. FALSE without memory. */
gboolean tiff_invert(Block *block);

/* The colours of a palette of 8 bits, red, green, blue. */
typedef struct {
    guint16 rgb[3 * 256];
    gboolean alpha; /* what is beside them; else it is nothing for the eye */
} TiffPalette;

/* FALSE: it has none, or libtiff reads what there is. */
gboolean tiff_palette_take(TiffPalette *palette, const guint8 *bytes, gsize size);

/* Makes a copy of the file gray with alpha, which is read as it is. FALSE: it cannot. */
gboolean tiff_palette_hide(GByteArray *file);

/* Its pixels become colours. */
WireKind tiff_palette_apply(const TiffPalette *palette, Block *block);

#endif
