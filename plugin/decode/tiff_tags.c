/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff_tags.c: looks at tags of a TIFF file's first directory: a number of entries, and of each
 * tag, type, count, value or where it is. TIFF 6.0, section 2, has 12 bytes for an entry; in
 * BigTIFF, which libtiff's authors made of it, places, counts and values have 8 bytes instead
 * of 4, and so has the number of entries, instead of 2. */

#include "decode/tiff_tags.h"
#include <string.h>

/* Signed ones too: some programs write all numbers so, and none of those here is negative. */
enum { BYTE = 1, SHORT = 3, LONG = 4, BYTE_S = 6, SHORT_S = 8, LONG_S = 9, LONG_8 = 16 };

gboolean
tiff_of(Tiff *tiff, const guint8 *bytes, gsize size)
{
    *tiff = (Tiff){bytes, size, size > 0 && bytes[0] == 'I', 4};
    if (size < 8)
        return FALSE;
    if (memcmp(bytes, "II*\0", 4) == 0 || memcmp(bytes, "MM\0*", 4) == 0)
        return TRUE;
    tiff->wide = 8;
    return size >= 16 && (memcmp(bytes, "II+\0\10\0\0", 8) == 0 ||
                          memcmp(bytes, "MM\0+\0\10\0", 8) == 0);
}

guint64
tiff_number(const Tiff *tiff, gsize at, gsize length)
{
    guint64 value = 0;
    if (at > tiff->size || tiff->size - at < length)
        return 0;
    for (gsize i = 0; i < length; i++)
        value = value << 8 | tiff->bytes[at + (tiff->little ? length - 1 - i : i)];
    return value;
}

static gsize
entry_bytes(const Tiff *tiff)
{
    return 4 + 2 * tiff->wide;
}

static gsize
number_bytes(const Tiff *tiff)
{
    return tiff->wide == 8 ? 8 : 2;
}

/* Where the first entry is, and how many the directory says that there are. FALSE: it is
 * behind the file's end. */
static gboolean
directory_of(const Tiff *tiff, gsize *first, guint64 *entries)
{
    guint64 at = tiff_number(tiff, tiff->wide, tiff->wide);
    if (at > tiff->size || tiff->size - at < number_bytes(tiff))
        return FALSE;
    *first = at + number_bytes(tiff);
    *entries = tiff_number(tiff, at, number_bytes(tiff));
    return TRUE;
}

static gsize
value_bytes(guint64 type)
{
    switch (type) {
    case BYTE:
    case BYTE_S:
        return 1;
    case SHORT:
    case SHORT_S:
        return 2;
    case LONG:
    case LONG_S:
        return 4;
    case LONG_8:
        return 8;
    default:
        return 0;
    }
}

gboolean
tiff_find(const Tiff *tiff, guint32 tag, TiffEntry *entry)
{
    gsize first, bytes = entry_bytes(tiff), wide = tiff->wide;
    guint64 entries;
    if (!directory_of(tiff, &first, &entries))
        return FALSE;
    entries = MIN(entries, (tiff->size - first) / bytes);
    for (gsize at = first; entries > 0; entries--, at += bytes) {
        if (tiff_number(tiff, at, 2) != tag)
            continue;
        *entry = (TiffEntry){.at = at,
                             .length = value_bytes(tiff_number(tiff, at + 2, 2)),
                             .count = tiff_number(tiff, at + 4, wide),
                             .here = at + 4 + wide,
                             .far = tiff_number(tiff, at + 4 + wide, wide)};
        return TRUE;
    }
    return FALSE;
}

GByteArray *
tiff_without(const Tiff *tiff, const TiffEntry *entry)
{
    gsize first, bytes = entry_bytes(tiff), length = number_bytes(tiff);
    guint64 entries;
    if (!directory_of(tiff, &first, &entries) || entries == 0 ||
        (tiff->size - first) / bytes < entries)
        return NULL;
    GByteArray *rest = g_byte_array_sized_new((guint)tiff->size);
    g_byte_array_append(rest, tiff->bytes, (guint)tiff->size);
    /* Entries behind it move up, with the place of the next directory. */
    gsize end = MIN(first + entries * bytes + tiff->wide, tiff->size);
    memmove(rest->data + entry->at, rest->data + entry->at + bytes,
            end - entry->at - bytes);
    for (gsize i = 0; i < length; i++)
        rest->data[first - length + (tiff->little ? i : length - 1 - i)] =
            (guint8)((entries - 1) >> 8 * i);
    return rest;
}

gsize
tiff_place(const Tiff *tiff, guint32 tag, gsize *length, gsize *count)
{
    TiffEntry entry;
    if (!tiff_find(tiff, tag, &entry) || entry.length == 0 || entry.count == 0)
        return 0;
    *length = entry.length;
    *count = entry.count;
    return entry.count <= tiff->wide / entry.length ? entry.here : entry.far;
}

guint32
tiff_value(const Tiff *tiff, guint32 tag, guint32 otherwise)
{
    gsize length, count, at = tiff_place(tiff, tag, &length, &count);
    return at ? (guint32)MIN(tiff_number(tiff, at, length), G_MAXUINT32) : otherwise;
}

gboolean
tiff_overwrite(GByteArray *file, guint32 tag, guint8 value)
{
    Tiff tiff;
    gsize length, count, at;
    if (!tiff_of(&tiff, file->data, file->len) ||
        !(at = tiff_place(&tiff, tag, &length, &count)) || at > file->len ||
        file->len - at < length)
        return FALSE;
    memset(file->data + at, 0, length);
    file->data[tiff.little ? at : at + length - 1] = value;
    return TRUE;
}
