/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff_tags.h: numbers of a TIFF file's first picture, also of a BigTIFF file's. */
#ifndef FEATURESCOPE_DECODE_TIFF_TAGS_H
#define FEATURESCOPE_DECODE_TIFF_TAGS_H

#include <glib.h>

enum {
    TIFF_BITS = 258,
    TIFF_PACKING = 259,
    TIFF_COLOURS = 262,
    TIFF_STRIPS = 273,
    TIFF_ORIENTATION = 274,
    TIFF_SAMPLES = 277,
    TIFF_PLANES = 284,
    TIFF_PALETTE = 320,
    TIFF_TILES = 324,
    TIFF_MORE = 338,
    TIFF_FORMAT = 339,
    TIFF_SHARED = 530, /* of how many pixels a colour difference is, across and down */
    TIFF_ICC = 34675
};

typedef struct {
    const guint8 *bytes;
    gsize size;
    gboolean little;
    gsize wide; /* bytes of a place in the file: 4, of BigTIFF 8 */
} Tiff;

/* FALSE: it is no TIFF file. */
gboolean tiff_of(Tiff *tiff, const guint8 *bytes, gsize size);

/* A number of so many bytes; 0 behind the end. */
guint64 tiff_number(const Tiff *tiff, gsize at, gsize length);

/* What a directory says of a tag. */
typedef struct {
    gsize at;      /* of the entry */
    gsize length;  /* of a value: 1, 2, 4 or 8 bytes; 0: they are no whole numbers */
    guint64 count; /* of values */
    gsize here;    /* where the values are if they fit in, */
    guint64 far;   /* and where if they do not */
} TiffEntry;

/* FALSE: it says nothing. */
gboolean tiff_find(const Tiff *tiff, guint32 tag, TiffEntry *entry);

/* A copy of the file without the entry; NULL if the directory does not fit in the file. */
GByteArray *tiff_without(const Tiff *tiff, const TiffEntry *entry);

/* Where a tag's values are, whole numbers, and their length; 0: there are none. */
gsize tiff_place(const Tiff *tiff, guint32 tag, gsize *length, gsize *count);

/* The first of a tag's values; `otherwise` if there are none. */
guint32 tiff_value(const Tiff *tiff, guint32 tag, guint32 otherwise);

/* Writes a small number over a tag's first value in a copy of the file. FALSE: it has
 * none. */
gboolean tiff_overwrite(GByteArray *file, guint32 tag, guint8 value);

#endif
