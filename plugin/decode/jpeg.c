/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jpeg.c: walks from marker to marker of a JPEG file. */

#include "decode/jpeg.h"

enum { MARK = 0xFF, STUFFED = 0x00, TEM = 0x01, RST0 = 0xD0, SOI = 0xD8, EOI = 0xD9 };
enum { JPEG_LS = 0xF7 }; /* its frame */

/* Where the next marker's second byte is: behind any other bytes, fill bytes, stuffed
 * bytes and restarts. size: there is none. */
static gsize
next_marker(const guint8 *bytes, gsize at, gsize size)
{
    for (; at + 1 < size; at++) {
        guint8 code = bytes[at + 1];
        if (bytes[at] == MARK && code != MARK && code != STUFFED &&
            (code < RST0 || code >= SOI))
            return at + 1;
    }
    return size;
}

gboolean
jpeg_next(const guint8 *bytes, gsize size, JpegSegment *segment)
{
    gsize at = segment->body + segment->length;
    if (at == 0) { /* the file's first mark */
        if (size < 2 || bytes[0] != MARK || bytes[1] != SOI)
            return FALSE;
        at = 2;
    }
    at = next_marker(bytes, at, size);
    if (at == size)
        return FALSE;
    *segment = (JpegSegment){bytes[at], at - 1, at + 1, 0};
    if (segment->code == EOI || segment->code == TEM || segment->code == SOI)
        return TRUE;
    if (segment->body + 2 > size)
        return FALSE;
    gsize length = (gsize)bytes[at + 1] << 8 | bytes[at + 2]; /* with these two bytes */
    if (length < 2 || length > size - segment->body)
        return FALSE;
    segment->body += 2;
    segment->length = length - 2;
    return TRUE;
}

gboolean
jpeg_is_whole(const guint8 *bytes, gsize size)
{
    JpegSegment segment = {0};
    while (jpeg_next(bytes, size, &segment))
        if (segment.code == EOI)
            return TRUE;
    return FALSE;
}

/* The frame's header; {0}: there is none. */
static JpegSegment
frame_of(const guint8 *bytes, gsize size)
{
    enum { DHT = 0xC4, JPG = 0xC8, DAC = 0xCC };
    JpegSegment segment = {0};
    while (jpeg_next(bytes, size, &segment) && segment.code != JPEG_SOS)
        if (((segment.code >= 0xC0 && segment.code <= 0xCF && segment.code != DHT &&
              segment.code != JPG && segment.code != DAC) ||
             segment.code == JPEG_LS) &&
            segment.length > 0)
            return segment;
    return (JpegSegment){0};
}

guint32
jpeg_odd_bits(const guint8 *bytes, gsize size)
{
    JpegSegment frame = frame_of(bytes, size);
    return frame.length > 0 && bytes[frame.body] != 8 ? bytes[frame.body] : 0;
}

gboolean
jpeg_is_read(const guint8 *bytes, gsize size)
{
    enum { PROGRESSIVE = 0xC2, ARITHMETIC = 0xC9, BOTH = 0xCA };
    JpegSegment frame = frame_of(bytes, size);
    /* One without rows tells their number behind them (DNL). */
    gboolean rows = frame.length < 3 || bytes[frame.body + 1] || bytes[frame.body + 2];
    return frame.length == 0 || (bytes[frame.body] == 8 && rows &&
                                 (frame.code <= PROGRESSIVE || frame.code == ARITHMETIC ||
                                  frame.code == BOTH));
}

const char *
jpeg_name(const guint8 *bytes, gsize size)
{
    guint8 code = frame_of(bytes, size).code;
    gboolean lossless = code == 0xC3 || code == 0xC7 || code == 0xCB || code == 0xCF;
    return code == JPEG_LS ? "JPEG-LS" : lossless ? "lossless JPEG" : "JPEG";
}
