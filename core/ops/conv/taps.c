/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taps.c: see taps.h.
 *
 * A task is some channels and some rows of one image. Sums of a row are kept by phase:
 * those of every stride-th place lie one behind the other, with room at both ends for
 * what falls on padding, so that a tap adds a run of floats. Signals come in chunks of
 * FIXED places, whatever the tasks: so sums are made in one order, and two tasks that
 * need the same chunk both compute it. */
#include "ops/conv/taps.h"
#include "base/vector.h"
#include "ops/product/copy_rows.h"
#include "ops/product/inner.h"
#include <string.h>

#define FIXED ((size_t)128) /* places of a chunk */
#define FEW_CHANNELS 8      /* or less: not worth turning weights */
#define BLOCK_CHANNELS ((size_t)16)
#define MOST_STRIDE 4
#define MOST_KERNEL 16
#define LEAST_MAPS 8
#define BLOCK_FLOATS ((size_t)131072) /* sums of a task: half a megabyte */
#define WIDTH 16                      /* floats of the widest vector */

typedef struct {
    size_t kernel;        /* elements */
    size_t rows;          /* channels x kernel */
    size_t places;        /* of the signal */
    size_t stride, shift; /* along a row; place of the image's first column in a phase */
    size_t phase;         /* floats of one */
    size_t channels, lines; /* of a task: the image's channels and rows */
    size_t blocks, parts;   /* tasks of an image: along channels, along rows */
} Sizes;

static size_t
up(size_t value, size_t step)
{
    return (value + step - 1) / step * step;
}

