/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depthwise.c: convolutions of one input channel a group, without matrix products: all
 * three maps.
 *
 * The padded plane is laid out in phases: phase (a, b) holds its rows a, a + stride ...
 * and of these the columns b, b + stride ... Then what a kernel element sees at all
 * places of the output is one phase, moved by a fixed offset, and the sums are loops over
 * neighbouring floats (depthwise_rows.h), whatever stride, dilation and pads are. Large
 * planes are cut into strips whose phases stay in the first cache.
 *
 * The transpose is the same with the sides exchanged: each phase of x is a sum of copies
 * of y, moved by the offsets of the elements that see this phase. */
#include "base/vector.h"
#include "ops/conv/depthwise_rows.h"
#include "ops/conv/planes.h"
#include "ops/conv/way.h"
#include "ops/product/copy_rows.h"
#include "ops/product/copy_second.h"
#include <math.h>
#include <string.h>

/* With more maps a channel than this the matrix product is quicker. */
#define MOST_MAPS 4

/* A kernel with more elements is left to the matrix product, too. */
#define MOST_TAPS 128

/* Floats of a strip's phases, about, and places that a thread takes at a time. */
#define STRIP ((size_t)4096)
#define GRAIN ((size_t)32768)

/* True if each group has one channel, and few maps and kernel elements. */
static bool
fits(const DcnConv2d *conv)
{
    return conv->groups > 1 && conv->channels == conv->groups &&
           conv->maps / conv->groups <= MOST_MAPS &&
           conv->window.kernel[1] * conv->window.kernel[2] <= MOST_TAPS;
}

static size_t
plane(const int64_t size[3])
{
    return (size_t)(size[1] * size[2]);
}

/* --- phases of a strip --- */

typedef struct {
    size_t phases_y, phases_x; /* that any element of the kernel sees */
    size_t far_y, far_x;       /* how far in a phase the farthest element sees */
    size_t rows;               /* of the output, in a strip */
    size_t height, width;      /* of a phase of a strip */
    size_t size;               /* floats from one phase to the next */
} Layout;

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* whole: one strip is all of the plane. */
static Layout
layout_of(const DcnWindow *w, bool whole)
{
    size_t far_y = (size_t)((w->kernel[1] - 1) * w->dilation[1]),
           far_x = (size_t)((w->kernel[2] - 1) * w->dilation[2]);
    Layout l = {
        .phases_y = least((size_t)w->stride[1], far_y + 1),
        .phases_x = least((size_t)w->stride[2], far_x + 1),
        .far_y = far_y / (size_t)w->stride[1],
        .far_x = far_x / (size_t)w->stride[2],
        .rows = (size_t)w->out[1],
    };
    l.width = (size_t)w->out[2] + l.far_x;
    if (!whole && w->out[2] > 8)
        l.width = (l.width + 15) / 16 * 16;
    if (!whole) {
        size_t room = STRIP / (l.phases_y * l.phases_x * l.width),
               block = DCN_ROWS_BEHIND + 1,
               rows = room > l.far_y + block ? (room - l.far_y) / block * block : block;
        l.rows = least(rows, l.rows);
    }
    l.height = l.rows + l.far_y;
    l.size = ((l.height + DCN_ROWS_BEHIND) * l.width + DCN_BEHIND + 15) / 16 * 16;
    return l;
}

static size_t
floats_of(const Layout *l)
{
    return l->phases_y * l->phases_x * l->size;
}

/* The part of a phase's row that lies inside the image: columns first .. last - 1. */
static void
inside_row(const DcnWindow *w, size_t b, size_t width, size_t *first, size_t *last)
{
    int64_t step = w->stride[2], shift = (int64_t)b - w->begin[2];
    int64_t begin = shift < 0 ? dcn_ceil_div(-shift, step) : 0;
    int64_t end = shift >= w->in[2] ? 0 : dcn_ceil_div(w->in[2] - shift, step);
    end = dcn_min_i64(end, (int64_t)width);
    *first = (size_t)dcn_min_i64(begin, end < 0 ? 0 : end);
    *last = end < 0 ? 0 : (size_t)end;
}

