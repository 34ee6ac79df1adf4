/* SPDX-License-Identifier: GPL-3.0-or-later */
/* profile.c: finds ICC profiles in JPEG, PNG, WebP and TIFF files. The files are
 * untrusted: all lengths in them are checked. */

#include "decode/profile.h"
#include "decode/jpeg.h"
#include "decode/stated.h"
#include "decode/tiff_tags.h"
#include <gio/gio.h>
#include <string.h>

/* Larger profiles are damaged ones: tables of printers take some 3 MB. */
#define MOST_BYTES ((gsize)16 << 20)

static gboolean
starts_with(const guint8 *bytes, gsize size, gsize at, const char *mark, gsize length)
{
    return at <= size && size - at >= length && memcmp(bytes + at, mark, length) == 0;
}

/* Bytes from `from` on are kept up to here. */
static void
keep(GByteArray *rest, const guint8 *bytes, gsize from, gsize to)
{
    g_byte_array_append(rest, bytes + from, (guint)(to - from));
}

static GBytes *
bytes_of(GByteArray *icc)
{
    if (icc->len > 0)
        return g_byte_array_free_to_bytes(icc);
    g_byte_array_unref(icc);
    return NULL;
}

/* --- JPEG: segments APP2, each with its number and how many there are (ICC.1:2022,
 * B.4) */

#define JPEG_MARK 12 /* "ICC_PROFILE" and a zero */

static gboolean
of_jpeg(Profile *profile, const guint8 *bytes, gsize size)
{
    JpegSegment parts[256] = {{0}}, segment = {0};
    int count = 0, found = 0;
    gboolean good = TRUE;
    gsize kept = 0;
    while (jpeg_next(bytes, size, &segment) && segment.code != JPEG_SOS) {
        if (segment.code != JPEG_APP2 || segment.length < JPEG_MARK + 2 ||
            !starts_with(bytes, size, segment.body, "ICC_PROFILE", JPEG_MARK))
            continue;
        if (!profile->rest)
            profile->rest = g_byte_array_sized_new((guint)size);
        keep(profile->rest, bytes, kept, segment.start);
        kept = segment.body + segment.length;
        int number = bytes[segment.body + JPEG_MARK];
        int of = bytes[segment.body + JPEG_MARK + 1];
        good = good && number >= 1 && number <= of && (found == 0 || of == count) &&
               parts[number].body == 0;
        count = of;
        parts[number] = segment;
        found++;
    }
    if (!profile->rest)
        return FALSE;
    keep(profile->rest, bytes, kept, size);
    if (!good || found != count)
        return TRUE;
    GByteArray *icc = g_byte_array_new();
    for (int i = 1; i <= count; i++)
        keep(icc, bytes, parts[i].body + JPEG_MARK + 2, parts[i].body + parts[i].length);
    profile->icc = bytes_of(icc);
    return TRUE;
}

/* --- PNG: chunks cICP, else iCCP, else gAMA and cHRM, unless there is sRGB (PNG 3rd
 * edition, 11.3.2) */

static guint32
big_32(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 |
           bytes[3];
}

/* "name", a zero, a zero for the method, then zlib's bytes. */
static GBytes *
unpacked(const guint8 *chunk, gsize size)
{
    const guint8 *end = memchr(chunk, 0, MIN(size, 80));
    if (!end || (gsize)(end - chunk) + 2 >= size || end[1] != 0)
        return NULL;
    const guint8 *from = end + 2;
    gsize left = size - (gsize)(from - chunk), read, written;
    GConverter *by = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
    GByteArray *icc = g_byte_array_new();
    GConverterResult result = G_CONVERTER_CONVERTED;
    guint8 room[4096];
    while (result == G_CONVERTER_CONVERTED && icc->len < MOST_BYTES) {
        result = g_converter_convert(by, from, left, room, sizeof room,
                                     G_CONVERTER_INPUT_AT_END, &read, &written, NULL);
        if (result == G_CONVERTER_ERROR)
            break;
        g_byte_array_append(icc, room, (guint)written);
        from += read;
        left -= read;
    }
    g_object_unref(by);
    if (result != G_CONVERTER_FINISHED)
        g_byte_array_set_size(icc, 0);
    return bytes_of(icc);
}

