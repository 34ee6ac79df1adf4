/* winograd.c: F(4x4, 3x3), Lavin & Gray 2016, section 4.2 and equations 15 and 16.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Weights are transformed once a plan. Tiles of many strips (winograd_tiles.h) make a
 * block: the columns of 36 matrix products.
 */
#include "winograd.h"
#include "kernel.h"
#include "vector.h"
#include "winograd_tiles.h"
#include <string.h>

#define TILE DCN_TILE
#define SIDE DCN_TILE_SIDE
#define ELEMENTS DCN_TILE_ELEMENTS
#define BLOCK_BYTES ((size_t)8 << 20)
#define LEAST_TILES 48         /* of one image, whose projection rounds twice as often */
#define LEAST_TILES_OF_MANY 24 /* small boxes of occlusion */
#define MOST_TILES 256
#define LEAST_CHANNELS 16
#define MOST_WIDTH ((int64_t)1 << 24) /* so that places in a block are 32-bit numbers */

typedef struct {
    DcnTiles tiles; /* of an image */
    size_t strips;  /* a block */
    size_t columns; /* tiles of a block, in whole panels */
} Sizes;

static size_t
up(size_t value, size_t step)
{
    return (value + step - 1) / step * step;
}

static Sizes
sizes_of(const DcnConv2d *conv)
{
    Sizes s = {.tiles = dcn_tiles_of(conv)};
    size_t most =
        BLOCK_BYTES / (ELEMENTS * (conv->channels + conv->maps) * sizeof(float));
    most = most < LEAST_TILES ? LEAST_TILES : most > MOST_TILES ? MOST_TILES : most;
    s.strips = most / s.tiles.x > 0 ? most / s.tiles.x : 1;
    s.columns = up(s.strips * s.tiles.x, DCN_COLUMNS);
    return s;
}

bool
dcn_winograd_fits(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    for (int axis = 1; axis < 3; axis++)
        if (w->kernel[axis] != 3 || w->stride[axis] != 1 || w->dilation[axis] != 1)
            return false;
    return w->axes == 2 && conv->groups == 1 && conv->channels >= LEAST_CHANNELS &&
           conv->maps >= LEAST_CHANNELS && w->out[2] <= MOST_WIDTH &&
           w->out[1] * w->out[2] >= TILE * TILE / 2;
}

bool
dcn_winograd_pays(const DcnConv2d *conv, size_t images)
{
    Sizes s = sizes_of(conv);
    size_t least = images > 1 ? LEAST_TILES_OF_MANY : LEAST_TILES;
    return dcn_winograd_fits(conv) && images * s.tiles.x * s.tiles.y >= least;
}

/* --- weights: GgG' --- */

size_t
dcn_winograd_weights(const DcnConv2d *conv)
{
    return ELEMENTS * dcn_packed_floats(conv->maps, conv->channels);
}

/* The six values of G times three, for DCN_ROWS maps at once. */
static inline void
spread(const float *restrict g, size_t step, float *restrict out, size_t out_step)
{
    DCN_INDEPENDENT
    for (size_t i = 0; i < DCN_ROWS; i++) {
        float g0 = g[i], g1 = g[step + i], g2 = g[2 * step + i];
        float even = g0 / 24 + g2 / 6, odd = g1 / 12;
        out[i] = g0 / 4;
        out[out_step + i] = -(g0 + g1 + g2) / 6;
        out[2 * out_step + i] = -(g0 - g1 + g2) / 6;
        out[3 * out_step + i] = even + odd;
        out[4 * out_step + i] = even - odd;
        out[5 * out_step + i] = g2;
    }
}

/* GgG' for one channel of a group of maps. taps: 9 x DCN_ROWS; element k of the result is
 * `each` floats behind the one before. */
DCN_VECTOR static void
transform_taps(const float *restrict taps, float *restrict to, size_t each)
{
    float half[SIDE * 3 * DCN_ROWS], whole[ELEMENTS * DCN_ROWS];
    for (size_t x = 0; x < 3; x++)
        spread(taps + x * DCN_ROWS, 3 * DCN_ROWS, half + x * DCN_ROWS, 3 * DCN_ROWS);
    for (size_t y = 0; y < SIDE; y++)
        spread(half + y * 3 * DCN_ROWS, DCN_ROWS, whole + y * SIDE * DCN_ROWS, DCN_ROWS);
    for (size_t k = 0; k < ELEMENTS; k++)
        memcpy(to + k * each, whole + k * DCN_ROWS, DCN_ROWS * sizeof *to);
}

