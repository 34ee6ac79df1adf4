/* SPDX-License-Identifier: GPL-3.0-or-later */
/* columns_tiles.h: the tiles of the three ways by columns. Inside columns_*.c only. */
#ifndef DCN_OPS_CONV_COLUMNS_TILES_H
#define DCN_OPS_CONV_COLUMNS_TILES_H

#include "ops/conv/way.h"
#include "ops/product/product.h"

/* Floats of the columns of a tile: half a megabyte, to stay in a core's own cache. */
#define DCN_TILE_FLOATS ((size_t)131072)

/* Rows of a block when the signal comes back: channels x kernel. */
#define DCN_BLOCK_ROWS 192

static inline bool
dcn_columns_fit(const DcnConv2d *conv)
{
    (void)conv;
    return true;
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

/* Scratch bytes for so many floats, and room for products behind them; and that room. */
static inline size_t
dcn_columns_scratch(size_t floats)
{
    return (floats + 15) / 16 * 16 * sizeof(float) + DCN_PRODUCT_SCRATCH;
}

static inline float *
dcn_columns_room(float *scratch, size_t floats)
{
    return scratch + (floats + 15) / 16 * 16;
}

/* Floats of the columns that a block takes on the way back. */
static inline size_t
dcn_block_floats(const DcnConvSizes *s)
{
    size_t rows = dcn_block_channels(s) * s->kernel;
    return rows * dcn_tile_columns(rows);
}

/* The channels of a group in blocks. */
typedef struct {
    size_t channels, n; /* of a block; blocks */
} DcnBlocks;

/* Makes blocks so small that each thread gets one. others: the number of tasks for each
 * block, which is images times groups. */
static inline DcnBlocks
dcn_blocks(const DcnConvSizes *s, size_t others, size_t threads)
{
    size_t channels = dcn_block_channels(s);
    if (others < threads)
        channels = dcn_clamped((s->channels - 1) / threads + 1, 1, channels);
    return (DcnBlocks){channels, (s->channels - 1) / channels + 1};
}

/* Channels of the block that begins with channel c0. */
static inline size_t
dcn_block_at(const DcnBlocks *blocks, const DcnConvSizes *s, size_t c0)
{
    return s->channels - c0 < blocks->channels ? s->channels - c0 : blocks->channels;
}

#endif
