/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taps.c: the way back to the image of convolutions with strides or with few channels.
 *
 * With a stride the way back is no convolution, and with three channels one of eight maps
 * would do nothing most of the time (turned.c). Here each tap of each channel is a map of
 * a 1x1 convolution over the signal, and what these give is folded: added up where the
 * tap has its place.
 *
 * An example along one axis: five places, a kernel of 3, a stride of 2, no padding. The
 * windows of the signal's two places begin at 0 and at 2, and tap k of place o belongs to
 * place 2 o + k:
 *
 *     place         0      1      2             3      4
 *     tap 0         a0 w0         a1 w0
 *     tap 1                a0 w1                a1 w1
 *     tap 2                       a0 w2                a1 w2
 *
 * A product gives (a0 w0, a1 w0), (a0 w1, a1 w1) and (a0 w2, a1 w2). Sums are kept by
 * phase, even places (0, 2, 4) before odd ones (1, 3), so each of these pairs is a run of
 * floats that is added to a run of floats: tap 0 from even place 0 on, tap 1 from odd
 * place 1 on, tap 2 from even place 2 on. At the end the phases are put together again.
 *
 * A task is some channels and some rows of one image. There is room at both
 * ends of a phase for what falls on padding. Signals come in chunks of FIXED places,
 * whatever the tasks: so sums are made in one order, and two tasks that need the same
 * chunk both compute it. */
#include "base/vector.h"
#include "ops/conv/way.h"
#include "ops/product/copy_rows.h"
#include "ops/product/inner.h"
#include <string.h>

#define FIXED ((size_t)128) /* places of a chunk */
#define FEW_CHANNELS 8      /* with so few or fewer, transposing weights does not pay */
#define BLOCK_CHANNELS ((size_t)16)
#define MOST_STRIDE 4
#define MOST_KERNEL 16
#define LEAST_MAPS 8
#define BLOCK_FLOATS ((size_t)131072) /* sums of a task: half a megabyte */
#define WIDTH 16                      /* floats of the widest vector */

typedef struct {
    size_t stride, shift; /* along a row; place of the image's first column in a phase */
    size_t phase;         /* floats of one */
    size_t channels, lines; /* of a task: the image's channels and rows */
    size_t blocks, parts;   /* tasks of an image: along channels, along rows */
} Layout;

static size_t
up(size_t value, size_t step)
{
    return (value + step - 1) / step * step;
}

/* A task for each thread at least, where rows are many enough. */
static Layout
layout_of(const DcnConv2d *conv, size_t threads)
{
    const DcnWindow *w = &conv->window;
    size_t kernel = (size_t)w->kernel[2], height = (size_t)w->in[1];
    Layout s = {
        .stride = (size_t)w->stride[2],
        /* a multiple of DCN_ROWS taps, or all */
        .channels = conv->channels < 2 * BLOCK_CHANNELS ? conv->channels : BLOCK_CHANNELS,
    };
    s.shift = up((size_t)w->begin[2], s.stride) / s.stride;
    size_t seen = s.shift + (size_t)w->out[2] + kernel / s.stride + 1,
           own = s.shift + ((size_t)w->in[2] - 1) / s.stride + 1;
    s.phase = up(seen > own ? seen : own, WIDTH) + WIDTH;
    s.blocks = (conv->channels - 1) / s.channels + 1;
    size_t line = s.channels * s.stride * s.phase, least = 2 * (size_t)w->kernel[1];
    size_t parts =
        up((height - 1) / (BLOCK_FLOATS / line + 1) + 1, (threads - 1) / s.blocks + 1);
    s.lines = (height - 1) / parts + 1;
    s.lines = s.lines > least ? s.lines : least < height ? least : height;
    s.parts = (height - 1) / s.lines + 1;
    return s;
}

static bool
has_strides(const DcnWindow *w)
{
    return w->stride[1] > 1 || w->stride[2] > 1;
}

static bool
fits(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    for (int axis = 1; axis < 3; axis++)
        if (w->dilation[axis] != 1 || w->stride[axis] > MOST_STRIDE ||
            w->kernel[axis] > MOST_KERNEL || w->begin[axis] < 0 || w->out[axis] < 1 ||
            w->in[axis] < 1 || w->begin[axis] > w->kernel[axis])
            return false;
    bool gaps = w->kernel[1] * w->kernel[2] <= w->stride[1] * w->stride[2];
    if (gaps) /* most sums are zero or have one term, and BLAS is as good */
        return false;
    return w->axes == 2 && conv->groups == 1 && conv->maps >= LEAST_MAPS &&
           (has_strides(w) || conv->channels <= FEW_CHANNELS);
}

