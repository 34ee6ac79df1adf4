/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd_pieces.c: how planes of outputs are cut into tiles, and tiles put in
 * blocks. */
#include "ops/conv/winograd_pieces.h"
#include "ops/conv/winograd_axis.h"
#include "ops/product/inner.h"

#define OPTIONS 4     /* ways to cut an axis */
#define HALF_PANEL 16 /* what the inner loop takes at once */
#define LEAST_CHANNELS 16
#define MOST_WIDTH ((int64_t)1 << 24) /* so that places in a block are 32-bit numbers */
#define LEAST_COLUMNS 32              /* fewer take as long: weights have to be read */

static size_t
up(size_t value, size_t step)
{
    return (value + step - 1) / step * step;
}

/* A stride of 2 gains only if few taps of the phases are zero. */
bool
dcn_winograd_fits(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    if (w->axes != 2 || conv->groups != 1 || w->kernel[1] != w->kernel[2] ||
        w->stride[1] != w->stride[2] || w->dilation[1] != 1 || w->dilation[2] != 1)
        return false;
    int64_t kernel = w->kernel[1], stride = w->stride[1];
    bool taps = stride == 1 ? kernel >= 3 && kernel <= DCN_MOST_TAPS
                            : stride == 2 && kernel >= 5 && kernel <= 2 * DCN_MOST_TAPS;
    return taps && conv->channels >= LEAST_CHANNELS && conv->maps >= LEAST_CHANNELS &&
           w->out[2] <= MOST_WIDTH && w->out[1] * w->out[2] >= 8;
}

DcnPhases
dcn_winograd_phases(const DcnConv2d *conv)
{
    size_t phases = (size_t)conv->window.stride[1];
    return (DcnPhases){phases, up((size_t)conv->window.kernel[1], phases) / phases,
                       phases * phases * conv->channels};
}

/* --- an axis --- */

typedef struct {
    DcnTileAxis parts[2];
    size_t n;
} Cut;

/* Cuts an axis into tiles of one size, of which the last one may extend past the end. */
static Cut
uniform(size_t outputs, size_t points, size_t taps)
{
    size_t each = points - taps + 1;
    return (Cut){{{points, each, (outputs - 1) / each + 1, 0}}, 1};
}

/* Cuts an axis into the least number of tiles, of two sizes that add up to it exactly. */
static Cut
two_sizes(size_t outputs, size_t taps)
{
    size_t tiles = (outputs - 1) / (DCN_POINTS - taps + 1) + 1, each = outputs / tiles;
    size_t larger = outputs % tiles, points = each + taps - 1;
    return (Cut){{{points + 1, each + 1, larger, 0},
                  {points, each, tiles - larger, larger * (each + 1)}},
                 2};
}

static size_t
cuts_of(size_t outputs, size_t taps, Cut cuts[OPTIONS])
{
    size_t n = 0;
    for (size_t points = DCN_POINTS; points >= DCN_LEAST_POINTS && points >= taps;
         points--)
        cuts[n++] = uniform(outputs, points, taps);
    Cut two = two_sizes(outputs, taps);
    if (two.parts[0].tiles > 0 && two.parts[1].points >= DCN_LEAST_POINTS)
        cuts[n++] = two;
    return n;
}

size_t
dcn_largest_tiles(const DcnConv2d *conv)
{
    size_t taps = dcn_winograd_phases(conv).taps;
    return uniform((size_t)conv->window.out[1], DCN_POINTS, taps).parts[0].tiles *
           uniform((size_t)conv->window.out[2], DCN_POINTS, taps).parts[0].tiles;
}

/* --- a plane --- */

static void
set_pieces(const Cut *y, const Cut *x, DcnCutting *cutting)
{
    cutting->n = 0;
    for (size_t i = 0; i < y->n; i++)
        for (size_t j = 0; j < x->n; j++)
            cutting->pieces[cutting->n++] = (DcnPiece){y->parts[i], x->parts[j]};
}

static size_t
tiles_of(const DcnPiece *piece)
{
    return piece->y.tiles * piece->x.tiles;
}

/* Columns of all pieces of so many images. */
static size_t
columns_of(const DcnCutting *cutting, size_t images)
{
    size_t columns = 0;
    for (size_t i = 0; i < cutting->n; i++)
        columns += up(images * tiles_of(&cutting->pieces[i]), DCN_COLUMNS);
    return columns;
}

/* Products of a piece whose block has so many of its tiles. */
static size_t
products(const DcnPiece *piece, size_t tiles)
{
    return piece->y.points * piece->x.points * up(tiles, HALF_PANEL);
}

