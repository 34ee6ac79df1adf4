/* winograd_tiles.h: from planes to transformed tiles and back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A tile is 4 x 4 outputs and the 6 x 6 inputs that they see; a strip is a row of tiles
 * of one image. Strips are counted over all images, one image behind the other, and taken
 * in blocks, whose tiles are the columns of 36 matrix products.
 */
#ifndef DCN_OPS_WINOGRAD_TILES_H
#define DCN_OPS_WINOGRAD_TILES_H

#include "conv2d.h"

#define DCN_TILE 4                                        /* outputs along an axis */
#define DCN_TILE_SIDE 6                                   /* inputs along an axis */
#define DCN_TILE_ELEMENTS (DCN_TILE_SIDE * DCN_TILE_SIDE) /* of a transformed tile */

typedef struct {
    size_t x, y; /* tiles of an image along its axes */
} DcnTiles;

DcnTiles dcn_tiles_of(const DcnConv2d *conv);

/* Strips of a block, and its tiles in whole panels of DCN_COLUMNS. */
typedef struct {
    size_t first, strips, columns;
} DcnTileBlock;

/* Floats of one of the 36 matrices of so many rows. They are a little more than they hold
 * apart: at a distance of a power of two the same place of all would lie in the same few
 * lines of a cache. */
static inline size_t
dcn_tiles_matrix(size_t rows, size_t columns)
{
    return rows * columns + 48;
}

/* Floats of work for blocks of at most so many strips. */
size_t dcn_tiles_floats(const DcnConv2d *conv, size_t strips);

/* B'dB of all channels. matrices: 36 of channels rows, each in panels as kernel.h has
 * them; columns that are no tile hold any numbers. */
void dcn_tiles_read(const DcnConv2d *conv,
                    const DcnTileBlock *block,
                    const DcnImages *x,
                    float *matrices,
                    float *work);

/* y = clamp(A'mA + bias), or with add clamp(y + A'mA + bias). products: 36 matrices of
 * maps rows. bias: maps floats, or NULL. */
void dcn_tiles_write(const DcnConv2d *conv,
                     const DcnTileBlock *block,
                     const DcnImages *y,
                     const float *products,
                     const float *bias,
                     DcnClamp clamp,
                     bool add,
                     float *work);

#endif
