/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orientation.c: which way up a photo is, by its EXIF data. */

#include "decode/orientation.h"
#include "decode/jpeg.h"
#include <string.h>

#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3
#define ENTRY 12 /* bytes: tag, type, count, value */

/* --- the tag --- */

/* A TIFF structure: numbers are of the byte order that it begins with. */
typedef struct {
    const guint8 *bytes;
    gsize size;
    gboolean little;
} Tiff;

/* FALSE: it would lie outside. */
static gboolean
number(const Tiff *tiff, gsize at, int bytes, guint32 *value)
{
    if (at > tiff->size || tiff->size - at < (gsize)bytes)
        return FALSE;
    *value = 0;
    for (int i = 0; i < bytes; i++)
        *value =
            *value << 8 | tiff->bytes[at + (gsize)(tiff->little ? bytes - 1 - i : i)];
    return TRUE;
}

/* Where the tag's value is; 0: it is not there, or of another type. */
static gsize
find_tag(const Tiff *tiff)
{
    guint32 mark, directory, entries, tag, type;
    if (tiff->size < 8 ||
        (memcmp(tiff->bytes, "II", 2) != 0 && memcmp(tiff->bytes, "MM", 2) != 0) ||
        !number(tiff, 2, 2, &mark) || mark != 42 || !number(tiff, 4, 4, &directory) ||
        !number(tiff, directory, 2, &entries))
        return 0;
    for (guint32 i = 0; i < entries; i++) {
        gsize entry = (gsize)directory + 2 + (gsize)i * ENTRY;
        if (!number(tiff, entry, 2, &tag) || !number(tiff, entry + 2, 2, &type))
            return 0;
        if (tag == TAG_ORIENTATION)
            return type == TYPE_SHORT ? entry + 8 : 0;
    }
    return 0;
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
    *tiff = (Tiff){data + mark, length - mark, length > mark && data[mark] == 'I'};
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
    const Tiff all = {bytes, size, !png};
    guint32 length;
    for (gsize at = png ? 8 : 12; at + 8 <= size; at += length + (png ? 12 : 8)) {
        if (!number(&all, png ? at : at + 4, 4, &length) || length > size - at - 8)
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
    Tiff tiff = {NULL, 0, FALSE};
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

int
orientation_of(const guint8 *bytes, gsize size)
{
    guint32 value = 0;
    Tiff tiff = find_exif(bytes, size);
    gsize at = tiff.bytes ? find_tag(&tiff) : 0;
    return at && number(&tiff, at, 2, &value) && value >= 1 && value <= 8 ? (int)value
                                                                          : 1;
}

gboolean
orientation_is_read(const guint8 *bytes, gsize size)
{
    return size >= 4 &&
           (memcmp(bytes, "II*\0", 4) == 0 || memcmp(bytes, "MM\0*", 4) == 0);
}

void
orientation_clear(guint8 *bytes, gsize size)
{
    Tiff tiff = find_exif(bytes, size);
    gsize at = tiff.bytes ? find_tag(&tiff) : 0;
    guint32 value;
    if (at && number(&tiff, at, 2, &value)) {
        guint8 *tag = bytes + (tiff.bytes - bytes) + at;
        tag[0] = tiff.little;
        tag[1] = !tiff.little;
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
