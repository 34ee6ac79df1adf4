/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packed.c: convolution forward, panel by panel.
 *
 * The places of all images are counted one behind the other, so that a panel is full
 * wherever images are small. A task fills a few panels with what their windows see, then
 * lets each group of maps pass over all of them. */
#include "ops/conv/packed.h"
#include "base/vector.h"
#include "ops/conv/depthwise.h"
#include "ops/product/copy_rows.h"
#include "ops/product/copy_second.h"
#include "ops/product/inner.h"
#include <string.h>

/* Floats of the panels of a task: they stay in a core's own cache. */
#define TASK_FLOATS ((size_t)98304)
#define MOST_PANELS 16

typedef struct {
    size_t channels, maps; /* of a group */
    size_t rows;           /* channels x kernel */
    size_t in, out;        /* places of a plane */
    size_t group_floats;   /* of packed weights */
    bool pointwise;        /* a place of the output sees the same place of the input */
} Sizes;

static Sizes
sizes_of(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    Sizes s = {
        .channels = conv->channels / conv->groups,
        .maps = conv->maps / conv->groups,
        .in = (size_t)(w->in[1] * w->in[2]),
        .out = (size_t)(w->out[1] * w->out[2]),
        .pointwise = true,
    };
    s.rows = s.channels * (size_t)(w->kernel[1] * w->kernel[2]);
    s.group_floats = dcn_packed_floats(s.maps, s.rows);
    for (int axis = 1; axis < 3; axis++)
        s.pointwise = s.pointwise && w->kernel[axis] == 1 && w->stride[axis] == 1 &&
                      w->begin[axis] == 0 && w->end[axis] == 0;
    return s;
}

bool
dcn_packed_fits(const DcnConv2d *conv)
{
    return conv->window.axes <= 2 && !dcn_depthwise_fits(conv);
}

size_t
dcn_packed_weights(const DcnConv2d *conv)
{
    return sizes_of(conv).group_floats * conv->groups;
}

void
dcn_packed_prepare(const DcnConv2d *conv, const float *w, float *packed)
{
    Sizes s = sizes_of(conv);
    for (size_t g = 0; g < conv->groups; g++)
        dcn_pack(w + g * s.maps * s.rows, s.maps, s.rows, s.rows, 1,
                 packed + g * s.group_floats);
}

static size_t
panels_of_task(const Sizes *s)
{
    size_t panels = TASK_FLOATS / (s->rows * DCN_COLUMNS);
    return panels < 1 ? 1 : panels > MOST_PANELS ? MOST_PANELS : panels;
}

