/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AveragePool: the mean of each window, plane by plane. The divisor is the number of
 * window elements inside the image, or with count_include_pad inside image and padding.
 *
 * Back, all methods: a linear map, so its transpose: each element of the window gets the
 * signal over the divisor. */
#include "ops/kit/common.h"
#include "ops/kit/window.h"
#include <string.h>

typedef struct {
    DcnWindow window;
    size_t planes;
    bool count_pad;
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
                      (size_t)(p->window.in[2] + p->window.out[2]) * sizeof(float));
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

/* A window that sees padding only has the mean 0. */
static float
divided(float value, int64_t count)
{
    return count > 0 ? value / (float)count : 0;
}

/* y[i] += x[i * step] and its transpose */
static void
add_row(float *restrict y, const float *restrict x, size_t n, size_t step)
{
    if (step == 1)
        for (size_t i = 0; i < n; i++)
            y[i] += x[i];
    else
        for (size_t i = 0; i < n; i++)
            y[i] += x[i * step];
}

static void
scatter_row(float *restrict x, const float *restrict y, size_t n, size_t step)
{
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
static void
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
static void
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

static void
divide_row(const Params *p, int64_t oz, int64_t oy, const float *from, float *to)
{
    int64_t rows = counted(p, 0, oz) * counted(p, 1, oy);
    for (int64_t ox = 0; ox < p->window.out[2]; ox++)
        to[ox] = divided(from[ox], rows * counted(p, 2, ox));
}

/* row: in_w floats */
static void
plane_forward(const Params *p, float *x, float *y, float *row)
{
    const DcnWindow *w = &p->window;
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = 0; oy < w->out[1]; oy++, y += w->out[2]) {
            memset(row, 0, (size_t)w->in[2] * sizeof *row);
            memset(y, 0, (size_t)w->out[2] * sizeof *y);
            window_rows(w, x, oz, oy, row, false);
            window_columns(w, row, y, false);
            divide_row(p, oz, oy, y, y);
        }
}

/* row: in_w floats, share: out_w floats */
static void
plane_back(const Params *p, float *dx, const float *dy, float *row, float *share)
{
    const DcnWindow *w = &p->window;
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = 0; oy < w->out[1]; oy++, dy += w->out[2]) {
            memset(row, 0, (size_t)w->in[2] * sizeof *row);
            divide_row(p, oz, oy, dy, share);
            window_columns(w, row, share, true);
            window_rows(w, dx, oz, oy, row, true);
        }
}

static void
work_plane(const DcnCall *call, size_t index, size_t worker, bool back)
{
    const Params *p = call->params;
    const DcnWindow *w = &p->window;
    size_t image = index / p->planes, plane = index % p->planes;
    size_t in = plane * (size_t)(w->in[0] * w->in[1] * w->in[2]);
    size_t out = plane * (size_t)(w->out[0] * w->out[1] * w->out[2]);
    float *row = dcn_scratch(call->context, worker), *share = row + w->in[2];
    if (back)
        plane_back(p, dcn_image_grad(&call->in[0], image) + in,
                   dcn_image_grad(&call->out[0], image) + out, row, share);
    else
        plane_forward(p, dcn_image(&call->in[0], image) + in,
                      dcn_image(&call->out[0], image) + out, row);
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
    .reach.ahead = averagepool_reach_ahead,
    .reach.back = averagepool_reach_back,
    .reach.local = averagepool_local,
    .layer = "pool",
};
