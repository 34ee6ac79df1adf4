/* SPDX-License-Identifier: GPL-3.0-or-later */
/* max_planes.c: forward, the largest of each window's columns, then of its rows. Back,
 * first the number of the element that is the maximum, for all windows, then for each
 * place the sum of what the windows give that have it there. */
#include "ops/pool/max_planes.h"
#include <math.h>
#include <string.h>

/* --- forward --- */

size_t
dcn_max_planes_scratch(const DcnWindow *w)
{
    DcnPlane p = dcn_plane_of(w);
    return 2 * dcn_planes_room(&p, dcn_planes_together(&p)) * sizeof(float);
}

/* NaN is never larger. */
__attribute__((always_inline)) static inline float
larger(float a, float most)
{
    return a > most ? a : most;
}

/* to[i]: the largest of `kernel` floats, `step` apart. */
__attribute__((always_inline)) static inline void
raise(
    float *restrict to, const float *restrict from, size_t n, size_t kernel, size_t step)
{
    if (kernel == 3) {
        for (size_t i = 0; i < n; i++)
            to[i] = larger(from[i + 2 * step],
                           larger(from[i + step], larger(from[i], -INFINITY)));
        return;
    }
    for (size_t i = 0; i < n; i++)
        to[i] = larger(from[i], -INFINITY);
    for (size_t k = 1; k < kernel; k++)
        for (size_t i = 0; i < n; i++)
            to[i] = larger(from[i + k * step], to[i]);
}

DCN_VECTOR void
dcn_max_planes(const void *window, size_t n, const float *x, float *y, float *scratch)
{
    const DcnWindow *w = window;
    DcnPlane p = dcn_plane_of(w);
    size_t floats = n * p.floats, in = (size_t)(w->in[1] * w->in[2]),
           out = (size_t)(w->out[1] * w->out[2]), rows = (size_t)w->kernel[1],
           columns = (size_t)w->kernel[2];
    float *padded = scratch, *along = scratch + dcn_planes_room(&p, n);
    for (size_t i = 0; !p.bare && i < n; i++)
        dcn_planes_lay_out(w, &p, x + i * in, -INFINITY, padded + i * p.floats);
    raise(along, p.bare ? x : padded, floats - (columns - 1), columns, 1);
    for (size_t i = floats - (columns - 1); i < floats; i++)
        along[i] = 0; /* no window begins there */
    raise(padded, along, floats - (rows - 1) * p.pitch, rows, p.pitch);
    for (size_t i = 0; i < n; i++)
        dcn_planes_take(w, p.pitch, padded + i * p.floats, y + i * out);
}

/* --- back --- */

bool
dcn_max_planes_back_fit(const DcnWindow *w)
{
    return dcn_planes_fit(w) && w->stride[1] == 1 && w->stride[2] == 1;
}

size_t
dcn_max_planes_back_scratch(const DcnWindow *w)
{
    DcnPlane p = dcn_plane_of(w);
    return (4 * dcn_planes_room(&p, 1) + 3 * dcn_planes_before(w, &p)) * sizeof(float);
}

/* found[o]: the first element of window o that is its maximum; -1: none is. */
__attribute__((always_inline)) static inline void
find(const float *restrict x,
     const float *restrict y,
     size_t n,
     size_t pitch,
     size_t rows,
     size_t columns,
     int32_t *restrict found)
{
    for (size_t o = 0; o < n; o++) {
        int32_t first = -1;
        for (size_t ky = rows; ky-- > 0;)
            for (size_t kx = columns; kx-- > 0;)
                first =
                    x[o + ky * pitch + kx] == y[o] ? (int32_t)(ky * columns + kx) : first;
        found[o] = first;
    }
}

/* What comes to each place of the plane. There is room before the first window. */
__attribute__((always_inline)) static inline void
gather(const int32_t *restrict found,
       const float *restrict dy,
       size_t n,
       size_t pitch,
       size_t rows,
       size_t columns,
       float *restrict dx)
{
    for (size_t i = 0; i < n; i++) {
        float sum = 0;
        for (size_t ky = 0; ky < rows; ky++)
            for (size_t kx = 0; kx < columns; kx++) {
                ptrdiff_t o = (ptrdiff_t)i - (ptrdiff_t)(ky * pitch + kx);
                sum += found[o] == (int32_t)(ky * columns + kx) ? dy[o] : 0;
            }
        dx[i] = sum;
    }
}

/* The signal of a window that holds only NaN goes to the first place that it sees. */
static void
give_rest(const DcnWindow *w, size_t pitch, const float *dy, int32_t *found)
{
    for (int64_t oy = 0; oy < w->out[1]; oy++)
        for (int64_t ox = 0; ox < w->out[2]; ox++) {
            size_t o = (size_t)oy * pitch + (size_t)ox;
            int64_t v[2], c[2];
            if (found[o] >= 0 || dy[o] == 0)
                continue;
            dcn_window_inside(w, 1, oy, &v[0], &v[1]);
            dcn_window_inside(w, 2, ox, &c[0], &c[1]);
            found[o] = (int32_t)(v[0] * w->kernel[2] + c[0]);
        }
}

__attribute__((always_inline)) static inline bool
some_are_left(const float *restrict dy, const int32_t *restrict found, size_t n)
{
    int32_t left = 0;
    for (size_t o = 0; o < n; o++)
        left |= (found[o] < 0) & (dy[o] != 0);
    return left != 0;
}

DCN_VECTOR void
dcn_max_planes_back(const DcnWindow *w, const DcnMaxBack *back, float *scratch)
{
    DcnPlane p = dcn_plane_of(w);
    size_t room = dcn_planes_room(&p, 1), before = dcn_planes_before(w, &p),
           width = (size_t)w->out[2], windows = (size_t)w->out[1] * p.pitch,
           first = (size_t)back->rows[0], rows = (size_t)w->kernel[1],
           columns = (size_t)w->kernel[2];
    float *x = scratch, *y = x + room + before, *none = y + room, *dy = none + before;
    int32_t *found = (int32_t *)(void *)(dy + room);
    dcn_planes_lay_out(w, &p, back->x, NAN, x);
    for (size_t i = 0; i < before; i++) { /* behind the last place and before the first */
        x[p.floats + i] = NAN;
        none[i] = 0;
        found[i] = -1;
    }
    found += before;
    for (size_t i = 0; i < room; i++) { /* the windows that have no meaning */
        y[i] = NAN;
        dy[i] = 0;
        found[i] = -1;
    }
    dcn_copy_rows(y, p.pitch, back->y, width, (size_t)w->out[1], width);
    dcn_copy_rows(dy + first * p.pitch, p.pitch, back->dy + first * width, width,
                  (size_t)(back->rows[1] - back->rows[0]), width);
    if (rows == 3 && columns == 3)
        find(x, y, windows, p.pitch, 3, 3, found);
    else
        find(x, y, windows, p.pitch, rows, columns, found);
    if (some_are_left(dy, found, windows))
        give_rest(w, p.pitch, dy, found);
    if (rows == 3 && columns == 3)
        gather(found, dy, p.floats, p.pitch, 3, 3, x);
    else
        gather(found, dy, p.floats, p.pitch, rows, columns, x);
    dcn_planes_hand(w, p.pitch, x, back->fresh, back->rectify, back->dx);
}