/* Rows of a phase, n floats of each, out of rows of the image. */
static inline void
copy_phase(float *restrict to,
           size_t to_step,
           const float *restrict from,
           size_t from_step,
           size_t rows,
           size_t n,
           size_t step)
{
    if (step == 1) {
        dcn_copy_rows(to, to_step, from, from_step, rows, n);
        return;
    }
    for (size_t r = 0; r < rows; r++, to += to_step, from += from_step)
        if (step == 2)
            dcn_copy_second(to, from, n);
        else
            for (size_t i = 0; i < n; i++)
                to[i] = from[i * step];
}

/* The plane x into the phases of the strip that begins with a row of the output. Columns
 * outside of the image are zero already. */
DCN_VECTOR static void
fill(const DcnWindow *w, const Layout *l, size_t first_row, const float *x, float *phases)
{
    int64_t step = w->stride[1];
    for (size_t a = 0; a < l->phases_y; a++) {
        /* row r of the phase is row r * step + shift of the image */
        int64_t shift = (int64_t)first_row * step + (int64_t)a - w->begin[1];
        int64_t top = shift < 0 ? dcn_ceil_div(-shift, step) : 0,
                end = shift >= w->in[1] ? 0 : dcn_ceil_div(w->in[1] - shift, step);
        end = dcn_min_i64(end, (int64_t)l->height);
        top = dcn_min_i64(top, end);
        for (size_t b = 0; b < l->phases_x; b++) {
            float *phase = phases + (a * l->phases_x + b) * l->size;
            size_t first, last;
            inside_row(w, b, l->width, &first, &last);
            for (size_t r = 0; r < l->height; r++)
                if ((int64_t)r < top || (int64_t)r >= end)
                    for (size_t i = first; i < last; i++)
                        phase[r * l->width + i] = 0;
            if (top < end && first < last)
                copy_phase(phase + (size_t)top * l->width + first, l->width,
                           x + (top * step + shift) * w->in[2] +
                               (int64_t)first * w->stride[2] + (int64_t)b - w->begin[2],
                           (size_t)(step * w->in[2]), (size_t)(end - top), last - first,
                           (size_t)w->stride[2]);
        }
    }
}

/* --- taps --- */

typedef struct {
    size_t n;
    DcnTaps taps[MOST_TAPS];
} Taps;

/* A kernel element that is seen at a float of the source; below: it is of the same column
 * as the one before, and may lie right below it. */
static void
add_tap(Taps *taps, size_t at, size_t element, size_t width, bool below)
{
    DcnTaps *last = taps->n > 0 ? &taps->taps[taps->n - 1] : NULL;
    ptrdiff_t weight = (ptrdiff_t)element;
    if (below && last->height < DCN_TALLEST && at == last->at + last->height * width) {
        last->next = last->height == 1 ? weight - last->weight : last->next;
        last->height++;
    } else {
        taps->taps[taps->n++] = (DcnTaps){at, 1, weight, 0};
    }
}

/* What a place of the output sees in the phases. */
static void
taps_ahead(const DcnWindow *w, const Layout *l, Taps *taps)
{
    size_t step_y = (size_t)w->stride[1], step_x = (size_t)w->stride[2];
    taps->n = 0;
    for (size_t kx = 0; kx < (size_t)w->kernel[2]; kx++)
        for (size_t a = 0; a < l->phases_y; a++) {
            bool below = false;
            for (size_t ky = 0; ky < (size_t)w->kernel[1]; ky++) {
                size_t y = ky * (size_t)w->dilation[1], x = kx * (size_t)w->dilation[2];
                size_t phase = a * l->phases_x + x % step_x;
                if (y % step_y != a)
                    continue;
                add_tap(taps, phase * l->size + y / step_y * l->width + x / step_x,
                        ky * (size_t)w->kernel[2] + kx, l->width, below);
                below = true;
            }
        }
}