/* Not in training, where forms are made before each pass. Ahead, over activations, BLAS
 * is quicker where few channels are all that there is to gain. */
static bool
pays(const DcnConv2d *conv, const DcnConvUse *use)
{
    return !use->training && (!use->ahead || has_strides(&conv->window));
}

static size_t
form_floats(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    return dcn_packed_floats(dcn_conv_sizes(conv).rows, conv->maps);
}

static void
prepare(const DcnConv2d *conv, const DcnConvUse *use, const float *weights, float *form)
{
    size_t rows = dcn_conv_sizes(conv).rows;
    (void)use;
    dcn_pack(weights, rows, conv->maps, 1, rows, form);
}

static size_t
sum_floats(const Layout *l)
{
    return l->channels * l->lines * l->stride * l->phase;
}

/* A chunk of the signal in panels; products of a group of taps; sums; a row of dx. */
static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    Layout l = layout_of(conv, 1);
    (void)use;
    return ((conv->maps + DCN_ROWS) * FIXED + up(sum_floats(&l), WIDTH) +
            l.stride * l.phase) *
           sizeof(float);
}

typedef struct {
    const DcnConvRun *run;
    DcnConvSizes s;
    Layout l;
    DcnKernel *kernel;
} Back;

typedef struct {
    size_t image, channel, channels; /* of dx */
    int64_t first, end;              /* rows of dx */
    float *panels, *products, *sums, *line;
} Task;

static void
fill_panels(const Back *b, const Task *t, size_t place, size_t n)
{
    const float *from = dcn_images_at(b->run->y, t->image) + place;
    for (size_t at = 0; at < n; at += DCN_COLUMNS) {
        size_t width = n - at < DCN_COLUMNS ? n - at : DCN_COLUMNS;
        float *to = t->panels + at * b->run->conv->maps;
        if (width < DCN_COLUMNS)
            memset(to, 0, b->run->conv->maps * DCN_COLUMNS * sizeof *to);
        dcn_copy_rows(to, DCN_COLUMNS, from + at, b->s.out, b->run->conv->maps, width);
    }
}

__attribute__((always_inline)) static inline void
add_run(float *restrict to, const float *restrict from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] += from[i];
}

/* What the taps first .. first + DCN_ROWS - 1 give for n places. */
DCN_VECTOR static void
fold(const Back *b, const Task *t, size_t first, size_t place, size_t n)
{
    const DcnWindow *w = &b->run->conv->window;
    const Layout *l = &b->l;
    const DcnConvSizes *s = &b->s;
    size_t taps = s->rows - first < DCN_ROWS ? s->rows - first : DCN_ROWS;
    size_t width = (size_t)w->out[2];
    for (size_t i = 0; i < taps; i++) {
        size_t channel = (first + i) / s->kernel, tap = (first + i) % s->kernel;
        if (channel >= t->channel + t->channels)
            break;
        int64_t ky = (int64_t)tap / w->kernel[2], kx = (int64_t)tap % w->kernel[2] +
                                                       (int64_t)(l->shift * l->stride) -
                                                       w->begin[2];
        float *sums = t->sums + (channel - t->channel) * l->lines * l->stride * l->phase +
                      (size_t)kx % l->stride * l->phase + (size_t)kx / l->stride;
        for (size_t at = 0, x = place % width, y = place / width; at < n; x = 0, y++) {
            size_t run = n - at < width - x ? n - at : width - x;
            int64_t row = (int64_t)y * w->stride[1] + ky - w->begin[1] - t->first;
            if (row >= 0 && row < t->end - t->first)
                add_run(sums + (size_t)row * l->stride * l->phase + x,
                        t->products + i * FIXED + at, run);
            at += run;
        }
    }
}

/* Phases put together, from the image's first column on. */
__attribute__((always_inline)) static inline void
put_together(const float *restrict from, size_t stride, size_t phase, float *restrict to)
{
    if (stride == 2)
        for (size_t i = 0; i < phase; i++) {
            to[2 * i] = from[i];
            to[2 * i + 1] = from[phase + i];
        }
    else
        for (size_t p = 0; p < stride; p++)
            for (size_t i = 0; i < phase; i++)
                to[i * stride + p] = from[p * phase + i];
}

