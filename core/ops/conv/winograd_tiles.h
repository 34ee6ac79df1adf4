/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd_tiles.h: from planes to transformed tiles and back.
 *
 * The tiles of a block are the columns of one matrix product for each of 6 x 6 pairs of
 * points (winograd_axis.h); tiles of fewer points take part in fewer of them. */
#ifndef DCN_OPS_CONV_WINOGRAD_TILES_H
#define DCN_OPS_CONV_WINOGRAD_TILES_H

#include "ops/conv/conv2d.h"
#include "ops/conv/winograd_axis.h"
#include "ops/conv/winograd_pieces.h"

#define DCN_TILE_ELEMENTS ((size_t)DCN_POINTS * DCN_POINTS)

/* Floats of one of the 36 matrices of so many rows. They are a little more than they hold
 * apart: at a distance of a power of two the same place of all would lie in the same few
 * lines of a cache. */
static inline size_t
dcn_tiles_matrix(size_t rows, size_t columns)
{
    return rows * columns + 48;
}

/* G times the taps of one axis: n values each, in six rows. */
void dcn_winograd_taps(const double *g, size_t taps, size_t n, double *out);

/* Floats of work for reading blocks of at most so many columns. */
size_t dcn_tiles_read_floats(size_t columns);

/* The rows of each panel that are not zero, as those of inner.h: list p, of panel p, is
 * how many there are, then which. */
static inline uint32_t *
dcn_tiles_nonzero(uint32_t *lists, size_t panel, size_t rows)
{
    return lists + panel * (rows + 1);
}

/* B'dB of all channels of all phases. matrices: 36 of DcnPhases.rows rows, each in panels
 * as inner.h has them; what is no tile, or no pair of points of one, or not in nonzero,
 * holds any numbers. nonzero: a list for each panel. */
void dcn_tiles_read(const DcnConv2d *conv,
                    const DcnTileBlock *block,
                    const DcnImages *x,
                    float *matrices,
                    uint32_t *nonzero,
                    float *work);

/* y = clamp(A'mA + bias), or with add clamp(y + A'mA + bias), for the maps first ..
 * first + maps - 1. products: 36 matrices of as many rows. bias: of all maps, or NULL. */
void dcn_tiles_write(const DcnConv2d *conv,
                     const DcnTileBlock *block,
                     size_t first,
                     size_t maps,
                     const DcnImages *y,
                     const float *products,
                     const float *bias,
                     DcnClamp clamp,
                     bool add);

#endif