/* --- forward --- */

typedef struct {
    const DcnConvRun *run;
    DcnRowsLoop *loop;
    Layout layout;
    Taps taps;
} Ahead;

/* Strips that are filled before they are read: small planes, so that what is written has
 * reached the cache by then. */
static size_t
strips_of(const Layout *l, const DcnWindow *w)
{
    return l->rows < (size_t)w->out[1] ? 1 : STRIP / floats_of(l) + 1;
}

/* The maps of channel c in one strip of one image. */
static void
forward_strip(const Ahead *job, size_t c, size_t row, const float *phases, float *y)
{
    const DcnConvRun *run = job->run;
    const DcnConv2d *conv = run->conv;
    const DcnWindow *w = &conv->window;
    size_t maps = conv->maps / conv->groups, out_w = (size_t)w->out[2];
    for (size_t m = c * maps; m < (c + 1) * maps; m++)
        job->loop(&(DcnRows){
            .taps = job->taps.taps,
            .n_taps = job->taps.n,
            .weights = run->weights + m * plane(w->kernel),
            .from = phases,
            .width = job->layout.width,
            .to = y + m * plane(w->out) + row * out_w,
            .step = out_w,
            .rows = least(job->layout.rows, (size_t)w->out[1] - row),
            .columns = out_w,
            .start = run->bias ? run->bias[m] : 0,
            .low = run->clamp.low,
            .high = run->clamp.high,
            .add = run->add,
        });
}

/* The channels first .. last - 1 of one image. */
static void
forward_channels(const Ahead *job, size_t image, size_t first, size_t last, float *phases)
{
    const DcnWindow *w = &job->run->conv->window;
    const Layout *l = &job->layout;
    const float *x = dcn_images_at(job->run->x, image);
    float *y = dcn_images_at(job->run->y, image);
    size_t strips = strips_of(l, w), floats = floats_of(l);
    for (; first < last; first += strips) {
        size_t n = least(strips, last - first);
        for (size_t row = 0; row < (size_t)w->out[1]; row += l->rows) {
            for (size_t i = 0; i < n; i++)
                fill(w, l, row, x + (first + i) * plane(w->in), phases + i * floats);
            for (size_t i = 0; i < n; i++)
                forward_strip(job, first + i, row, phases + i * floats, y);
        }
    }
}

static void
forward_range(void *user, size_t begin, size_t end, size_t worker)
{
    const Ahead *job = user;
    const DcnConv2d *conv = job->run->conv;
    float *phases = dcn_scratch(job->run->context, worker);
    memset(phases, 0,
           strips_of(&job->layout, &conv->window) * floats_of(&job->layout) *
               sizeof *phases);
    while (begin < end) {
        size_t c = begin % conv->channels, n = least(end - begin, conv->channels - c);
        forward_channels(job, begin / conv->channels, c, c + n, phases);
        begin += n;
    }
}

/* Channels that a thread takes at a time. */
static size_t
grain_of(const DcnConvRun *run)
{
    const DcnWindow *w = &run->conv->window;
    return GRAIN / (plane(w->in) + plane(w->out)) + 1;
}

static void
forward(const DcnConvRun *run)
{
    const DcnWindow *w = &run->conv->window;
    Ahead job = {.run = run,
                 .loop = dcn_rows_loop((size_t)w->out[2]),
                 .layout = layout_of(w, false)};
    taps_ahead(w, &job.layout, &job.taps);
    dcn_parallel_range(run->context, run->images * run->conv->channels, grain_of(run),
                       forward_range, &job);
}

static size_t
forward_scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    Layout l = layout_of(&conv->window, false);
    return strips_of(&l, &conv->window) * floats_of(&l) * sizeof(float);
}

/* --- back --- */

/* The taps that a place of phase (a, b) of the image side sees. */
typedef struct {
    size_t a, b;
    size_t taps, n_taps; /* the first one, and how many */
} Phase;

