/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depthwise.c: convolutions of one input channel a group, without matrix products: all
 * three maps.
 *
 * The padded plane is laid out in phases: phase (a, b) holds its rows a, a + stride ...
 * and of these the columns b, b + stride ... Then what a kernel element sees at all
 * places of the output is one phase, moved by a fixed offset; with rows of the output as
 * wide as those of a phase the whole plane is one long loop, whatever stride, dilation
 * and pads are. Columns past the output's width are computed and thrown away. The
 * transpose and the gradient of the weights are the same walk. */
#include "base/vector.h"
#include "ops/conv/planes.h"
#include "ops/conv/way.h"
#include <string.h>

/* With more maps a channel than this the matrix product is quicker. */
#define MOST_MAPS 4

/* A kernel with more elements is left to the matrix product, too. */
#define MOST_TAPS 128

/* Places worked on at a time: they stay in the first cache. */
#define CHUNK ((size_t)1024)

/* Floats between phases, so that a loop may run past the end of one. */
#define SLACK ((size_t)16)

typedef struct {
    size_t phases_y, phases_x; /* that any element of the kernel sees */
    size_t height, width;      /* of a phase */
    size_t margin;             /* zeroes before the output's plane when going back */
    size_t size;               /* floats from one phase to the next */
    size_t places;             /* output rows x width */
} Layout;

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static Layout
layout_of(const DcnWindow *w)
{
    size_t far_y = (size_t)((w->kernel[1] - 1) * w->dilation[1]);
    size_t far_x = (size_t)((w->kernel[2] - 1) * w->dilation[2]);
    Layout l = {
        .phases_y = least((size_t)w->stride[1], far_y + 1),
        .phases_x = least((size_t)w->stride[2], far_x + 1),
        .height = (size_t)w->out[1] + far_y / (size_t)w->stride[1],
        .width = (size_t)w->out[2] + far_x / (size_t)w->stride[2],
    };
    l.places = (size_t)w->out[1] * l.width;
    l.margin = far_y / (size_t)w->stride[1] * l.width + far_x / (size_t)w->stride[2];
    l.size = l.places + l.margin + SLACK;
    return l;
}

/* True if each group has one channel, and few maps and kernel elements. */
static bool
fits(const DcnConv2d *conv)
{
    return conv->groups > 1 && conv->channels == conv->groups &&
           conv->maps / conv->groups <= MOST_MAPS &&
           conv->window.kernel[1] * conv->window.kernel[2] <= MOST_TAPS;
}

/* Phases, and one plane of the output with margins on both sides. */
static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    Layout l = layout_of(&conv->window);
    return sizeof(float) * (l.phases_y * l.phases_x * l.size + l.size + l.margin);
}

/* A kernel element: the floats that it is multiplied with, and its weight. */
typedef struct {
    size_t phase, offset;
    float weight;
} Tap;

static size_t
taps_of(const DcnWindow *w, const Layout *l, const float *weights, Tap taps[MOST_TAPS])
{
    size_t n = 0;
    for (size_t ky = 0; ky < (size_t)w->kernel[1]; ky++)
        for (size_t kx = 0; kx < (size_t)w->kernel[2]; kx++, n++) {
            size_t y = ky * (size_t)w->dilation[1], x = kx * (size_t)w->dilation[2];
            size_t sy = (size_t)w->stride[1], sx = (size_t)w->stride[2];
            taps[n].phase = y % sy * l->phases_x + x % sx;
            taps[n].offset = y / sy * l->width + x / sx;
            taps[n].weight = weights ? weights[n] : 0;
        }
    return n;
}

/* --- loops --- */

DCN_VECTOR static void
add_one(float *restrict y, size_t n, const float *restrict p, float w)
{
    for (size_t i = 0; i < n; i++)
        y[i] += w * p[i];
}

DCN_VECTOR static void
add_three(float *restrict y, size_t n, const float *const p[3], const float w[3])
{
    const float *restrict a = p[0], *restrict b = p[1], *restrict c = p[2];
    for (size_t i = 0; i < n; i++)
        y[i] += w[0] * a[i] + w[1] * b[i] + w[2] * c[i];
}

DCN_VECTOR static void
add_nine(float *restrict y, size_t n, const float *const p[9], const float w[9])
{
    const float *restrict a = p[0], *restrict b = p[1], *restrict c = p[2];
    const float *restrict d = p[3], *restrict e = p[4], *restrict f = p[5];
    const float *restrict g = p[6], *restrict h = p[7], *restrict j = p[8];
    for (size_t i = 0; i < n; i++)
        y[i] += (w[0] * a[i] + w[1] * b[i] + w[2] * c[i]) +
                (w[3] * d[i] + w[4] * e[i] + w[5] * f[i]) +
                (w[6] * g[i] + w[7] * h[i] + w[8] * j[i]);
}

