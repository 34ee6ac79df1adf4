/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packed.c: convolution forward, panel by panel, with weights in the form that the inner
 * loop takes (inner.h).
 *
 * The places of all images are counted one behind the other, so that a panel is full
 * wherever images are small. A task fills a few panels with what their windows see, then
 * lets each group of maps pass over all of them. */
#include "base/least.h"
#include "base/vector.h"
#include "ops/conv/way.h"
#include "ops/product/copy_rows.h"
#include "ops/product/copy_second.h"
#include "ops/product/inner.h"
#include <string.h>

/* Floats of the panels of a task: they stay in a core's own cache. */
#define TASK_FLOATS ((size_t)98304)
#define MOST_PANELS 16

static bool
fits(const DcnConv2d *conv)
{
    return conv->window.axes <= 2;
}

/* Floats of the form of a group. */
static size_t
group_floats(const DcnConvSizes *s)
{
    return dcn_packed_floats(s->maps, s->rows);
}

static size_t
form_floats(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    (void)use;
    return group_floats(&s) * conv->groups;
}

static void
prepare(const DcnConv2d *conv, const DcnConvUse *use, const float *weights, float *form)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    (void)use;
    for (size_t g = 0; g < conv->groups; g++)
        dcn_pack(weights + g * s.maps * s.rows, s.maps, s.rows, s.rows, 1,
                 form + g * group_floats(&s));
}

static size_t
panels_of_task(const DcnConvSizes *s)
{
    size_t panels = TASK_FLOATS / (s->rows * DCN_COLUMNS);
    return panels < 1 ? 1 : panels > MOST_PANELS ? MOST_PANELS : panels;
}

static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    size_t panels = panels_of_task(&s);
    (void)use;
    return (panels * s.rows + DCN_ROWS) * DCN_COLUMNS * sizeof(float) +
           panels * s.rows * sizeof(uint32_t);
}

/* --- panels --- */

/* Neighbouring places of one image: `at` is the first column of the panel. */
typedef struct {
    size_t image, place, at, n;
} Run;

/* The runs of places that a panel holds: up to a row's end (or an image's, if by_image).
 */
static size_t
runs_of(size_t first,
        size_t columns,
        size_t out,
        size_t width,
        bool by_image,
        Run runs[DCN_COLUMNS])
{
    size_t n_runs = 0;
    for (size_t at = 0; at < columns;) {
        size_t place = (first + at) % out;
        size_t room = by_image ? out - place : width - place % width;
        size_t n = columns - at < room ? columns - at : room;
        runs[n_runs++] = (Run){(first + at) / out, place, at, n};
        at += n;
    }
    return n_runs;
}

/* Copies n floats `step` apart, once for each channel. */
DCN_VECTOR static void
copy_channels(float *restrict to,
              size_t to_step,
              const float *restrict from,
              size_t from_step,
              size_t channels,
              size_t n,
              size_t step)
{
    if (step == 1 && n < DCN_COLUMNS) {
        dcn_copy_rows(to, to_step, from, from_step, channels, n);
        return;
    }
    for (size_t c = 0; c < channels; c++, to += to_step, from += from_step) {
        if (step == 1)
            for (size_t i = 0; i < DCN_COLUMNS; i += 8) /* no call */
                memcpy(to + i, from + i, 8 * sizeof *to);
        else if (step == 2)
            dcn_copy_second(to, from, n);
        else
            for (size_t i = 0; i < n; i++)
                to[i] = from[i * step];
    }
}

static void
zero_channels(float *to, size_t to_step, size_t channels, size_t n)
{
    for (size_t c = 0; c < channels; c++, to += to_step)
        for (size_t i = 0; i < n; i++)
            to[i] = 0;
}