/* Place i of an axis of the image side is place i + pad of the padded one, which is place
 * (i + pad) / stride of phase (i + pad) % stride. `output` is a window over the output
 * for the places that the phases have, all of them alike; the first of these is `first`.
 */
typedef struct {
    const DcnConvRun *run;
    DcnRowsLoop *loop;
    DcnWindow output;
    Layout layout;
    int64_t first[3];
    bool direct; /* there is one phase: its rows are those of the image side */
    size_t wide; /* floats of the rows of a phase of a strip */
    Taps taps;
    size_t n_phases;
    Phase phases[MOST_TAPS]; /* those that have taps */
} Back;

/* Place p of phase (a, b) sees the places p, p - 1 ... p - far of the output, which the
 * padded output has as far, far - 1 ... 0. */
static void
add_phase(Back *job, const DcnWindow *w, size_t a, size_t b)
{
    const Layout *l = &job->layout;
    Taps *taps = &job->taps;
    Phase phase = {a, b, taps->n, 0};
    for (size_t kx = 0; kx < (size_t)w->kernel[2]; kx++) {
        size_t x = kx * (size_t)w->dilation[2], step = (size_t)w->stride[2];
        bool below = false;
        for (size_t ky = (size_t)w->kernel[1]; x % step == b && ky-- > 0;) {
            size_t y = ky * (size_t)w->dilation[1], step_y = (size_t)w->stride[1];
            if (y % step_y != a)
                continue;
            add_tap(taps, (l->far_y - y / step_y) * l->width + l->far_x - x / step,
                    ky * (size_t)w->kernel[2] + kx, l->width, below);
            below = true;
        }
    }
    phase.n_taps = taps->n - phase.taps;
    job->phases[job->n_phases++] = phase;
}

static Phase
phase_of(const Back *job, size_t a, size_t b)
{
    for (size_t i = 0; i < job->n_phases; i++)
        if (job->phases[i].a == a && job->phases[i].b == b)
            return job->phases[i];
    return (Phase){.a = a, .b = b};
}

static Back
back_of(const DcnConvRun *run, const DcnWindow *w)
{
    Back job = {.run = run,
                .output = {.axes = 2,
                           .kernel = {1, 1, 1},
                           .stride = {1, 1, 1},
                           .dilation = {1, 1, 1},
                           .in = {1, w->out[1], w->out[2]},
                           .out = {1, 1, 1}}};
    for (int axis = 1; axis < 3; axis++) {
        int64_t step = w->stride[axis], far = (w->kernel[axis] - 1) * w->dilation[axis];
        job.first[axis] = dcn_floor_div(w->begin[axis], step);
        job.output.out[axis] =
            dcn_floor_div(w->in[axis] - 1 + w->begin[axis], step) + 1 - job.first[axis];
        job.output.kernel[axis] = far / step + 1;
        job.output.begin[axis] = far / step - job.first[axis];
    }
    job.loop = dcn_rows_loop((size_t)job.output.out[2]);
    job.layout = layout_of(&job.output, false);
    job.direct = w->stride[1] == 1 && w->stride[2] == 1;
    job.wide = job.layout.rows * (size_t)job.output.out[2];
    return job;
}

static size_t
back_scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    Back job = back_of(NULL, &conv->window);
    size_t floats = conv->maps / conv->groups * floats_of(&job.layout);
    if (!job.direct)
        floats += (size_t)conv->window.stride[2] * job.wide;
    return floats * sizeof(float);
}

/* A row of x out of the rows of its phases, `apart` floats from one to the next: x[i] is
 * place (i + shift) / step of phase (i + shift) % step. */
