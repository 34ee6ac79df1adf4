/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd2.c: 3x3 convolutions of stride 1 over a few small planes, with 4 of 9
 * multiplications: F(2x2, 3x3) of Lavin & Gray 2016, section 4.1.
 *
 * Where a run has a single image and the planes are small, the tiles of winograd.c fit
 * them badly and are so few that reading weights takes most of the time; these are a
 * quarter as large, their weights less than half as many, and they round hardly more than
 * the direct sum.
 *
 * A strip is a row of tiles of one image; a panel holds as many whole strips as fit. The
 * tiles of all are few, so threads do not share them out: first each transforms the tiles
 * of some channels, then each takes blocks of maps through all 16 products and back, and
 * reads no weights but theirs. */
#include "base/vector.h"
#include "ops/conv/way.h"
#include "ops/product/copy_rows.h"
#include "ops/product/inner.h"
#include <math.h>
#include <string.h>

#define TILE 2
#define SIDE 4
#define ELEMENTS (SIDE * SIDE)
#define N DCN_COLUMNS
#define WIDTH 16 /* floats of the widest vector */
/* floats of a row of inputs, and what vectors read behind it */
#define LINE (TILE * N + 2 * WIDTH)
#define LEAST_CHANNELS 16
#define MOST_PANELS 4 /* of all tiles: the transformed inputs stay in a core's cache */
#define MOST_GROUPS 4 /* of a block of maps, DCN_ROWS each */
#define APART 48 /* floats between matrices: not a power of two, see winograd_tiles.h */

typedef struct {
    size_t x, y;           /* tiles of an image along its axes */
    size_t strips, panels; /* of all images */
    size_t per_panel;      /* strips */
    size_t groups;         /* of maps, of a block */
    size_t input, product; /* floats of a matrix */
} Sizes;

static Sizes
sizes_of(const DcnConv2d *conv, size_t images)
{
    Sizes s = {.x = ((size_t)conv->window.out[2] + TILE - 1) / TILE,
               .y = ((size_t)conv->window.out[1] + TILE - 1) / TILE};
    size_t groups = (conv->maps + DCN_ROWS - 1) / DCN_ROWS;
    s.strips = images * s.y;
    s.per_panel = N / s.x;
    s.panels = (s.strips + s.per_panel - 1) / s.per_panel;
    /* The maps are cut into four blocks or more, if there are as many groups, so that
     * each thread finds work. Their number does not depend on that of the threads. */
    s.groups = groups / 4 < 1 ? 1 : groups / 4 > MOST_GROUPS ? MOST_GROUPS : groups / 4;
    s.input = s.panels * conv->channels * N + APART;
    s.product = s.groups * DCN_ROWS * s.panels * N + APART;
    return s;
}

/* The time that the inner loop takes for so many columns, counted in columns. Panels that
 * are more than half full take the time of full ones; a last panel that is at most half
 * full takes hardly more than half of it. */
static size_t
cost(size_t columns)
{
    size_t rest = columns % N;
    return columns / N * N + (rest == 0 ? 0 : rest <= N / 2 ? N / 2 + 2 : N);
}

static bool
fits(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    for (int axis = 1; axis < 3; axis++)
        if (w->kernel[axis] != 3 || w->stride[axis] != 1 || w->dilation[axis] != 1 ||
            w->out[axis] < TILE || w->out[axis] > TILE * N)
            return false;
    return w->axes == 2 && conv->groups == 1 && conv->channels >= LEAST_CHANNELS &&
           conv->maps >= LEAST_CHANNELS;
}

/* Pays only where the number of images is known. */
static bool
pays(const DcnConv2d *conv, const DcnConvUse *use)
{
    const DcnWindow *w = &conv->window;
    if (use->images == 0 || use->images > MOST_PANELS * N)
        return false;
    Sizes s = sizes_of(conv, use->images);
    size_t places = use->images * (size_t)(w->out[1] * w->out[2]);
    size_t columns = s.strips / s.per_panel * N + cost(s.strips % s.per_panel * s.x);
    return s.panels <= MOST_PANELS && ELEMENTS * columns * 9 < 8 * 9 * cost(places);
}

