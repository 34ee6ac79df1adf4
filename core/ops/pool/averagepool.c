/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AveragePool: the mean of each window, plane by plane. The divisor is the number of
 * window elements inside the image, or with count_include_pad inside image and padding.
 *
 * Back, all methods: a linear map, so its transpose: each element of the window gets the
 * signal over the divisor. */
#include "base/vector.h"
#include "ops/kit/common.h"
#include "ops/kit/window.h"
#include "ops/pool/average_planes.h"
#include <string.h>

typedef struct {
    DcnWindow window;
    size_t planes;
    bool count_pad;
    bool flat, flat_back; /* by average_planes.h, forward and back */
} Params;

static bool
averagepool_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    size_t volume;
    if (!dcn_window_pool_setup(setup, &p->window) ||
        !dcn_window_volume(setup, &p->window, (size_t)1 << 24, &volume))
        return false;
    p->planes = dcn_shape_product(x, 0, 2);
    p->count_pad = dcn_node_int(setup->node, "count_include_pad", 0) != 0;
    setup->out[0] = dcn_window_shape(&p->window, x->dim[0], x->dim[1]);
    dcn_setup_scratch(setup,
                      (size_t)(p->window.in[2] + 2 * p->window.out[2]) * sizeof(float));
    p->flat = dcn_planes_fit(&p->window);
    p->flat_back = p->flat && p->window.stride[1] == 1 && p->window.stride[2] == 1;
    if (p->flat)
        dcn_setup_scratch(setup, dcn_average_planes_scratch(&p->window));
    return true;
}

/* Elements of window `place` of one axis that the divisor counts. */
static int64_t
counted(const Params *p, int axis, int64_t place)
{
    const DcnWindow *w = &p->window;
    int64_t first, last;
    if (!p->count_pad) {
        dcn_window_inside(w, axis, place, &first, &last);
        return dcn_max_i64(last - first, 0);
    }
    int64_t start = place * w->stride[axis] - w->begin[axis];
    int64_t room = w->in[axis] + w->end[axis] - start;
    return dcn_min_i64(w->kernel[axis],
                       room <= 0 ? 0 : dcn_ceil_div(room, w->dilation[axis]));
}

/* What average_planes.h needs to know of the divisors. */
typedef struct {
    float counts[2][DCN_PLANES_MOST_PITCH];
    DcnAveragePlanes planes;
} Counts;

static void
count_planes(const Params *p, Counts *c)
{
    c->planes = (DcnAveragePlanes){&p->window, {c->counts[0], c->counts[1]}, true};
    for (int axis = 1; axis < 3; axis++)
        for (int64_t o = 0; o < p->window.out[axis]; o++) {
            c->counts[axis - 1][o] = (float)counted(p, axis, o);
            c->planes.even = c->planes.even && counted(p, axis, o) == counted(p, axis, 0);
        }
    c->planes.even = c->planes.even && c->counts[0][0] * c->counts[1][0] > 0;
}

/* y[i] += x[i * step] and its transpose */
__attribute__((always_inline)) static inline void
add_row(float *restrict y, const float *restrict x, size_t n, size_t step)
{
    if (step == 1)
        for (size_t i = 0; i < n; i++)
            y[i] += x[i];
    else
        for (size_t i = 0; i < n; i++)
            y[i] += x[i * step];
}

__attribute__((always_inline)) static inline void
scatter_row(float *restrict x, const float *restrict y, size_t n, size_t step)
{
    if (step == 1)
        add_row(x, y, n, 1);
    else
        for (size_t i = 0; i < n; i++)
            x[i * step] += y[i];
}

/* The row of x that element (kz, ky) of the windows of output row (oz, oy) sees. */
static float *
seen_row(const DcnWindow *w, float *x, int64_t oz, int64_t oy, int64_t kz, int64_t ky)
{
    int64_t iz = oz * w->stride[0] - w->begin[0] + kz * w->dilation[0];
    int64_t iy = oy * w->stride[1] - w->begin[1] + ky * w->dilation[1];
    return x + (iz * w->in[1] + iy) * w->in[2];
}