DCN_VECTOR static void
join(float *restrict x,
     size_t n,
     const float *restrict phases,
     size_t apart,
     size_t shift,
     size_t step,
     bool add,
     DcnClamp clamp)
{
    size_t i = 0;
    if (step == 2) {
        const float *even = phases + shift * apart,
                    *odd = phases + (1 - shift) * apart + shift;
        for (size_t k = 0; k < n / 2; k++) {
            x[2 * k] = dcn_clamp(clamp, even[k] + (add ? x[2 * k] : 0));
            x[2 * k + 1] = dcn_clamp(clamp, odd[k] + (add ? x[2 * k + 1] : 0));
        }
        i = n / 2 * 2;
    }
    for (; i < n; i++)
        x[i] = dcn_clamp(clamp, phases[(i + shift) % step * apart + (i + shift) / step] +
                                    (add ? x[i] : 0));
}

/* The rows first .. last - 1 of phase (a, b) of a strip, by all maps of the channel. */
static void
back_phase(const Back *job,
           size_t c,
           const float *strips,
           Phase phase,
           size_t first,
           size_t last,
           float *to)
{
    const DcnConvRun *run = job->run;
    const Layout *l = &job->layout;
    size_t maps = run->conv->maps / run->conv->groups,
           kernel = plane(run->conv->window.kernel);
    for (size_t m = 0; m < maps; m++) {
        bool finish = job->direct && m == maps - 1;
        job->loop(&(DcnRows){
            .taps = job->taps.taps + phase.taps,
            .n_taps = phase.n_taps,
            .weights = run->weights + (c * maps + m) * kernel,
            .from = strips + m * floats_of(l) + first * l->width,
            .width = l->width,
            .to = to,
            .step = (size_t)job->output.out[2],
            .rows = last - first,
            .columns = (size_t)job->output.out[2],
            .start = run->bias && m == 0 ? run->bias[c] : 0,
            .low = finish ? run->clamp.low : -INFINITY,
            .high = finish ? run->clamp.high : INFINITY,
            .add = m > 0 || (job->direct && run->add),
        });
    }
}

static void
back_strip(
    const Back *job, size_t c, size_t row, const float *strips, float *joined, float *x)
{
    const DcnConvRun *run = job->run;
    const DcnWindow *w = &run->conv->window;
    int64_t step = w->stride[1];
    size_t in_w = (size_t)w->in[2], step_x = (size_t)w->stride[2],
           shift = (size_t)(w->begin[2] - job->first[2] * w->stride[2]);
    for (int64_t a = 0; a < step; a++) {
        /* row r of the phase is row r * step + start of x */
        int64_t start = (job->first[1] + (int64_t)row) * step + a - w->begin[1];
        int64_t first = start < 0 ? dcn_ceil_div(-start, step) : 0,
                last = start < w->in[1] ? dcn_ceil_div(w->in[1] - start, step) : 0;
        last = dcn_min_i64(last, (int64_t)job->layout.rows);
        if (first >= last)
            continue;
        float *to = x + (first * step + start) * w->in[2];
        if (job->direct) {
            back_phase(job, c, strips, phase_of(job, 0, 0), (size_t)first, (size_t)last,
                       to);
            continue;
        }
        for (size_t b = 0; b < step_x; b++)
            back_phase(job, c, strips, phase_of(job, (size_t)a, b), (size_t)first,
                       (size_t)last, joined + b * job->wide);
        for (int64_t r = first; r < last; r++, to += step * w->in[2])
            join(to, in_w, joined + (r - first) * job->output.out[2], job->wide, shift,
                 step_x, run->add, run->clamp);
    }
}

static void
back_range(void *user, size_t begin, size_t end, size_t worker)
{
    const Back *job = user;
    const DcnConvRun *run = job->run;
    const DcnConv2d *conv = run->conv;
    const DcnWindow *w = &conv->window;
    const Layout *l = &job->layout;
    size_t maps = conv->maps / conv->groups, floats = floats_of(l);
    float *strips = dcn_scratch(run->context, worker);
    memset(strips, 0, maps * floats * sizeof *strips);
    for (size_t i = begin; i < end; i++) {
        size_t image = i / conv->channels, c = i % conv->channels;
        const float *y = dcn_images_at(run->y, image) + c * maps * plane(w->out);
        float *x = dcn_images_at(run->x, image) + c * plane(w->in);
        for (size_t row = 0; row < (size_t)job->output.out[1]; row += l->rows) {
            for (size_t m = 0; m < maps; m++)
                fill(&job->output, l, row, y + m * plane(w->out), strips + m * floats);
            back_strip(job, c, row, strips, strips + maps * floats, x);
        }
    }
}