/* Copies what element (ky, kx) of the windows of a run sees, for all channels. */
static void
fill_element(const DcnWindow *w,
             const DcnConvSizes *s,
             const Run *run,
             const float *x,
             int64_t ky,
             int64_t kx,
             float *panel)
{
    size_t kernel = (size_t)(w->kernel[1] * w->kernel[2]), step = kernel * DCN_COLUMNS;
    int64_t oy = (int64_t)run->place / w->out[2], ox = (int64_t)run->place % w->out[2];
    int64_t iy = oy * w->stride[1] - w->begin[1] + ky * w->dilation[1], valid[2];
    float *to = panel + (size_t)(ky * w->kernel[2] + kx) * DCN_COLUMNS + run->at;
    dcn_window_places(w, 2, kx, &valid[0], &valid[1]);
    int64_t a = valid[0] - ox, b = valid[1] - ox, n = (int64_t)run->n;
    a = a < 0 ? 0 : a > n ? n : a;
    b = b > n ? n : b < a ? a : b;
    if (iy < 0 || iy >= w->in[1])
        a = b = n;
    if (a > 0)
        zero_channels(to, step, s->channels, (size_t)a);
    if (b < n)
        zero_channels(to + b, step, s->channels, (size_t)(n - b));
    if (a < b) {
        int64_t ix = (ox + a) * w->stride[2] - w->begin[2] + kx * w->dilation[2];
        copy_channels(to + a, step, x + iy * w->in[2] + ix, s->in, s->channels,
                      (size_t)(b - a), (size_t)w->stride[2]);
    }
}

/* --- tasks --- */

typedef struct {
    const DcnConvRun *run;
    DcnConvSizes s;
    DcnKernel *kernel;
    size_t depth;                       /* rows of a panel at a time */
    size_t places;                      /* of all images */
    size_t panels, task_panels, chunks; /* of all; of a task; tasks along places */
    size_t map_groups, map_parts;       /* of a group of the convolution; in parts */
} Forward;

/* The places first .. first + columns - 1, and what their windows see. */
typedef struct {
    size_t first, columns;
    float *data;
    size_t n_rows;         /* that are not zero */
    const uint32_t *which; /* those; NULL: all */
} Panel;

static void
fill_panel(const Forward *f, size_t group, const Panel *panel)
{
    const DcnWindow *w = &f->run->conv->window;
    const DcnConvSizes *s = &f->s;
    float *to = panel->data;
    Run runs[DCN_COLUMNS];
    size_t n_runs = runs_of(panel->first, panel->columns, s->out, (size_t)w->out[2],
                            s->pointwise, runs);
    for (size_t i = 0; i < n_runs; i++) {
        const float *x =
            dcn_images_at(f->run->x, runs[i].image) + group * s->channels * s->in;
        if (s->pointwise) {
            copy_channels(to + runs[i].at, DCN_COLUMNS, x + runs[i].place, s->in,
                          s->channels, runs[i].n, 1);
            continue;
        }
        for (int64_t ky = 0; ky < w->kernel[1]; ky++)
            for (int64_t kx = 0; kx < w->kernel[2]; kx++)
                fill_element(w, s, &runs[i], x, ky, kx, to);
    }
    size_t rest = DCN_COLUMNS - panel->columns;
    if (rest > 0) /* the results are not used, but NaN would be slow */
        zero_channels(to + panel->columns, DCN_COLUMNS, s->rows, rest);
}

/* A group of maps over the rows of one panel from `first` on, f->depth at most, to where
 * the maps are. */
static void
multiply(const Forward *f,
         size_t group,
         size_t maps,
         const Panel *panel,
         size_t first,
         float *block)
{
    const DcnConvSizes *s = &f->s;
    if (first > 0 && first >= panel->n_rows)
        return;
    size_t depth = dcn_least(panel->n_rows - first, f->depth),
           rows = dcn_least(s->maps - maps * DCN_ROWS, DCN_ROWS),
           map = group * s->maps + maps * DCN_ROWS;
    const float *weights =
                    f->run->form + group * group_floats(s) + maps * DCN_ROWS * s->rows,
                *data = panel->data;
    const uint32_t *which = panel->which ? panel->which + first : NULL;
    if (!which) {
        weights += first * DCN_ROWS;
        data += first * DCN_COLUMNS;
    }
    const float *next = weights + s->rows * DCN_ROWS;
    bool last = first + depth == panel->n_rows, add = f->run->add || first > 0;
    DcnFinish end = {f->run->bias ? f->run->bias + map : NULL, f->run->clamp.low,
                     f->run->clamp.high, add};
    const DcnFinish *finish = last ? &end : add ? &dcn_finish_add : NULL;
    size_t image = panel->first / s->out, place = panel->first % s->out;
    if (place + panel->columns <= s->out) {
        float *y = dcn_images_at(f->run->y, image) + map * s->out + place;
        f->kernel(depth, which, weights, next, data, rows, panel->columns, y, s->out,
                  finish);
        return;
    }
    Run runs[DCN_COLUMNS];
    size_t n_runs = runs_of(panel->first, panel->columns, s->out, s->out, true, runs);
    for (size_t i = 0; add && i < n_runs; i++)
        dcn_copy_rows(block + runs[i].at, DCN_COLUMNS,
                      dcn_images_at(f->run->y, runs[i].image) + map * s->out +
                          runs[i].place,
                      s->out, rows, runs[i].n);
    f->kernel(depth, which, weights, next, data, rows, panel->columns, block, DCN_COLUMNS,
              finish);
    for (size_t i = 0; i < n_runs; i++)
        dcn_copy_rows(dcn_images_at(f->run->y, runs[i].image) + map * s->out +
                          runs[i].place,
                      s->out, block + runs[i].at, DCN_COLUMNS, rows, runs[i].n);
}

