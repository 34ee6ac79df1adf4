/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jpeg.h: the segments of a JPEG file, and a test that its end is there.
 *
 * GEGL's loader reads on behind the end of a file that was cut off: it crashes, or shows
 * what lies in memory there. So such files are not given to it. */
#ifndef FEATURESCOPE_DECODE_JPEG_H
#define FEATURESCOPE_DECODE_JPEG_H

#include <glib.h>

enum { JPEG_SOS = 0xDA, JPEG_APP1 = 0xE1, JPEG_APP2 = 0xE2 };

/* FF E2 00 05 a b c has its code E2 and its start at FF, its body at a, and length 3.
 * Markers without a body have the length 0. */
typedef struct {
    guint8 code;
    gsize start, body, length;
} JpegSegment;

/* The segment behind this one; behind {0}, the first. Bytes between segments are passed
 * over, as a decoder does (ITU-T T.81, annex B). FALSE at the end of the bytes and where
 * a segment would end behind them. */
gboolean jpeg_next(const guint8 *bytes, gsize size, JpegSegment *segment);

/* TRUE if the end of the image comes before the end of the bytes. */
gboolean jpeg_is_whole(const guint8 *bytes, gsize size);

/* FALSE: libjpeg has no way for it, as for values of 12 bits, lossless ones (T.81, B.1.1.3; T.87), or
 * a number of rows that comes behind them. */
gboolean jpeg_is_read(const guint8 *bytes, gsize size);

/* What such a file is called. */
const char *jpeg_name(const guint8 *bytes, gsize size);

/* The bits of a value if they are not 8; 0: they are, or this is no JPEG. */
guint32 jpeg_odd_bits(const guint8 *bytes, gsize size);

#endif
