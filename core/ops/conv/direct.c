/* SPDX-License-Identifier: GPL-3.0-or-later */
/* direct.c: convolutions forward without columns, for groups of few channels and maps.
 *
 * Where a group has few maps, laying out what each window sees takes as long as the
 * products. Here each channel is copied once, padded, in phases as depthwise.c has them,
 * but with rows as close as the padding allows: phase (a, b) holds its rows a, a +
 * stride ... and of these the columns b, b + stride ... What a tap sees at all places is
 * one phase, moved by a fixed offset. Places are counted with rows of the output as far
 * apart as those of a phase: what falls between two rows is computed and thrown away.
 *
 * An example: rows of 7 places, a kernel of 3, one place of padding on either side. The
 * zero behind a row is also that before the next one, so rows are 8 floats apart, and 7
 * rows of the output are 55 places: four vectors of 16.
 *
 * A task is a strip (some rows of one image, or some images) and some groups. */
#include "base/vector.h"
#include "ops/conv/direct_kernel.h"
#include "ops/conv/way.h"
#include "ops/product/copy_rows.h"
#include "ops/product/copy_second.h"
#include <string.h>

#define MOST_ROWS 2048 /* channels x kernel of a group */
#define MOST_MAPS 32   /* of a group; more if the channels are few */
#define MOST_CHANNELS 32
#define COPY 6

/* Floats of the phases of a group: of a strip of one image, which stay in a core's own
 * cache while few rows are copied twice, and of a strip of several. */
#define STRIP_FLOATS ((size_t)32768)
#define IMAGES_FLOATS ((size_t)8192)

typedef struct {
    size_t phases_y, phases_x; /* that any tap sees */
    size_t pitch;              /* floats from one row of a phase to the next */
    size_t rows;               /* of the output, of a strip */
    size_t strips;             /* of an image; more than 1 only if a strip is one image */
    size_t images;             /* of a strip */
    size_t image;              /* floats of a phase of one image */
    size_t channel;            /* floats of all phases of all images */
    size_t vectors;            /* of an image */
} Layout;

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t
up(size_t value, size_t step)
{
    return (value + step - 1) / step;
}

/* The farthest tap, in places of the input. */
static size_t
far_of(const DcnWindow *w, int axis)
{
    return (size_t)((w->kernel[axis] - 1) * w->dilation[axis]);
}

/* The rows (columns) first .. last - 1 of phase p that lie inside of the image, of n. */
static void
inside(const DcnWindow *w, int axis, size_t p, size_t n, size_t *first, size_t *last)
{
    int64_t step = w->stride[axis], shift = (int64_t)p - w->begin[axis];
    int64_t a = shift < 0 ? dcn_ceil_div(-shift, step) : 0;
    int64_t b = shift >= w->in[axis] ? 0 : dcn_ceil_div(w->in[axis] - shift, step);
    b = dcn_min_i64(b, (int64_t)n);
    *last = (size_t)b;
    *first = (size_t)dcn_min_i64(a, b);
}

static Layout
layout_of(const DcnConv2d *conv, size_t images)
{
    const DcnWindow *w = &conv->window;
    size_t far_y = far_of(w, 1), far_x = far_of(w, 2), sy = (size_t)w->stride[1],
           sx = (size_t)w->stride[2], height = (size_t)w->out[1],
           channels = conv->channels / conv->groups;
    Layout l = {.phases_y = least(sy, far_y + 1), .phases_x = least(sx, far_x + 1)};
    size_t width = (size_t)w->out[2] + far_x / sx, shared = far_x / sx;
    for (size_t b = 0; b < l.phases_x; b++) {
        size_t first, last;
        inside(w, 2, b, width, &first, &last);
        shared = least(shared, least(first, width - last));
    }
    l.pitch = width - shared;
    size_t row = channels * l.phases_y * l.phases_x * l.pitch, extra = far_y / sy;
    size_t most = STRIP_FLOATS / row > extra ? STRIP_FLOATS / row - extra : 1;
    l.strips = up(height, most);
    l.rows = up(height, l.strips);
    l.strips = up(height, l.rows);
    l.image = (l.rows + extra) * l.pitch;
    l.images = 1;
    if (l.strips == 1 && images > 1) {
        l.images = least(IMAGES_FLOATS / (row * (l.rows + extra)) + 1, images);
        l.images = up(images, up(images, l.images));
    }
    l.channel = l.phases_y * l.phases_x * l.images * l.image;
    l.vectors = up((l.rows - 1) * l.pitch + (size_t)w->out[2], DCN_PLACES);
    return l;
}