void
dcn_winograd_prepare(const DcnConv2d *conv, const float *w, float *transformed)
{
    size_t channels = conv->channels, each = dcn_packed_floats(conv->maps, channels);
    for (size_t m = 0; m < conv->maps; m += DCN_ROWS) {
        size_t maps = conv->maps - m < DCN_ROWS ? conv->maps - m : DCN_ROWS;
        for (size_t c = 0; c < channels; c++) {
            float taps[9 * DCN_ROWS] = {0};
            for (size_t i = 0; i < maps; i++)
                for (size_t k = 0; k < 9; k++)
                    taps[k * DCN_ROWS + i] = w[((m + i) * channels + c) * 9 + k];
            transform_taps(taps, transformed + m * channels + c * DCN_ROWS, each);
        }
    }
}

/* --- blocks --- */

typedef struct {
    const DcnConv2d *conv;
    Sizes s;
    DcnContext *context;
    const DcnImages *x, *y;
    const float *weights, *bias;
    DcnClamp clamp;
    bool add;
    DcnKernel *kernel;
    size_t n_strips; /* of all images */
} Forward;

/* Scratch: transformed inputs and products, then the workings of one channel or map. */
static size_t
scratch_floats(const DcnConv2d *conv, const Sizes *s)
{
    return ELEMENTS * dcn_tiles_matrix(conv->channels, s->columns) +
           ELEMENTS * dcn_tiles_matrix(conv->maps, s->columns) +
           dcn_tiles_floats(conv, s->strips);
}

size_t
dcn_winograd_scratch(const DcnConv2d *conv)
{
    Sizes s = sizes_of(conv);
    return scratch_floats(conv, &s) * sizeof(float);
}

static void
multiply(
    const Forward *f, size_t tiles, size_t columns, const float *inputs, float *products)
{
    size_t channels = f->conv->channels, maps = f->conv->maps;
    size_t each = dcn_packed_floats(maps, channels);
    size_t input = dcn_tiles_matrix(channels, columns),
           product = dcn_tiles_matrix(maps, columns);
    for (size_t k = 0; k < ELEMENTS; k++)
        for (size_t m = 0; m < maps; m += DCN_ROWS)
            for (size_t t = 0; t < tiles; t += DCN_COLUMNS)
                f->kernel(channels, f->weights + k * each + m * channels,
                          inputs + k * input + t * channels,
                          maps - m < DCN_ROWS ? maps - m : DCN_ROWS,
                          tiles - t < DCN_COLUMNS ? tiles - t : DCN_COLUMNS,
                          products + k * product + m * columns + t, columns, NULL);
}

static void
forward_block(void *user, size_t index, size_t worker)
{
    const Forward *f = user;
    const Sizes *s = &f->s;
    size_t first = index * s->strips, strips = f->n_strips - first;
    strips = strips < s->strips ? strips : s->strips;
    DcnTileBlock block = {first, strips, up(strips * s->tiles.x, DCN_COLUMNS)};
    float *inputs = dcn_scratch(f->context, worker);
    float *products =
        inputs + ELEMENTS * dcn_tiles_matrix(f->conv->channels, block.columns);
    float *work = products + ELEMENTS * dcn_tiles_matrix(f->conv->maps, block.columns);
    dcn_tiles_read(f->conv, &block, f->x, inputs, work);
    multiply(f, strips * s->tiles.x, block.columns, inputs, products);
    dcn_tiles_write(f->conv, &block, f->y, products, f->bias, f->clamp, f->add, work);
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
    Forward f = {
        .conv = conv,
        .s = sizes_of(conv),
        .context = context,
        .x = x,
        .y = y,
        .weights = transformed,
        .bias = bias,
        .clamp = clamp,
        .add = add,
        .kernel = dcn_kernel(),
    };
    f.n_strips = images * f.s.tiles.y;
    if (f.n_strips == 0)
        return;
    /* a block for each thread at least */
    size_t threads = (size_t)dcn_context_threads(context),
           even = (f.n_strips - 1) / threads + 1;
    f.s.strips = f.s.strips < even ? f.s.strips : even;
    size_t blocks = (f.n_strips - 1) / f.s.strips + 1;
    f.s.strips = (f.n_strips - 1) / blocks + 1; /* of even size */
    dcn_parallel(context, (f.n_strips - 1) / f.s.strips + 1, forward_block, &f);
}
