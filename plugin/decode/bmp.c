/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bmp.c: "BM", length, 0, place of the pixels; a header that begins with its own length;
 * three masks if a short header says so (packing 3); a palette; pixels. Numbers are
 * little. */

#include "decode/bmp.h"
#include <string.h>

enum { FILE_HEADER = 14, OLD = 12, NEW = 40, MASKS = 3 };

static guint32
little_32(const guint8 *bytes)
{
    return bytes[0] | (guint32)bytes[1] << 8 | (guint32)bytes[2] << 16 |
           (guint32)bytes[3] << 24;
}

/* Where gdk-pixbuf takes the pixels from; 0: it reads no such file. */
static gsize
taken_from(const guint8 *bytes, gsize size)
{
    gsize header = little_32(bytes + FILE_HEADER);
    gboolean old = header == OLD;
    if ((!old && header < NEW) || header > size || size - header < FILE_HEADER)
        return 0;
    const guint8 *numbers = bytes + FILE_HEADER;
    guint bits = old ? numbers[10] : numbers[14];
    guint packing = old ? 0 : little_32(numbers + 16);
    gsize colours = old ? 0 : little_32(numbers + 32);
    if (bits > 8)
        colours = 0;
    else if (colours == 0)
        colours = (gsize)1 << bits;
    return colours > 256
               ? 0
               : FILE_HEADER + header + (packing == MASKS && header == NEW ? 12 : 0) +
                     colours * (old ? 3 : 4);
}

GByteArray *
bmp_straight(const guint8 *bytes, gsize size)
{
    if (size < FILE_HEADER + OLD || memcmp(bytes, "BM", 2) != 0)
        return NULL;
    gsize pixels = little_32(bytes + 10), taken = taken_from(bytes, size);
    if (pixels <= FILE_HEADER + little_32(bytes + FILE_HEADER) && taken <= size)
        pixels = taken; /* no place, as if there were no palette: some programs do so */
    if (taken == 0 || taken == little_32(bytes + 10) || pixels > size)
        return NULL;
    GByteArray *file = g_byte_array_sized_new((guint)(size - pixels + taken));
    g_byte_array_append(file, bytes, (guint)MIN(pixels, taken));
    g_byte_array_set_size(file, (guint)taken);
    if (pixels < taken)
        memset(file->data + pixels, 0, taken - pixels); /* colours that are not there */
    guint32 place = GUINT32_TO_LE((guint32)taken);
    memcpy(file->data + 10, &place, sizeof place);
    g_byte_array_append(file, bytes + pixels, (guint)(size - pixels));
    return file;
}
