/* SPDX-License-Identifier: GPL-3.0-or-later */
/* places_weights.c: the gradient of a convolution's weights by the inner loop of
 * inner.h, without columns.
 *
 * For each element (ky, kx) of the kernel, dw is a product over places of the signal with
 * the image shifted by that element. With rows as wide as the padded image, and zeroes in
 * the signal where the padding is, the shift is one of the start only:
 *
 *     dw[m][c][ky][kx] = sum over p of dy[m][p] x[c][p + ky width + kx]
 *
 * So the image is laid out once as place by channel (DCN_COLUMNS at a time), the signal
 * as place by map (DCN_ROWS at a time), and the inner loop runs over all places of a
 * strip. A task has its own channels and maps, and goes over the images in order: sums do
 * not depend on the threads. */
#include "ops/conv/way.h"
#include "ops/product/inner.h"
#include <string.h>

#define LEAST_CHANNELS 16
#define STRIP_FLOATS ((size_t)49152) /* of the signal: it stays in a core's own cache */

typedef struct {
    size_t kernel_h, kernel_w;
    size_t width;         /* of the padded rows */
    size_t blocks, parts; /* of the channels, of the maps */
    size_t groups;        /* of DCN_ROWS maps in a part */
    size_t rows;          /* of a strip */
    size_t strip;         /* places of a strip */
    size_t image_places;  /* places of the image that a strip sees */
} Sizes;

static size_t
padded_width(const DcnWindow *w)
{
    return (size_t)(w->out[2] + (w->kernel[2] - 1) * w->dilation[2]);
}

/* Rows of a strip whose signal is that many groups of maps. */
static size_t
strip_rows(const DcnWindow *w, size_t groups)
{
    size_t rows = STRIP_FLOATS / (groups * DCN_ROWS * padded_width(w));
    return rows < 1 ? 1 : rows > (size_t)w->out[1] ? (size_t)w->out[1] : rows;
}

static size_t
places_seen(const DcnWindow *w, size_t rows)
{
    return (rows + (size_t)((w->kernel[1] - 1) * w->dilation[1])) * padded_width(w) +
           (size_t)((w->kernel[2] - 1) * w->dilation[2]);
}

static Sizes
sizes_of(const DcnConv2d *conv, size_t threads)
{
    const DcnWindow *w = &conv->window;
    Sizes s = {
        .kernel_h = (size_t)w->kernel[1],
        .kernel_w = (size_t)w->kernel[2],
        .blocks = (conv->channels - 1) / DCN_COLUMNS + 1,
        .parts = 1,
    };
    size_t groups = (conv->maps - 1) / DCN_ROWS + 1;
    while (s.blocks * s.parts % threads != 0 && s.parts < threads && s.parts < groups)
        s.parts++;
    s.groups = (groups - 1) / s.parts + 1;
    s.width = padded_width(w);
    s.rows = strip_rows(w, s.groups);
    s.strip = s.rows * s.width;
    s.image_places = places_seen(w, s.rows);
    return s;
}

/* Of stride 1, with channels that fill the blocks. */
static bool
fits(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    return w->axes <= 2 && conv->groups == 1 && conv->channels >= LEAST_CHANNELS &&
           w->stride[1] == 1 && w->stride[2] == 1 && w->kernel[1] <= 11 &&
           w->kernel[2] <= 11;
}

static bool
pays(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)conv;
    return use->training;
}

static size_t
sums_floats(const Sizes *s)
{
    return s->groups * s->kernel_h * s->kernel_w * DCN_ROWS * DCN_COLUMNS;
}

/* Floats of a task's sums, image and signal. The number of threads decides how many maps
 * a task has: with few maps strips are long, with many sums are large. */
static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    const DcnWindow *w = &conv->window;
    Sizes most = sizes_of(conv, 1);
    size_t signal = most.groups * DCN_ROWS * most.width;
    signal = signal > STRIP_FLOATS ? signal : STRIP_FLOATS;
    return (sums_floats(&most) + places_seen(w, strip_rows(w, 1)) * DCN_COLUMNS +
            signal) *
           sizeof(float);
}

typedef struct {
    const DcnConvRun *run;
    Sizes s;
    DcnKernel *kernel;
} Gradient;

/* n values to every `step`th float. */
static void
scatter(float *restrict to, size_t step, const float *restrict from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i * step] = from[i];
}