/* --- weights: GgG' --- */

static size_t
form_floats(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    return ELEMENTS * dcn_packed_floats(conv->maps, conv->channels);
}

/* The four values of G times three. */
static inline void
spread(float g0, float g1, float g2, float out[SIDE], size_t step)
{
    out[0] = g0;
    out[step] = (g0 + g2 + g1) / 2;
    out[2 * step] = (g0 + g2 - g1) / 2;
    out[3 * step] = g2;
}

static void
transform_taps(const float *taps, float *to, size_t each)
{
    float half[SIDE * 3], whole[ELEMENTS];
    for (size_t x = 0; x < 3; x++)
        spread(taps[x], taps[3 + x], taps[6 + x], half + x, 3);
    for (size_t y = 0; y < SIDE; y++)
        spread(half[3 * y], half[3 * y + 1], half[3 * y + 2], whole + SIDE * y, 1);
    for (size_t k = 0; k < ELEMENTS; k++)
        to[k * each] = whole[k];
}

/* In the order in which they are read: blocks of maps, elements, groups. */
static void
prepare(const DcnConv2d *conv, const DcnConvUse *use, const float *weights, float *form)
{
    Sizes s = sizes_of(conv, 1);
    size_t channels = conv->channels, group = channels * DCN_ROWS;
    size_t groups = (conv->maps + DCN_ROWS - 1) / DCN_ROWS;
    memset(form, 0, form_floats(conv, use) * sizeof *form);
    for (size_t m = 0; m < conv->maps; m++) {
        size_t g = m / DCN_ROWS, first = g / s.groups * s.groups;
        size_t here = groups - first < s.groups ? groups - first : s.groups;
        float *to = form + first * group * ELEMENTS + (g - first) * group;
        for (size_t c = 0; c < channels; c++)
            transform_taps(weights + (m * channels + c) * 9,
                           to + c * DCN_ROWS + m % DCN_ROWS, here * group);
    }
}

/* --- a run --- */

typedef struct {
    const DcnConvRun *run;
    Sizes s;
    DcnKernel *kernel;
} Forward;

/* Scratch: transformed inputs, all of them the first thread's; then a block's products.
 */
static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    Sizes s = sizes_of(conv, use->images);
    return ELEMENTS * (s.input + s.product) * sizeof(float);
}

/* --- input: B'dB --- */

/* B' times four rows of WIDTH floats. */
__attribute__((always_inline)) static inline void
input_axis(const float *restrict d0,
           const float *restrict d1,
           const float *restrict d2,
           const float *restrict d3,
           float *restrict out,
           size_t step)
{
    DCN_INDEPENDENT
    for (size_t i = 0; i < WIDTH; i++) {
        out[i] = d0[i] - d2[i];
        out[step + i] = d1[i] + d2[i];
        out[2 * step + i] = d2[i] - d1[i];
        out[3 * step + i] = d1[i] - d3[i];
    }
}

/* Every second float of a line, from its first and from its second on. */
__attribute__((always_inline)) static inline void
take_apart(const float *restrict line, float *restrict even, float *restrict odd)
{
    DCN_INDEPENDENT
    for (size_t i = 0; i < WIDTH; i++) {
        even[i] = line[2 * i];
        odd[i] = line[2 * i + 1];
    }
}

#define ROW (N + WIDTH)   /* floats of a row of tiles, and what vectors write behind it */
#define HALF (SIDE * ROW) /* of an input row that is transformed along x */

/* The places of an input row that tiles see, padding counted, and the first in the row.
 */
typedef struct {
    size_t at, n, first;
} Part;

static Part
part_of(const DcnWindow *w, size_t tiles)
{
    int64_t at = w->begin[2], n = w->in[2], first = 0;
    int64_t length = (int64_t)(TILE * tiles) + SIDE - TILE;
    if (at < 0) {
        first = -at;
        n += at;
        at = 0;
    }
    if (n > length - at)
        n = length - at;
    return n > 0 ? (Part){(size_t)at, (size_t)n, (size_t)first} : (Part){0};
}