/* The panels of a task, filled; returns how many. */
static size_t
fill_panels(const Forward *f,
            size_t group,
            size_t chunk,
            float *data,
            uint32_t *which,
            Panel panels[MOST_PANELS])
{
    size_t n = 0, rows = f->s.rows;
    for (size_t p = chunk * f->task_panels; n < f->task_panels && p < f->panels; p++) {
        size_t at = p * DCN_COLUMNS,
               columns = f->places - at < DCN_COLUMNS ? f->places - at : DCN_COLUMNS;
        Panel *panel = &panels[n++];
        *panel = (Panel){at, columns, data, rows, NULL};
        fill_panel(f, group, panel);
        panel->n_rows = dcn_nonzero_rows(data, rows, which);
        if (panel->n_rows < rows)
            panel->which = which;
        data += rows * DCN_COLUMNS;
        which += rows;
    }
    return n;
}

/* Scratch: panels, a block of results, lists of rows. */
static void
forward_task(void *user, size_t index, size_t worker)
{
    const Forward *f = user;
    const DcnConvSizes *s = &f->s;
    size_t part = index % f->map_parts, chunk = index / f->map_parts % f->chunks;
    size_t group = index / f->map_parts / f->chunks;
    size_t begin = part * f->map_groups / f->map_parts,
           end = (part + 1) * f->map_groups / f->map_parts;
    float *data = dcn_scratch(f->run->context, worker),
          *block = data + f->task_panels * s->rows * DCN_COLUMNS;
    Panel panels[MOST_PANELS];
    size_t n_panels = fill_panels(f, group, chunk, data,
                                  (void *)(block + DCN_ROWS * DCN_COLUMNS), panels);
    /* Weights that are wanted next are at hand, or panels are. */
    for (size_t first = 0; first == 0 || first < s->rows; first += f->depth)
        if (f->depth < SIZE_MAX) {
            for (size_t p = 0; p < n_panels; p++)
                for (size_t g = begin; g < end; g++)
                    multiply(f, group, g, &panels[p], first, block);
        } else {
            for (size_t g = begin; g < end; g++)
                for (size_t p = 0; p < n_panels; p++)
                    multiply(f, group, g, &panels[p], first, block);
        }
}

static void
forward(const DcnConvRun *run)
{
    size_t groups = run->conv->groups;
    const DcnInner *inner = dcn_inner();
    Forward f = {
        .run = run,
        .s = dcn_conv_sizes(run->conv),
        .kernel = inner->run,
        .depth = inner->depth ? inner->depth : SIZE_MAX,
    };
    f.places = run->images * f.s.out;
    if (f.places == 0 || f.s.maps == 0)
        return;
    f.panels = (f.places - 1) / DCN_COLUMNS + 1;
    f.map_groups = (f.s.maps - 1) / DCN_ROWS + 1;
    f.task_panels = panels_of_task(&f.s);
    size_t threads = (size_t)dcn_context_threads(run->context),
           wanted = threads > 1 ? 4 * threads : 1;
    size_t even = (f.panels * groups - 1) / wanted + 1;
    f.task_panels = f.task_panels < even ? f.task_panels : even;
    f.chunks = (f.panels - 1) / f.task_panels + 1;
    f.map_parts = 1;
    if (f.chunks * groups < 2 * threads && threads > 1)
        f.map_parts = f.map_groups < threads ? f.map_groups : threads;
    dcn_parallel(run->context, groups * f.chunks * f.map_parts, forward_task, &f);
}

const DcnConvWay dcn_way_packed = {
    .name = "packed",
    .fits = fits,
    .floats = form_floats,
    .prepare = prepare,
    .scratch = scratch,
    .run = forward,
};
