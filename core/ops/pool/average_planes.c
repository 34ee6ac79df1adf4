/* SPDX-License-Identifier: GPL-3.0-or-later */
/* average_planes.c: sums over the columns of windows, then over their rows; back, the same
 * of the windows that see a place. */
#include "ops/pool/average_planes.h"
#include <string.h>

size_t
dcn_average_planes_scratch(const DcnWindow *w)
{
    DcnPlane p = dcn_plane_of(w);
    size_t n = dcn_planes_together(&p);
    return 2 * (dcn_planes_room(&p, n) + dcn_planes_before(w, &p)) * sizeof(float);
}

/* to[i]: the sum of `kernel` floats, `step` apart. */
__attribute__((always_inline)) static inline void
add_up(float *restrict to,
       const float *restrict from,
       size_t n,
       size_t kernel,
       ptrdiff_t step)
{
    if (kernel == 3) {
        for (size_t i = 0; i < n; i++)
            to[i] = from[i] + (from + step)[i] + (from + 2 * step)[i];
        return;
    }
    for (size_t i = 0; i < n; i++)
        to[i] = from[i];
    for (ptrdiff_t k = 1; k < (ptrdiff_t)kernel; k++)
        for (size_t i = 0; i < n; i++)
            to[i] += (from + k * step)[i];
}

/* The share of an element in the windows of a row: 0 of those that see padding only. */
__attribute__((always_inline)) static inline void
divide_row(const DcnAveragePlanes *a, int64_t row, const float *from, float *to)
{
    size_t width = (size_t)a->window->out[2];
    const float *restrict counts = a->counts[1];
    float rows = a->counts[0][row], even = 1 / (rows * counts[0]);
    for (size_t i = 0; a->even && i < width; i++)
        to[i] = from[i] * even;
    for (size_t i = 0; !a->even && i < width; i++) {
        float count = rows * counts[i];
        to[i] = count > 0 ? from[i] / count : 0;
    }
}

DCN_VECTOR void
dcn_average_planes(const void *planes, size_t n, const float *x, float *y, float *scratch)
{
    const DcnAveragePlanes *a = planes;
    const DcnWindow *w = a->window;
    DcnPlane p = dcn_plane_of(w);
    size_t floats = n * p.floats, in = (size_t)(w->in[1] * w->in[2]),
           out = (size_t)(w->out[1] * w->out[2]), rows = (size_t)w->kernel[1],
           columns = (size_t)w->kernel[2];
    float *padded = scratch, *along = scratch + dcn_planes_room(&p, n);
    for (size_t i = 0; !p.bare && i < n; i++)
        dcn_planes_lay_out(w, &p, x + i * in, 0, padded + i * p.floats);
    add_up(along, p.bare ? x : padded, floats - (columns - 1), columns, 1);
    for (size_t i = floats - (columns - 1); i < floats; i++)
        along[i] = 0; /* no window begins there */
    add_up(padded, along, floats - (rows - 1) * p.pitch, rows, (ptrdiff_t)p.pitch);
    for (size_t i = 0; i < n; i++)
        dcn_planes_take(w, p.pitch, padded + i * p.floats, y + i * out);
    if (a->even) {
        float share = 1 / (a->counts[0][0] * a->counts[1][0]);
        for (size_t i = 0; i < n * out; i++)
            y[i] *= share;
        return;
    }
    for (size_t i = 0; i < n; i++)
        for (int64_t row = 0; row < w->out[1]; row++, y += w->out[2])
            divide_row(a, row, y, y);
}

DCN_VECTOR void
dcn_average_planes_back(const DcnAveragePlanes *a,
                        const float *dy,
                        int64_t begin,
                        int64_t end,
                        bool fresh,
                        float *dx,
                        float *scratch)
{
    const DcnWindow *w = a->window;
    DcnPlane p = dcn_plane_of(w);
    size_t before = dcn_planes_before(w, &p), room = dcn_planes_room(&p, 1);
    float *shares = scratch + before, *along = shares + room + before;
    memset(scratch, 0, (before + room) * sizeof *scratch);
    memset(along - before, 0, before * sizeof *along);
    for (int64_t row = begin; row < end; row++)
        divide_row(a, row, dy + row * w->out[2], shares + (size_t)row * p.pitch);
    add_up(along, shares, p.floats, (size_t)w->kernel[2], -1);
    add_up(shares, along, p.floats, (size_t)w->kernel[1], -(ptrdiff_t)p.pitch);
    dcn_planes_hand(w, p.pitch, shares, fresh, false, dx);
}
