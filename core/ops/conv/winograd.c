/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd.c: F(m x m, r x r) with six points, Lavin & Gray 2016, section 4.
 *
 * Weights are transformed once a plan. The tiles of a block (winograd_pieces.h) are the
 * columns of 36 matrix products. */
#include "ops/conv/winograd.h"
#include "base/vector.h"
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
#define LEAST_CHANNELS 16
#define MOST_TAPS 5
#define MOST_WIDTH ((int64_t)1 << 24) /* so that places in a block are 32-bit numbers */

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

/* Strides of two gain where phases do not have too many taps that are zero. */
bool
dcn_winograd_fits(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    if (w->axes != 2 || conv->groups != 1 || w->kernel[1] != w->kernel[2] ||
        w->stride[1] != w->stride[2] || w->dilation[1] != 1 || w->dilation[2] != 1)
        return false;
    int64_t kernel = w->kernel[1], stride = w->stride[1];
    bool taps = stride == 1 ? kernel >= 3 && kernel <= MOST_TAPS
                            : stride == 2 && kernel >= 5 && kernel <= 2 * MOST_TAPS;
    return taps && conv->channels >= LEAST_CHANNELS && conv->maps >= LEAST_CHANNELS &&
           w->out[2] <= MOST_WIDTH && w->out[1] * w->out[2] >= 8;
}

bool
dcn_winograd_pays(const DcnConv2d *conv, size_t images)
{
    size_t least = images > 1 ? LEAST_TILES_OF_MANY : LEAST_TILES;
    return dcn_winograd_fits(conv) && images * dcn_largest_tiles(conv) >= least;
}

/* --- weights: GgG' --- */

size_t
dcn_winograd_weights(const DcnConv2d *conv)
{
    return ELEMENTS * dcn_packed_floats(conv->maps, dcn_winograd_phases(conv).rows);
}

/* G but for its last row: powers of the points, over the products of their distances. */
static const double powers[POINTS - 1][MOST_TAPS] = {
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

/* For one channel of a group of maps. g: taps x taps x DCN_ROWS; element k of the result
 * is `each` floats behind the one before. Rounded once: what weights are wrong by, all
 * places are. */
DCN_VECTOR static void
transform_taps(const double *restrict g, size_t taps, float *restrict to, size_t each)
{
    double half[POINTS * MOST_TAPS * DCN_ROWS], whole[POINTS * DCN_ROWS];
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
void
dcn_winograd_prepare(const DcnConv2d *conv, const float *w, float *transformed)
{
    DcnPhases p = dcn_winograd_phases(conv);
    size_t channels = conv->channels, each = dcn_packed_floats(conv->maps, p.rows);
    size_t side = (size_t)conv->window.kernel[1];
    for (size_t m = 0; m < conv->maps; m += DCN_ROWS) {
        size_t maps = conv->maps - m < DCN_ROWS ? conv->maps - m : DCN_ROWS;
        for (size_t row = 0; row < p.rows; row++) {
            double g[MOST_TAPS * MOST_TAPS * DCN_ROWS] = {0};
            size_t c = row % channels, phase = row / channels;
            for (size_t y = phase / p.phases; y < side; y += p.phases)
                for (size_t x = phase % p.phases; x < side; x += p.phases) {
                    size_t tap = y / p.phases * p.taps + x / p.phases;
                    for (size_t i = 0; i < maps; i++)
                        g[tap * DCN_ROWS + i] =
                            w[(((m + i) * channels + c) * side + y) * side + x];
                }
            transform_taps(g, p.taps, transformed + m * p.rows + row * DCN_ROWS, each);
        }
    }
}

/* --- blocks --- */

typedef struct {
    const DcnConv2d *conv;
    size_t rows; /* of transformed inputs */
    DcnCutting cutting;
    DcnContext *context;
    const DcnImages *x, *y;
    const float *weights, *bias;
    DcnClamp clamp;
    bool add;
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
size_t
dcn_winograd_scratch(const DcnConv2d *conv)
{
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
    uint32_t *live; /* lists of rows of the inputs */
    float *products;
    size_t first, end; /* maps */
    size_t each;       /* floats of the weights of a pair of points */
} Chunk;

/* The weights behind those of a group of maps and a pair of points. */
static const float *
next_weights(const Chunk *c, size_t k, size_t m)
{
    const float *weights = c->f->weights;
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
    const float *weights = f->weights + k * c->each + m * f->rows,
                *next = next_weights(c, k, m),
                *input = c->inputs + k * dcn_tiles_matrix(f->rows, columns) +
                         section->column * f->rows;
    float *product = c->products + k * dcn_tiles_matrix(c->end - c->first, columns) +
                     (m - c->first) * columns + section->column;
    for (size_t t = 0; t < section->tiles; t += DCN_COLUMNS) {
        const uint32_t *list =
            dcn_tiles_live(c->live, (section->column + t) / DCN_COLUMNS, f->rows);
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
    size_t maps = f->conv->maps;
    DcnTileBlock block = dcn_cutting_block(&f->cutting, index);
    float *inputs = dcn_scratch(f->context, worker);
    float *products = inputs + ELEMENTS * dcn_tiles_matrix(f->rows, block.columns);
    float *work = products + most_products(f->conv, block.columns);
    uint32_t *live = (void *)(work + dcn_tiles_read_floats(block.columns));
    dcn_tiles_read(f->conv, &block, f->x, inputs, live, work);
    size_t step = maps_at_once(f->conv, block.columns);
    for (size_t first = 0; first < maps; first += step) {
        Chunk chunk = {.f = f,
                       .block = &block,
                       .inputs = inputs,
                       .live = live,
                       .products = products,
                       .first = first,
                       .end = first + step < maps ? first + step : maps,
                       .each = dcn_packed_floats(maps, f->rows)};
        multiply(&chunk);
        dcn_tiles_write(f->conv, &block, first, chunk.end - first, f->y, products,
                        f->bias, f->clamp, f->add);
    }
}

void
dcn_winograd_forward(const DcnConv2d *conv,
                     DcnContext *context,
                     size_t images,
                     const DcnImages *y,
                     const DcnImages *x,
                     const float *transformed,
                     const float *bias,
                     DcnClamp clamp,
                     bool add)
{
    if (images == 0)
        return;
    Forward f = {
        .conv = conv,
        .rows = dcn_winograd_phases(conv).rows,
        .cutting = dcn_cutting(conv, images, most_columns(conv),
                               (size_t)dcn_context_threads(context)),
        .context = context,
        .x = x,
        .y = y,
        .weights = transformed,
        .bias = bias,
        .clamp = clamp,
        .add = add,
        .kernel = dcn_kernel(),
    };
    dcn_parallel(context, f.cutting.blocks, forward_block, &f);
}