/* Adds the rows of a window to `row`, or `row` to each of them. */
__attribute__((always_inline)) static inline void
window_rows(const DcnWindow *w, float *x, int64_t oz, int64_t oy, float *row, bool back)
{
    int64_t z[2], r[2];
    dcn_window_inside(w, 0, oz, &z[0], &z[1]);
    dcn_window_inside(w, 1, oy, &r[0], &r[1]);
    for (int64_t kz = z[0]; kz < z[1]; kz++)
        for (int64_t ky = r[0]; ky < r[1]; ky++) {
            float *seen = seen_row(w, x, oz, oy, kz, ky);
            add_row(back ? seen : row, back ? row : seen, (size_t)w->in[2], 1);
        }
}

/* Adds the columns of the windows in `row` to the places y, or y to them. */
__attribute__((always_inline)) static inline void
window_columns(const DcnWindow *w, float *row, float *y, bool back)
{
    for (int64_t kx = 0; kx < w->kernel[2]; kx++) {
        int64_t begin, end;
        dcn_window_places(w, 2, kx, &begin, &end);
        if (begin >= end)
            continue;
        float *seen = row + (begin * w->stride[2] - w->begin[2] + kx * w->dilation[2]);
        if (back)
            scatter_row(seen, y + begin, (size_t)(end - begin), (size_t)w->stride[2]);
        else
            add_row(y + begin, seen, (size_t)(end - begin), (size_t)w->stride[2]);
    }
}

/* Elements of the windows of a row that the divisor counts, along the row. */
static void
count_columns(const Params *p, float *counts)
{
    for (int64_t ox = 0; ox < p->window.out[2]; ox++)
        counts[ox] = (float)counted(p, 2, ox);
}

/* A window that sees padding only has the mean 0. */
__attribute__((always_inline)) static inline void
divide_row(const Params *p,
           int64_t oz,
           int64_t oy,
           const float *counts,
           const float *from,
           float *to)
{
    float rows = (float)(counted(p, 0, oz) * counted(p, 1, oy));
    for (int64_t ox = 0; ox < p->window.out[2]; ox++) {
        float count = rows * counts[ox];
        to[ox] = count > 0 ? from[ox] / count : 0;
    }
}

/* row: in_w floats, counts: out_w */
DCN_VECTOR static void
plane_forward(const Params *p, float *x, float *y, float *row, float *counts)
{
    const DcnWindow *w = &p->window;
    count_columns(p, counts);
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = 0; oy < w->out[1]; oy++, y += w->out[2]) {
            memset(row, 0, (size_t)w->in[2] * sizeof *row);
            memset(y, 0, (size_t)w->out[2] * sizeof *y);
            window_rows(w, x, oz, oy, row, false);
            window_columns(w, row, y, false);
            divide_row(p, oz, oy, counts, y, y);
        }
}

/* row: in_w floats, counts and share: out_w. Of each depth the rows begin .. end - 1 of
 * dy. */
DCN_VECTOR static void
plane_back(const Params *p,
           float *dx,
           const float *dy,
           float *row,
           float *counts,
           float *share,
           int64_t begin,
           int64_t end)
{
    const DcnWindow *w = &p->window;
    count_columns(p, counts);
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = begin; oy < end; oy++) {
            memset(row, 0, (size_t)w->in[2] * sizeof *row);
            divide_row(p, oz, oy, counts, dy + (oz * w->out[1] + oy) * w->out[2], share);
            window_columns(w, row, share, true);
            window_rows(w, dx, oz, oy, row, true);
        }
}