/* y[i] += sum over taps of weight * from[tap][i], in pieces that stay in the cache. */
static void
add_taps(float *y, size_t n, size_t count, const float *const *from, const float *weights)
{
    for (size_t begin = 0; begin < n; begin += CHUNK) {
        size_t length = least(n - begin, CHUNK), t = 0;
        const float *p[9];
        while (t < count) {
            size_t group = count - t >= 9 ? 9 : count - t >= 3 ? 3 : 1;
            for (size_t i = 0; i < group; i++)
                p[i] = from[t + i] + begin;
            if (group == 9)
                add_nine(y + begin, length, p, weights + t);
            else if (group == 3)
                add_three(y + begin, length, p, weights + t);
            else
                add_one(y + begin, length, p[0], weights[t]);
            t += group;
        }
    }
}

/* --- phases --- */

/* The part of a phase's row that lies inside the image: columns first .. last - 1, and
 * the image's column of the first. */
static void
inside_row(const DcnWindow *w, size_t b, size_t width, int64_t *first, int64_t *last)
{
    int64_t step = w->stride[2], shift = (int64_t)b - w->begin[2];
    *first = shift < 0 ? dcn_ceil_div(-shift, step) : 0;
    *last = shift >= w->in[2] ? 0 : dcn_ceil_div(w->in[2] - shift, step);
    *last = dcn_min_i64(*last, (int64_t)width);
    *first = dcn_min_i64(*first, *last);
}

/* The plane x into phases, or the phases added to x. */
static void
move_plane(const DcnWindow *w, const Layout *l, float *phases, float *x, bool back)
{
    size_t step = (size_t)w->stride[2];
    for (size_t a = 0; a < l->phases_y; a++)
        for (size_t b = 0; b < l->phases_x; b++) {
            float *row = phases + (a * l->phases_x + b) * l->size;
            int64_t first, last;
            inside_row(w, b, l->width, &first, &last);
            size_t n = (size_t)(last - first), skip = (size_t)first;
            for (size_t r = 0; r < l->height; r++, row += l->width) {
                int64_t y = (int64_t)(r * (size_t)w->stride[1] + a) - w->begin[1];
                bool seen = y >= 0 && y < w->in[1] && n > 0;
                if (!back)
                    memset(row, 0, l->width * sizeof *row);
                if (!seen)
                    continue;
                float *image =
                    x + (y * w->in[2] + first * w->stride[2] + (int64_t)b - w->begin[2]);
                if (back)
                    for (size_t i = 0; i < n; i++)
                        image[i * step] += row[skip + i];
                else if (step == 1)
                    memcpy(row + skip, image, n * sizeof *row);
                else
                    for (size_t i = 0; i < n; i++)
                        row[skip + i] = image[i * step];
            }
            if (!back) /* what a loop over all places may touch */
                memset(row, 0, (l->size - l->height * l->width) * sizeof *row);
        }
}

/* The output's plane in rows as wide as a phase's, zeroes right of it. */
static void
widen(const DcnWindow *w, const Layout *l, const float *dy, float *plane)
{
    size_t out_w = (size_t)w->out[2];
    for (size_t r = 0; r < (size_t)w->out[1]; r++, plane += l->width, dy += out_w) {
        memcpy(plane, dy, out_w * sizeof *dy);
        memset(plane + out_w, 0, (l->width - out_w) * sizeof *dy);
    }
}

/* --- the three --- */

typedef struct {
    const DcnConvRun *run;
    Layout layout;
} Job;

static size_t
plane(const int64_t size[3])
{
    return (size_t)(size[1] * size[2]);
}

static void
finish_map(const Job *job, const float *from, float *y)
{
    const DcnWindow *w = &job->run->conv->window;
    size_t out_w = (size_t)w->out[2];
    DcnClamp clamp = job->run->clamp;
    bool add = job->run->add;
    for (size_t r = 0; r < (size_t)w->out[1];
         r++, y += out_w, from += job->layout.width) {
        if (add)
            for (size_t i = 0; i < out_w; i++)
                y[i] = dcn_clamp(clamp, y[i] + from[i]);
        else
            for (size_t i = 0; i < out_w; i++)
                y[i] = dcn_clamp(clamp, from[i]);
    }
}