/* What the strip from output row oy on sees of the channels c0 ..: place by channel. */
static void
lay_out_image(const Gradient *g, size_t image, size_t c0, size_t oy, float *to)
{
    const DcnWindow *w = &g->run->conv->window;
    size_t channels = g->run->conv->channels - c0;
    channels = channels < DCN_COLUMNS ? channels : DCN_COLUMNS;
    memset(to, 0, g->s.image_places * DCN_COLUMNS * sizeof *to);
    int64_t rows = (int64_t)g->s.rows + (w->kernel[1] - 1) * w->dilation[1];
    int64_t width = (int64_t)g->s.width, first = w->begin[2];
    /* columns of the image that stand in a padded row */
    int64_t skip = first < 0 ? -first : 0, at = first < 0 ? 0 : first;
    int64_t n = w->in[2] - skip < width - at ? w->in[2] - skip : width - at;
    const float *x = dcn_images_at(g->run->x, image) + c0 * (size_t)(w->in[1] * w->in[2]);
    for (int64_t r = 0; r < rows && n > 0; r++) {
        int64_t iy = (int64_t)oy - w->begin[1] + r;
        if (iy < 0 || iy >= w->in[1])
            continue;
        for (size_t c = 0; c < channels; c++)
            scatter(to + (size_t)(r * width + at) * DCN_COLUMNS + c, DCN_COLUMNS,
                    x + ((int64_t)c * w->in[1] + iy) * w->in[2] + skip, (size_t)n);
    }
}

/* The signal of the maps m0 ..: group by group, place by map, zero in the padding. */
static void
lay_out_signal(
    const Gradient *g, size_t image, size_t m0, size_t maps, size_t oy, float *to)
{
    size_t out_h = (size_t)g->run->conv->window.out[1],
           out_w = (size_t)g->run->conv->window.out[2];
    size_t rows = out_h - oy < g->s.rows ? out_h - oy : g->s.rows;
    memset(to, 0, g->s.groups * g->s.strip * DCN_ROWS * sizeof *to);
    for (size_t m = 0; m < maps; m++) {
        const float *dy =
            dcn_images_at(g->run->y, image) + ((m0 + m) * out_h + oy) * out_w;
        float *group = to + m / DCN_ROWS * g->s.strip * DCN_ROWS + m % DCN_ROWS;
        for (size_t r = 0; r < rows; r++)
            scatter(group + r * g->s.width * DCN_ROWS, DCN_ROWS, dy + r * out_w, out_w);
    }
}

static void
add_strip(const Gradient *g, const float *image, const float *signal, float *sums)
{
    const Sizes *s = &g->s;
    const DcnWindow *w = &g->run->conv->window;
    for (size_t group = 0; group < s->groups; group++)
        for (size_t ky = 0; ky < s->kernel_h; ky++)
            for (size_t kx = 0; kx < s->kernel_w; kx++) {
                size_t shift =
                    ky * (size_t)w->dilation[1] * s->width + kx * (size_t)w->dilation[2];
                g->kernel(s->strip, NULL, signal + group * s->strip * DCN_ROWS,
                          signal + (group + 1) * s->strip * DCN_ROWS,
                          image + shift * DCN_COLUMNS, DCN_ROWS, DCN_COLUMNS, sums,
                          DCN_COLUMNS, &dcn_finish_add);
                sums += DCN_ROWS * DCN_COLUMNS;
            }
}

static void
weights_task(void *user, size_t index, size_t worker)
{
    const Gradient *g = user;
    const Sizes *s = &g->s;
    size_t c0 = index % s->blocks * DCN_COLUMNS,
           m0 = index / s->blocks * s->groups * DCN_ROWS;
    if (m0 >= g->run->conv->maps)
        return;
    size_t channels = g->run->conv->channels - c0, maps = g->run->conv->maps - m0;
    channels = channels < DCN_COLUMNS ? channels : DCN_COLUMNS;
    maps = maps < s->groups * DCN_ROWS ? maps : s->groups * DCN_ROWS;
    size_t kernel = s->kernel_h * s->kernel_w,
           out_h = (size_t)g->run->conv->window.out[1];
    float *sums = dcn_scratch(g->run->context, worker);
    float *image = sums + sums_floats(s);
    float *signal = image + s->image_places * DCN_COLUMNS;
    memset(sums, 0, sums_floats(s) * sizeof *sums);
    for (size_t n = 0; n < g->run->images; n++)
        for (size_t oy = 0; oy < out_h; oy += s->rows) {
            lay_out_image(g, n, c0, oy, image);
            lay_out_signal(g, n, m0, maps, oy, signal);
            add_strip(g, image, signal, sums);
        }
    for (size_t m = 0; m < maps; m++)
        for (size_t k = 0; k < kernel; k++) {
            const float *from =
                sums +
                ((m / DCN_ROWS * kernel + k) * DCN_ROWS + m % DCN_ROWS) * DCN_COLUMNS;
            float *to =
                g->run->dw + ((m0 + m) * g->run->conv->channels + c0) * kernel + k;
            for (size_t c = 0; c < channels; c++)
                to[c * kernel] += from[c];
        }
}

static void
gradient(const DcnConvRun *run)
{
    const DcnWindow *w = &run->conv->window;
    if (run->conv->maps == 0 || w->out[1] < 1 || w->out[2] < 1)
        return;
    Gradient g = {
        .run = run,
        .s = sizes_of(run->conv, (size_t)dcn_context_threads(run->context)),
        .kernel = dcn_kernel(),
    };
    dcn_parallel(run->context, g.s.blocks * g.s.parts, weights_task, &g);
}

const DcnConvWay dcn_way_places = {
    .name = "places",
    .fits = fits,
    .pays = pays,
    .scratch = scratch,
    .run = gradient,
};
