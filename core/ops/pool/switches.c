/* SPDX-License-Identifier: GPL-3.0-or-later */
/* switches.c: the maximum of each window of a plane, and which element it was.
 *
 * Planes are often small, and loops along their rows too short for vectors. So the plane
 * is copied into one with its padding around it, -INFINITY, whose rows are a whole number
 * of strides long: `lanes` of them. Element kx of the windows of all rows is then one run
 * over the copy, every stride-th float from kx on. Rows lie phase by phase: first those
 * with number 0, stride, 2 stride ..., then 1, stride + 1 ..., so that element ky of all
 * windows is one run as well.
 *
 * Along rows first, then along columns: so the first of equals, row by row, is found
 * first. */
#include "ops/pool/switches.h"
#include "base/vector.h"
#include <math.h>
#include <string.h>

/* Windows that are far larger than what they see would make a copy of any size. */
#define SPARE 65536
#define MOST_ELEMENTS 64 /* of a window */

/* Places of an axis that its windows cover. */
static double
covered(const DcnWindow *w, int axis)
{
    return (double)(w->out[axis] - 1) * (double)w->stride[axis] +
           (double)(w->kernel[axis] - 1) * (double)w->dilation[axis] + 1;
}

bool
dcn_switches_fit(const DcnWindow *w)
{
    double in = 1, copy = 1, elements = 1;
    for (int axis = 0; axis < 3; axis++) {
        in *= (double)w->in[axis];
        elements *= (double)w->kernel[axis];
        copy *= covered(w, axis) + (double)w->stride[axis];
    }
    return elements <= MOST_ELEMENTS && copy <= 4 * in + SPARE;
}

DcnSwitches
dcn_switches(const DcnWindow *w)
{
    size_t stride = (size_t)w->stride[2];
    DcnSwitches s = {
        .window = *w,
        .lanes = ((size_t)covered(w, 2) - 1) / stride + 1,
        .depth = (size_t)covered(w, 0),
        .phase = ((size_t)covered(w, 1) - 1) / (size_t)w->stride[1] + 1,
    };
    s.pitch = s.lanes * stride;
    s.rows = s.phase * (size_t)w->stride[1];
    s.row_lanes = s.depth * s.rows * s.lanes;
    s.outs = (size_t)w->out[1] * s.lanes;
    /* with what the last lanes see behind it */
    s.copy = s.depth * s.rows * s.pitch + (size_t)((w->kernel[2] - 1) * w->dilation[2]);
    return s;
}

/* The copy, the maxima along rows, those of one depth, and the numbers of both. */
size_t
dcn_switches_scratch(const DcnSwitches *s)
{
    return (s->copy + 2 * s->row_lanes + 2 * s->outs) * sizeof(float);
}

/* --- forward --- */

/* Row r of a depth of the copy. */
static size_t
row_at(const DcnSwitches *s, size_t z, size_t r)
{
    size_t stride = (size_t)s->window.stride[1];
    return z * s->rows + r % stride * s->phase + r / stride;
}

static void
copy_plane(const DcnSwitches *s, const float *x, float *copy)
{
    const DcnWindow *w = &s->window;
    int64_t width = (int64_t)s->pitch - w->begin[2];
    width = width < w->in[2] ? width : w->in[2];
    for (size_t z = 0; z < s->depth; z++)
        for (size_t r = 0; r < s->rows; r++) {
            int64_t iz = (int64_t)z - w->begin[0], iy = (int64_t)r - w->begin[1];
            if (iz >= 0 && iz < w->in[0] && iy >= 0 && iy < w->in[1] && width > 0)
                memcpy(copy + row_at(s, z, r) * s->pitch + w->begin[2],
                       x + (iz * w->in[1] + iy) * w->in[2], (size_t)width * sizeof *copy);
        }
}

DCN_VECTOR static void
fill(float *to, size_t n, float value)
{
    for (size_t i = 0; i < n; i++)
        to[i] = value;
}

/* Where x is larger, it and its number, which is first + numbers. Without branches: a
 * store under a condition is slower. */
__attribute__((always_inline)) static inline void
raise(float *y,
      int32_t *best,
      const float *x,
      const int32_t *numbers,
      size_t n,
      size_t step,
      int32_t first)
{
    DCN_INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        float value = x[i * step], old = y[i];
        int32_t number = numbers ? numbers[i] + first : first;
        int32_t more = -(int32_t)(value > old);
        y[i] = value > old ? value : old;
        best[i] ^= (best[i] ^ number) & more;
    }
}

