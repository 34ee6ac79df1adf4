/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whole.c: walks over PNG, WebP and BMP files. */

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