static bool
fits(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    DcnConvSizes s = dcn_conv_sizes(conv);
    return w->axes == 2 && s.rows <= MOST_ROWS && s.out > 0 && s.in > 0;
}

/* Floats of vectors, and of the panels of packed.c, that an image takes. Copying what a
 * window sees into panels takes as long as the products of COPY maps. With many maps and
 * many channels the inner loop would wait for the second cache. */
static bool
pays(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    size_t images = use->images ? use->images : 1;
    Layout l = layout_of(conv, images);
    size_t direct = images * l.strips * l.vectors * DCN_PLACES,
           panels = up(images * s.out, DCN_COLUMNS) * DCN_COLUMNS;
    return s.kernel > 1 &&
           (s.maps <= MOST_MAPS || s.channels * l.phases_x <= MOST_CHANNELS) &&
           direct * s.maps <= panels * s.maps + images * s.out * COPY;
}

/* --- weights --- */

/* Maps of the block that begins with a map. */
static size_t
block_at(const DcnConvSizes *s, size_t map)
{
    return least(s->maps - map, DCN_ROWS);
}

/* Floats of the form of a group. */
static size_t
group_floats(const DcnConvSizes *s)
{
    size_t whole = s->maps / DCN_ROWS * DCN_ROWS;
    return s->rows * (whole + (whole < s->maps ? dcn_direct_step(s->maps - whole) : 0));
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
        for (size_t m = 0; m < s.maps; m += DCN_ROWS) {
            size_t maps = block_at(&s, m), step = dcn_direct_step(maps);
            const float *from = weights + (g * s.maps + m) * s.rows;
            for (size_t i = 0; i < s.rows; i++)
                for (size_t r = 0; r < step; r++)
                    *form++ = r < maps ? from[r * s.rows + i] : 0;
        }
}

/* --- a run --- */

typedef struct {
    const DcnConvRun *run;
    DcnConvSizes s;
    Layout l;
    size_t parts; /* tasks along groups */
    DcnDirectKernel *kernel;
} Forward;

/* A strip and what a task has of it. */
typedef struct {
    size_t image, images, row, rows;
    float *phases, *sums;
    size_t ld; /* floats of the sums of a map */
    uint32_t *starts;
    DcnTap *all, *some; /* all taps; those of channels that are not zero */
} Task;

static size_t
sum_floats(const Layout *l)
{
    return DCN_ROWS * l->images * l->vectors * DCN_PLACES;
}

static size_t
phase_floats(const Layout *l, const DcnConvSizes *s)
{
    return up(s->channels * l->channel + l->vectors * DCN_PLACES + l->pitch, 16) * 16;
}

static size_t
scratch(const DcnConv2d *conv, const DcnConvUse *use)
{
    DcnConvSizes s = dcn_conv_sizes(conv);
    Layout l = layout_of(conv, use->images ? use->images : IMAGES_FLOATS);
    return (phase_floats(&l, &s) + sum_floats(&l)) * sizeof(float) +
           2 * s.rows * sizeof(DcnTap) + l.images * l.vectors * sizeof(uint32_t);
}

