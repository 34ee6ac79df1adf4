/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd_weights.c: the gradient of the weights of 3x3 convolutions of stride 1 with a
 * quarter of the multiplications: F(4x4, 3x3) the other way.
 *
 * Forward (winograd.c) is y = A' [(G w G') . (B' x B)] A for each tile, linear in w. Its
 * transpose with respect to w is
 *
 *     dw = G' [ sum over tiles of (A dy A') . (B' x B) ] G
 *
 * that is, for each of the 36 elements, a product over tiles of the signal's transform
 * (maps) and the image's (channels). Both are laid out place by channel, DCN_COLUMNS at a
 * time, so that transforms work on whole vectors and the inner loop of inner.h runs over
 * tiles. A task has maps of its own and goes over all tiles in order: sums do not depend
 * on the threads. */
#include "base/vector.h"
#include "ops/conv/way.h"
#include "ops/conv/winograd_axis.h"
#include "ops/conv/winograd_pieces.h"
#include "ops/product/inner.h"
#include <string.h>

#define TILE 4
#define SIDE 6
#define ELEMENTS (SIDE * SIDE)
#define CHUNK_TILES 64 /* the inner loop's length, at least */
#define N DCN_COLUMNS

typedef struct {
    size_t tiles_x, tiles_y;
    size_t
        width; /* of a row of places: of the image, SIDE - TILE more than tiles cover */
    size_t strips;   /* rows of tiles in a chunk */
    size_t tiles;    /* of a chunk */
    size_t blocks;   /* of N channels */
    size_t parts;    /* of the maps */
    size_t maps;     /* of a part: whole groups of DCN_ROWS */
    size_t m_blocks; /* of N maps in a part */
} Sizes;

static Sizes
sizes_of(const DcnConv2d *conv, size_t threads)
{
    Sizes s = {
        .tiles_x = ((size_t)conv->window.out[2] + TILE - 1) / TILE,
        .tiles_y = ((size_t)conv->window.out[1] + TILE - 1) / TILE,
        .blocks = (conv->channels - 1) / N + 1,
    };
    size_t groups = (conv->maps - 1) / DCN_ROWS + 1, each = (groups - 1) / threads + 1;
    s.width = s.tiles_x * TILE + SIDE - TILE;
    s.strips = (CHUNK_TILES - 1) / s.tiles_x + 1;
    s.tiles = s.strips * s.tiles_x;
    s.maps = each * DCN_ROWS;
    s.m_blocks = (s.maps - 1) / N + 1;
    s.parts = (groups - 1) / each + 1;
    return s;
}

static bool
fits(const DcnConv2d *conv)
{
    return dcn_winograd_fits(conv) && conv->window.kernel[1] == 3 &&
           conv->window.stride[1] == 1;
}

static bool
pays(const DcnConv2d *conv, const DcnConvUse *use)
{
    Sizes s = sizes_of(conv, 1);
    return use->training &&
           (use->images == 0 || use->images * s.tiles_x * s.tiles_y >= CHUNK_TILES);
}

/* Floats of the sums, the transformed image, the transformed signal. */
static size_t
sums_floats(const Sizes *s)
{
    return ELEMENTS * s->m_blocks * N * s->blocks * N;
}

static size_t
image_floats(const Sizes *s)
{
    return ELEMENTS * s->blocks * s->tiles * N;
}

static size_t
signal_floats(const Sizes *s)
{
    return ELEMENTS * s->m_blocks * s->tiles * N;
}

static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    Sizes s = sizes_of(conv, 1); /* the most maps */
    return (sums_floats(&s) + image_floats(&s) + signal_floats(&s) + SIDE * s.width * N) *
           sizeof(float);
}

typedef struct {
    const DcnConvRun *run;
    Sizes s;
    size_t n_strips; /* of all images */
    DcnKernel *kernel;
} Gradient;

/* --- transforms, of N channels at once --- */

/* A times four vectors. */
static inline void
signal_axis(const float *restrict y, size_t step, float *restrict out, size_t out_step)
{
    DCN_INDEPENDENT
    for (size_t i = 0; i < N; i++) {
        float y0 = y[i], y1 = y[step + i], y2 = y[2 * step + i], y3 = y[3 * step + i];
        float even = y0 + y2, odd = y1 + y3, even2 = y0 + 4 * y2, odd2 = 2 * y1 + 8 * y3;
        out[i] = y0;
        out[out_step + i] = even + odd;
        out[2 * out_step + i] = even - odd;
        out[3 * out_step + i] = even2 + odd2;
        out[4 * out_step + i] = even2 - odd2;
        out[5 * out_step + i] = y3;
    }
}

