/* SPDX-License-Identifier: GPL-3.0-or-later */
/* netpbm.c: reads "P6 640 480 255", one white space, and rows of values; 16 bits if the
 * largest value is above 255, the high byte first. */

#include "decode/netpbm.h"

/* The next number behind white space and comments. FALSE: there is none. */
static gboolean
number(const guint8 *bytes, gsize size, gsize *at, int *value)
{
    while (*at < size && (g_ascii_isspace(bytes[*at]) || bytes[*at] == '#')) {
        gboolean comment = bytes[*at] == '#';
        while (comment && *at < size && bytes[*at] != '\n' && bytes[*at] != '\r')
            ++*at;
        *at += !comment;
    }
    *value = 0;
    gsize begin = *at;
    for (; *at < size && g_ascii_isdigit(bytes[*at]) && *value < 100000000; ++*at)
        *value = *value * 10 + bytes[*at] - '0';
    return *at > begin;
}

/* Values of 0 .. most as 0 .. 255 or 65535; larger ones count as `most`. */
static void
take_values(const guint8 *from, guint most, Block *block)
{
    gsize count = block->size;
    if (most < 256) {
        for (gsize i = 0; i < count; i++)
            block->at[i] = (guint8)((MIN(from[i], most) * 255 + most / 2) / most);
        return;
    }
    guint16 *to = (guint16 *)(void *)block->at;
    for (gsize i = 0; i < count / 2; i++) {
        guint value = (guint)from[2 * i] << 8 | from[2 * i + 1];
        to[i] = (guint16)((MIN(value, most) * 65535 + most / 2) / most);
    }
}

WireKind
netpbm_load(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block)
{
    gsize at = 2;
    int most;
    if (!number(bytes, size, &at, &answer->width) ||
        !number(bytes, size, &at, &answer->height) || !number(bytes, size, &at, &most) ||
        at >= size || !g_ascii_isspace(bytes[at]) || answer->width < 1 ||
        answer->height < 1 || most < 1 || most > 65535)
        return WIRE_DAMAGED;
    at++;
    const char *const formats[2][2] = {{"Y' u8", "Y' u16"}, {"R'G'B' u8", "R'G'B' u16"}};
    const Babl *format = babl_format(formats[bytes[1] == '6'][most > 255]);
    gsize pixel = (gsize)babl_format_get_bytes_per_pixel(format);
    if ((size - at) / pixel / (gsize)answer->width < (gsize)answer->height)
        return WIRE_DAMAGED;
    if (!block_fits(answer->width, answer->height, format))
        return WIRE_LARGE;
    if (!block_new(block, answer->width, answer->height, format))
        return WIRE_MEMORY;
    take_values(bytes + at, (guint)most, block);
    return WIRE_PICTURE;
}
