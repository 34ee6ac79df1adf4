/* SPDX-License-Identifier: GPL-3.0-or-later */
/* direct_strips.c: channels, padded and in phases, strip by strip. */
#include "ops/conv/direct_strips.h"
#include "base/least.h"
#include "base/vector.h"
#include "ops/product/copy_steps.h"
#include <string.h>

/* Floats of the phases of a group: of a strip of one image, which takes half of a core's
 * own cache, so that few rows are copied twice, and of a strip of several. */
#define STRIP_FLOATS ((size_t)131072)
#define IMAGES_FLOATS ((size_t)8192)

#define SUM_FLOATS ((size_t)65536) /* of a block of maps, of a strip of one image */

/* What is wider than this would take much memory. */
#define MOST_FLOATS ((size_t)1 << 20)
#define MOST_STRIDE 16
#define MOST_FAR 65536

static size_t
up(size_t value, size_t step)
{
    return (value + step - 1) / step;
}

/* The farthest tap, in places of the input and in rows or columns of a phase. */
static size_t
far_of(const DcnWindow *w, int axis)
{
    return (size_t)((w->kernel[axis] - 1) * w->dilation[axis]);
}

static size_t
extra_of(const DcnWindow *w, int axis)
{
    return far_of(w, axis) / (size_t)w->stride[axis];
}

/* The rows (columns) first .. last - 1 of phase p that lie inside of the image, of all
 * that are seen. */
static void
inside(const DcnWindow *w, int axis, size_t p, size_t *first, size_t *last)
{
    int64_t step = w->stride[axis], shift = (int64_t)p - w->begin[axis];
    int64_t a = shift < 0 ? dcn_ceil_div(-shift, step) : 0;
    int64_t b = shift >= w->in[axis] ? 0 : dcn_ceil_div(w->in[axis] - shift, step);
    b = dcn_min_i64(b, w->out[axis] + (int64_t)extra_of(w, axis));
    *last = (size_t)b;
    *first = (size_t)dcn_min_i64(a, b);
}

bool
dcn_strips_fit(const DcnConv2d *conv)
{
    const DcnWindow *w = &conv->window;
    size_t row = conv->channels / conv->groups;
    for (int axis = 1; axis < 3; axis++) {
        if (w->in[axis] < 1 || w->out[axis] < 1 || w->stride[axis] > MOST_STRIDE ||
            far_of(w, axis) > MOST_FAR)
            return false;
        row *= dcn_least((size_t)w->stride[axis], far_of(w, axis) + 1);
    }
    row *= (size_t)w->out[2] + extra_of(w, 2);
    return w->axes == 2 && row <= MOST_FLOATS / (extra_of(w, 1) + 1);
}

DcnStrips
dcn_strips(const DcnConv2d *conv, size_t images)
{
    const DcnWindow *w = &conv->window;
    size_t height = (size_t)w->out[1], width = (size_t)w->out[2] + extra_of(w, 2),
           shared = extra_of(w, 2), extra = extra_of(w, 1);
    DcnStrips l = {.window = *w,
                   .s = dcn_conv_sizes(conv),
                   .phases_y = dcn_least((size_t)w->stride[1], far_of(w, 1) + 1),
                   .phases_x = dcn_least((size_t)w->stride[2], far_of(w, 2) + 1)};
    for (size_t b = 0; b < l.phases_x; b++) {
        size_t first, last;
        inside(w, 2, b, &first, &last);
        shared = dcn_least(shared, dcn_least(first, width - last));
    }
    l.pitch = width - shared;
    size_t row = l.s.channels * l.phases_y * l.phases_x * l.pitch;
    size_t most = STRIP_FLOATS / row > extra ? STRIP_FLOATS / row - extra : 1;
    most = dcn_least(most, SUM_FLOATS / DCN_ROWS / l.pitch + 1);
    l.rows = up(height, up(height, most));
    l.parts = up(height, l.rows);
    l.image = (l.rows + extra) * l.pitch;
    l.images = 1;
    if (l.parts == 1 && images != 1) {
        l.images = IMAGES_FLOATS / (row * (l.rows + extra)) + 1;
        if (images > 0)
            l.images = up(images, up(images, l.images));
    }
    l.channel = l.phases_y * l.phases_x * l.images * l.image;
    l.vectors = up((l.rows - 1) * l.pitch + (size_t)w->out[2], DCN_PLACES);
    return l;
}

size_t
dcn_strips_count(const DcnStrips *l, size_t images)
{
    return up(images, l->images) * l->parts;
}

size_t
dcn_strips_parts(const DcnStrips *l, const DcnConvRun *run)
{
    size_t threads = (size_t)dcn_context_threads(run->context);
    return threads > 1 ? up(4 * threads, dcn_strips_count(l, run->images)) : 1;
}

