/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd.c: convolutions of stride 1 or 2 with a fraction of the multiplications.
 *
 * F(m x m, r x r) of Lavin & Gray 2016, "Fast algorithms for convolutional neural
 * networks", section 4, with six points along each axis: tiles of m x m outputs (4 x 4
 * for kernels of 3 x 3, 2 x 2 for 5 x 5) come from 36 products of matrices that were
 * transformed before. A stride of 2 is taken as four convolutions of stride 1, with half
 * the taps along each axis. Results differ from the direct sum by a few times more
 * rounding.
 *
 * Weights are transformed once a plan: a form of 36 x maps x channels x stride x stride
 * floats. The tiles of a block (winograd_pieces.h) are the
 * columns of 36 matrix products. */
#include "base/vector.h"
#include "ops/conv/way.h"
#include "ops/conv/winograd_tiles.h"
#include "ops/product/inner.h"
#include <string.h>

#define POINTS DCN_POINTS
#define ELEMENTS DCN_TILE_ELEMENTS
#define BLOCK_BYTES ((size_t)1 << 20)     /* of transformed inputs */
#define PRODUCT_BYTES ((size_t)512 << 10) /* that wait to be transformed */
#define LEAST_COLUMNS 112
#define MOST_COLUMNS 256
#define LEAST_TILES 48         /* of one image, whose projection rounds twice as often */
#define LEAST_TILES_OF_MANY 24 /* small boxes of occlusion */

/* Columns of a block, by its memory. */
static size_t
most_columns(const DcnConv2d *conv)
{
    size_t rows = dcn_winograd_phases(conv).rows;
    size_t most = BLOCK_BYTES / (ELEMENTS * rows * sizeof(float));
    return most < LEAST_COLUMNS  ? LEAST_COLUMNS
           : most > MOST_COLUMNS ? MOST_COLUMNS
                                 : most;
}

static bool
pays(const DcnConv2d *conv, const DcnConvUse *use)
{
    size_t least = use->images > 1 ? LEAST_TILES_OF_MANY : LEAST_TILES;
    return use->images == 0 || use->images * dcn_largest_tiles(conv) >= least;
}

/* --- weights: GgG' --- */

static size_t
form_floats(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    return ELEMENTS * dcn_packed_floats(conv->maps, dcn_winograd_phases(conv).rows);
}

/* G but for its last row: powers of the points, over the products of their distances. */
static const double powers[POINTS - 1][DCN_MOST_TAPS] = {
    {1 / 4., 0, 0, 0, 0},
    {-1 / 6., -1 / 6., -1 / 6., -1 / 6., -1 / 6.},
    {-1 / 6., 1 / 6., -1 / 6., 1 / 6., -1 / 6.},
    {1 / 24., 1 / 12., 1 / 6., 1 / 3., 2 / 3.},
    {1 / 24., -1 / 12., 1 / 6., -1 / 3., 2 / 3.},
};

/* G times the taps of an axis, for n maps and places of the other axis at once. */
static inline void
spread(const double *restrict g, size_t taps, size_t n, double *restrict out)
{
    for (size_t p = 0; p < POINTS - 1; p++, out += n)
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            for (size_t t = 0; t < taps; t++)
                sum += powers[p][t] * g[t * n + i];
            out[i] = sum;
        }
    memcpy(out, g + (taps - 1) * n, n * sizeof *out);
}

void
dcn_winograd_taps(const double *g, size_t taps, size_t n, double *out)
{
    spread(g, taps, n, out);
}

/* For one channel of a group of maps. g: taps x taps x DCN_ROWS; element k of the result
 * is `each` floats behind the one before. Computed in double and rounded once, because an
 * error of a weight is an error of all places. */