size_t
dcn_packed_scratch(const DcnConv2d *conv)
{
    Sizes s = sizes_of(conv);
    size_t panels = panels_of_task(&s);
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
            memcpy(to, from, DCN_COLUMNS * sizeof *to);
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

/* What element (ky, kx) of the windows of a run sees, for all channels. */
static void
fill_element(const DcnWindow *w,
             const Sizes *s,
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
    const DcnConv2d *conv;
    Sizes s;
    DcnContext *context;
    const DcnImages *x, *y;
    const float *packed, *bias;
    DcnClamp clamp;
    bool add;
    DcnKernel *kernel;
    size_t places;                      /* of all images */
    size_t panels, task_panels, chunks; /* of all; of a task; tasks along places */
    size_t map_groups, map_parts;       /* of a group of the convolution; in parts */
} Forward;

/* The places first .. first + columns - 1, and what their windows see. */
typedef struct {
    size_t first, columns;
    float *data;
    size_t live;           /* rows that are not zero */
    const uint32_t *which; /* those; NULL: all */
} Panel;

static void
fill_panel(const Forward *f, size_t group, const Panel *panel)
{
    const DcnWindow *w = &f->conv->window;
    const Sizes *s = &f->s;
    float *to = panel->data;
    Run runs[DCN_COLUMNS];
    size_t n_runs = runs_of(panel->first, panel->columns, s->out, (size_t)w->out[2],
                            s->pointwise, runs);
    for (size_t i = 0; i < n_runs; i++) {
        const float *x = dcn_images_at(f->x, runs[i].image) + group * s->channels * s->in;
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
    if (rest > 0) /* what is read there counts for nothing, but NaN is slow */
        zero_channels(to + panel->columns, DCN_COLUMNS, s->rows, rest);
}

/* A group of maps over one panel, to where the maps are. */
static void
multiply(const Forward *f,
         size_t map,
         size_t rows,
         const float *weights,
         const Panel *panel,
         float *block)
{
    const Sizes *s = &f->s;
    const float *next = weights + s->rows * DCN_ROWS;
    DcnFinish finish = {f->bias ? f->bias + map : NULL, f->clamp.low, f->clamp.high,
                        f->add};
    size_t image = panel->first / s->out, place = panel->first % s->out;
    if (place + panel->columns <= s->out) {
        float *y = dcn_images_at(f->y, image) + map * s->out + place;
        f->kernel(panel->live, panel->which, weights, next, panel->data, rows,
                  panel->columns, y, s->out, &finish);
        return;
    }
    Run runs[DCN_COLUMNS];
    size_t n_runs = runs_of(panel->first, panel->columns, s->out, s->out, true, runs);
    for (size_t i = 0; f->add && i < n_runs; i++)
        dcn_copy_rows(block + runs[i].at, DCN_COLUMNS,
                      dcn_images_at(f->y, runs[i].image) + map * s->out + runs[i].place,
                      s->out, rows, runs[i].n);
    f->kernel(panel->live, panel->which, weights, next, panel->data, rows, panel->columns,
              block, DCN_COLUMNS, &finish);
    for (size_t i = 0; i < n_runs; i++)
        dcn_copy_rows(dcn_images_at(f->y, runs[i].image) + map * s->out + runs[i].place,
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
        panel->live = dcn_live_rows(data, rows, which);
        if (panel->live < rows)
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
    const Sizes *s = &f->s;
    size_t part = index % f->map_parts, chunk = index / f->map_parts % f->chunks;
    size_t group = index / f->map_parts / f->chunks;
    size_t begin = part * f->map_groups / f->map_parts,
           end = (part + 1) * f->map_groups / f->map_parts;
    float *data = dcn_scratch(f->context, worker),
          *block = data + f->task_panels * s->rows * DCN_COLUMNS;
    Panel panels[MOST_PANELS];
    size_t n_panels = fill_panels(f, group, chunk, data,
                                  (void *)(block + DCN_ROWS * DCN_COLUMNS), panels);
    for (size_t g = begin; g < end; g++) {
        size_t rows =
            s->maps - g * DCN_ROWS < DCN_ROWS ? s->maps - g * DCN_ROWS : DCN_ROWS;
        const float *weights =
            f->packed + group * s->group_floats + g * DCN_ROWS * s->rows;
        for (size_t p = 0; p < n_panels; p++)
            multiply(f, group * s->maps + g * DCN_ROWS, rows, weights, &panels[p], block);
    }
}

void
dcn_packed_forward(const DcnConv2d *conv,
                   DcnContext *context,
                   size_t images,
                   const DcnImages *y,
                   const DcnImages *x,
                   const float *packed,
                   const float *bias,
                   DcnClamp clamp,
                   bool add)
{
    Forward f = {
        .conv = conv,
        .s = sizes_of(conv),
        .context = context,
        .x = x,
        .y = y,
        .packed = packed,
        .bias = bias,
        .clamp = clamp,
        .add = add,
        .kernel = dcn_kernel(),
    };
    f.places = images * f.s.out;
    if (f.places == 0 || f.s.maps == 0)
        return;
    f.panels = (f.places - 1) / DCN_COLUMNS + 1;
    f.map_groups = (f.s.maps - 1) / DCN_ROWS + 1;
    f.task_panels = panels_of_task(&f.s);
    size_t threads = (size_t)dcn_context_threads(context),
           wanted = threads > 1 ? 4 * threads : 1;
    size_t even = (f.panels * conv->groups - 1) / wanted + 1;
    f.task_panels = f.task_panels < even ? f.task_panels : even;
    f.chunks = (f.panels - 1) / f.task_panels + 1;
    f.map_parts = 1;
    if (f.chunks * conv->groups < 2 * threads && threads > 1)
        f.map_parts = f.map_groups < threads ? f.map_groups : threads;
    dcn_parallel(context, conv->groups * f.chunks * f.map_parts, forward_task, &f);
}