DCN_VECTOR static void
copy_plane(float *to,
           size_t to_step,
           const float *from,
           size_t from_step,
           size_t rows,
           size_t n,
           size_t step)
{
    if (step == 1) {
        dcn_copy_rows(to, to_step, from, from_step, rows, n);
        return;
    }
    for (size_t y = 0; y < rows; y++, to += to_step, from += from_step)
        if (step == 2)
            dcn_copy_second(to, from, n);
        else
            for (size_t i = 0; i < n; i++)
                to[i] = from[i * step];
}

/* A channel of all images of a strip into phases, which are zero where nothing is
 * written. */
static void
fill_channel(const Forward *f, const Task *t, size_t channel, float *to)
{
    const DcnWindow *w = &f->run->conv->window;
    const Layout *l = &f->l;
    size_t height = (size_t)w->out[1] + far_of(w, 1) / (size_t)w->stride[1],
           width = (size_t)w->out[2] + far_of(w, 2) / (size_t)w->stride[2],
           end = t->row + t->rows + far_of(w, 1) / (size_t)w->stride[1];
    for (size_t a = 0; a < l->phases_y; a++)
        for (size_t b = 0; b < l->phases_x; b++, to += l->images * l->image) {
            size_t y[2], x[2];
            inside(w, 1, a, height, &y[0], &y[1]);
            inside(w, 2, b, width, &x[0], &x[1]);
            y[0] = y[0] > t->row ? y[0] : t->row;
            y[1] = least(y[1], end);
            if (y[0] >= y[1] || x[0] >= x[1])
                continue;
            int64_t iy = (int64_t)(y[0] * (size_t)w->stride[1] + a) - w->begin[1],
                    ix = (int64_t)(x[0] * (size_t)w->stride[2] + b) - w->begin[2];
            for (size_t i = 0; i < t->images; i++)
                copy_plane(to + i * l->image + (y[0] - t->row) * l->pitch + x[0],
                           l->pitch,
                           dcn_images_at(f->run->x, t->image + i) + channel * f->s.in +
                               iy * w->in[2] + ix,
                           (size_t)(w->stride[1] * w->in[2]), y[1] - y[0], x[1] - x[0],
                           (size_t)w->stride[2]);
        }
}

/* The taps of a channel; returns how many. */
static size_t
taps_of_channel(const Forward *f, size_t channel, DcnTap *taps)
{
    const DcnWindow *w = &f->run->conv->window;
    const Layout *l = &f->l;
    size_t sy = (size_t)w->stride[1], sx = (size_t)w->stride[2], n = 0;
    for (size_t ky = 0; ky < (size_t)w->kernel[1]; ky++)
        for (size_t kx = 0; kx < (size_t)w->kernel[2]; kx++, n++) {
            size_t y = ky * (size_t)w->dilation[1], x = kx * (size_t)w->dilation[2];
            size_t phase = y % sy * l->phases_x + x % sx;
            taps[n] =
                (DcnTap){(uint32_t)(channel * l->channel + phase * l->images * l->image +
                                    y / sy * l->pitch + x / sx),
                         (uint32_t)(channel * f->s.kernel + n)};
        }
    return n;
}

DCN_VECTOR static bool
is_zero(const float *x, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t end = least(i + 64, n);
        int some = 0;
        for (; i < end; i++)
            some |= x[i] != 0;
        if (some)
            return false;
    }
    return true;
}

static void
write_maps(const Forward *f, const Task *t, const float *sums, size_t map, size_t maps)
{
    const Layout *l = &f->l;
    size_t width = (size_t)f->run->conv->window.out[2];
    DcnClamp clamp = f->run->clamp;
    for (size_t m = 0; m < maps; m++)
        for (size_t i = 0; i < t->images; i++) {
            float *y = dcn_images_at(f->run->y, t->image + i) + (map + m) * f->s.out +
                       t->row * width;
            const float *from = sums + m * t->ld + i * l->vectors * DCN_PLACES;
            if (!f->run->add) {
                dcn_copy_rows(y, width, from, l->pitch, t->rows, width);
                continue;
            }
            for (size_t r = 0; r < t->rows; r++, y += width, from += l->pitch)
                for (size_t x = 0; x < width; x++)
                    y[x] = dcn_clamp(clamp, y[x] + from[x]);
        }
}

