/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff.c: what GEGL's loader would misread, and what is done about it. */

#include "decode/tiff.h"
#include "decode/jpeg.h"
#include "decode/tiff_tags.h"
#include <string.h>

enum { WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, OF_A_PALETTE, INK = 5, DIFFERENCES };
enum { OF_ITS_OWN = 2 }; /* each channel, as a plane */

/* All others libtiff converts by itself. */
static gboolean
is_taken_as_it_is(const Tiff *tiff)
{
    guint32 bits = tiff_value(tiff, TIFF_BITS, 1),
            colours = tiff_value(tiff, TIFF_COLOURS, 1);
    return (bits == 8 || bits == 16 || bits == 32 || bits == 64) &&
           (colours <= RGB || colours == INK);
}

guint32
tiff_odd_bits(const guint8 *bytes, gsize size)
{
    Tiff tiff;
    if (!tiff_of(&tiff, bytes, size))
        return 0;
    guint32 bits = tiff_value(&tiff, TIFF_BITS, 1);
    guint32 most = tiff_value(&tiff, TIFF_COLOURS, 1) == OF_A_PALETTE ? 8 : 64;
    gboolean power = bits > 0 && bits <= most && (bits & (bits - 1)) == 0;
    return power && (bits >= 8 || tiff_value(&tiff, TIFF_SAMPLES, 1) == 1) ? 0 : bits;
}

/* Luminance, and colour differences of fewer pixels in planes of their own. */
static gboolean
are_planes_of_sizes(const Tiff *tiff)
{
    gsize length = 0, count = 0, at = tiff_place(tiff, TIFF_SHARED, &length, &count);
    gboolean same = at && count == 2 && tiff_number(tiff, at, length) == 1 &&
                    tiff_number(tiff, at + length, length) == 1;
    return tiff_value(tiff, TIFF_COLOURS, 1) == DIFFERENCES &&
           tiff_value(tiff, TIFF_PLANES, 1) == OF_ITS_OWN && !same;
}

gboolean
tiff_is_misread(const guint8 *bytes, gsize size)
{
    enum { SIGNED = 2 };
    Tiff tiff;
    if (tiff_odd_bits(bytes, size) > 0)
        return TRUE;
    if (!tiff_of(&tiff, bytes, size))
        return FALSE;
    if (are_planes_of_sizes(&tiff))
        return TRUE;
    if (!is_taken_as_it_is(&tiff))
        return FALSE;
    guint32 colours = tiff_value(&tiff, TIFF_COLOURS, 1),
            samples = tiff_value(&tiff, TIFF_SAMPLES, 1);
    guint32 used = colours == RGB ? 3 : colours == INK ? 4 : 1;
    return samples < used ||
           (samples > used + 1 && tiff_value(&tiff, TIFF_PLANES, 1) != OF_ITS_OWN) ||
           tiff_value(&tiff, TIFF_FORMAT, 1) == SIGNED;
}

/* A place in the file; 0: none is said. */
static guint64
first_of(const Tiff *tiff, guint32 tag)
{
    gsize length, count, at = tiff_place(tiff, tag, &length, &count);
    return at ? tiff_number(tiff, at, length) : 0;
}

gboolean
tiff_is_rarely_read(const guint8 *bytes, gsize size)
{
    enum { JPEG = 7 };
    static const guint32 usual[] = {1, 2,     3,     4,     5,     JPEG,
                                    8, 32773, 32946, 34925, 50000, 50001};
    Tiff tiff;
    if (!tiff_of(&tiff, bytes, size))
        return FALSE;
    guint32 packing = tiff_value(&tiff, TIFF_PACKING, 1);
    gboolean rare = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(usual); i++)
        rare = rare && packing != usual[i];
    guint64 strip = first_of(&tiff, TIFF_STRIPS);
    guint64 at = strip ? strip : first_of(&tiff, TIFF_TILES);
    gboolean tiles_alone = tiff_value(&tiff, TIFF_TILES, 0) && packing == 1 &&
                           (tiff_value(&tiff, TIFF_BITS, 1) < 8 ||
                            tiff_value(&tiff, TIFF_COLOURS, 1) == OF_A_PALETTE);
    return rare || tiles_alone ||
           (packing == JPEG && at < size && !jpeg_is_read(bytes + at, size - at));
}

gboolean
tiff_is_negative(const guint8 *bytes, gsize size)
{
    Tiff tiff;
    return tiff_of(&tiff, bytes, size) && is_taken_as_it_is(&tiff) &&
           tiff_value(&tiff, TIFF_COLOURS, 1) == WHITE_IS_ZERO;
}

gboolean
tiff_invert(Block *block)
{
    if (!block_convert(block, babl_format("Y'A float")))
        return FALSE;
    float *row = (float *)(void *)block->at;
    for (gsize i = 0; i < block->size / sizeof *row; i += 2)
        row[i] = 1 - row[i];
    return TRUE;
}

/* --- a palette with something beside it */

gboolean
tiff_palette_take(TiffPalette *palette, const guint8 *bytes, gsize size)
{
    enum { UNSPECIFIED = 0, COLOURS_OF_8_BITS = 3 * 256 };
    Tiff tiff;
    gsize length, count;
    if (!tiff_of(&tiff, bytes, size) ||
        tiff_value(&tiff, TIFF_COLOURS, 1) != OF_A_PALETTE ||
        tiff_value(&tiff, TIFF_BITS, 1) != 8 || tiff_value(&tiff, TIFF_SAMPLES, 1) != 2)
        return FALSE;
    palette->alpha = tiff_value(&tiff, TIFF_MORE, UNSPECIFIED) != UNSPECIFIED;
    /* Planes of a palette are not read by libtiff either. */
    if (!palette->alpha && tiff_value(&tiff, TIFF_PLANES, 1) != OF_ITS_OWN)
        return FALSE;
    gsize at = tiff_place(&tiff, TIFF_PALETTE, &length, &count);
    if (!at)
        return FALSE;
    for (gsize i = 0; i < COLOURS_OF_8_BITS; i++)
        palette->rgb[i] = (guint16)tiff_number(&tiff, at + 2 * i, 2);
    return TRUE;
}

gboolean
tiff_palette_hide(GByteArray *file)
{
    return tiff_overwrite(file, TIFF_COLOURS, BLACK_IS_ZERO);
}

WireKind
tiff_palette_apply(const TiffPalette *palette, Block *block)
{
    Block made;
    if (babl_format_get_bytes_per_pixel(block->format) != 2)
        return WIRE_UNKNOWN;
    if (!block_fits(block->width, block->height, babl_format("R'G'B'A u16")))
        return WIRE_LARGE;
    if (!block_new(&made, block->width, block->height, babl_format("R'G'B'A u16")))
        return WIRE_MEMORY;
    guint16 *to = (guint16 *)(void *)made.at;
    for (const guint8 *from = block->at; from < block->at + block->size; from += 2) {
        for (int c = 0; c < 3; c++)
            *to++ = palette->rgb[256 * c + from[0]];
        *to++ = palette->alpha ? (guint16)(from[1] * 257) : G_MAXUINT16;
    }
    block_replace(block, &made);
    return WIRE_PICTURE;
}
