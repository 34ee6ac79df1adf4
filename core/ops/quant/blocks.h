/* SPDX-License-Identifier: GPL-3.0-or-later */
/* blocks.h: scales for a whole tensor, for each place of an axis, or for blocks of places
 * along it: QuantizeLinear and DequantizeLinear.
 *
 * The tensor is rows of `inner` elements, outer x dim of them. For a tensor of 2 x 6 x 3
 * and axis 1, inner is 3. One scale a place: scale[d] holds for the rows (o, d). Blocks
 * of 2: the scales are 2 x 3 x 3, and row (o, d) has the three of row (o, d / 2). */
#ifndef DCN_OPS_QUANT_BLOCKS_H
#define DCN_OPS_QUANT_BLOCKS_H

#include "ops/quant/affine.h"

typedef struct {
    size_t outer, dim, inner;
    size_t block; /* places of the axis that share a row of scales; 0: no blocks */
    bool one;     /* scale for all: a single row */
    DcnLocality locality;
} DcnBlocks;

/* n elements that share scale and zero point. */
typedef struct {
    DcnAffine affine;
    size_t n;
    const float *x;
    float *y; /* to be written, where values are wanted */
    const float *dy;
    float *dx; /* to be added to, where slopes are wanted */
} DcnBlockRow;

typedef void (*DcnBlockWork)(const void *params, const DcnBlockRow *row);

/* Reads axis and block_size; inputs 1 and 2 are scale and zero point. Output: the shape
 * of the first input. */
bool dcn_blocks_setup(DcnSetup *setup, DcnBlocks *blocks);

/* Calls work for all rows of a batch. */
void dcn_blocks_forward(const DcnCall *call, const DcnBlocks *blocks, DcnBlockWork work);
void dcn_blocks_back(const DcnCall *call, const DcnBlocks *blocks, DcnBlockWork work);

#endif