DCN_VECTOR static void
transform_taps(const double *restrict g, size_t taps, float *restrict to, size_t each)
{
    double half[POINTS * DCN_MOST_TAPS * DCN_ROWS], whole[POINTS * DCN_ROWS];
    spread(g, taps, taps * DCN_ROWS, half);
    for (size_t y = 0; y < POINTS; y++) {
        spread(half + y * taps * DCN_ROWS, taps, DCN_ROWS, whole);
        for (size_t x = 0; x < POINTS; x++, to += each)
            for (size_t i = 0; i < DCN_ROWS; i++)
                to[i] = (float)whole[x * DCN_ROWS + i];
    }
}

/* Tap (y, x) of a phase is element (y, x) * phases + phase of the kernel; zero behind its
 * end. */
static void
prepare(const DcnConv2d *conv, const DcnConvUse *use, const float *weights, float *form)
{
    (void)use;
    DcnPhases p = dcn_winograd_phases(conv);
    size_t channels = conv->channels, each = dcn_packed_floats(conv->maps, p.rows);
    size_t side = (size_t)conv->window.kernel[1];
    for (size_t m = 0; m < conv->maps; m += DCN_ROWS) {
        size_t maps = conv->maps - m < DCN_ROWS ? conv->maps - m : DCN_ROWS;
        for (size_t row = 0; row < p.rows; row++) {
            double g[DCN_MOST_TAPS * DCN_MOST_TAPS * DCN_ROWS] = {0};
            size_t c = row % channels, phase = row / channels;
            for (size_t y = phase / p.phases; y < side; y += p.phases)
                for (size_t x = phase % p.phases; x < side; x += p.phases) {
                    size_t tap = y / p.phases * p.taps + x / p.phases;
                    for (size_t i = 0; i < maps; i++)
                        g[tap * DCN_ROWS + i] =
                            weights[(((m + i) * channels + c) * side + y) * side + x];
                }
            transform_taps(g, p.taps, form + m * p.rows + row * DCN_ROWS, each);
        }
    }
}

/* --- blocks --- */

typedef struct {
    const DcnConvRun *run;
    size_t rows; /* of transformed inputs */
    DcnCutting cutting;
    DcnKernel *kernel;
} Forward;

/* Maps whose products a core's own cache holds, until they are transformed. */
static size_t
maps_at_once(const DcnConv2d *conv, size_t columns)
{
    size_t maps = PRODUCT_BYTES / (ELEMENTS * columns * sizeof(float)) / DCN_ROWS;
    maps = (maps > 0 ? maps : 1) * DCN_ROWS;
    return maps < conv->maps ? maps : conv->maps;
}

/* Floats of the products of a block of any cutting. */
static size_t
most_products(const DcnConv2d *conv, size_t columns)
{
    size_t least = DCN_ROWS < conv->maps ? DCN_ROWS : conv->maps;
    size_t floats = ELEMENTS * dcn_tiles_matrix(least, columns),
           most = PRODUCT_BYTES / sizeof(float) + ELEMENTS * dcn_tiles_matrix(0, columns);
    return floats > most ? floats : most;
}

/* Scratch: transformed inputs and products, then the workings of one channel or map. */
static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    size_t columns = dcn_cutting_columns(conv, most_columns(conv));
    size_t rows = dcn_winograd_phases(conv).rows;
    return (ELEMENTS * dcn_tiles_matrix(rows, columns) + most_products(conv, columns) +
            dcn_tiles_read_floats(columns)) *
               sizeof(float) +
           (columns / DCN_COLUMNS) * (rows + 1) * sizeof(uint32_t);
}

typedef struct {
    const Forward *f;
    const DcnTileBlock *block;
    const float *inputs;
    uint32_t *nonzero; /* lists of rows of the inputs */
    float *products;
    size_t first, end; /* maps */
    size_t each;       /* floats of the weights of a pair of points */
} Chunk;