static void
forward_channel(void *user, size_t index, size_t worker)
{
    const Job *job = user;
    const DcnConv2d *conv = job->run->conv;
    const Layout *l = &job->layout;
    size_t image = index / conv->channels, c = index % conv->channels;
    size_t maps = conv->maps / conv->groups;
    float *phases = dcn_scratch(job->run->context, worker);
    float *sums = phases + l->phases_y * l->phases_x * l->size;
    move_plane(&conv->window, l, phases,
               dcn_images_at(job->run->x, image) + c * plane(conv->window.in), false);
    for (size_t m = c * maps; m < (c + 1) * maps; m++) {
        Tap taps[MOST_TAPS];
        const float *from[MOST_TAPS];
        float weights[MOST_TAPS], start = job->run->bias ? job->run->bias[m] : 0;
        size_t n = taps_of(&conv->window, l,
                           job->run->weights + m * plane(conv->window.kernel), taps);
        for (size_t t = 0; t < n; t++) {
            from[t] = phases + taps[t].phase * l->size + taps[t].offset;
            weights[t] = taps[t].weight;
        }
        for (size_t i = 0; i < l->places; i++)
            sums[i] = start;
        add_taps(sums, l->places, n, from, weights);
        finish_map(job, sums,
                   dcn_images_at(job->run->y, image) + m * plane(conv->window.out));
    }
}

static void
forward(const DcnConvRun *run)
{
    Job job = {run, layout_of(&run->conv->window)};
    dcn_parallel(run->context, run->images * run->conv->channels, forward_channel, &job);
}

/* Each phase of dx is the sum, over the taps that see this phase, of copies of dy that
 * are moved by the tap's offset. */
static void
back_channel(void *user, size_t index, size_t worker)
{
    const Job *job = user;
    const DcnConv2d *conv = job->run->conv;
    const Layout *l = &job->layout;
    size_t image = index / conv->channels, c = index % conv->channels;
    size_t maps = conv->maps / conv->groups, phases_n = l->phases_y * l->phases_x;
    float *phases = dcn_scratch(job->run->context, worker);
    float *dy = phases + phases_n * l->size + l->margin;
    memset(phases, 0, phases_n * l->size * sizeof *phases);
    memset(dy - l->margin, 0, l->margin * sizeof *dy);
    memset(dy + l->places, 0, l->margin * sizeof *dy);
    for (size_t m = c * maps; m < (c + 1) * maps; m++) {
        Tap taps[MOST_TAPS];
        size_t n = taps_of(&conv->window, l,
                           job->run->weights + m * plane(conv->window.kernel), taps);
        widen(&conv->window, l,
              dcn_images_at(job->run->y, image) + m * plane(conv->window.out), dy);
        for (size_t phase = 0; phase < phases_n; phase++) {
            const float *from[MOST_TAPS];
            float weights[MOST_TAPS];
            size_t count = 0;
            for (size_t t = 0; t < n; t++)
                if (taps[t].phase == phase) {
                    from[count] = dy - taps[t].offset;
                    weights[count++] = taps[t].weight;
                }
            add_taps(phases + phase * l->size, l->places + l->margin, count, from,
                     weights);
        }
    }
    dcn_planes_start(job->run, image, c, 1);
    move_plane(&conv->window, l, phases,
               dcn_images_at(job->run->x, image) + c * plane(conv->window.in), true);
    dcn_planes_finish(job->run, image, c, 1);
}

static void
back(const DcnConvRun *run)
{
    Job job = {run, layout_of(&run->conv->window)};
    dcn_parallel(run->context, run->images * run->conv->channels, back_channel, &job);
}

static void
weights_channel(void *user, size_t c, size_t worker)
{
    const Job *job = user;
    const DcnConv2d *conv = job->run->conv;
    const Layout *l = &job->layout;
    size_t maps = conv->maps / conv->groups;
    float *phases = dcn_scratch(job->run->context, worker);
    float *dy = phases + l->phases_y * l->phases_x * l->size;
    Tap taps[MOST_TAPS];
    size_t n = taps_of(&conv->window, l, NULL, taps);
    for (size_t image = 0; image < job->run->images; image++) {
        move_plane(&conv->window, l, phases,
                   dcn_images_at(job->run->x, image) + c * plane(conv->window.in), false);
        for (size_t m = c * maps; m < (c + 1) * maps; m++) {
            widen(&conv->window, l,
                  dcn_images_at(job->run->y, image) + m * plane(conv->window.out), dy);
            for (size_t t = 0; t < n; t++)
                job->run->dw[m * n + t] += dcn_dot(
                    phases + taps[t].phase * l->size + taps[t].offset, dy, l->places);
        }
    }
}

static void
gradient(const DcnConvRun *run)
{
    Job job = {run, layout_of(&run->conv->window)};
    dcn_parallel(run->context, run->conv->channels, weights_channel, &job);
}

const DcnConvWay dcn_way_depthwise_forward = {
    .name = "depthwise",
    .fits = fits,
    .scratch = scratch,
    .run = forward,
};
const DcnConvWay dcn_way_depthwise_back = {
    .name = "depthwise",
    .fits = fits,
    .scratch = scratch,
    .run = back,
};
const DcnConvWay dcn_way_depthwise_weights = {
    .name = "depthwise",
    .fits = fits,
    .scratch = scratch,
    .run = gradient,
};