/* The least number of blocks of at most `each` that threads share out evenly. */
static size_t
even_blocks(size_t all, size_t each, size_t threads)
{
    size_t blocks = up((all - 1) / each + 1, threads);
    return blocks < all ? blocks : all;
}

/* Blocks of whole images; returns what they cost, 0 if not even one image fits. */
static size_t
share_images(DcnCutting *cutting, size_t most, size_t threads)
{
    size_t images = cutting->images, each = images, cost = 0;
    if (images < threads)
        return 0;
    while (each > 1 && columns_of(cutting, each) > most)
        each--;
    if (columns_of(cutting, each) > most)
        return 0;
    cutting->by_images = true;
    cutting->blocks = even_blocks(images, each, threads);
    each = (images - 1) / cutting->blocks + 1;
    for (size_t i = 0; i < cutting->n; i++)
        cost += products(&cutting->pieces[i], each * tiles_of(&cutting->pieces[i]));
    size_t least = DCN_POINTS * DCN_POINTS * LEAST_COLUMNS;
    return cutting->blocks * (cost > least ? cost : least);
}

/* Blocks of strips of one piece; returns what they cost. */
static size_t
share_strips(DcnCutting *cutting, size_t most, size_t threads)
{
    size_t cost = 0;
    cutting->by_images = false;
    cutting->blocks = 0;
    for (size_t i = 0; i < cutting->n; i++) {
        const DcnPiece *piece = &cutting->pieces[i];
        size_t all = cutting->images * piece->y.tiles, each = most / piece->x.tiles;
        size_t blocks = even_blocks(all, each > 0 ? each : 1, threads);
        size_t tiles = ((all - 1) / blocks + 1) * piece->x.tiles;
        cutting->piece_blocks[i] = blocks;
        cutting->blocks += blocks;
        cost += blocks * products(piece, tiles > LEAST_COLUMNS ? tiles : LEAST_COLUMNS);
    }
    return cost;
}

DcnCutting
dcn_cutting(const DcnConv2d *conv, size_t images, size_t most, size_t threads)
{
    size_t taps = dcn_winograd_phases(conv).taps, least = 0;
    Cut y[OPTIONS], x[OPTIONS];
    size_t n_y = cuts_of((size_t)conv->window.out[1], taps, y),
           n_x = cuts_of((size_t)conv->window.out[2], taps, x);
    DcnCutting best = {0};
    for (size_t i = 0; i < n_y * n_x; i++) {
        DcnCutting cutting = {.images = images};
        set_pieces(&y[i / n_x], &x[i % n_x], &cutting);
        size_t cost = share_images(&cutting, most, threads);
        if (cost == 0)
            cost = share_strips(&cutting, most, threads);
        if (i == 0 || cost < least) {
            best = cutting;
            least = cost;
        }
    }
    return best;
}

/* --- blocks --- */

static void
add_section(DcnTileBlock *block, const DcnPiece *piece, size_t first, size_t end)
{
    DcnSection *section = &block->sections[block->n++];
    *section = (DcnSection){*piece, first, end - first, block->columns,
                            (end - first) * piece->x.tiles};
    block->columns += up(section->tiles, DCN_COLUMNS);
}

DcnTileBlock
dcn_cutting_block(const DcnCutting *cutting, size_t index)
{
    DcnTileBlock block = {.n = 0};
    for (size_t i = 0; i < cutting->n; i++) {
        const DcnPiece *piece = &cutting->pieces[i];
        size_t strips = piece->y.tiles, images = cutting->images;
        if (cutting->by_images) {
            size_t first = index * images / cutting->blocks,
                   end = (index + 1) * images / cutting->blocks;
            add_section(&block, piece, first * strips, end * strips);
            continue;
        }
        size_t all = images * strips, blocks = cutting->piece_blocks[i];
        if (index < blocks) {
            add_section(&block, piece, index * all / blocks, (index + 1) * all / blocks);
            break;
        }
        index -= blocks;
    }
    return block;
}

size_t
dcn_cutting_columns(const DcnConv2d *conv, size_t most)
{
    Cut cuts[OPTIONS];
    size_t columns = most;
    size_t n = cuts_of((size_t)conv->window.out[2], dcn_winograd_phases(conv).taps, cuts);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < cuts[i].n; j++)
            if (cuts[i].parts[j].tiles > columns)
                columns = cuts[i].parts[j].tiles;
    return up(columns, DCN_COLUMNS);
}