/* G' times six vectors. */
static inline void
weights_axis(const float *restrict m, size_t step, float *restrict out, size_t out_step)
{
    DCN_INDEPENDENT
    for (size_t i = 0; i < N; i++) {
        float m0 = m[i], m1 = m[step + i], m2 = m[2 * step + i];
        float m3 = m[3 * step + i], m4 = m[4 * step + i], m5 = m[5 * step + i];
        float sum = (m1 + m2) / 6, sum2 = (m3 + m4) / 24;
        out[i] = m0 / 4 - sum + sum2;
        out[out_step + i] = (m2 - m1) / 6 + (m3 - m4) / 12;
        out[2 * out_step + i] = 4 * sum2 - sum + m5;
    }
}

/* A tile at `d` of rows of `width` places. Element k goes to to + k * each. */
DCN_VECTOR static void
transform_image(const float *d, size_t width, float *to, size_t each)
{
    float half[ELEMENTS * N];
    for (size_t x = 0; x < SIDE; x++)
        dcn_winograd_input_axis(d + x * N, width * N, N, half + x * N, SIDE * N);
    for (size_t y = 0; y < SIDE; y++)
        dcn_winograd_input_axis(half + y * SIDE * N, N, N, to + y * SIDE * each, each);
}

/* The same of the signal; the maps of a result go in groups of DCN_ROWS, `group` apart.
 */
DCN_VECTOR static void
transform_signal(const float *d, size_t width, float *to, size_t each, size_t group)
{
    float half[SIDE * TILE * N], whole[SIDE * N];
    for (size_t x = 0; x < TILE; x++)
        signal_axis(d + x * N, width * N, half + x * N, TILE * N);
    for (size_t y = 0; y < SIDE; y++) {
        signal_axis(half + y * TILE * N, N, whole, N);
        for (size_t x = 0; x < SIDE; x++)
            for (size_t g = 0; g < N / DCN_ROWS; g++)
                memcpy(to + (y * SIDE + x) * each + g * group,
                       whole + x * N + g * DCN_ROWS, DCN_ROWS * sizeof *to);
    }
}

/* --- laying out --- */

/* Rows y0 .. y0 + rows - 1 of the channels c0 .. of a plane, from column x0 on, as places
 * of N channels, zero where there is nothing. */
static void
lay_out(const float *image,
        const int64_t size[2],
        size_t c0,
        size_t channels,
        int64_t y0,
        int64_t x0,
        size_t rows,
        size_t width,
        float *to)
{
    memset(to, 0, rows * width * N * sizeof *to);
    size_t n_channels = channels - c0 < N ? channels - c0 : N;
    int64_t at = x0 < 0 ? -x0 : 0;
    int64_t n = size[1] - x0 < (int64_t)width ? size[1] - x0 : (int64_t)width;
    for (size_t r = 0; r < rows; r++) {
        int64_t y = y0 + (int64_t)r;
        if (y < 0 || y >= size[0])
            continue;
        for (size_t c = 0; c < n_channels; c++) {
            const float *from = image + ((int64_t)(c0 + c) * size[0] + y) * size[1] + x0;
            float *place = to + r * width * N + c;
            for (int64_t i = at; i < n; i++)
                place[i * N] = from[i];
        }
    }
}

static void
image_chunk(const Gradient *g, size_t first, size_t strips, float *image, float *work)
{
    const Sizes *s = &g->s;
    const DcnWindow *w = &g->run->conv->window;
    for (size_t b = 0; b < s->blocks; b++)
        for (size_t i = 0; i < strips; i++) {
            size_t strip = first + i;
            lay_out(dcn_images_at(g->run->x, strip / s->tiles_y), w->in + 1, b * N,
                    g->run->conv->channels,
                    (int64_t)(strip % s->tiles_y * TILE) - w->begin[1], -w->begin[2],
                    SIDE, s->width, work);
            for (size_t t = 0; t < s->tiles_x; t++)
                transform_image(work + t * TILE * N, s->width,
                                image + (b * s->tiles + i * s->tiles_x + t) * N,
                                s->blocks * s->tiles * N);
        }
}

