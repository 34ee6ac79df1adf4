/* winograd.c: F(4x4, 3x3), Lavin & Gray 2016, section 4.2 and equations 15 and 16.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A strip is a row of tiles of one image. Strips are taken in blocks whose tiles are the
 * columns of 36 matrix products. The transforms B'dB and A'mA are done first along one
 * axis, then along the other, always over many tiles at once: element (i, j) of all tiles
 * of a block lie one behind the other.
 */
#include "winograd.h"
#include "kernel.h"
#include "vector.h"
#include "winograd_axis.h"
#include <string.h>

#define TILE 4                 /* outputs along an axis */
#define SIDE 6                 /* inputs along an axis */
#define ELEMENTS (SIDE * SIDE) /* of a transformed tile */
#define BLOCK_BYTES ((size_t)8 << 20)
#define LEAST_TILES 48
#define MOST_TILES 256
#define LEAST_CHANNELS 16

typedef struct {
    size_t tiles_x, tiles_y; /* of an image */
    size_t strips;           /* a block */
    size_t columns;          /* tiles of a block, in whole panels */
    size_t padded; /* floats of an input row of a strip: SIDE - TILE more than the tiles
                      cover */
} Sizes;

static size_t
up(size_t value, size_t step)
{
    return (value + step - 1) / step * step;
}

static Sizes
sizes_of(const DcnConv2d *conv)
{
    Sizes s = {
        .tiles_x = up((size_t)conv->window.out[2], TILE) / TILE,
        .tiles_y = up((size_t)conv->window.out[1], TILE) / TILE,
    };
    size_t most =
        BLOCK_BYTES / (ELEMENTS * (conv->channels + conv->maps) * sizeof(float));
    most = most < LEAST_TILES ? LEAST_TILES : most > MOST_TILES ? MOST_TILES : most;
    s.strips = most / s.tiles_x > 0 ? most / s.tiles_x : 1;
    s.columns = up(s.strips * s.tiles_x, DCN_COLUMNS);
    s.padded = up(TILE * s.tiles_x + SIDE - TILE, 16);
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
           conv->maps >= LEAST_CHANNELS && w->out[1] * w->out[2] >= TILE * TILE / 2;
}

