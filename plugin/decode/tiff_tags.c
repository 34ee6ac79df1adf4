/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff_tags.c: looks at tags of a TIFF file's first directory (TIFF 6.0, section 2): a number
 * of entries, 12 bytes each: tag, type, count, value or where it is. */

#include "decode/tiff_tags.h"
#include <string.h>

enum { ENTRY = 12, SHORT = 3, LONG = 4 };

gboolean
tiff_of(Tiff *tiff, const guint8 *bytes, gsize size)
{
    *tiff = (Tiff){bytes, size, size > 0 && bytes[0] == 'I'};
    return size >= 8 &&
           (memcmp(bytes, "II*\0", 4) == 0 || memcmp(bytes, "MM\0*", 4) == 0);
}

guint32
tiff_number(const Tiff *tiff, gsize at, gsize length)
{
    guint32 value = 0;
    if (at > tiff->size || tiff->size - at < length)
        return 0;
    for (gsize i = 0; i < length; i++)
        value = value << 8 | tiff->bytes[at + (tiff->little ? length - 1 - i : i)];
    return value;
}

gsize
tiff_place(const Tiff *tiff, guint32 tag, gsize *length, gsize *count)
{
    gsize at = tiff_number(tiff, 4, 4);
    gsize entries = tiff_number(tiff, at, 2);
    for (gsize i = 0; i < entries; i++) {
        gsize entry = at + 2 + i * ENTRY;
        if (tiff_number(tiff, entry, 2) != tag)
            continue;
        guint32 type = tiff_number(tiff, entry + 2, 2);
        *length = type == SHORT ? 2 : type == LONG ? 4 : 0;
        *count = tiff_number(tiff, entry + 4, 4);
        gboolean here = *count * *length <= 4;
        return *length == 0 || *count == 0 ? 0
               : here                      ? entry + 8
                                           : tiff_number(tiff, entry + 8, 4);
    }
    return 0;
}

guint32
tiff_value(const Tiff *tiff, guint32 tag, guint32 otherwise)
{
    gsize length, count, at = tiff_place(tiff, tag, &length, &count);
    return at ? tiff_number(tiff, at, length) : otherwise;
}