static void
signal_chunk(
    const Gradient *g, size_t m0, size_t first, size_t strips, float *signal, float *work)
{
    const Sizes *s = &g->s;
    for (size_t b = 0; b < s->m_blocks && m0 + b * N < g->run->conv->maps; b++)
        for (size_t i = 0; i < strips; i++) {
            size_t strip = first + i;
            lay_out(dcn_images_at(g->run->y, strip / s->tiles_y),
                    g->run->conv->window.out + 1, m0 + b * N, g->run->conv->maps,
                    (int64_t)(strip % s->tiles_y * TILE), 0, TILE, s->width, work);
            for (size_t t = 0; t < s->tiles_x; t++)
                transform_signal(work + t * TILE * N, s->width,
                                 signal + b * N * s->tiles +
                                     (i * s->tiles_x + t) * DCN_ROWS,
                                 s->m_blocks * s->tiles * N, s->tiles * DCN_ROWS);
        }
}

/* --- products --- */

/* sums: 36 x groups of maps x blocks of channels, each DCN_ROWS x N. */
static void
add_products(
    const Gradient *g, size_t tiles, const float *image, const float *signal, float *sums)
{
    const Sizes *s = &g->s;
    size_t groups = s->m_blocks * N / DCN_ROWS, channels = g->run->conv->channels;
    for (size_t k = 0; k < ELEMENTS; k++)
        for (size_t group = 0; group < s->maps / DCN_ROWS; group++)
            for (size_t b = 0; b < s->blocks; b++)
                g->kernel(tiles, NULL,
                          signal + (k * groups + group) * s->tiles * DCN_ROWS,
                          signal + (k * groups + group + 1) * s->tiles * DCN_ROWS,
                          image + (k * s->blocks + b) * s->tiles * N, DCN_ROWS,
                          channels - b * N < N ? channels - b * N : N,
                          sums + ((k * groups + group) * s->blocks + b) * DCN_ROWS * N, N,
                          &dcn_finish_add);
}

/* The sums of one map and block of channels, `each` floats from element to element. */
DCN_VECTOR static void
transform_sums(const float *sums, size_t each, float *out)
{
    float half[3 * SIDE * N];
    for (size_t x = 0; x < SIDE; x++)
        weights_axis(sums + x * each, SIDE * each, half + x * N, SIDE * N);
    for (size_t y = 0; y < 3; y++)
        weights_axis(half + y * SIDE * N, N, out + y * 3 * N, N);
}

static void
add_weights(const Gradient *g, size_t m0, const float *sums)
{
    const Sizes *s = &g->s;
    size_t each = s->m_blocks * N * s->blocks * N, channels = g->run->conv->channels;
    float taps[9 * N];
    for (size_t m = 0; m < s->maps && m0 + m < g->run->conv->maps; m++)
        for (size_t b = 0; b < s->blocks; b++) {
            const float *from =
                sums + ((m / DCN_ROWS * s->blocks + b) * DCN_ROWS + m % DCN_ROWS) * N;
            size_t n = channels - b * N < N ? channels - b * N : N;
            float *to = g->run->dw + ((m0 + m) * channels + b * N) * 9;
            transform_sums(from, each, taps);
            for (size_t c = 0; c < n; c++)
                for (size_t k = 0; k < 9; k++)
                    to[c * 9 + k] += taps[k * N + c];
        }
}

static void
gradient_task(void *user, size_t index, size_t worker)
{
    const Gradient *g = user;
    const Sizes *s = &g->s;
    size_t m0 = index * s->maps;
    float *sums = dcn_scratch(g->run->context, worker);
    float *image = sums + sums_floats(s);
    float *signal = image + image_floats(s);
    float *work = signal + signal_floats(s);
    memset(sums, 0, sums_floats(s) * sizeof *sums);
    memset(signal, 0, signal_floats(s) * sizeof *signal);
    for (size_t first = 0; first < g->n_strips; first += s->strips) {
        size_t strips = g->n_strips - first;
        strips = strips < s->strips ? strips : s->strips;
        image_chunk(g, first, strips, image, work);
        signal_chunk(g, m0, first, strips, signal, work);
        add_products(g, strips * s->tiles_x, image, signal, sums);
    }
    add_weights(g, m0, sums);
}

static void
gradient(const DcnConvRun *run)
{
    Gradient g = {
        .run = run,
        .s = sizes_of(run->conv, (size_t)dcn_context_threads(run->context)),
        .kernel = dcn_kernel(),
    };
    g.n_strips = run->images * g.s.tiles_y;
    dcn_parallel(run->context, g.s.parts, gradient_task, &g);
}

const DcnConvWay dcn_way_winograd_weights = {
    .name = "winograd",
    .fits = fits,
    .pays = pays,
    .scratch = scratch,
    .run = gradient,
};
