/* SPDX-License-Identifier: GPL-3.0-or-later */
/* block.h: pixels in memory that another process can be given: rows without gaps. */
#ifndef FEATURESCOPE_DECODE_BLOCK_H
#define FEATURESCOPE_DECODE_BLOCK_H

#include <gegl.h>
#include <glib.h>

typedef struct {
    int width, height;
    const Babl *format;
    guint8 *at;
    gsize size;
    int memory; /* its file descriptor, which cannot become smaller */
} Block;

/* TRUE if a picture of this size is not too large to be decoded. */
gboolean block_fits(int width, int height, const Babl *format);

/* Zeros. FALSE without memory, or if it does not fit; the block is {0} then. */
gboolean block_new(Block *block, int width, int height, const Babl *format);
void block_clear(Block *block); /* accepts {0} */

/* The whole block as a buffer, which borrows it. */
GeglBuffer *block_buffer(const Block *block);

guint8 *block_row(const Block *block, int y);

/* Takes another block's place, and clears what was here. */
void block_replace(Block *block, Block *by);

/* Another format, by babl. FALSE without memory. */
gboolean block_convert(Block *block, const Babl *format);

#endif