static void
back(const DcnConvRun *run)
{
    const DcnWindow *w = &run->conv->window;
    Back job = back_of(run, w);
    for (size_t k = 0; k < plane(w->kernel); k++) {
        size_t y = k / (size_t)w->kernel[2] * (size_t)w->dilation[1],
               x = k % (size_t)w->kernel[2] * (size_t)w->dilation[2],
               a = y % (size_t)w->stride[1], b = x % (size_t)w->stride[2];
        if (phase_of(&job, a, b).n_taps == 0)
            add_phase(&job, w, a, b);
    }
    dcn_parallel_range(run->context, run->images * run->conv->channels, grain_of(run),
                       back_range, &job);
}

/* --- the gradient of the weights --- */

typedef struct {
    const DcnConvRun *run;
    Layout layout;
    Taps taps;
} Gradient;

/* The output's plane in rows as wide as a phase's, zeroes right of it. */
static void
widen(const DcnWindow *w, size_t width, const float *dy, float *wide)
{
    size_t out_w = (size_t)w->out[2];
    for (size_t r = 0; r < (size_t)w->out[1]; r++, wide += width, dy += out_w) {
        memcpy(wide, dy, out_w * sizeof *dy);
        memset(wide + out_w, 0, (width - out_w) * sizeof *dy);
    }
}

static void
weights_channel(void *user, size_t c, size_t worker)
{
    const Gradient *job = user;
    const DcnConv2d *conv = job->run->conv;
    const DcnWindow *w = &conv->window;
    const Layout *l = &job->layout;
    const Taps *taps = &job->taps;
    size_t maps = conv->maps / conv->groups;
    float *phases = dcn_scratch(job->run->context, worker), *dy = phases + floats_of(l);
    memset(phases, 0, floats_of(l) * sizeof *phases);
    for (size_t image = 0; image < job->run->images; image++) {
        fill(w, l, 0, dcn_images_at(job->run->x, image) + c * plane(w->in), phases);
        for (size_t m = c * maps; m < (c + 1) * maps; m++) {
            float *dw = job->run->dw + m * plane(w->kernel);
            widen(w, l->width, dcn_images_at(job->run->y, image) + m * plane(w->out), dy);
            for (const DcnTaps *t = taps->taps; t < taps->taps + taps->n; t++)
                for (size_t k = 0; k < t->height; k++)
                    dw[t->weight + (ptrdiff_t)k * t->next] +=
                        dcn_dot(phases + t->at + k * l->width, dy, l->rows * l->width);
        }
    }
}

static void
gradient(const DcnConvRun *run)
{
    Gradient job = {.run = run, .layout = layout_of(&run->conv->window, true)};
    taps_ahead(&run->conv->window, &job.layout, &job.taps);
    dcn_parallel(run->context, run->conv->channels, weights_channel, &job);
}

static size_t
gradient_scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    Layout l = layout_of(&conv->window, true);
    return (floats_of(&l) + l.rows * l.width) * sizeof(float);
}

const DcnConvWay dcn_way_depthwise_forward = {
    .name = "depthwise",
    .fits = fits,
    .scratch = forward_scratch,
    .run = forward,
};
const DcnConvWay dcn_way_depthwise_back = {
    .name = "depthwise",
    .fits = fits,
    .scratch = back_scratch,
    .run = back,
};
const DcnConvWay dcn_way_depthwise_weights = {
    .name = "depthwise",
    .fits = fits,
    .scratch = gradient_scratch,
    .run = gradient,
};
