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

static int
of_tiff(const guint8 *bytes, gsize size)
{
    Tiff tiff = {bytes, size, size > 0 && bytes[0] == 'I'};
    guint32 mark, directory, entries, tag, type, value;
    if (size < 8 || (memcmp(bytes, "II", 2) != 0 && memcmp(bytes, "MM", 2) != 0) ||
        !number(&tiff, 2, 2, &mark) || mark != 42 || !number(&tiff, 4, 4, &directory) ||
        !number(&tiff, directory, 2, &entries))
        return 1;
    for (guint32 i = 0; i < entries; i++) {
        gsize entry = (gsize)directory + 2 + (gsize)i * ENTRY;
        if (!number(&tiff, entry, 2, &tag) || !number(&tiff, entry + 2, 2, &type) ||
            !number(&tiff, entry + 8, 2, &value))
            return 1;
        if (tag == TAG_ORIENTATION)
            return type == TYPE_SHORT && value >= 1 && value <= 8 ? (int)value : 1;
    }
    return 1;
}

int
orientation_of_jpeg(const guint8 *bytes, gsize size)
{
    static const char exif[6] = "Exif\0"; /* and one more zero */
    JpegSegment segment = {0};
    while (jpeg_next(bytes, size, &segment) && segment.code != JPEG_SOS)
        if (segment.code == JPEG_APP1 && segment.length >= sizeof exif &&
            memcmp(bytes + segment.body, exif, sizeof exif) == 0)
            return of_tiff(bytes + segment.body + sizeof exif,
                           segment.length - sizeof exif);
    return 1;
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
