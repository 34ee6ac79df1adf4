/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff.c: looks at tags of a TIFF file's first directory (TIFF 6.0, section 2): a number
 * of entries, 12 bytes each: tag, type, count, value or where it is. */

#include "decode/tiff.h"
#include <string.h>

enum { ENTRY = 12, SHORT = 3, LONG = 4 };
enum {
    BITS = 258,
    COLOURS = 262,
    SAMPLES = 277,
    PLANES = 284,
    PALETTE = 320,
    MORE = 338,
    FORMAT = 339
};
enum { WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, OF_A_PALETTE, INK = 5 };

typedef struct {
    const guint8 *bytes;
    gsize size;
    gboolean little;
} Tiff;

static gboolean
tiff_of(Tiff *tiff, const guint8 *bytes, gsize size)
{
    *tiff = (Tiff){bytes, size, size > 0 && bytes[0] == 'I'};
    return size >= 8 &&
           (memcmp(bytes, "II*\0", 4) == 0 || memcmp(bytes, "MM\0*", 4) == 0);
}

/* 0 behind the end. */
static guint32
number(const Tiff *tiff, gsize at, gsize length)
{
    guint32 value = 0;
    if (at > tiff->size || tiff->size - at < length)
        return 0;
    for (gsize i = 0; i < length; i++)
        value = value << 8 | tiff->bytes[at + (tiff->little ? length - 1 - i : i)];
    return value;
}

/* Where a tag's values are, shorts or longs, and their length; 0: there are none. */
static gsize
tag_place(const Tiff *tiff, guint32 tag, gsize *length, gsize *count)
{
    gsize at = number(tiff, 4, 4);
    gsize entries = number(tiff, at, 2);
    for (gsize i = 0; i < entries; i++) {
        gsize entry = at + 2 + i * ENTRY;
        if (number(tiff, entry, 2) != tag)
            continue;
        guint32 type = number(tiff, entry + 2, 2);
        *length = type == SHORT ? 2 : type == LONG ? 4 : 0;
        *count = number(tiff, entry + 4, 4);
        gboolean here = *count * *length <= 4;
        return *length == 0 || *count == 0 ? 0
               : here                      ? entry + 8
                                           : number(tiff, entry + 8, 4);
    }
    return 0;
}

/* The first of a tag's values; `otherwise` if there are none. */
static guint32
tag_value(const Tiff *tiff, guint32 tag, guint32 otherwise)
{
    gsize length, count, at = tag_place(tiff, tag, &length, &count);
    return at ? number(tiff, at, length) : otherwise;
}

/* All others libtiff converts by itself. */
static gboolean
is_taken_as_it_is(const Tiff *tiff)
{
    guint32 bits = tag_value(tiff, BITS, 1), colours = tag_value(tiff, COLOURS, 1);
    return (bits == 8 || bits == 16 || bits == 32 || bits == 64) &&
           (colours <= RGB || colours == INK);
}

guint32
tiff_odd_bits(const guint8 *bytes, gsize size)
{
    Tiff tiff;
    if (!tiff_of(&tiff, bytes, size))
        return 0;
    guint32 bits = tag_value(&tiff, BITS, 1);
    gboolean power = bits > 0 && bits <= 64 && (bits & (bits - 1)) == 0;
    return power && (bits >= 8 || tag_value(&tiff, SAMPLES, 1) == 1) ? 0 : bits;
}

gboolean
tiff_is_misread(const guint8 *bytes, gsize size)
{
    enum { SIGNED = 2, OF_ITS_OWN = 2 };
    Tiff tiff;
    if (tiff_odd_bits(bytes, size) > 0)
        return TRUE;
    if (!tiff_of(&tiff, bytes, size) || !is_taken_as_it_is(&tiff))
        return FALSE;
    guint32 colours = tag_value(&tiff, COLOURS, 1),
            samples = tag_value(&tiff, SAMPLES, 1);
    guint32 used = colours == RGB ? 3 : colours == INK ? 4 : 1;
    return samples < used ||
           (samples > used + 1 && tag_value(&tiff, PLANES, 1) != OF_ITS_OWN) ||
           tag_value(&tiff, FORMAT, 1) == SIGNED;
}

gboolean
tiff_is_negative(const guint8 *bytes, gsize size)
{
    Tiff tiff;
    return tiff_of(&tiff, bytes, size) && is_taken_as_it_is(&tiff) &&
           tag_value(&tiff, COLOURS, 1) == WHITE_IS_ZERO;
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

/* --- a palette with alpha */

gboolean
tiff_palette_take(TiffPalette *palette, const guint8 *bytes, gsize size)
{
    enum { COLOURS_OF_8_BITS = 3 * 256 };
    Tiff tiff;
    gsize length, count;
    if (!tiff_of(&tiff, bytes, size) || tag_value(&tiff, COLOURS, 1) != OF_A_PALETTE ||
        tag_value(&tiff, BITS, 1) != 8 || tag_value(&tiff, SAMPLES, 1) != 2 ||
        tag_value(&tiff, MORE, 0) == 0)
        return FALSE;
    gsize at = tag_place(&tiff, PALETTE, &length, &count);
    palette->kind = tag_place(&tiff, COLOURS, &length, &count);
    if (!at || !palette->kind || tiff.size < palette->kind + 2)
        return FALSE;
    for (gsize i = 0; i < COLOURS_OF_8_BITS; i++)
        palette->rgb[i] = (guint16)number(&tiff, at + 2 * i, 2);
    return TRUE;
}

void
tiff_palette_hide(const TiffPalette *palette, GByteArray *file)
{
    file->data[palette->kind] = file->data[0] == 'I' ? BLACK_IS_ZERO : 0;
    file->data[palette->kind + 1] = file->data[0] == 'I' ? 0 : BLACK_IS_ZERO;
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
        *to++ = (guint16)(from[1] * 257);
    }
    block_replace(block, &made);
    return WIRE_PICTURE;
}
