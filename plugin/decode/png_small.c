/* SPDX-License-Identifier: GPL-3.0-or-later */
/* png_small.c: inflates a PNG file row by row and averages squares of pixels. */

#include "decode/png_small.h"
#include <string.h>
#include <zlib.h>

#define MOST_RAW ((guint64)8000000000) /* bytes of rows; some 20 s */
#define MOST_RATIO 1032                /* of zlib's */

typedef struct {
    const guint8 *bytes;
    gsize size, at; /* of the next chunk */
    guint32 width, height;
    guint samples, step; /* of a pixel: their number, their bytes */
    z_stream zlib;
} Png;

static guint32
big_32(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 |
           bytes[3];
}

/* Goes to the next chunk of pixels. */
static gboolean
next_pixels(Png *png)
{
    while (png->at + 12 <= png->size) {
        gsize length = big_32(png->bytes + png->at);
        const guint8 *type = png->bytes + png->at + 4;
        if (length > png->size - png->at - 12)
            return FALSE;
        png->at += 12 + length;
        if (memcmp(type, "IDAT", 4) == 0) {
            png->zlib.next_in = (Bytef *)type + 4;
            png->zlib.avail_in = (uInt)length;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
inflate_row(Png *png, guint8 *row, gsize size)
{
    png->zlib.next_out = row;
    png->zlib.avail_out = (uInt)size;
    while (png->zlib.avail_out > 0) {
        if (png->zlib.avail_in == 0 && !next_pixels(png))
            return FALSE;
        int got = inflate(&png->zlib, Z_NO_FLUSH);
        if (got != Z_OK && !(got == Z_STREAM_END && png->zlib.avail_out == 0))
            return FALSE;
    }
    return TRUE;
}

static guint8
paeth(int left, int above, int corner)
{
    int a = ABS(above - corner), b = ABS(left - corner),
        c = ABS(left + above - 2 * corner);
    return (guint8)(a <= b && a <= c ? left : b <= c ? above : corner);
}

/* Both have `step` zeros before them (PNG 3rd edition, 9.2). FALSE: no such filter. */
static gboolean
unfilter(int filter, guint8 *row, const guint8 *before, gsize size, gsize step)
{
    for (gsize i = 0; filter == 1 && i < size; i++)
        row[i] += row[i - step];
    for (gsize i = 0; filter == 2 && i < size; i++)
        row[i] += before[i];
    for (gsize i = 0; filter == 3 && i < size; i++)
        row[i] += (guint8)((row[i - step] + before[i]) / 2);
    for (gsize i = 0; filter == 4 && i < size; i++)
        row[i] += paeth(row[i - step], before[i], before[i - step]);
    return filter <= 4;
}

/* Adds the high bytes of a row to sums of alpha and of colours times alpha. */
static void
add_row(const Png *png, const guint8 *row, guint32 factor, guint32 width, guint64 *sums)
{
    gboolean alpha = png->samples % 2 == 0;
    guint colours = png->samples - alpha, bytes = png->step / png->samples;
    for (guint32 x = 0; x < width; x++, sums += colours + 1)
        for (guint32 i = 0; i < factor; i++, row += png->step) {
            guint64 seen = alpha ? row[colours * bytes] : 255;
            for (guint c = 0; c < colours; c++)
                sums[c] += seen * row[c * bytes];
            sums[colours] += seen;
        }
}

static void
put_row(const Png *png, guint8 *to, guint32 width, const guint64 *sums, guint64 count)
{
    gboolean alpha = png->samples % 2 == 0;
    guint colours = png->samples - alpha;
    for (guint32 x = 0; x < width; x++, sums += colours + 1) {
        guint64 seen = sums[colours];
        for (guint c = 0; c < colours; c++)
            *to++ = seen > 0 ? (guint8)((sums[c] + seen / 2) / seen) : 0;
        if (alpha)
            *to++ = (guint8)((seen + count / 2) / count);
    }
}

static gboolean
read_rows(Png *png, guint32 factor, Block *block)
{
    gsize size = (gsize)png->width * png->step, step = png->step;
    guint32 width = (guint32)block->width;
    gsize values = (gsize)width * (png->samples + 1);
    guint8 *rows[2] = {g_malloc0(step + size), g_malloc0(step + size)}, filter;
    guint64 *sums = g_new0(guint64, values);
    gboolean good = TRUE;
    for (guint32 y = 0; good && y < png->height; y++) {
        guint8 *row = rows[y % 2] + step;
        good = inflate_row(png, &filter, 1) && inflate_row(png, row, size) &&
               unfilter(filter, row, rows[1 - y % 2] + step, size, step);
        if (good)
            add_row(png, row, factor, width, sums);
        if (good && y % factor == factor - 1) {
            put_row(png, block_row(block, (int)(y / factor)), width, sums,
                    (guint64)factor * factor);
            memset(sums, 0, values * sizeof *sums);
        }
    }
    g_free(sums);
    g_free(rows[0]);
    g_free(rows[1]);
    return good;
}

WireKind
png_small(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block)
{
    static const char *const formats[] = {"Y' u8", "Y'A u8", "R'G'B' u8", "R'G'B'A u8"};
    static const guint8 samples[7] = {1, 0, 3, 0, 2, 0, 4}; /* of palettes none */
    Png png = {.bytes = bytes, .size = size, .at = 33};
    if (size < 33)
        return WIRE_DAMAGED;
    png.width = big_32(bytes + 16);
    png.height = big_32(bytes + 20);
    guint bits = bytes[24], type = bytes[25];
    png.samples = type < sizeof samples ? samples[type] : 0;
    png.step = png.samples * bits / 8;
    guint64 raw = (guint64)png.width * png.step * png.height;
    answer->width = (gint32)png.width;
    answer->height = (gint32)png.height;
    if (!png.samples || bits < 8 || bits > 16 || bytes[28] != 0 || raw > MOST_RAW ||
        raw / MOST_RATIO > size)
        return WIRE_LARGE;
    if (!next_pixels(&png))
        return WIRE_DAMAGED;
    const Babl *format = babl_format(formats[png.samples - 1]);
    guint32 factor = 2;
    while (factor < png.width && factor < png.height &&
           !block_fits((int)(png.width / factor), (int)(png.height / factor), format))
        factor++;
    if (!block_new(block, (int)(png.width / factor), (int)(png.height / factor),
                   format) ||
        inflateInit(&png.zlib) != Z_OK)
        return WIRE_MEMORY;
    gboolean good = read_rows(&png, factor, block);
    inflateEnd(&png.zlib);
    return good ? WIRE_PICTURE : WIRE_DAMAGED;
}
