/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff_tags.h: numbers of a TIFF file's first picture. */
#ifndef FEATURESCOPE_DECODE_TIFF_TAGS_H
#define FEATURESCOPE_DECODE_TIFF_TAGS_H

#include <glib.h>

enum {
    TIFF_BITS = 258,
    TIFF_COLOURS = 262,
    TIFF_SAMPLES = 277,
    TIFF_PLANES = 284,
    TIFF_PALETTE = 320,
    TIFF_MORE = 338,
    TIFF_FORMAT = 339
};

typedef struct {
    const guint8 *bytes;
    gsize size;
    gboolean little;
} Tiff;

/* FALSE: it is no TIFF file. */
gboolean tiff_of(Tiff *tiff, const guint8 *bytes, gsize size);

/* A number of so many bytes; 0 behind the end. */
guint32 tiff_number(const Tiff *tiff, gsize at, gsize length);

/* Where a tag's values are, shorts or longs, and their length; 0: there are none. */
gsize tiff_place(const Tiff *tiff, guint32 tag, gsize *length, gsize *count);

/* The first of a tag's values; `otherwise` if there are none. */
guint32 tiff_value(const Tiff *tiff, guint32 tag, guint32 otherwise);

#endif
