/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bmp.c: "BM", length, 0, place of the pixels; a header that begins with its own length;
 * three masks if a short header says so (packing 3); a palette; pixels. Numbers are
 * little. */

#include "decode/bmp.h"
#include <string.h>

enum { FILE_HEADER = 14, OLD = 12, NEW = 40, MASKS = 3 };
enum { COLOURS = 32 }; /* where their number is in the header */

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
    gsize colours = old ? 0 : little_32(numbers + COLOURS);
    if (bits > 8)
        colours = 0;
    else if (colours == 0 || colours > 1U << bits)
        colours = (gsize)1 << bits;
    return FILE_HEADER + header + (packing == MASKS && header == NEW ? 12 : 0) +
           colours * (old ? 3 : 4);
}

/* TRUE if the file claims more colours than its pixels can tell apart: it is refused then. */
static gboolean
has_too_many_colours(const guint8 *bytes, gsize size)
{
    const guint8 *numbers = bytes + FILE_HEADER;
    return size >= FILE_HEADER + NEW && little_32(numbers) >= NEW && numbers[14] <= 8 &&
           little_32(numbers + COLOURS) > 1U << numbers[14];
}

GByteArray *
bmp_straight(const guint8 *bytes, gsize size)
{
    if (size < FILE_HEADER + OLD || memcmp(bytes, "BM", 2) != 0)
        return NULL;
    gsize pixels = little_32(bytes + 10), taken = taken_from(bytes, size);
    if (pixels <= FILE_HEADER + little_32(bytes + FILE_HEADER) && taken <= size)
        pixels = taken; /* no place, as if there were no palette: some programs do so */
    gboolean too_many = has_too_many_colours(bytes, size);
    if (taken == 0 || (taken == little_32(bytes + 10) && !too_many) || pixels > size)
        return NULL;
    GByteArray *file = g_byte_array_sized_new((guint)(size - pixels + taken));
    g_byte_array_append(file, bytes, (guint)MIN(pixels, taken));
    g_byte_array_set_size(file, (guint)taken);
    if (pixels < taken)
        memset(file->data + pixels, 0, taken - pixels); /* colours that are not there */
    guint32 place = GUINT32_TO_LE((guint32)taken);
    memcpy(file->data + 10, &place, sizeof place);
    if (too_many)
        memset(file->data + FILE_HEADER + COLOURS, 0, 4); /* as many as there can be */
    g_byte_array_append(file, bytes + pixels, (guint)(size - pixels));
    return file;
}

/* --- kinds that are not read */

guint32
bmp_odd_bits(const guint8 *bytes, gsize size)
{
    if (size < FILE_HEADER + NEW || memcmp(bytes, "BM", 2) != 0 ||
        little_32(bytes + FILE_HEADER) < NEW)
        return 0;
    guint32 bits = little_32(bytes + FILE_HEADER + 12) >> 16;
    return bits == 2 || bits == 64 ? bits : 0;
}

gboolean
bmp_is_read(const guint8 *bytes, gsize size)
{
    enum { SHORTEST = 16 }; /* of headers */
    enum { RUNS_OF_8 = 1, RUNS_OF_4, WITH_ALPHA = 6, INK = 11, INK_RUNS_OF_4 = 13 };
    if (size < FILE_HEADER + NEW || memcmp(bytes, "BM", 2) != 0)
        return TRUE;
    const guint8 *numbers = bytes + FILE_HEADER;
    guint32 header = little_32(numbers), packing = little_32(numbers + 16);
    if (header < NEW)
        return header < SHORTEST;
    gboolean down = (gint32)little_32(numbers + 8) < 0;
    gboolean runs = packing == RUNS_OF_8 || packing == RUNS_OF_4;
    gboolean other = (packing > MASKS && packing < WITH_ALPHA) || /* a JPEG or PNG */
                     (packing >= INK && packing <= INK_RUNS_OF_4) ||
                     (packing == MASKS && numbers[14] == 1); /* fax */
    return !other && !(runs && down) && bmp_odd_bits(bytes, size) == 0;
}
