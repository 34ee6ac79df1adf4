/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd_pieces.h: how planes of outputs are cut into tiles, and tiles put in blocks.
 *
 * Tiles of one size seldom fit a plane: of tiles of 4, a side of 9 takes three, a quarter
 * of whose outputs is thrown away. So a side is cut into tiles of two sizes where that
 * saves products, and the plane into up to four pieces, each of tiles of one kind. A
 * plane of 5 rows and 10 columns, for kernels of 3 x 3:
 *
 *     outputs   4   3   3          tiles of n outputs take n + 2 points along an axis:
 *            +----+---+---+
 *          3 |    |   |   |        (5 + 4) (6 + 5 + 5) = 144 products for each map and
 *            +----+---+---+        channel, where six tiles of 4 x 4 would take
 *          2 |    |   |   |        6 x 36 = 216
 *            +----+---+---+
 *
 * The piece at the upper left has one tile of 3 x 4, the one beside it two of 3 x 3, and
 * below are one of 2 x 4 and two of 2 x 3. */
#ifndef DCN_OPS_CONV_WINOGRAD_PIECES_H
#define DCN_OPS_CONV_WINOGRAD_PIECES_H

#include "ops/conv/conv2d.h"

#define DCN_PIECES 4
#define DCN_MOST_TAPS 5 /* of a phase, along an axis */

/* A stride of two is taken as a convolution of stride 1 over the four images of every
 * second row and column, each with every second tap. */
typedef struct {
    size_t phases; /* along an axis: the stride */
    size_t taps;   /* of a phase, along an axis */
    size_t rows;   /* of transformed inputs: phases x phases x channels */
} DcnPhases;

DcnPhases dcn_winograd_phases(const DcnConv2d *conv);

/* Tiles of one size along an axis. The last ones may extend past the plane. */
typedef struct {
    size_t points;  /* of a tile: outputs + taps - 1 */
    size_t outputs; /* of a tile */
    size_t tiles;
    size_t first; /* output */
} DcnTileAxis;

typedef struct {
    DcnTileAxis y, x;
} DcnPiece;

/* The part of a piece that a block has: some of its rows of tiles (strips), which are
 * counted over all images, one image behind the other. Its tiles are columns of the
 * block's matrices from `column` on, a multiple of DCN_COLUMNS. */
typedef struct {
    DcnPiece piece;
    size_t first, strips;
    size_t column, tiles;
} DcnSection;

typedef struct {
    DcnSection sections[DCN_PIECES];
    size_t n;
    size_t columns; /* in whole panels of DCN_COLUMNS */
} DcnTileBlock;

typedef struct {
    DcnPiece pieces[DCN_PIECES];
    size_t n;
    size_t images;
    bool by_images;                  /* a block has all pieces of some images; else it is
                                        strips of one piece */
    size_t piece_blocks[DCN_PIECES]; /* blocks of each, if so */
    size_t blocks;
} DcnCutting;

/* The cutting that takes the fewest products. most: columns that a block should not pass
 * (dcn_cutting_columns() is how many it can have). threads: at least so many blocks, if
 * there are strips enough. */
DcnCutting dcn_cutting(const DcnConv2d *conv, size_t images, size_t most, size_t threads);

DcnTileBlock dcn_cutting_block(const DcnCutting *cutting, size_t index);

/* Columns that a block of any cutting can have. */
size_t dcn_cutting_columns(const DcnConv2d *conv, size_t most);

/* True if Winograd's algorithm can compute the convolution, and the convolution is large
 * enough to gain by it. */
bool dcn_winograd_fits(const DcnConv2d *conv);

/* Tiles of an image, if all are of the largest size. */
size_t dcn_largest_tiles(const DcnConv2d *conv);

#endif