/* With what the last vector reads behind the last row. */
static size_t
phase_floats(const DcnStrips *l)
{
    return up(l->s.channels * l->channel + l->vectors * DCN_PLACES + l->pitch, 16) * 16;
}

size_t
dcn_strips_bytes(const DcnStrips *l)
{
    return phase_floats(l) * sizeof(float) +
           up(l->images * l->vectors, 16) * 16 * sizeof(uint32_t);
}

DcnStrip
dcn_strip_start(const DcnStrips *l, size_t index, size_t images, void *memory)
{
    DcnStrip strip = {.first = index / l->parts * l->images,
                      .row = index % l->parts * l->rows,
                      .phases = memory,
                      .starts = (void *)((float *)memory + phase_floats(l))};
    strip.images = dcn_least(l->images, images - strip.first);
    strip.rows = dcn_least(l->rows, (size_t)l->window.out[1] - strip.row);
    memset(strip.phases, 0, phase_floats(l) * sizeof *strip.phases);
    size_t vectors =
        up((strip.rows - 1) * l->pitch + (size_t)l->window.out[2], DCN_PLACES);
    for (size_t i = 0; i < strip.images; i++)
        for (size_t v = 0; v < vectors; v++)
            strip.starts[strip.vectors++] = (uint32_t)(i * l->image + v * DCN_PLACES);
    return strip;
}

/* --- filling --- */

/* -0 is zero, too. */
DCN_VECTOR static bool
is_zero(const float *x, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t end = dcn_least(i + 64, n);
        uint32_t bits, all = 0;
        for (; i < end; i++) {
            memcpy(&bits, &x[i], sizeof bits);
            all |= bits << 1;
        }
        if (all)
            return false;
    }
    return true;
}

/* True if a channel is zero in all rows of all images that windows of the strip see. */
static bool
channel_is_zero(const DcnStrips *l,
                const DcnStrip *strip,
                const DcnImages *x,
                size_t channel)
{
    const DcnWindow *w = &l->window;
    int64_t first = (int64_t)strip->row * w->stride[1] - w->begin[1],
            end = (int64_t)(strip->row + strip->rows - 1) * w->stride[1] - w->begin[1] +
                  (int64_t)far_of(w, 1) + 1;
    first = dcn_max_i64(first, 0);
    end = dcn_min_i64(end, w->in[1]);
    for (size_t i = 0; first < end && i < strip->images; i++)
        if (!is_zero(dcn_images_at(x, strip->first + i) + channel * l->s.in +
                         first * w->in[2],
                     (size_t)((end - first) * w->in[2])))
            return false;
    return true;
}

/* One phase of a channel, of all images. */
DCN_VECTOR static void
fill_phase(const DcnStrips *l,
           const DcnStrip *strip,
           const DcnImages *x,
           size_t channel,
           const size_t phase[2],
           float *to)
{
    const DcnWindow *w = &l->window;
    size_t rows[2], columns[2], end = strip->row + strip->rows + extra_of(w, 1);
    inside(w, 1, phase[0], &rows[0], &rows[1]);
    inside(w, 2, phase[1], &columns[0], &columns[1]);
    rows[0] = rows[0] > strip->row ? rows[0] : strip->row;
    rows[1] = dcn_least(rows[1], end);
    if (rows[0] >= rows[1] || columns[0] >= columns[1])
        return;
    int64_t y = (int64_t)(rows[0] * (size_t)w->stride[1] + phase[0]) - w->begin[1],
            at = (int64_t)(columns[0] * (size_t)w->stride[2] + phase[1]) - w->begin[2];
    to += (rows[0] - strip->row) * l->pitch + columns[0];
    for (size_t i = 0; i < strip->images; i++)
        dcn_copy_steps(to + i * l->image, l->pitch,
                       dcn_images_at(x, strip->first + i) + channel * l->s.in +
                           y * w->in[2] + at,
                       (size_t)(w->stride[1] * w->in[2]), rows[1] - rows[0],
                       columns[1] - columns[0], (size_t)w->stride[2]);
}

bool
dcn_strip_fill(const DcnStrips *l,
               const DcnStrip *strip,
               const DcnImages *x,
               size_t channel,
               size_t to)
{
    if (channel_is_zero(l, strip, x, channel))
        return false;
    float *phases = strip->phases + to * l->channel;
    for (size_t a = 0; a < l->phases_y; a++)
        for (size_t b = 0; b < l->phases_x; b++, phases += l->images * l->image)
            fill_phase(l, strip, x, channel, (size_t[2]){a, b}, phases);
    return true;
}

uint32_t
dcn_strips_offset(const DcnStrips *l, size_t channel, size_t y, size_t x)
{
    size_t sy = (size_t)l->window.stride[1], sx = (size_t)l->window.stride[2],
           phase = y % sy * l->phases_x + x % sx;
    return (uint32_t)(channel * l->channel + phase * l->images * l->image +
                      y / sy * l->pitch + x / sx);
}
