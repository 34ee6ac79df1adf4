/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exr.c: looks at the first header of an OpenEXR file: a mark, flags, and attributes, each
 * a name, a type, both with a zero behind, a length, and the value. */

#include "decode/exr.h"
#include <string.h>

static guint32
little_32(const guint8 *bytes)
{
    return bytes[0] | (guint32)bytes[1] << 8 | (guint32)bytes[2] << 16 |
           (guint32)bytes[3] << 24;
}

/* Behind a text and its zero; NULL: it has no end, or no length. */
static const guint8 *
behind_text(const guint8 *at, const guint8 *end)
{
    const guint8 *zero = at < end ? memchr(at, 0, (gsize)(end - at)) : NULL;
    return zero && zero > at ? zero + 1 : NULL;
}

/* The channels of a list: a name, the type of its values, four bytes, then of how many
 * pixels in a row one has a value, and of how many rows. */
static gboolean
are_of_every_pixel(const guint8 *at, const guint8 *end)
{
    enum { REST = 16, ACROSS = 8, DOWN = 12 };
    while ((at = behind_text(at, end)) && end - at >= REST) {
        if (little_32(at + ACROSS) != 1 || little_32(at + DOWN) != 1)
            return FALSE;
        at += REST;
    }
    return TRUE;
}

gboolean
exr_is_read(const guint8 *bytes, gsize size)
{
    enum { HEADER = 8, DEEP = 0x800 };
    if (size < HEADER || memcmp(bytes, "\x76\x2f\x31\x01", 4) != 0)
        return TRUE;
    if (little_32(bytes + 4) & DEEP)
        return FALSE;
    const guint8 *at = bytes + HEADER, *end = bytes + size, *type, *value;
    while ((type = behind_text(at, end)) && (value = behind_text(type, end)) &&
           end - value >= 4) {
        gsize length = little_32(value);
        value += 4;
        if (length > (gsize)(end - value))
            return TRUE; /* cut off */
        if (strcmp((const char *)type, "chlist") == 0)
            return are_of_every_pixel(value, value + length);
        at = value + length;
    }
    return TRUE;
}
