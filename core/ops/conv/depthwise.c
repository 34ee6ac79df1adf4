/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depthwise.c: convolutions of one input channel a group, without matrix products:
 * forward, and the gradient of the weights. */
#include "base/vector.h"
#include "ops/conv/depthwise_strips.h"
#include <string.h>

/* --- forward --- */

typedef struct {
    const DcnConvRun *run;
    DcnRowsLoop *loop;
    DcnPhases layout;
    DcnPhaseTaps taps;
} Ahead;

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
            .weights = run->weights + m * dcn_plane_size(w->kernel),
            .from = phases,
            .width = job->layout.width,
            .to = y + m * dcn_plane_size(w->out) + row * out_w,
            .step = out_w,
            .rows = dcn_least(job->layout.rows, (size_t)w->out[1] - row),
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
    const DcnPhases *l = &job->layout;
    const float *x = dcn_images_at(job->run->x, image);
    float *y = dcn_images_at(job->run->y, image);
    for (size_t planes = dcn_phases_planes(l, w); first < last; first += planes) {
        size_t n = dcn_least(planes, last - first);
        for (size_t row = 0; row < (size_t)w->out[1]; row += l->rows) {
            dcn_phases_fill(w, l, row, x + first * dcn_plane_size(w->in), n, phases);
            for (size_t i = 0; i < n; i++)
                forward_strip(job, first + i, row, phases + i * dcn_phases_floats(l), y);
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
           dcn_phases_planes(&job->layout, &conv->window) *
               dcn_phases_floats(&job->layout) * sizeof *phases);
    while (begin < end) {
        size_t c = begin % conv->channels, n = dcn_least(end - begin, conv->channels - c);
        forward_channels(job, begin / conv->channels, c, c + n, phases);
        begin += n;
    }
}

static void
forward(const DcnConvRun *run)
{
    const DcnWindow *w = &run->conv->window;
    Ahead job = {.run = run,
                 .loop = dcn_rows_loop((size_t)w->out[2]),
                 .layout = dcn_phases_of(w, false)};
    dcn_phases_taps(w, &job.layout, &job.taps);
    dcn_parallel_range(run->context, run->images * run->conv->channels,
                       dcn_phases_grain(run), forward_range, &job);
}

static size_t
forward_scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    DcnPhases l = dcn_phases_of(&conv->window, false);
    return dcn_phases_planes(&l, &conv->window) * dcn_phases_floats(&l) * sizeof(float);
}

/* --- the gradient of the weights --- */

typedef struct {
    const DcnConvRun *run;
    DcnPhases layout;
    DcnPhaseTaps taps;
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
    const DcnPhases *l = &job->layout;
    const DcnPhaseTaps *taps = &job->taps;
    size_t maps = conv->maps / conv->groups;
    float *phases = dcn_scratch(job->run->context, worker),
          *dy = phases + dcn_phases_floats(l);
    memset(phases, 0, dcn_phases_floats(l) * sizeof *phases);
    for (size_t image = 0; image < job->run->images; image++) {
        dcn_phases_fill(w, l, 0,
                        dcn_images_at(job->run->x, image) + c * dcn_plane_size(w->in), 1,
                        phases);
        for (size_t m = c * maps; m < (c + 1) * maps; m++) {
            float *dw = job->run->dw + m * dcn_plane_size(w->kernel);
            widen(w, l->width,
                  dcn_images_at(job->run->y, image) + m * dcn_plane_size(w->out), dy);
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
    Gradient job = {.run = run, .layout = dcn_phases_of(&run->conv->window, true)};
    dcn_phases_taps(&run->conv->window, &job.layout, &job.taps);
    dcn_parallel(run->context, run->conv->channels, weights_channel, &job);
}

static size_t
gradient_scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    (void)use;
    DcnPhases l = dcn_phases_of(&conv->window, true);
    return (dcn_phases_floats(&l) + l.rows * l.width) * sizeof(float);
}

const DcnConvWay dcn_way_depthwise_forward = {
    .name = "depthwise",
    .fits = dcn_depthwise_fits,
    .scratch = forward_scratch,
    .run = forward,
};
const DcnConvWay dcn_way_depthwise_weights = {
    .name = "depthwise",
    .fits = dcn_depthwise_fits,
    .scratch = gradient_scratch,
    .run = gradient,
};