/* An input row, NULL for padding, transformed along x: four rows of `half`. line: zeroes
 * but for the part. */
__attribute__((always_inline)) static inline void
transform_row(
    const float *row, const Part *part, size_t tiles, float *line, float *restrict half)
{
    float even[2 * ROW], odd[2 * ROW];
    if (!row || part->n == 0) {
        memset(half, 0, HALF * sizeof *half);
        return;
    }
    dcn_copy_rows(line + part->at, LINE, row + part->first, LINE, 1, part->n);
    for (size_t i = 0; i <= tiles; i += WIDTH)
        take_apart(line + 2 * i, even + i, odd + i);
    for (size_t i = 0; i < tiles; i += WIDTH)
        input_axis(even + i, odd + i, even + i + 1, odd + i + 1, half + i, ROW);
}

/* One channel of all images. whole: the panel that is being filled, 16 rows of tiles. */
__attribute__((always_inline)) static inline void
transform_channel(
    const Forward *f, const Part *part, size_t c, float *line, float *whole, float *to)
{
    const DcnWindow *w = &f->run->conv->window;
    const Sizes *s = &f->s;
    size_t height = (size_t)w->in[1], width = (size_t)w->in[2], at = 0, next = 0;
    const float *plane = NULL;
    float half[SIDE * HALF];
    for (size_t strip = 0, y = 0; strip < s->strips; strip++, y++) {
        if (y == s->y || strip == 0) {
            plane = dcn_images_at(f->run->x, strip / s->y) + c * height * width;
            y = next = 0;
        }
        for (; next < TILE * y + SIDE; next++) { /* two were there for the strip before */
            int64_t row = (int64_t)next - w->begin[1];
            transform_row(row >= 0 && row < w->in[1] ? plane + (size_t)row * width : NULL,
                          part, s->x, line, half + next % SIDE * HALF);
        }
        const float *d0 = half + TILE * y % SIDE * HALF, *d1 = d0 + HALF;
        const float *d2 = half + (TILE * y + 2) % SIDE * HALF, *d3 = d2 + HALF;
        for (size_t x = 0; x < SIDE; x++)
            for (size_t i = 0; i < s->x; i += WIDTH)
                input_axis(d0 + x * ROW + i, d1 + x * ROW + i, d2 + x * ROW + i,
                           d3 + x * ROW + i, whole + x * ROW + at + i, HALF);
        at += s->x;
        if (at + s->x <= N && strip + 1 < s->strips)
            continue;
        for (size_t k = 0; k < ELEMENTS; k++)
            memcpy(to + k * s->input, whole + k * ROW, N * sizeof *to);
        to += f->run->conv->channels * N;
        at = 0;
    }
}

DCN_VECTOR static void
transform_channels(void *user, size_t begin, size_t end, size_t worker)
{
    const Forward *f = user;
    Part part = part_of(&f->run->conv->window, f->s.x);
    float line[LINE] = {0}, whole[ELEMENTS * ROW] = {0};
    float *to = dcn_scratch(f->run->context, 0);
    (void)worker;
    for (size_t c = begin; c < end; c++)
        transform_channel(f, &part, c, line, whole, to + c * N);
}

/* --- output: A'mA --- */

/* A' times four rows of n floats, `step` apart; results are `out_step` apart. */
__attribute__((always_inline)) static inline void
output_axis(
    const float *restrict m, size_t step, size_t n, float *restrict out, size_t out_step)
{
    DCN_INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        float m0 = m[i], m1 = m[step + i], m2 = m[2 * step + i], m3 = m[3 * step + i];
        out[i] = m0 + m1 + m2;
        out[out_step + i] = m1 - m2 - m3;
    }
}

