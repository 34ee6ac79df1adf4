/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depthwise_back.c: convolutions of one input channel a group, back to the image.
 *
 * The transpose is the forward map with the sides exchanged: each phase of x is a sum of
 * copies of y, moved by the offsets of the elements that see this phase. */
#include "base/vector.h"
#include "ops/conv/depthwise_strips.h"
#include <math.h>
#include <string.h>

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
    DcnPhases layout;
    int64_t first[3];
    bool direct; /* there is one phase: its rows are those of the image side */
    size_t wide; /* floats of the rows of a phase of a strip */
    DcnPhaseTaps taps;
    size_t n_phases;
    Phase phases[DCN_DEPTHWISE_TAPS]; /* those that have taps */
} Back;

/* Place p of phase (a, b) sees the places p, p - 1 ... p - far of the output, which the
 * padded output has as far, far - 1 ... 0. */
static void
add_phase(Back *job, const DcnWindow *w, size_t a, size_t b)
{
    const DcnPhases *l = &job->layout;
    DcnPhaseTaps *taps = &job->taps;
    Phase phase = {a, b, taps->n, 0};
    for (size_t kx = 0; kx < (size_t)w->kernel[2]; kx++) {
        size_t x = kx * (size_t)w->dilation[2], step = (size_t)w->stride[2];
        bool below = false;
        for (size_t ky = (size_t)w->kernel[1]; x % step == b && ky-- > 0;) {
            size_t y = ky * (size_t)w->dilation[1], step_y = (size_t)w->stride[1];
            if (y % step_y != a)
                continue;
            dcn_phases_add_tap(taps,
                               (l->far_y - y / step_y) * l->width + l->far_x - x / step,
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
    job.layout = dcn_phases_of(&job.output, false);
    job.direct = w->stride[1] == 1 && w->stride[2] == 1;
    job.wide = job.layout.rows * (size_t)job.output.out[2];
    return job;
}

static size_t
back_scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    Back job = back_of(NULL, &conv->window);
    size_t floats = dcn_phases_planes(&job.layout, &job.output) * conv->maps /
                    conv->groups * dcn_phases_floats(&job.layout);
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
    const DcnPhases *l = &job->layout;
    size_t maps = run->conv->maps / run->conv->groups,
           kernel = dcn_plane_size(run->conv->window.kernel);
    for (size_t m = 0; m < maps; m++) {
        bool finish = job->direct && m == maps - 1;
        job->loop(&(DcnRows){
            .taps = job->taps.taps + phase.taps,
            .n_taps = phase.n_taps,
            .weights = run->weights + (c * maps + m) * kernel,
            .from = strips + m * dcn_phases_floats(l) + first * l->width,
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

/* The channels first .. last - 1 of one image. */
static void
back_channels(const Back *job, size_t image, size_t first, size_t last, float *strips)
{
    const DcnConvRun *run = job->run;
    const DcnConv2d *conv = run->conv;
    const DcnWindow *w = &conv->window;
    const DcnPhases *l = &job->layout;
    const float *y = dcn_images_at(run->y, image);
    float *x = dcn_images_at(run->x, image);
    size_t maps = conv->maps / conv->groups, planes = dcn_phases_planes(l, &job->output),
           floats = maps * dcn_phases_floats(l);
    for (; first < last; first += planes) {
        size_t n = dcn_least(planes, last - first);
        for (size_t row = 0; row < (size_t)job->output.out[1]; row += l->rows) {
            dcn_phases_fill(&job->output, l, row,
                            y + first * maps * dcn_plane_size(w->out), n * maps, strips);
            for (size_t i = 0; i < n; i++)
                back_strip(job, first + i, row, strips + i * floats,
                           strips + planes * floats,
                           x + (first + i) * dcn_plane_size(w->in));
        }
    }
}

static void
back_range(void *user, size_t begin, size_t end, size_t worker)
{
    const Back *job = user;
    const DcnConv2d *conv = job->run->conv;
    float *strips = dcn_scratch(job->run->context, worker);
    memset(strips, 0,
           dcn_phases_planes(&job->layout, &job->output) * conv->maps / conv->groups *
               dcn_phases_floats(&job->layout) * sizeof *strips);
    while (begin < end) {
        size_t c = begin % conv->channels, n = dcn_least(end - begin, conv->channels - c);
        back_channels(job, begin / conv->channels, c, c + n, strips);
        begin += n;
    }
}

static void
back(const DcnConvRun *run)
{
    const DcnWindow *w = &run->conv->window;
    Back job = back_of(run, w);
    for (size_t k = 0; k < dcn_plane_size(w->kernel); k++) {
        size_t y = k / (size_t)w->kernel[2] * (size_t)w->dilation[1],
               x = k % (size_t)w->kernel[2] * (size_t)w->dilation[2],
               a = y % (size_t)w->stride[1], b = x % (size_t)w->stride[2];
        if (phase_of(&job, a, b).n_taps == 0)
            add_phase(&job, w, a, b);
    }
    dcn_parallel_range(run->context, run->images * run->conv->channels,
                       dcn_phases_grain(run), back_range, &job);
}

const DcnConvWay dcn_way_depthwise_back = {
    .name = "depthwise",
    .fits = dcn_depthwise_fits,
    .scratch = back_scratch,
    .run = back,
};
