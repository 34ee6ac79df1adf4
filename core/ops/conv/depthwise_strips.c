/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depthwise_strips.c: planes of depthwise convolutions, laid out for their inner loop. */
#include "ops/conv/depthwise_strips.h"
#include "base/vector.h"
#include "ops/product/copy_steps.h"

/* With more maps a channel than this the matrix product is quicker. */
#define MOST_MAPS 4

/* Floats of a strip's phases, about, and places that a thread takes at a time. */
#define STRIP ((size_t)4096)
#define LEAST_GRAIN ((size_t)4096)
#define MOST_GRAIN ((size_t)32768)
#define BLOCK ((size_t)7) /* rows of a strip: multiples of it */

bool
dcn_depthwise_fits(const DcnConv2d *conv)
{
    return conv->groups > 1 && conv->channels == conv->groups &&
           conv->maps / conv->groups <= MOST_MAPS &&
           conv->window.kernel[1] * conv->window.kernel[2] <= DCN_DEPTHWISE_TAPS;
}

DcnPhases
dcn_phases_of(const DcnWindow *w, bool whole)
{
    size_t far_y = (size_t)((w->kernel[1] - 1) * w->dilation[1]),
           far_x = (size_t)((w->kernel[2] - 1) * w->dilation[2]);
    DcnPhases l = {
        .phases_y = dcn_least((size_t)w->stride[1], far_y + 1),
        .phases_x = dcn_least((size_t)w->stride[2], far_x + 1),
        .far_y = far_y / (size_t)w->stride[1],
        .far_x = far_x / (size_t)w->stride[2],
        .rows = (size_t)w->out[1],
    };
    l.width = (size_t)w->out[2] + l.far_x;
    if (!whole && w->out[2] > 8)
        l.width = (l.width + 15) / 16 * 16;
    if (!whole) {
        size_t room = STRIP / (l.phases_y * l.phases_x * l.width),
               rows = room > l.far_y + BLOCK ? (room - l.far_y) / BLOCK * BLOCK : BLOCK;
        l.rows = dcn_least(rows, l.rows);
    }
    l.height = l.rows + l.far_y;
    l.size = ((l.height + DCN_ROWS_BEHIND) * l.width + DCN_BEHIND + 15) / 16 * 16;
    return l;
}

size_t
dcn_phases_floats(const DcnPhases *l)
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

static inline void
zero_rows(float *rows, size_t width, size_t n, size_t first, size_t last)
{
    for (size_t r = 0; r < n; r++, rows += width)
        for (size_t i = first; i < last; i++)
            rows[i] = 0;
}

DCN_VECTOR void
dcn_phases_fill(const DcnWindow *w,
                const DcnPhases *l,
                size_t first_row,
                const float *x,
                size_t n,
                float *phases)
{
    int64_t step = w->stride[1];
    bool whole = l->rows == (size_t)w->out[1];
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
            const float *from =
                x + ((top * step + shift) * w->in[2] + (int64_t)first * w->stride[2] +
                     (int64_t)b - w->begin[2]);
            for (size_t i = 0; i < n && first < last; i++) {
                float *to = phase + i * dcn_phases_floats(l);
                if (!whole) {
                    zero_rows(to, l->width, (size_t)top, first, last);
                    zero_rows(to + (size_t)end * l->width, l->width,
                              l->height - (size_t)end, first, last);
                }
                if (top < end)
                    dcn_copy_steps(to + (size_t)top * l->width + first, l->width,
                                   from + i * dcn_plane_size(w->in),
                                   (size_t)(step * w->in[2]), (size_t)(end - top),
                                   last - first, (size_t)w->stride[2]);
            }
        }
    }
}

size_t
dcn_phases_planes(const DcnPhases *l, const DcnWindow *w)
{
    return l->rows < (size_t)w->out[1] ? 1 : STRIP / dcn_phases_floats(l) + 1;
}

/* --- taps --- */

void
dcn_phases_add_tap(
    DcnPhaseTaps *taps, size_t at, size_t element, size_t width, bool below)
{
    DcnTaps *last = taps->n > 0 ? &taps->taps[taps->n - 1] : NULL;
    ptrdiff_t weight = (ptrdiff_t)element;
    if (last && below && last->height < DCN_TALLEST &&
        at == last->at + last->height * width) {
        last->next = last->height == 1 ? weight - last->weight : last->next;
        last->height++;
    } else {
        taps->taps[taps->n++] = (DcnTaps){at, 1, weight, 0};
    }
}

void
dcn_phases_taps(const DcnWindow *w, const DcnPhases *l, DcnPhaseTaps *taps)
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
                dcn_phases_add_tap(taps,
                                   phase * l->size + y / step_y * l->width + x / step_x,
                                   ky * (size_t)w->kernel[2] + kx, l->width, below);
                below = true;
            }
        }
}

/* --- tasks --- */

size_t
dcn_phases_grain(const DcnConvRun *run)
{
    const DcnWindow *w = &run->conv->window;
    size_t places = dcn_plane_size(w->in) + dcn_plane_size(w->out),
           most = MOST_GRAIN / places + 1, fewest = LEAST_GRAIN / places + 1,
           even = run->images * run->conv->channels /
                  (4 * (size_t)dcn_context_threads(run->context));
    return even < fewest ? fewest : even > most ? most : even;
}