/* One map of a panel. to: of the map, in image 0. */
DCN_VECTOR static void
write_map(const Forward *f, const float *products, size_t first_strip, size_t map)
{
    const DcnWindow *w = &f->run->conv->window;
    const Sizes *s = &f->s;
    float half[TILE * SIDE * N], pair[TILE * N], rows[TILE][TILE * N];
    float bias = f->run->bias ? f->run->bias[map] : 0;
    DcnClamp now = f->run->add ? (DcnClamp){-INFINITY, INFINITY} : f->run->clamp;
    size_t height = (size_t)w->out[1], width = (size_t)w->out[2];
    for (size_t x = 0; x < SIDE; x++) /* along y: 4 rows become 2 */
        output_axis(products + x * s->product, SIDE * s->product, N, half + x * N,
                    SIDE * N);
    for (size_t y = 0; y < TILE; y++) {
        output_axis(half + y * SIDE * N, N, N, pair, N);
        for (size_t i = 0; i < TILE * N; i++)
            pair[i] = dcn_clamp(now, pair[i] + bias);
        for (size_t i = 0; i < N; i++) {
            rows[y][TILE * i] = pair[i];
            rows[y][TILE * i + 1] = pair[N + i];
        }
    }
    for (size_t i = 0; i < s->per_panel && first_strip + i < s->strips; i++) {
        size_t strip = first_strip + i, top = strip % s->y * TILE;
        float *to = dcn_images_at(f->run->y, strip / s->y) + (map * height + top) * width;
        for (size_t y = 0; y < TILE && top + y < height; y++, to += width) {
            const float *row = rows[y] + TILE * i * s->x;
            if (!f->run->add)
                dcn_copy_rows(to, width, row, TILE * N, 1, width);
            else
                for (size_t x = 0; x < width; x++)
                    to[x] = dcn_clamp(f->run->clamp, to[x] + row[x]);
        }
    }
}

static void
forward_block(void *user, size_t index, size_t worker)
{
    const Forward *f = user;
    const Sizes *s = &f->s;
    size_t channels = f->run->conv->channels, group = channels * DCN_ROWS;
    size_t first = index * s->groups * DCN_ROWS, maps = f->run->conv->maps - first;
    maps = maps < s->groups * DCN_ROWS ? maps : s->groups * DCN_ROWS;
    size_t groups = (maps + DCN_ROWS - 1) / DCN_ROWS, columns = s->panels * N;
    const float *weights = f->run->form + first * channels * ELEMENTS;
    const float *inputs = dcn_scratch(f->run->context, 0);
    float *products = (float *)dcn_scratch(f->run->context, worker) + ELEMENTS * s->input;
    for (size_t k = 0; k < ELEMENTS; k++, weights += groups * group)
        for (size_t p = 0; p < s->panels; p++) {
            size_t strips = s->strips - p * s->per_panel;
            strips = strips < s->per_panel ? strips : s->per_panel;
            for (size_t g = 0; g < groups; g++)
                f->kernel(channels, NULL, weights + g * group, weights + (g + 1) * group,
                          inputs + k * s->input + p * channels * N, DCN_ROWS,
                          strips * s->x,
                          products + k * s->product + g * DCN_ROWS * columns + p * N,
                          columns, NULL);
        }
    for (size_t m = 0; m < maps; m++)
        for (size_t p = 0; p < s->panels; p++)
            write_map(f, products + m * columns + p * N, p * s->per_panel, first + m);
}

static void
forward(const DcnConvRun *run)
{
    size_t maps = run->conv->maps, channels = run->conv->channels;
    Forward f = {
        .run = run,
        .s = sizes_of(run->conv, run->images),
        .kernel = dcn_kernel(),
    };
    size_t threads = (size_t)dcn_context_threads(run->context);
    size_t block = f.s.groups * DCN_ROWS;
    dcn_parallel_range(run->context, channels, channels / (4 * threads) + 1,
                       transform_channels, &f);
    dcn_parallel(run->context, (maps + block - 1) / block, forward_block, &f);
}

const DcnConvWay dcn_way_winograd2 = {
    .name = "winograd2",
    .fits = fits,
    .pays = pays,
    .transforms = true,
    .floats = form_floats,
    .prepare = prepare,
    .scratch = scratch,
    .run = forward,
};