/* The weights behind those of a group of maps and a pair of points. */
static const float *
next_weights(const Chunk *c, size_t k, size_t m)
{
    const float *weights = c->f->run->form;
    if (m + DCN_ROWS < c->end)
        return weights + k * c->each + (m + DCN_ROWS) * c->f->rows;
    if (k + 1 < ELEMENTS)
        return weights + (k + 1) * c->each + c->first * c->f->rows;
    return weights + c->end * c->f->rows;
}

/* A group of maps times the tiles of a section, for one pair of points. */
static void
multiply_section(const Chunk *c, const DcnSection *section, size_t k, size_t m)
{
    const Forward *f = c->f;
    size_t columns = c->block->columns,
           maps = c->end - m < DCN_ROWS ? c->end - m : DCN_ROWS;
    const float *weights = f->run->form + k * c->each + m * f->rows,
                *next = next_weights(c, k, m),
                *input = c->inputs + k * dcn_tiles_matrix(f->rows, columns) +
                         section->column * f->rows;
    float *product = c->products + k * dcn_tiles_matrix(c->end - c->first, columns) +
                     (m - c->first) * columns + section->column;
    for (size_t t = 0; t < section->tiles; t += DCN_COLUMNS) {
        const uint32_t *list =
            dcn_tiles_nonzero(c->nonzero, (section->column + t) / DCN_COLUMNS, f->rows);
        f->kernel(list[0], list[0] < f->rows ? list + 1 : NULL, weights, next,
                  input + t * f->rows, maps,
                  section->tiles - t < DCN_COLUMNS ? section->tiles - t : DCN_COLUMNS,
                  product + t, columns, NULL);
    }
}

static void
multiply(const Chunk *c)
{
    for (size_t k = 0; k < ELEMENTS; k++)
        for (size_t m = c->first; m < c->end; m += DCN_ROWS)
            for (size_t i = 0; i < c->block->n; i++) {
                const DcnSection *section = &c->block->sections[i];
                if (dcn_winograd_has(section->piece.y.points, k / POINTS) &&
                    dcn_winograd_has(section->piece.x.points, k % POINTS))
                    multiply_section(c, section, k, m);
            }
}

static void
forward_block(void *user, size_t index, size_t worker)
{
    const Forward *f = user;
    size_t maps = f->run->conv->maps;
    DcnTileBlock block = dcn_cutting_block(&f->cutting, index);
    float *inputs = dcn_scratch(f->run->context, worker);
    float *products = inputs + ELEMENTS * dcn_tiles_matrix(f->rows, block.columns);
    float *work = products + most_products(f->run->conv, block.columns);
    uint32_t *nonzero = (void *)(work + dcn_tiles_read_floats(block.columns));
    dcn_tiles_read(f->run->conv, &block, f->run->x, inputs, nonzero, work);
    size_t step = maps_at_once(f->run->conv, block.columns);
    for (size_t first = 0; first < maps; first += step) {
        Chunk chunk = {.f = f,
                       .block = &block,
                       .inputs = inputs,
                       .nonzero = nonzero,
                       .products = products,
                       .first = first,
                       .end = first + step < maps ? first + step : maps,
                       .each = dcn_packed_floats(maps, f->rows)};
        multiply(&chunk);
        dcn_tiles_write(f->run->conv, &block, first, chunk.end - first, f->run->y,
                        products, f->run->bias, f->run->clamp, f->run->add);
    }
}

static void
forward(const DcnConvRun *run)
{
    Forward f = {
        .run = run,
        .rows = dcn_winograd_phases(run->conv).rows,
        .cutting = dcn_cutting(run->conv, run->images, most_columns(run->conv),
                               (size_t)dcn_context_threads(run->context)),
        .kernel = dcn_kernel(),
    };
    dcn_parallel(run->context, f.cutting.blocks, forward_block, &f);
}

const DcnConvWay dcn_way_winograd = {
    .name = "winograd",
    .fits = dcn_winograd_fits,
    .pays = pays,
    .transforms = true,
    .floats = form_floats,
    .prepare = prepare,
    .scratch = scratch,
    .run = forward,
};