DCN_VECTOR static void
write_sums(const Back *b, const Task *t)
{
    const DcnWindow *w = &b->run->conv->window;
    const Layout *l = &b->l;
    size_t width = (size_t)w->in[2], area = (size_t)w->in[1] * width;
    float *restrict line = t->line;
    DcnClamp clamp = b->run->clamp;
    bool add = b->run->add;
    for (size_t c = 0; c < t->channels; c++)
        for (int64_t y = t->first; y < t->end; y++) {
            put_together(t->sums + (c * l->lines + (size_t)(y - t->first)) * l->stride *
                                       l->phase,
                         l->stride, l->phase, line);
            const float *restrict from = line + l->shift * l->stride;
            float *restrict to = dcn_images_at(b->run->x, t->image) +
                                 (t->channel + c) * area + (size_t)y * width;
            if (add)
                for (size_t x = 0; x < width; x++)
                    to[x] = dcn_clamp(clamp, to[x] + from[x]);
            else
                for (size_t x = 0; x < width; x++)
                    to[x] = dcn_clamp(clamp, from[x]);
        }
}

/* Sums begin with the bias, or with nothing. */
static void
start_sums(const Back *b, const Task *t)
{
    const float *bias = b->run->bias;
    size_t each = b->l.lines * b->l.stride * b->l.phase;
    if (!bias)
        memset(t->sums, 0, sum_floats(&b->l) * sizeof *t->sums);
    for (size_t c = 0; bias && c < t->channels; c++)
        for (size_t i = 0; i < each; i++)
            t->sums[c * each + i] = bias[t->channel + c];
}

static void
back_task(void *user, size_t index, size_t worker)
{
    const Back *b = user;
    const Layout *l = &b->l;
    const DcnConvSizes *s = &b->s;
    const DcnWindow *w = &b->run->conv->window;
    size_t maps = b->run->conv->maps, part = index % l->parts,
           block = index / l->parts % l->blocks, channel = block * l->channels;
    Task t = {.image = index / l->parts / l->blocks,
              .channel = channel,
              .channels = b->run->conv->channels - channel < l->channels
                              ? b->run->conv->channels - channel
                              : l->channels,
              .first = (int64_t)(part * l->lines),
              .end = (int64_t)((part + 1) * l->lines)};
    t.end = t.end < w->in[1] ? t.end : w->in[1];
    if (t.first >= t.end)
        return;
    t.panels = dcn_scratch(b->run->context, worker);
    t.products = t.panels + maps * FIXED;
    t.sums = t.products + DCN_ROWS * FIXED;
    t.line = t.sums + up(sum_floats(l), WIDTH);
    start_sums(b, &t);
    /* rows of the signal that windows of these rows have */
    int64_t first = t.first + w->begin[1] - w->kernel[1] + 1, last = t.end - 1;
    first = first > 0 ? (first + w->stride[1] - 1) / w->stride[1] : 0;
    last = (last + w->begin[1]) / w->stride[1];
    last = last < w->out[1] ? last : w->out[1] - 1;
    size_t from = (size_t)(first * w->out[2]) / FIXED * FIXED,
           to = (size_t)((last + 1) * w->out[2]);
    for (size_t place = from; place < to; place += FIXED) {
        size_t n = s->out - place < FIXED ? s->out - place : FIXED;
        fill_panels(b, &t, place, n);
        for (size_t row = t.channel * s->kernel;
             row < (t.channel + t.channels) * s->kernel; row += DCN_ROWS) {
            const float *weights = b->run->form + row * maps;
            for (size_t at = 0; at < n; at += DCN_COLUMNS)
                b->kernel(maps, NULL, weights, weights + DCN_ROWS * maps,
                          t.panels + at * maps, DCN_ROWS,
                          n - at < DCN_COLUMNS ? n - at : DCN_COLUMNS, t.products + at,
                          FIXED, NULL);
            fold(b, &t, row, place, n);
        }
    }
    write_sums(b, &t);
}

static void
back(const DcnConvRun *run)
{
    Back b = {.run = run,
              .s = dcn_conv_sizes(run->conv),
              .l = layout_of(run->conv, (size_t)dcn_context_threads(run->context)),
              .kernel = dcn_kernel()};
    dcn_parallel(run->context, run->images * b.l.blocks * b.l.parts, back_task, &b);
}

const DcnConvWay dcn_way_taps = {
    .name = "taps",
    .fits = fits,
    .pays = pays,
    .wide = true,
    .floats = form_floats,
    .prepare = prepare,
    .scratch = scratch,
    .run = back,
};