/* A task for each thread at least, where rows are many enough. */
static Sizes
sizes_of(const DcnConv2d *conv, size_t threads)
{
    const DcnWindow *w = &conv->window;
    size_t kernel = (size_t)w->kernel[2], height = (size_t)w->in[1];
    Sizes s = {
        .kernel = kernel * (size_t)w->kernel[1],
        .places = (size_t)(w->out[1] * w->out[2]),
        .stride = (size_t)w->stride[2],
        /* a multiple of DCN_ROWS taps, or all */
        .channels = conv->channels < 2 * BLOCK_CHANNELS ? conv->channels : BLOCK_CHANNELS,
    };
    s.rows = conv->channels * s.kernel;
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

bool
dcn_fold_fits(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    for (int axis = 1; axis < 3; axis++)
        if (w->dilation[axis] != 1 || w->stride[axis] > MOST_STRIDE ||
            w->kernel[axis] > MOST_KERNEL || w->begin[axis] < 0 || w->out[axis] < 1 ||
            w->in[axis] < 1 || w->begin[axis] > w->kernel[axis])
            return false;
    bool strides = w->stride[1] > 1 || w->stride[2] > 1,
         gaps = w->kernel[1] * w->kernel[2] <= w->stride[1] * w->stride[2];
    if (gaps) /* most sums are zero or have one term, and BLAS is as good */
        return false;
    return w->axes == 2 && conv->groups == 1 && conv->maps >= LEAST_MAPS &&
           (strides || conv->channels <= FEW_CHANNELS);
}

size_t
dcn_fold_floats(const DcnConv2d *conv)
{
    return dcn_packed_floats(sizes_of(conv, 1).rows, conv->maps);
}

void
dcn_fold_prepare(const DcnConv2d *conv, const float *w, float *prepared)
{
    size_t rows = sizes_of(conv, 1).rows;
    dcn_pack(w, rows, conv->maps, 1, rows, prepared);
}

static size_t
sum_floats(const Sizes *s)
{
    return s->channels * s->lines * s->stride * s->phase;
}

/* A chunk of the signal in panels; products of a group of taps; sums; a row of dx. */
size_t
dcn_fold_scratch(const DcnConv2d *conv)
{
    Sizes s = sizes_of(conv, 1);
    return ((conv->maps + DCN_ROWS) * FIXED + up(sum_floats(&s), WIDTH) +
            s.stride * s.phase) *
           sizeof(float);
}

typedef struct {
    const DcnConv2d *conv;
    Sizes s;
    DcnContext *context;
    const DcnImages *dx, *dy;
    const float *weights;
    DcnClamp clamp;
    bool add;
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
    const float *from = dcn_images_at(b->dy, t->image) + place;
    for (size_t at = 0; at < n; at += DCN_COLUMNS) {
        size_t width = n - at < DCN_COLUMNS ? n - at : DCN_COLUMNS;
        float *to = t->panels + at * b->conv->maps;
        if (width < DCN_COLUMNS)
            memset(to, 0, b->conv->maps * DCN_COLUMNS * sizeof *to);
        dcn_copy_rows(to, DCN_COLUMNS, from + at, b->s.places, b->conv->maps, width);
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
    const DcnWindow *w = &b->conv->window;
    const Sizes *s = &b->s;
    size_t taps = s->rows - first < DCN_ROWS ? s->rows - first : DCN_ROWS;
    size_t width = (size_t)w->out[2];
    for (size_t i = 0; i < taps; i++) {
        size_t channel = (first + i) / s->kernel, tap = (first + i) % s->kernel;
        if (channel >= t->channel + t->channels)
            break;
        int64_t ky = (int64_t)tap / w->kernel[2], kx = (int64_t)tap % w->kernel[2] +
                                                       (int64_t)(s->shift * s->stride) -
                                                       w->begin[2];
        float *sums = t->sums + (channel - t->channel) * s->lines * s->stride * s->phase +
                      (size_t)kx % s->stride * s->phase + (size_t)kx / s->stride;
        for (size_t at = 0, x = place % width, y = place / width; at < n; x = 0, y++) {
            size_t run = n - at < width - x ? n - at : width - x;
            int64_t row = (int64_t)y * w->stride[1] + ky - w->begin[1] - t->first;
            if (row >= 0 && row < t->end - t->first)
                add_run(sums + (size_t)row * s->stride * s->phase + x,
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
    const DcnWindow *w = &b->conv->window;
    const Sizes *s = &b->s;
    size_t width = (size_t)w->in[2], area = (size_t)w->in[1] * width;
    float *restrict line = t->line;
    for (size_t c = 0; c < t->channels; c++)
        for (int64_t y = t->first; y < t->end; y++) {
            put_together(t->sums + (c * s->lines + (size_t)(y - t->first)) * s->stride *
                                       s->phase,
                         s->stride, s->phase, line);
            const float *restrict from = line + s->shift * s->stride;
            float *restrict to = dcn_images_at(b->dx, t->image) +
                                 (t->channel + c) * area + (size_t)y * width;
            if (b->add)
                for (size_t x = 0; x < width; x++)
                    to[x] = dcn_clamp(b->clamp, to[x] + from[x]);
            else
                for (size_t x = 0; x < width; x++)
                    to[x] = dcn_clamp(b->clamp, from[x]);
        }
}

static void
back_task(void *user, size_t index, size_t worker)
{
    const Back *b = user;
    const Sizes *s = &b->s;
    const DcnWindow *w = &b->conv->window;
    size_t maps = b->conv->maps, part = index % s->parts,
           block = index / s->parts % s->blocks, channel = block * s->channels;
    Task t = {.image = index / s->parts / s->blocks,
              .channel = channel,
              .channels = b->conv->channels - channel < s->channels
                              ? b->conv->channels - channel
                              : s->channels,
              .first = (int64_t)(part * s->lines),
              .end = (int64_t)((part + 1) * s->lines)};
    t.end = t.end < w->in[1] ? t.end : w->in[1];
    if (t.first >= t.end)
        return;
    t.panels = dcn_scratch(b->context, worker);
    t.products = t.panels + maps * FIXED;
    t.sums = t.products + DCN_ROWS * FIXED;
    t.line = t.sums + up(sum_floats(s), WIDTH);
    memset(t.sums, 0, sum_floats(s) * sizeof *t.sums);
    /* rows of the signal that windows of these rows have */
    int64_t first = t.first + w->begin[1] - w->kernel[1] + 1, last = t.end - 1;
    first = first > 0 ? (first + w->stride[1] - 1) / w->stride[1] : 0;
    last = (last + w->begin[1]) / w->stride[1];
    last = last < w->out[1] ? last : w->out[1] - 1;
    size_t from = (size_t)(first * w->out[2]) / FIXED * FIXED,
           to = (size_t)((last + 1) * w->out[2]);
    for (size_t place = from; place < to; place += FIXED) {
        size_t n = s->places - place < FIXED ? s->places - place : FIXED;
        fill_panels(b, &t, place, n);
        for (size_t row = t.channel * s->kernel;
             row < (t.channel + t.channels) * s->kernel; row += DCN_ROWS) {
            const float *weights = b->weights + row * maps;
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

void
dcn_fold_back(const DcnConv2d *conv,
              DcnContext *context,
              size_t images,
              const DcnImages *dx,
              const DcnImages *dy,
              const float *prepared,
              DcnClamp clamp,
              bool add)
{
    Back b = {.conv = conv,
              .s = sizes_of(conv, (size_t)dcn_context_threads(context)),
              .context = context,
              .dx = dx,
              .dy = dy,
              .weights = prepared,
              .clamp = clamp,
              .add = add,
              .kernel = dcn_kernel()};
    dcn_parallel(context, images * b.s.blocks * b.s.parts, back_task, &b);
}