bool
dcn_winograd_pays(const DcnConv2d *conv, size_t images)
{
    Sizes s = sizes_of(conv);
    return dcn_winograd_fits(conv) && images * s.tiles_x * s.tiles_y >= LEAST_TILES;
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

/* --- input: B'dB --- */

DCN_VECTOR static void
combine_six(
    const float *restrict d, size_t step, size_t n, float *restrict out, size_t out_step)
{
    dcn_winograd_input_axis(d, step, n, out, out_step);
}

/* --- output: A'mA --- */

/* A' times six rows. */
DCN_VECTOR static void
combine_four(
    const float *restrict m, size_t step, size_t n, float *restrict out, size_t out_step)
{
    for (size_t i = 0; i < n; i++) {
        float m0 = m[i], m1 = m[step + i], m2 = m[2 * step + i];
        float m3 = m[3 * step + i], m4 = m[4 * step + i], m5 = m[5 * step + i];
        float sum = m1 + m2, difference = m1 - m2, sum2 = m3 + m4, difference2 = m3 - m4;
        out[i] = m0 + sum + sum2;
        out[out_step + i] = difference + 2 * difference2;
        out[2 * out_step + i] = sum + 4 * sum2;
        out[3 * out_step + i] = difference + 8 * difference2 + m5;
    }
}

DCN_VECTOR static void
finish(float *restrict y,
       const float *restrict from,
       size_t n,
       float bias,
       DcnClamp clamp,
       bool add)
{
    float low = clamp.low, high = clamp.high;
    for (size_t i = 0; add && i < n; i++)
        y[i] += from[i] + bias;
    for (size_t i = 0; add && i < n; i++) {
        float value = y[i] < low ? low : y[i];
        y[i] = value > high ? high : value;
    }
    for (size_t i = 0; !add && i < n; i++) {
        float value = from[i] + bias; /* NaN passes */
        value = value < low ? low : value;
        y[i] = value > high ? high : value;
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
    size_t matrices = ELEMENTS * (conv->channels + conv->maps) * s->columns;
    size_t rows = (SIDE + SIDE) * s->padded, tiles = 2 * ELEMENTS * s->columns;
    return matrices + rows + tiles;
}

size_t
dcn_winograd_scratch(const DcnConv2d *conv)
{
    Sizes s = sizes_of(conv);
    return scratch_floats(conv, &s) * sizeof(float);
}

/* The six input rows of a strip, zero where they are padding. */
static void
read_strip(const Forward *f, const float *plane, size_t strip, float *rows)
{
    const DcnWindow *w = &f->conv->window;
    int64_t y0 = (int64_t)(strip % f->s.tiles_y) * TILE - w->begin[1];
    int64_t width = (int64_t)f->s.padded, from = -w->begin[2];
    int64_t first = from < 0 ? -from : 0;
    int64_t last = w->in[2] - from < width ? w->in[2] - from : width;
    for (int64_t k = 0; k < SIDE; k++, rows += width) {
        int64_t y = y0 + k;
        if (y < 0 || y >= w->in[1] || first >= last) {
            memset(rows, 0, (size_t)width * sizeof *rows);
            continue;
        }
        memset(rows, 0, (size_t)first * sizeof *rows);
        memcpy(rows + first, plane + y * w->in[2] + from + first,
               (size_t)(last - first) * sizeof *rows);
        memset(rows + last, 0, (size_t)(width - last) * sizeof *rows);
    }
}

static const float *
image_of(const Forward *f, const DcnImages *images, size_t strip)
{
    return dcn_images_at(images, strip / f->s.tiles_y);
}

/* All channels of the block's tiles: matrix k is panels of channels x DCN_COLUMNS. */
static void
transform_inputs(
    const Forward *f, size_t first, size_t strips, float *matrices, float *work)
{
    const Sizes *s = &f->s;
    size_t area = (size_t)(f->conv->window.in[1] * f->conv->window.in[2]);
    size_t matrix = f->conv->channels * s->columns, tiles = strips * s->tiles_x;
    float *rows = work, *tall = work + SIDE * s->padded, *taps = tall + SIDE * s->padded;
    for (size_t i = 0; i < ELEMENTS; i++) /* places of the last panel that are no tile */
        memset(taps + i * s->columns + tiles, 0, (s->columns - tiles) * sizeof *taps);
    for (size_t c = 0; c < f->conv->channels; c++) {
        for (size_t i = 0; i < strips; i++) {
            read_strip(f, image_of(f, f->x, first + i) + c * area, first + i, rows);
            combine_six(rows, s->padded, s->padded, tall, s->padded);
            for (size_t y = 0; y < SIDE; y++)
                for (size_t x = 0; x < SIDE; x++) {
                    float *to = taps + (y * SIDE + x) * s->columns + i * s->tiles_x;
                    const float *from = tall + y * s->padded + x;
                    for (size_t t = 0; t < s->tiles_x; t++)
                        to[t] = from[TILE * t];
                }
        }
        for (size_t y = 0; y < SIDE; y++)
            for (size_t t = 0; t < tiles; t += DCN_COLUMNS)
                combine_six(taps + y * SIDE * s->columns + t, s->columns, DCN_COLUMNS,
                            matrices + y * SIDE * matrix + t * f->conv->channels +
                                c * DCN_COLUMNS,
                            matrix);
    }
}

static void
multiply(const Forward *f, size_t tiles, const float *inputs, float *products)
{
    size_t channels = f->conv->channels, maps = f->conv->maps, columns = f->s.columns;
    size_t each = dcn_packed_floats(maps, channels);
    for (size_t k = 0; k < ELEMENTS; k++)
        for (size_t m = 0; m < maps; m += DCN_ROWS)
            for (size_t t = 0; t < tiles; t += DCN_COLUMNS)
                f->kernel(channels, f->weights + k * each + m * channels,
                          inputs + (k * columns + t) * channels,
                          maps - m < DCN_ROWS ? maps - m : DCN_ROWS,
                          tiles - t < DCN_COLUMNS ? tiles - t : DCN_COLUMNS,
                          products + (k * maps + m) * columns + t, columns, NULL);
}

static void
transform_outputs(
    const Forward *f, size_t first, size_t strips, const float *products, float *work)
{
    const Sizes *s = &f->s;
    size_t out_h = (size_t)f->conv->window.out[1], out_w = (size_t)f->conv->window.out[2];
    size_t matrix = f->conv->maps * s->columns, tiles = strips * s->tiles_x;
    float *row = work, *half = work + 2 * SIDE * s->padded,
          *whole = half + ELEMENTS * s->columns;
    for (size_t m = 0; m < f->conv->maps; m++) {
        for (size_t x = 0; x < SIDE; x++) /* along y: 6 rows become 4 */
            combine_four(products + x * matrix + m * s->columns, SIDE * matrix, tiles,
                         half + x * s->columns, SIDE * s->columns);
        for (size_t y = 0; y < TILE; y++)
            combine_four(half + y * SIDE * s->columns, s->columns, tiles,
                         whole + y * TILE * s->columns, s->columns);
        for (size_t i = 0; i < strips; i++) {
            size_t y0 = (first + i) % s->tiles_y * TILE;
            float *y = (float *)(uintptr_t)image_of(f, f->y, first + i) +
                       (m * out_h + y0) * out_w;
            for (size_t dy = 0; dy < TILE && y0 + dy < out_h; dy++) {
                const float *from = whole + dy * TILE * s->columns + i * s->tiles_x;
                for (size_t t = 0; t < s->tiles_x; t++)
                    for (size_t dx = 0; dx < TILE; dx++)
                        row[TILE * t + dx] = from[dx * s->columns + t];
                finish(y + dy * out_w, row, out_w, f->bias ? f->bias[m] : 0, f->clamp,
                       f->add);
            }
        }
    }
}

static void
forward_block(void *user, size_t index, size_t worker)
{
    const Forward *f = user;
    const Sizes *s = &f->s;
    size_t first = index * s->strips, strips = f->n_strips - first;
    strips = strips < s->strips ? strips : s->strips;
    float *inputs = dcn_scratch(f->context, worker);
    float *products = inputs + ELEMENTS * f->conv->channels * s->columns;
    float *work = products + ELEMENTS * f->conv->maps * s->columns;
    transform_inputs(f, first, strips, inputs, work);
    multiply(f, strips * s->tiles_x, inputs, products);
    transform_outputs(f, first, strips, products, work);
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
    f.n_strips = images * f.s.tiles_y;
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