/* With a box, which has no depth: its rows and channels only. */
static void
back_of_plane(const DcnCall *call, size_t plane, float *dx, const float *dy, float *row)
{
    const Params *p = call->params;
    const DcnWindow *w = &p->window;
    const DcnBox *box = call->out[0].box;
    float *counts = row + w->in[2], *share = counts + w->out[2];
    bool outside =
        box && ((int64_t)plane < box->begin[0] || (int64_t)plane >= box->end[0]);
    if (p->flat_back && !outside) {
        Counts c;
        count_planes(p, &c);
        dcn_average_planes_back(&c.planes, dy, box ? box->begin[1] : 0,
                                box ? box->end[1] : w->out[1], call->in[0].fresh, dx,
                                row);
        return;
    }
    if (call->in[0].fresh)
        memset(dx, 0, (size_t)(w->in[0] * w->in[1] * w->in[2]) * sizeof *dx);
    if (!box)
        plane_back(p, dx, dy, row, counts, share, 0, w->out[1]);
    else if (!outside)
        plane_back(p, dx, dy, row, counts, share, box->begin[1], box->end[1]);
}

static void
work_plane(const DcnCall *call, size_t index, size_t worker, bool back)
{
    const Params *p = call->params;
    const DcnWindow *w = &p->window;
    size_t image = index / p->planes, plane = index % p->planes;
    size_t in = plane * (size_t)(w->in[0] * w->in[1] * w->in[2]);
    size_t out = plane * (size_t)(w->out[0] * w->out[1] * w->out[2]);
    float *row = dcn_scratch(call->context, worker);
    if (back)
        back_of_plane(call, plane, dcn_image_grad(&call->in[0], image) + in,
                      dcn_image_grad(&call->out[0], image) + out, row);
    else
        plane_forward(p, dcn_image(&call->in[0], image) + in,
                      dcn_image(&call->out[0], image) + out, row, row + w->in[2]);
}

static void
forward_plane(void *user, size_t index, size_t worker)
{
    work_plane(user, index, worker, false);
}

static void
back_plane(void *user, size_t index, size_t worker)
{
    work_plane(user, index, worker, true);
}

static void
averagepool_forward(const DcnCall *call)
{
    const Params *p = call->params;
    if (p->flat) {
        Counts c;
        count_planes(p, &c);
        dcn_planes_forward(call, &p->window, p->planes, dcn_average_planes, &c.planes);
        return;
    }
    dcn_parallel(call->context, call->batch * p->planes, forward_plane, (void *)call);
}

static void
averagepool_back(const DcnCall *call)
{
    const Params *p = call->params;
    if (dcn_wants_back(call, 0))
        dcn_parallel(call->context, call->batch * p->planes, back_plane, (void *)call);
}

static void
averagepool_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    (void)input, (void)output;
    dcn_window_box_ahead(&p->window, in, out);
}

static void
averagepool_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)input, (void)output;
    dcn_window_box_back(&p->window, out, in);
}

/* Where all windows have the same divisor: if the first and the last are whole, all are.
 */
static DcnLocality
averagepool_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    const DcnWindow *w = &p->window;
    bool even = w->axes == 2;
    for (int axis = 1; axis < 3; axis++)
        even = even && counted(p, axis, 0) == w->kernel[axis] &&
               counted(p, axis, w->out[axis] - 1) == w->kernel[axis];
    return even ? dcn_window_local(w, 0, window) : DCN_LOCAL_NO;
}

const DcnOp dcn_op_averagepool = {
    .name = "AveragePool",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .planes = true,
    .params_size = sizeof(Params),
    .setup = averagepool_setup,
    .forward = averagepool_forward,
    .rule = DCN_RULE_TRANSPOSED,
    .back = DCN_BACK_ALL(averagepool_back),
    .starts = true,
    .bounded = dcn_bounded_always,
    .reach.ahead = averagepool_reach_ahead,
    .reach.back = averagepool_reach_back,
    .reach.local = averagepool_local,
    .layer = "pool",
};