static gboolean
of_png(Profile *profile, const guint8 *bytes, gsize size)
{
    gboolean gray = FALSE, srgb = FALSE;
    const guint8 *chroma = NULL, *icc = NULL, *numbers = NULL;
    gsize kept = 0, icc_size = 0;
    guint32 gamma = 0;
    for (gsize at = 8; at <= size && size - at >= 12;) {
        gsize length = big_32(bytes + at);
        const guint8 *type = bytes + at + 4, *chunk = type + 4;
        if (length > size - at - 12 || memcmp(type, "IDAT", 4) == 0)
            break;
        gboolean take = TRUE;
        if (memcmp(type, "iCCP", 4) == 0) {
            icc = chunk;
            icc_size = length;
        } else if (memcmp(type, "cICP", 4) == 0 && length == 4) {
            numbers = chunk;
        } else if (memcmp(type, "gAMA", 4) == 0 && length == 4) {
            gamma = big_32(chunk);
        } else if (memcmp(type, "cHRM", 4) == 0 && length == 32) {
            chroma = chunk;
        } else {
            gray = gray || (memcmp(type, "IHDR", 4) == 0 && length == 13 &&
                            (chunk[9] == 0 || chunk[9] == 4));
            srgb = srgb || memcmp(type, "sRGB", 4) == 0;
            take = FALSE;
        }
        if (take) {
            if (!profile->rest)
                profile->rest = g_byte_array_sized_new((guint)size);
            keep(profile->rest, bytes, kept, at);
            kept = at + 12 + length;
        }
        at += 12 + length;
    }
    if (!profile->rest)
        return FALSE;
    keep(profile->rest, bytes, kept, size);
    if (numbers)
        profile->icc = stated_by_numbers(numbers, gray);
    if (profile->icc)
        return TRUE;
    if (icc)
        profile->icc = unpacked(icc, icc_size);
    else if (!srgb && (gamma > 0 || chroma))
        profile->icc = stated_by_gamma(gamma, chroma, gray);
    return TRUE;
}

/* --- WebP: a chunk ICCP (RFC 9649, 2.7.1.4) */

static guint32
little_32(const guint8 *bytes)
{
    return bytes[0] | (guint32)bytes[1] << 8 | (guint32)bytes[2] << 16 |
           (guint32)bytes[3] << 24;
}

/* The chunk stays, by a name that nobody reads, and the flag says that there is none. */
static gboolean
of_webp(Profile *profile, const guint8 *bytes, gsize size)
{
    for (gsize at = 12; at <= size && size - at >= 8;) {
        gsize length = little_32(bytes + at + 4);
        if (length > size - at - 8)
            return FALSE;
        if (memcmp(bytes + at, "ICCP", 4) == 0) {
            profile->icc = length > 0 ? g_bytes_new(bytes + at + 8, length) : NULL;
            profile->rest = g_byte_array_sized_new((guint)size);
            keep(profile->rest, bytes, 0, size);
            memcpy(profile->rest->data + at, "none", 4);
            if (starts_with(bytes, size, 12, "VP8X", 4) && size > 20)
                profile->rest->data[20] &= (guint8)~0x20;
            return TRUE;
        }
        at += 8 + length + length % 2;
    }
    return FALSE;
}

/* --- TIFF: tag 34675 of the first directory (ICC.1:2022, B.3) */

static gboolean
of_tiff(Profile *profile, const Tiff *tiff)
{
    TiffEntry entry;
    if (!tiff_find(tiff, TIFF_ICC, &entry) ||
        !(profile->rest = tiff_without(tiff, &entry)))
        return FALSE;
    gboolean far = entry.count > tiff->wide;
    profile->cut =
        far && (entry.far > tiff->size || entry.count > tiff->size - entry.far);
    if (far && !profile->cut)
        profile->icc = g_bytes_new(tiff->bytes + entry.far, entry.count);
    return TRUE;
}

/* --- all of them */

gboolean
profile_take(Profile *profile, const guint8 *bytes, gsize size)
{
    *profile = (Profile){0};
    gboolean found = FALSE;
    Tiff tiff;
    if (size > G_MAXUINT / 2) /* what a GByteArray holds */
        return FALSE;
    if (starts_with(bytes, size, 0, "\xff\xd8\xff", 3))
        found = of_jpeg(profile, bytes, size);
    else if (starts_with(bytes, size, 0, "\x89PNG\r\n\x1a\n", 8))
        found = of_png(profile, bytes, size);
    else if (starts_with(bytes, size, 8, "WEBP", 4))
        found = of_webp(profile, bytes, size);
    else if (tiff_of(&tiff, bytes, size))
        found = of_tiff(profile, &tiff);
    if (profile->icc && g_bytes_get_size(profile->icc) > MOST_BYTES)
        g_clear_pointer(&profile->icc, g_bytes_unref);
    return found;
}

void
profile_clear(Profile *profile)
{
    g_clear_pointer(&profile->icc, g_bytes_unref);
    g_clear_pointer(&profile->rest, g_byte_array_unref);
}