/* row, from: for each lane of the copy the largest along its row, and its kx. */
DCN_VECTOR static void
along_rows(const DcnSwitches *s, const float *copy, float *row, int32_t *from)
{
    for (size_t i = 0; i < s->row_lanes; i++) {
        row[i] = -INFINITY;
        from[i] = 0;
    }
    for (int64_t kx = 0; kx < s->window.kernel[2]; kx++) {
        const float *x = copy + kx * s->window.dilation[2];
        size_t step = (size_t)s->window.stride[2];
        if (step == 1)
            raise(row, from, x, NULL, s->row_lanes, 1, (int32_t)kx);
        else if (step == 2)
            raise(row, from, x, NULL, s->row_lanes, 2, (int32_t)kx);
        else
            raise(row, from, x, NULL, s->row_lanes, step, (int32_t)kx);
    }
}

/* y, best: the outputs of depth oz, `lanes` a row. */
DCN_VECTOR static void
along_columns(const DcnSwitches *s,
              int64_t oz,
              const float *row,
              const int32_t *from,
              float *y,
              int32_t *best)
{
    const DcnWindow *w = &s->window;
    for (size_t i = 0; i < s->outs; i++) {
        y[i] = -INFINITY;
        best[i] = 0;
    }
    for (int64_t kz = 0; kz < w->kernel[0]; kz++)
        for (int64_t ky = 0; ky < w->kernel[1]; ky++) {
            size_t z = (size_t)(oz * w->stride[0] + kz * w->dilation[0]);
            size_t at = row_at(s, z, (size_t)(ky * w->dilation[1])) * s->lanes;
            raise(y, best, row + at, from + at, s->outs, 1,
                  (int32_t)((kz * w->kernel[1] + ky) * w->kernel[2]));
        }
}

/* Takes the outputs out of their lanes. Returns true if no element of some window is
 * larger than -INFINITY. */
DCN_VECTOR static int
take_outputs(const DcnSwitches *s,
             const float *restrict from,
             const int32_t *restrict best,
             float *restrict y,
             DcnSwitch *restrict switches)
{
    size_t rows = (size_t)s->window.out[1], width = (size_t)s->window.out[2];
    int lost = 0;
    for (size_t r = 0; r < rows; r++, from += s->lanes, best += s->lanes)
        for (size_t i = 0; i < width; i++, y++, switches++) {
            *y = from[i];
            *switches = (DcnSwitch)best[i];
            lost |= from[i] == -INFINITY;
        }
    return lost;
}

/* Windows of which no element is larger than -INFINITY get the first place that they
 * see. */
static void
find_lost(const DcnWindow *w, const float *y, DcnSwitch *switches)
{
    int64_t z[2], r[2], c[2];
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = 0; oy < w->out[1]; oy++)
            for (int64_t ox = 0; ox < w->out[2]; ox++, y++, switches++) {
                if (*y > -INFINITY)
                    continue;
                dcn_window_inside(w, 0, oz, &z[0], &z[1]);
                dcn_window_inside(w, 1, oy, &r[0], &r[1]);
                dcn_window_inside(w, 2, ox, &c[0], &c[1]);
                *switches =
                    (DcnSwitch)((z[0] * w->kernel[1] + r[0]) * w->kernel[2] + c[0]);
            }
}

void
dcn_switches_find(
    const DcnSwitches *s, const float *x, float *y, DcnSwitch *switches, void *scratch)
{
    const DcnWindow *w = &s->window;
    size_t outs = (size_t)(w->out[1] * w->out[2]);
    float *copy = scratch, *row = copy + s->copy, *best = row + s->row_lanes;
    int32_t *row_from = (int32_t *)(void *)(best + s->outs);
    int32_t *best_from = row_from + s->row_lanes;
    fill(copy, s->copy, -INFINITY);
    copy_plane(s, x, copy);
    along_rows(s, copy, row, row_from);
    int lost = 0;
    for (int64_t oz = 0; oz < w->out[0]; oz++) {
        along_columns(s, oz, row, row_from, best, best_from);
        lost |= take_outputs(s, best, best_from, y + (size_t)oz * outs,
                             switches + (size_t)oz * outs);
    }
    if (lost)
        find_lost(w, y, switches);
}

/* --- back --- */

void
dcn_switches_back(const DcnSwitches *s,
                  const DcnSwitch *switches,
                  const float *dy,
                  float *dx)
{
    const DcnWindow *w = &s->window;
    int64_t offsets[MOST_ELEMENTS], *next = offsets; /* from where a window starts */
    for (int64_t kz = 0; kz < w->kernel[0]; kz++)
        for (int64_t ky = 0; ky < w->kernel[1]; ky++)
            for (int64_t kx = 0; kx < w->kernel[2]; kx++)
                *next++ =
                    (kz * w->dilation[0] * w->in[1] + ky * w->dilation[1]) * w->in[2] +
                    kx * w->dilation[2];
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = 0; oy < w->out[1]; oy++) {
            int64_t z = oz * w->stride[0] - w->begin[0];
            int64_t y = oy * w->stride[1] - w->begin[1];
            int64_t start = (z * w->in[1] + y) * w->in[2] - w->begin[2];
            for (int64_t ox = 0; ox < w->out[2]; ox++, start += w->stride[2])
                dx[start + offsets[*switches++]] += *dy++;
        }
}
