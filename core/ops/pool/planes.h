/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planes.h: pools over small planes, all rows of a plane as one. Inside core/ops/pool/
 * only.
 *
 * Rows of 7 to 60 places are a few vectors each, so that what is done once a row takes
 * longer than the sums. Here a plane, with its padding, is one run of floats with rows
 * `pitch` apart, and each element of the windows is that run, moved by some floats: what
 * windows see that begin in a row's last places has no meaning and is left out in the
 * end. */
#ifndef DCN_OPS_POOL_PLANES_H
#define DCN_OPS_POOL_PLANES_H

#include "base/vector.h"
#include "ops/kit/common.h"
#include "ops/kit/window.h"
#include "ops/product/copy_rows.h"
#include "ops/product/copy_second.h"

#define DCN_PLANES_TOGETHER ((size_t)4096)    /* floats that are taken at once */
#define DCN_PLANES_MOST_FLOATS ((size_t)8192) /* of a plane */
#define DCN_PLANES_MOST_PITCH 128
#define DCN_PLANES_MOST_PITCH_APART 64 /* with strides, which waste places */
#define DCN_PLANES_MOST_KERNEL 8
#define DCN_PLANES_WIDTH ((size_t)16) /* floats of the widest vector */

/* A plane with its padding. */
typedef struct {
    size_t rows, pitch;
    size_t floats;
    bool bare; /* it has none: it is the input's */
} DcnPlane;

static inline DcnPlane
dcn_plane_of(const DcnWindow *w)
{
    size_t length[3];
    for (int axis = 1; axis < 3; axis++) {
        int64_t own = w->in[axis] + w->begin[axis],
                seen = (w->out[axis] - 1) * w->stride[axis] + w->kernel[axis];
        length[axis] = (size_t)dcn_max_i64(own, seen);
    }
    return (DcnPlane){.rows = length[1],
                      .pitch = length[2],
                      .floats = length[1] * length[2],
                      .bare = w->begin[1] == 0 && w->begin[2] == 0 &&
                              (int64_t)length[1] == w->in[1] &&
                              (int64_t)length[2] == w->in[2]};
}

/* True if windows are flat and not wide, strides 1 or 2, and planes so small that it pays. */
static inline bool
dcn_planes_fit(const DcnWindow *w)
{
    bool apart = false;
    for (int axis = 1; axis < 3; axis++) {
        if (w->in[axis] < 1 || w->out[axis] < 1 || w->in[axis] > DCN_PLANES_MOST_PITCH ||
            w->out[axis] > DCN_PLANES_MOST_PITCH ||
            w->kernel[axis] > DCN_PLANES_MOST_KERNEL || w->stride[axis] > 2 ||
            w->dilation[axis] != 1 || w->begin[axis] < 0 ||
            w->begin[axis] > DCN_PLANES_MOST_KERNEL)
            return false;
        apart = apart || w->stride[axis] > 1;
    }
    DcnPlane p = dcn_plane_of(w);
    size_t most = apart ? DCN_PLANES_MOST_PITCH_APART : DCN_PLANES_MOST_PITCH;
    return w->in[0] == 1 && w->out[0] == 1 && w->kernel[0] == 1 && p.pitch <= most &&
           p.floats <= DCN_PLANES_MOST_FLOATS;
}

/* The planes that a task takes at once. */
static inline size_t
dcn_planes_together(const DcnPlane *p)
{
    size_t n = DCN_PLANES_TOGETHER / p->floats;
    return n < 1 ? 1 : n;
}

/* Floats of a buffer of n planes. */
static inline size_t
dcn_planes_room(const DcnPlane *p, size_t n)
{
    return (n * p->floats / DCN_PLANES_WIDTH + 2) * DCN_PLANES_WIDTH;
}

/* Floats before the first window's: as far as the last element of a window is from its
 * first. */
static inline size_t
dcn_planes_before(const DcnWindow *w, const DcnPlane *p)
{
    size_t far = (size_t)(w->kernel[1] - 1) * p->pitch + (size_t)(w->kernel[2] - 1);
    return (far / DCN_PLANES_WIDTH + 1) * DCN_PLANES_WIDTH;
}

/* The plane's rows where they have padding around them. */
__attribute__((always_inline)) static inline void
dcn_planes_lay_out(
    const DcnWindow *w, const DcnPlane *p, const float *x, float padding, float *to)
{
    size_t width = (size_t)w->in[2];
    for (size_t i = 0; i < p->floats; i++)
        to[i] = padding;
    dcn_copy_rows(to + (size_t)w->begin[1] * p->pitch + (size_t)w->begin[2], p->pitch, x,
                  width, (size_t)w->in[1], width);
}

/* The places where windows begin. */
__attribute__((always_inline)) static inline void
dcn_planes_take(const DcnWindow *w, size_t pitch, const float *from, float *y)
{
    size_t rows = (size_t)w->out[1], width = (size_t)w->out[2],
           down = pitch * (size_t)w->stride[1];
    if (w->stride[2] == 1)
        dcn_copy_rows(y, width, from, down, rows, width);
    for (size_t r = 0; w->stride[2] > 1 && r < rows; r++)
        dcn_copy_second(y + r * width, from + r * down, width);
}

/* The inner rows of a plane that is laid out, to the input's signal. */
__attribute__((always_inline)) static inline void
dcn_planes_hand(const DcnWindow *w,
                size_t pitch,
                const float *from,
                bool fresh,
                bool rectify,
                float *signal)
{
    size_t width = (size_t)w->in[2];
    from += (size_t)w->begin[1] * pitch + (size_t)w->begin[2];
    for (int64_t y = 0; y < w->in[1]; y++, from += pitch, signal += width) {
        float *restrict to = signal;
        const float *restrict row = from;
        if (fresh && rectify)
            for (size_t i = 0; i < width; i++)
                to[i] = row[i] > 0 ? row[i] : 0;
        else if (fresh)
            for (size_t i = 0; i < width; i++)
                to[i] = row[i];
        else
            for (size_t i = 0; i < width; i++)
                to[i] += row[i];
    }
}

/* --- tasks --- */

/* Some planes, one behind the other. */
typedef void DcnPlanesTask(
    const void *user, size_t n, const float *x, float *y, float *scratch);

/* Cuts the planes of all images of a call, which has so many each, into tasks: as many
 * planes as fit a core's nearest cache, but some for each thread. planes.c */
void dcn_planes_forward(const DcnCall *call,
                        const DcnWindow *w,
                        size_t planes,
                        DcnPlanesTask *task,
                        const void *user);

#endif
