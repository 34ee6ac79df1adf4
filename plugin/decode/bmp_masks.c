/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bmp_masks.c: pixels of 16 or 32 bits, and a mask each for red, green, blue, and alpha.
 *
 * The masks follow the first 40 bytes of the header, whether they are counted in its
 * length (52 with three, 56 with four, 108, 124) or not (40). Rows go up, unless the
 * height is negative. */

#include "decode/bmp_masks.h"
#include <string.h>

enum { FILE_HEADER = 14, SHORT = 40, WITH_ALPHA = 56 };
enum { MASKS = 3, ALPHA_MASKS = 6 }; /* packing */
enum { RED, GREEN, BLUE, ALPHA, CHANNELS };

typedef struct {
    const guint8 *rows;
    gsize stride;
    int width, height, bytes; /* of a pixel */
    gboolean down;
    guint32 mask[CHANNELS];
} Bmp;

static guint32
little_32(const guint8 *bytes)
{
    return bytes[0] | (guint32)bytes[1] << 8 | (guint32)bytes[2] << 16 |
           (guint32)bytes[3] << 24;
}

/* FALSE: bits with others between them. */
static gboolean
is_run(guint32 mask)
{
    guint32 low = mask & (~mask + 1);
    return (mask & (mask + low)) == 0;
}

static WireKind
read_header(Bmp *bmp, const guint8 *bytes, gsize size)
{
    const guint8 *header = bytes + FILE_HEADER;
    if (size < FILE_HEADER + SHORT + 16)
        return WIRE_UNKNOWN;
    guint32 length = little_32(header), packing = little_32(header + 16);
    guint32 bits = little_32(header + 12) >> 16;
    if (length < SHORT || (packing != MASKS && packing != ALPHA_MASKS) ||
        (bits != 16 && bits != 32))
        return WIRE_UNKNOWN;
    gint32 height = (gint32)little_32(header + 8);
    *bmp = (Bmp){.width = (gint32)little_32(header + 4),
                 .height = ABS(MAX(height, -G_MAXINT)),
                 .bytes = (int)bits / 8,
                 .down = height < 0};
    gsize masks = length >= WITH_ALPHA || packing == ALPHA_MASKS ? CHANNELS : ALPHA;
    for (gsize c = 0; c < masks; c++) {
        bmp->mask[c] = little_32(header + SHORT + 4 * c);
        if (!is_run(bmp->mask[c]) || (bits == 16 && bmp->mask[c] > 0xffff))
            return WIRE_UNKNOWN;
    }
    if (bmp->width < 1 || bmp->height < 1)
        return WIRE_DAMAGED;
    bmp->stride = ((gsize)bmp->width * (gsize)bmp->bytes + 3) / 4 * 4;
    gsize place = little_32(bytes + 10), first = FILE_HEADER + (gsize)length;
    if (place <= first) /* no place, or one without masks: some programs do so */
        place = first + (length == SHORT ? 4 * masks : 0);
    if (place > size || (size - place) / bmp->stride < (gsize)bmp->height)
        return WIRE_DAMAGED;
    bmp->rows = bytes + place;
    return WIRE_PICTURE;
}

/* The masked bits of all that there are, as 0 .. 255. */
static guint8
value(guint32 pixel, guint32 mask)
{
    guint64 low = mask & (~mask + 1);
    guint64 most = mask / low, bits = (pixel & mask) / low;
    return (guint8)((bits * 255 + most / 2) / most);
}

static void
take_row(const Bmp *bmp, int y, Block *block)
{
    const guint8 *from =
        bmp->rows + bmp->stride * (gsize)(bmp->down ? y : bmp->height - 1 - y);
    guint8 *to = block_row(block, y);
    int channels = bmp->mask[ALPHA] ? CHANNELS : ALPHA;
    for (int x = 0; x < bmp->width; x++, from += bmp->bytes) {
        guint32 pixel =
            bmp->bytes == 4 ? little_32(from) : from[0] | (guint32)from[1] << 8;
        for (int c = 0; c < channels; c++)
            *to++ = bmp->mask[c] ? value(pixel, bmp->mask[c]) : 0;
    }
}

WireKind
bmp_masks_load(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block)
{
    Bmp bmp;
    WireKind got = read_header(&bmp, bytes, size);
    if (got != WIRE_PICTURE)
        return got;
    const Babl *format = babl_format(bmp.mask[ALPHA] ? "R'G'B'A u8" : "R'G'B' u8");
    answer->width = bmp.width;
    answer->height = bmp.height;
    if (!block_fits(bmp.width, bmp.height, format))
        return WIRE_LARGE;
    if (!block_new(block, bmp.width, bmp.height, format))
        return WIRE_MEMORY;
    for (int y = 0; y < bmp.height; y++)
        take_row(&bmp, y, block);
    return WIRE_PICTURE;
}
