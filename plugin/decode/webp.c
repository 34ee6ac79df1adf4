/* SPDX-License-Identifier: GPL-3.0-or-later */
/* webp.c: takes the first picture out of an animated WebP file (RFC 9649, 2.7).
 *
 *     RIFF size WEBP | VP8X flags, canvas | ANIM ... | ANMF x, y, ..., [ALPH] VP8 | ANMF
 *
 * becomes RIFF size WEBP | [VP8X flags, size | ALPH] | VP8. Numbers are little. */

#include "decode/webp.h"
#include <string.h>

enum { HEAD = 12, CHUNK = 8, VP8X = 10, ANMF = 16, ANIMATED = 2, ALPHA = 16 };

static guint32
little(const guint8 *bytes, int count)
{
    guint32 value = 0;
    for (int i = count - 1; i >= 0; i--)
        value = value << 8 | bytes[i];
    return value;
}

static void
put_32(GByteArray *file, guint32 value)
{
    value = GUINT32_TO_LE(value);
    g_byte_array_append(file, (const guint8 *)&value, 4);
}

/* frame: what ANMF holds. */
static void
take_frame(WebpFirst *first, const guint8 *frame, gsize size)
{
    const guint8 *data = frame + ANMF;
    guint32 length = (guint32)(size - ANMF);
    gboolean alpha = length >= CHUNK && memcmp(data, "ALPH", 4) == 0;
    first->x = (int)little(frame, 3) * 2;
    first->y = (int)little(frame + 3, 3) * 2;
    first->file = g_byte_array_new();
    g_byte_array_append(first->file, (const guint8 *)"RIFF", 4);
    put_32(first->file, 4 + (alpha ? CHUNK + VP8X : 0) + length);
    g_byte_array_append(first->file, (const guint8 *)"WEBP", 4);
    if (alpha) {
        g_byte_array_append(first->file, (const guint8 *)"VP8X", 4);
        put_32(first->file, VP8X);
        put_32(first->file, ALPHA);
        g_byte_array_append(first->file, frame + 6, 6); /* its size */
    }
    g_byte_array_append(first->file, data, length);
}

gboolean
webp_first(WebpFirst *first, const guint8 *bytes, gsize size)
{
    *first = (WebpFirst){0};
    if (size < HEAD + CHUNK + VP8X || memcmp(bytes + 8, "WEBPVP8X", 8) != 0 ||
        !(bytes[HEAD + CHUNK] & ANIMATED))
        return FALSE;
    first->width = (int)little(bytes + HEAD + CHUNK + 4, 3) + 1;
    first->height = (int)little(bytes + HEAD + CHUNK + 7, 3) + 1;
    for (gsize at = HEAD; at <= size && size - at >= CHUNK;) {
        gsize length = little(bytes + at + 4, 4);
        if (length > size - at - CHUNK)
            break;
        if (memcmp(bytes + at, "ANMF", 4) == 0 && length > ANMF) {
            take_frame(first, bytes + at + CHUNK, length);
            break;
        }
        at += CHUNK + length + length % 2;
    }
    return TRUE;
}

gboolean
webp_place(const WebpFirst *first, Block *block)
{
    Block canvas;
    if (block->width == first->width && block->height == first->height)
        return TRUE;
    if (block->width > first->width - first->x ||
        block->height > first->height - first->y ||
        !block_convert(block, babl_format("R'G'B'A u8")) ||
        !block_new(&canvas, first->width, first->height, block->format))
        return FALSE;
    for (int y = 0; y < block->height; y++)
        memcpy(block_row(&canvas, first->y + y) + 4 * (gsize)first->x,
               block_row(block, y), 4 * (gsize)block->width);
    block_replace(block, &canvas);
    return TRUE;
}
