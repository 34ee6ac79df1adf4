/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conv2d_tiles.h: sizes and tiles that the three parts of conv2d share. Inside conv2d*.c
 * only. */
#ifndef DCN_OPS_CONV2D_TILES_H
#define DCN_OPS_CONV2D_TILES_H

#include "ops/conv/conv2d.h"

/* Floats of the columns of a tile: half a megabyte, to stay in a core's own cache. */
#define DCN_TILE_FLOATS ((size_t)131072)

/* Rows of a block when the signal comes back: channels x kernel. */
#define DCN_BLOCK_ROWS 192

typedef struct {
    size_t channels, maps; /* of a group */
    size_t kernel;         /* elements */
    size_t rows;           /* channels x kernel */
    size_t in, out;        /* places of a plane */
    bool pointwise;        /* the image is its own matrix of columns */
} DcnConvSizes;

static inline DcnConvSizes
dcn_conv_sizes(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    DcnConvSizes s = {
        .channels = conv->channels / conv->groups,
        .maps = conv->maps / conv->groups,
        .kernel = (size_t)(w->kernel[1] * w->kernel[2]),
        .in = (size_t)(w->in[1] * w->in[2]),
        .out = (size_t)(w->out[1] * w->out[2]),
    };
    s.rows = s.channels * s.kernel;
    s.pointwise = s.kernel == 1 && w->stride[1] == 1 && w->stride[2] == 1 &&
                  w->begin[1] == 0 && w->begin[2] == 0 && w->end[1] == 0 &&
                  w->end[2] == 0;
    return s;
}

static inline size_t
dcn_clamped(size_t value, size_t low, size_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* Columns of a full tile with that many rows. */
static inline size_t
dcn_tile_columns(size_t rows)
{
    return dcn_clamped(DCN_TILE_FLOATS / (rows ? rows : 1), 64, 1024) / 16 * 16;
}

/* Channels of a block when the signal comes back. */
static inline size_t
dcn_block_channels(const DcnConvSizes *s)
{
    return dcn_clamped(DCN_BLOCK_ROWS / s->kernel, 1, s->channels);
}

/* Floats of the columns that a block takes on the way back. */
static inline size_t
dcn_block_floats(const DcnConvSizes *s)
{
    size_t rows = dcn_block_channels(s) * s->kernel;
    return rows * dcn_tile_columns(rows);
}

/* Floats of a thread's own sums of the weights' gradient, behind those columns: where all
 * channels are one block, as in a first layer, threads share out images. 0: they do not.
 */
static inline size_t
dcn_own_sums(const DcnConv2d *conv, const DcnConvSizes *s)
{
    size_t floats = s->maps * s->rows;
    bool one = conv->groups == 1 && dcn_block_channels(s) == s->channels;
    return one && floats <= DCN_TILE_FLOATS / 8 ? floats : 0;
}

#endif
