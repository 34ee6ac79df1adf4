/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orientation.c: which way up a photo is, by its EXIF data. */

#include "decode/orientation.h"
#include "decode/jpeg.h"
#include "decode/tiff_tags.h"
#include <string.h>

/* --- the tag --- */

/* A number of one, two or four bytes; at 0: it is not there, or of another type. */
typedef struct {
    gsize at, bytes;
} Value;

static Value
find_tag(const Tiff *tiff)
{
    TiffEntry entry;
    gboolean found = tiff_find(tiff, TIFF_ORIENTATION, &entry) && entry.length > 0 &&
                     entry.length <= 4;
    return found ? (Value){entry.here, entry.length} : (Value){0, 0};
}

/* --- where files have EXIF data, which is a TIFF structure --- */

/* The data is the part of the bytes that `tiff` gets. Some programs write "Exif" and two
 * zeros before it where only JPEG has them. */
static void
take_exif(Tiff *tiff, const guint8 *data, gsize length)
{
    static const char exif[6] = "Exif\0"; /* and one more zero */
    gsize mark =
        length >= sizeof exif && memcmp(data, exif, sizeof exif) == 0 ? sizeof exif : 0;
    if (!tiff_of(tiff, data + mark, length - mark))
        tiff->bytes = NULL;
}

static void
of_jpeg(Tiff *tiff, const guint8 *bytes, gsize size)
{
    JpegSegment segment = {0};
    while (!tiff->bytes && jpeg_next(bytes, size, &segment) && segment.code != JPEG_SOS)
        if (segment.code == JPEG_APP1 && segment.length >= 6 &&
            memcmp(bytes + segment.body, "Exif", 4) == 0)
            take_exif(tiff, bytes + segment.body, segment.length);
}

/* Chunks of PNG are a length, a type, the data, a checksum; those of WebP a type, a
 * length, the data, and a zero if it is odd. */
static void
of_chunks(Tiff *tiff, const guint8 *bytes, gsize size, gboolean png)
{
    const Tiff all = {bytes, size, !png, 4};
    gsize length;
    for (gsize at = png ? 8 : 12; at + 8 <= size; at += length + (png ? 12 : 8)) {
        length = tiff_number(&all, png ? at : at + 4, 4);
        if (length > size - at - 8)
            return;
        if (memcmp(bytes + (png ? at + 4 : at), png ? "eXIf" : "EXIF", 4) == 0) {
            take_exif(tiff, bytes + at + 8, length);
            return;
        }
        at += png ? 0 : length % 2;
    }
}

static Tiff
find_exif(const guint8 *bytes, gsize size)
{
    Tiff tiff = {NULL, 0, FALSE, 4};
    if (size < 12)
        return tiff;
    if (bytes[0] == 0xff)
        of_jpeg(&tiff, bytes, size);
    else if (memcmp(bytes, "\x89PNG", 4) == 0)
        of_chunks(&tiff, bytes, size, TRUE);
    else if (memcmp(bytes + 8, "WEBP", 4) == 0)
        of_chunks(&tiff, bytes, size, FALSE);
    else
        take_exif(&tiff, bytes, size);
    return tiff;
}

/* What is said; at 0: nothing. */
static Value
find_value(const Tiff *tiff, guint64 *value)
{
    Value found = tiff->bytes ? find_tag(tiff) : (Value){0, 0};
    if (found.at)
        *value = tiff_number(tiff, found.at, found.bytes);
    return found;
}

int
orientation_of(const guint8 *bytes, gsize size)
{
    guint64 value = 0;
    Tiff tiff = find_exif(bytes, size);
    return find_value(&tiff, &value).at && value >= 1 && value <= 8 ? (int)value : 1;
}

gboolean
orientation_is_read(const guint8 *bytes, gsize size)
{
    guint64 value = 0;
    Tiff tiff;
    return tiff_of(&tiff, bytes, size) && find_value(&tiff, &value).at && value != 1;
}

void
orientation_clear(guint8 *bytes, gsize size)
{
    Tiff tiff = find_exif(bytes, size);
    guint64 value;
    Value found = find_value(&tiff, &value);
    if (found.at) {
        guint8 *tag = bytes + (tiff.bytes - bytes) + found.at;
        memset(tag, 0, found.bytes);
        tag[tiff.little ? 0 : found.bytes - 1] = 1;
    }
}

/* --- turning --- */

/* Where the pixel that is seen at x, y is stored. width, height: as stored. */
static void
place(int orientation, int width, int height, int x, int y, int *from_x, int *from_y)
{
    gboolean turned = orientation >= 5; /* rows are seen as columns */
    int across = turned ? y : x, down = turned ? x : y;
    gboolean right =
        orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    gboolean bottom =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    *from_x = right ? width - 1 - across : across;
    *from_y = bottom ? height - 1 - down : down;
}

/* Not a function of its own where `pixel` is a constant, which is much quicker. */
static inline void
turn(const Block *from, Block *to, int orientation, gsize pixel)
{
    gsize row = (gsize)from->width * pixel;
    int x, y, right_x, right_y;
    guint8 *out = to->at;
    for (int v = 0; v < to->height; v++) {
        place(orientation, from->width, from->height, 0, v, &x, &y);
        place(orientation, from->width, from->height, 1, v, &right_x, &right_y);
        const guint8 *in = from->at + (gsize)y * row + (gsize)x * pixel;
        gssize step = (right_y - y) * (gssize)row +
                      (right_x - x) * (gssize)pixel; /* to the right */
        for (int u = 0; u < to->width; u++, out += pixel)
            memcpy(out, in + u * step, pixel);
    }
}

gboolean
orientation_apply(Block *block, int orientation)
{
    gboolean turned = orientation >= 5;
    Block upright;
    if (orientation <= 1 || orientation > 8)
        return TRUE;
    if (!block_new(&upright, turned ? block->height : block->width,
                   turned ? block->width : block->height, block->format))
        return FALSE;
    gsize pixel = (gsize)babl_format_get_bytes_per_pixel(block->format);
    switch (pixel) {
    case 1:
        turn(block, &upright, orientation, 1);
        break;
    case 3:
        turn(block, &upright, orientation, 3);
        break;
    case 4:
        turn(block, &upright, orientation, 4);
        break;
    default:
        turn(block, &upright, orientation, pixel);
    }
    block_replace(block, &upright);
    return TRUE;
}
