/* SPDX-License-Identifier: GPL-3.0-or-later */
/* radiance.c: lines of text, an empty one, "-Y 480 +X 640", and scanlines.
 *
 * A pixel is four bytes: m / 256 · 2^(e - 128) for each of three m. Rows come from above
 * (-Y) or below, pixels from the left (+X) or right. */

#include "decode/radiance.h"
#include <math.h>
#include <string.h>

typedef struct {
    const guint8 *bytes;
    gsize size, at;
    guint64 width, height;
    gboolean up, left, xyz;
} Radiance;

/* Where the next line begins; size: nowhere. */
static gsize
next_line(const Radiance *file)
{
    const guint8 *end = memchr(file->bytes + file->at, '\n', file->size - file->at);
    return end ? (gsize)(end - file->bytes) + 1 : file->size;
}

static gboolean
read_size(Radiance *file)
{
    char line[64] = "", *end;
    memcpy(line, file->bytes + file->at, MIN(file->size - file->at, sizeof line - 1));
    if (!strchr("-+", line[0]) || line[1] != 'Y' || line[2] != ' ')
        return FALSE;
    file->up = line[0] == '+';
    file->height = g_ascii_strtoull(line + 3, &end, 10);
    if (end[0] != ' ' || end[1] == '\0' || !strchr("-+", end[1]) || end[2] != 'X' ||
        end[3] != ' ')
        return FALSE;
    file->left = end[1] == '-';
    file->width = g_ascii_strtoull(end + 4, &end, 10);
    file->at = next_line(file);
    return *end == '\n' && file->width > 0 && file->height > 0;
}

static gboolean
read_header(Radiance *file, const guint8 *bytes, gsize size)
{
    static const char xyz[] = "FORMAT=32-bit_rle_xyze";
    *file = (Radiance){.bytes = bytes, .size = size};
    for (; file->at < size && bytes[file->at] != '\n'; file->at = next_line(file))
        file->xyz |= size - file->at >= sizeof xyz - 1 &&
                     memcmp(bytes + file->at, xyz, sizeof xyz - 1) == 0;
    return file->at++ < size && read_size(file);
}

/* --- rows, to four bytes a pixel; or, where these are NULL, to their end only */

/* Four channels one after the other, each in runs: 128 + n and a value, or n and n
 * values. */
static gboolean
read_channels(Radiance *file, guint8 *rgbe)
{
    guint64 width = file->width;
    for (guint64 done = 0; done < 4 * width;) {
        if (file->at >= file->size || file->bytes[file->at] == 0)
            return FALSE;
        const guint8 *from = file->bytes + file->at;
        gboolean run = *from > 128;
        guint n = run ? *from - 128U : *from;
        gsize taken = run ? 2 : 1 + (gsize)n;
        if (taken > file->size - file->at || done % width + n > width)
            return FALSE;
        for (guint i = 0; rgbe && i < n; i++)
            rgbe[4 * (done % width + i) + done / width] = from[run ? 1 : 1 + i];
        file->at += taken;
        done += n;
    }
    return TRUE;
}

/* Four bytes a pixel; 1, 1, 1, n repeats the one before n times, or n times 256 directly
 * behind another one of its kind. */
static gboolean
read_pixels(Radiance *file, guint8 *rgbe)
{
    guint8 last[4] = {0};
    int shift = 0;
    for (guint64 done = 0; done < file->width; file->at += 4) {
        if (file->size - file->at < 4)
            return FALSE;
        const guint8 *from = file->bytes + file->at;
        gboolean run = from[0] == 1 && from[1] == 1 && from[2] == 1 && shift < 32;
        guint64 n = run ? (guint64)from[3] << shift : 1;
        shift = run ? shift + 8 : 0;
        if (!run)
            memcpy(last, from, 4);
        for (guint64 i = done; rgbe && i < MIN(done + n, file->width); i++)
            memcpy(rgbe + 4 * i, last, 4);
        done += n;
    }
    return TRUE;
}

static gboolean
read_row(Radiance *file, guint8 *rgbe)
{
    if (file->size - file->at < 4)
        return FALSE;
    const guint8 *mark = file->bytes + file->at;
    gboolean runs = mark[0] == 2 && mark[1] == 2 && file->width >= 8 &&
                    (guint64)(mark[2] << 8 | mark[3]) == file->width;
    file->at += runs ? 4 : 0;
    return runs ? read_channels(file, rgbe) : read_pixels(file, rgbe);
}

/* --- all of it */

gboolean
radiance_is_whole(const guint8 *bytes, gsize size)
{
    Radiance file;
    gboolean good = read_header(&file, bytes, size);
    for (guint64 y = 0; good && y < file.height; y++)
        good = read_row(&file, NULL);
    return good;
}

static void
put_row(const Radiance *file, const guint8 *rgbe, float *row)
{
    for (guint64 x = 0; x < file->width; x++, rgbe += 4) {
        float *to = row + 3 * (file->left ? file->width - 1 - x : x);
        for (int c = 0; c < 3; c++)
            to[c] = rgbe[3] ? ldexpf(rgbe[c], rgbe[3] - 136) : 0;
    }
}

WireKind
radiance_load(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block)
{
    Radiance file;
    const Babl *format = babl_format("RGB float");
    if (!read_header(&file, bytes, size))
        return WIRE_DAMAGED;
    if (file.xyz)
        return WIRE_UNKNOWN;
    answer->width = (gint32)MIN(file.width, G_MAXINT);
    answer->height = (gint32)MIN(file.height, G_MAXINT);
    if (!block_fits(answer->width, answer->height, format))
        return WIRE_LARGE;
    if (!block_new(block, answer->width, answer->height, format))
        return WIRE_MEMORY;
    guint8 *rgbe = g_malloc(4 * (gsize)file.width);
    gboolean good = TRUE;
    for (int y = 0; good && y < block->height; y++) {
        int at = file.up ? block->height - 1 - y : y;
        good = read_row(&file, rgbe);
        if (good)
            put_row(&file, rgbe, (float *)(void *)block_row(block, at));
    }
    g_free(rgbe);
    return good ? WIRE_PICTURE : WIRE_DAMAGED;
}
