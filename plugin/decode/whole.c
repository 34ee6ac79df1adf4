/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whole.c: walks over PNG, WebP, BMP and Radiance files. */

#include "decode/whole.h"
#include <string.h>
#include <zlib.h>

/* --- PNG (3rd edition, 5.3): length, type, data, checksum of the last two */

static guint32
big_32(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 |
           bytes[3];
}

gboolean
whole_png(const guint8 *bytes, gsize size)
{
    enum { SIGNATURE = 8, AROUND = 12 };
    for (gsize at = SIGNATURE; at <= size && size - at >= AROUND;) {
        gsize length = big_32(bytes + at);
        const guint8 *type = bytes + at + 4;
        if (length > size - at - AROUND)
            return FALSE;
        gboolean needed = g_ascii_isupper(*type);
        if (needed && crc32(0, type, (uInt)length + 4) != big_32(type + 4 + length))
            return FALSE;
        if (memcmp(type, "IEND", 4) == 0)
            return TRUE;
        at += length + AROUND;
    }
    return FALSE;
}

/* --- WebP (RFC 9649, 2.4): "RIFF", the length of what follows, "WEBP", chunks */

static guint32
little_32(const guint8 *bytes)
{
    return (guint32)bytes[0] | (guint32)bytes[1] << 8 | (guint32)bytes[2] << 16 |
           (guint32)bytes[3] << 24;
}

gboolean
whole_webp(const guint8 *bytes, gsize size)
{
    if (size < 12 || little_32(bytes + 4) > size - 8)
        return FALSE;
    gsize at = 12, end = little_32(bytes + 4) + (gsize)8;
    while (at + 8 <= end) {
        gsize length = little_32(bytes + at + 4);
        if (length > end - at - 8)
            return FALSE;
        at += 8 + length + length % 2;
    }
    return TRUE;
}

/* --- BMP: a header of 14 bytes, one that begins with its own length, pixels */

gboolean
whole_bmp(const guint8 *bytes, gsize size)
{
    enum { HEADER = 14, OLD = 12, NEW = 40 };
    if (size < HEADER + OLD)
        return FALSE;
    gsize pixels = little_32(bytes + 10), need;
    guint32 length = little_32(bytes + HEADER), a = little_32(bytes + HEADER + 4);
    if (length == OLD) { /* numbers of 16 bits: width, height, 1, bits of a pixel */
        gsize bits = (gsize)(bytes[HEADER + 10] | bytes[HEADER + 11] << 8);
        need = ((a & 0xffff) * bits + 31) / 32 * 4 * (a >> 16);
    } else { /* width, height, 1 and bits, packing, bytes of pixels */
        if (length < NEW || size < HEADER + NEW)
            return FALSE;
        gint32 height = (gint32)little_32(bytes + HEADER + 8);
        gsize bits = little_32(bytes + HEADER + 12) >> 16;
        guint32 packing = little_32(bytes + HEADER + 16);
        need = packing == 1 || packing == 2
                   ? little_32(bytes + HEADER + 20)
                   : (a * bits + 31) / 32 * 4 * (gsize)ABS((gint64)height);
    }
    return pixels <= size && need <= size - pixels;
}

/* --- Radiance: lines of text, an empty one, "-Y 480 +X 640", scanlines */

/* Where the next line begins; size: nowhere. */
static gsize
next_line(const guint8 *bytes, gsize at, gsize size)
{
    const guint8 *end = memchr(bytes + at, '\n', size - at);
    return end ? (gsize)(end - bytes) + 1 : size;
}

static gboolean
radiance_size(const guint8 *bytes, gsize at, gsize size, guint64 *width, guint64 *height)
{
    char line[64] = "", *end;
    memcpy(line, bytes + at, MIN(size - at, sizeof line - 1));
    if (line[1] != 'Y' || line[2] != ' ')
        return FALSE;
    *height = g_ascii_strtoull(line + 3, &end, 10);
    if (end[0] != ' ' || end[1] == '\0' || end[2] != 'X' || end[3] != ' ')
        return FALSE;
    *width = g_ascii_strtoull(end + 4, &end, 10);
    return *end == '\n' && *width > 0 && *height > 0;
}

/* Four channels one after the other, each in runs: 128 + n and a value, or n and n
 * values. Where they end; 0: they do not. */
static gsize
skip_channels(const guint8 *bytes, gsize at, gsize size, guint64 width)
{
    for (guint64 done = 0; done < 4 * width;) {
        if (at >= size || bytes[at] == 0)
            return 0;
        guint n = bytes[at] > 128 ? bytes[at] - 128U : bytes[at];
        gsize taken = bytes[at] > 128 ? 2 : 1 + (gsize)n;
        if (taken > size - at || done % width + n > width)
            return 0;
        at += taken;
        done += n;
    }
    return at;
}

/* Four bytes a pixel; 1, 1, 1, n repeats the one before n times, or n times 256 directly
 * behind another one of its kind. Where they end; 0: they do not. */
static gsize
skip_pixels(const guint8 *bytes, gsize at, gsize size, guint64 width)
{
    int shift = 0;
    for (guint64 done = 0; done < width; at += 4) {
        if (size - at < 4)
            return 0;
        if (bytes[at] == 1 && bytes[at + 1] == 1 && bytes[at + 2] == 1 && shift < 32) {
            done += (guint64)bytes[at + 3] << shift;
            shift += 8;
        } else {
            done++;
            shift = 0;
        }
    }
    return at;
}

gboolean
whole_radiance(const guint8 *bytes, gsize size)
{
    guint64 width, height;
    gsize at = 0;
    while (at < size && bytes[at] != '\n')
        at = next_line(bytes, at, size);
    if (at >= size || !radiance_size(bytes, ++at, size, &width, &height))
        return FALSE;
    at = next_line(bytes, at, size);
    for (guint64 y = 0; y < height; y++) {
        if (size - at < 4)
            return FALSE;
        const guint8 *mark = bytes + at;
        gboolean runs = mark[0] == 2 && mark[1] == 2 &&
                        (guint64)(mark[2] << 8 | mark[3]) == width && width >= 8;
        at = runs ? skip_channels(bytes, at + 4, size, width)
                  : skip_pixels(bytes, at, size, width);
        if (!at)
            return FALSE;
    }
    return TRUE;
}