static void
forward_group(const Forward *f, const Task *t, size_t group)
{
    const DcnConvSizes *s = &f->s;
    const DcnTap *taps = t->all;
    size_t n_taps = 0, vectors = t->images * f->l.vectors;
    for (size_t c = 0; c < s->channels; c++) {
        float *to = t->phases + c * f->l.channel;
        fill_channel(f, t, group * s->channels + c, to);
        if (is_zero(to, f->l.channel))
            continue;
        memcpy(t->some + n_taps, t->all + c * s->kernel, s->kernel * sizeof *taps);
        n_taps += s->kernel;
    }
    taps = t->some;
    const float *weights = f->run->form + group * group_floats(s);
    for (size_t m = 0; m < s->maps; m += DCN_ROWS) {
        size_t maps = block_at(s, m), map = group * s->maps + m;
        DcnFinish finish = {.bias = f->run->bias ? f->run->bias + map : NULL,
                            .low = f->run->add ? -__builtin_inff() : f->run->clamp.low,
                            .high = f->run->add ? __builtin_inff() : f->run->clamp.high};
        f->kernel(taps, n_taps, weights, maps, t->phases, t->starts, vectors, t->sums,
                  t->ld, &finish);
        weights += s->rows * DCN_ROWS;
        write_maps(f, t, t->sums, map, maps);
    }
}

static void
forward_task(void *user, size_t index, size_t worker)
{
    const Forward *f = user;
    const Layout *l = &f->l;
    size_t groups = f->run->conv->groups, part = index % f->parts,
           strip = index / f->parts;
    Task t = {.image = strip / l->strips * l->images,
              .row = strip % l->strips * l->rows,
              .phases = dcn_scratch(f->run->context, worker),
              .ld = l->images * l->vectors * DCN_PLACES};
    t.images = least(l->images, f->run->images - t.image);
    t.rows = least(l->rows, (size_t)f->run->conv->window.out[1] - t.row);
    t.sums = t.phases + phase_floats(l, &f->s);
    t.all = (DcnTap *)(void *)(t.sums + sum_floats(l));
    t.some = t.all + f->s.rows;
    t.starts = (uint32_t *)(void *)(t.some + f->s.rows);
    memset(t.phases, 0, phase_floats(l, &f->s) * sizeof *t.phases);
    for (size_t c = 0; c < f->s.channels; c++)
        taps_of_channel(f, c, t.all + c * f->s.kernel);
    for (size_t i = 0, n = 0; i < t.images; i++)
        for (size_t v = 0; v < l->vectors; v++)
            t.starts[n++] = (uint32_t)(i * l->image + v * DCN_PLACES);
    for (size_t g = part * groups / f->parts; g < (part + 1) * groups / f->parts; g++)
        forward_group(f, &t, g);
}

static void
forward(const DcnConvRun *run)
{
    Forward f = {.run = run,
                 .s = dcn_conv_sizes(run->conv),
                 .l = layout_of(run->conv, run->images),
                 .kernel = dcn_direct_kernel()};
    size_t threads = (size_t)dcn_context_threads(run->context),
           strips = up(run->images, f.l.images) * f.l.strips;
    f.parts = threads > 1 ? least(up(4 * threads, strips), run->conv->groups) : 1;
    dcn_parallel(run->context, strips * f.parts, forward_task, &f);
}

const DcnConvWay dcn_way_direct = {
    .name = "direct",
    .fits = fits,
    .pays = pays,
    .floats = form_floats,
    .prepare = prepare,
    .scratch = scratch,
    .run = forward,
};
