/* MaxPool: the largest element of each window, plane by plane. Padding never wins.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Back, all methods: the signal of each output goes to where its window had the maximum,
 * the first such place row by row: "unpooling" by switches, Zeiler & Fergus 2014, section
 * 2.1, which is the gradient as well. A switch is the number of the element within its
 * window, so it says nothing of where the window lies.
 *
 * The second output, Indices, is the maximum's place in the whole input (of one image of
 * the batch), as a float.
 */
#include "common.h"
#include "vector.h"
#include "window.h"
#include <math.h>
#include <string.h>

typedef uint16_t Switch;

typedef struct {
    DcnWindow window;
    size_t planes;
    bool columns_first; /* storage_order: Indices count down columns */
} Params;

/* A window that begins inside the image sees that place; so only those that begin before
 * it, and the last, can miss it. */
static bool
windows_see_something(DcnSetup *setup, const DcnWindow *w, int axis)
{
    int64_t last = w->out[axis] - 1;
    bool good = last * w->stride[axis] - w->begin[axis] < w->in[axis];
    for (int64_t o = 0; o <= last && o * w->stride[axis] < w->begin[axis]; o++) {
        int64_t first, end;
        dcn_window_inside(w, axis, o, &first, &end);
        good &= first < end;
    }
    return good || dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                                  "a window sees nothing but padding");
}

static bool
maxpool_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    size_t volume, count;
    if (!dcn_window_setup(setup, NULL, &p->window) ||
        !dcn_window_volume(setup, &p->window, (size_t)UINT16_MAX + 1, &volume))
        return false;
    for (int i = 0; i < 3; i++)
        if (!windows_see_something(setup, &p->window, i))
            return false;
    p->planes = dcn_shape_product(x, 0, 2);
    p->columns_first = dcn_node_int(setup->node, "storage_order", 0) != 0;
    for (size_t i = 0; i < setup->n_out; i++)
        setup->out[i] = dcn_window_shape(&p->window, x->dim[0], x->dim[1]);
    if (!dcn_shape_elements(&setup->out[0], &count))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the output is too large");
    setup->kept = count * sizeof(Switch);
    setup->scratch = (size_t)(2 * p->window.in[2] + p->window.out[2]) * sizeof(float);
    return true;
}

/* --- without switches: row by row, no conditions --- */

/* y[i] = max(y[i], x[i * step]); NaN is passed over. */
DCN_VECTOR static void
raise_row(float *restrict y, const float *restrict x, size_t n, size_t step)
{
    if (step == 1)
        for (size_t i = 0; i < n; i++)
            y[i] = x[i] > y[i] ? x[i] : y[i];
    else if (step == 2)
        for (size_t i = 0; i < n; i++)
            y[i] = x[2 * i] > y[i] ? x[2 * i] : y[i];
    else
        for (size_t i = 0; i < n; i++)
            y[i] = x[i * step] > y[i] ? x[i * step] : y[i];
}

/* First the rows of the window are made one row, then its columns one place. */
static void
plane_max(const DcnWindow *w, const float *x, float *y, float *row)
{
    size_t in_w = (size_t)w->in[2], out_w = (size_t)w->out[2];
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = 0; oy < w->out[1]; oy++, y += out_w) {
            int64_t z[2], r[2], c[2];
            dcn_window_inside(w, 0, oz, &z[0], &z[1]);
            dcn_window_inside(w, 1, oy, &r[0], &r[1]);
            for (size_t i = 0; i < in_w; i++)
                row[i] = -INFINITY;
            for (int64_t kz = z[0]; kz < z[1]; kz++)
                for (int64_t ky = r[0]; ky < r[1]; ky++) {
                    int64_t iz = oz * w->stride[0] - w->begin[0] + kz * w->dilation[0];
                    int64_t iy = oy * w->stride[1] - w->begin[1] + ky * w->dilation[1];
                    raise_row(row, x + (iz * w->in[1] + iy) * w->in[2], in_w, 1);
                }
            for (size_t i = 0; i < out_w; i++)
                y[i] = -INFINITY;
            for (int64_t kx = 0; kx < w->kernel[2]; kx++) {
                dcn_window_places(w, 2, kx, &c[0], &c[1]);
                int64_t shift = kx * w->dilation[2] - w->begin[2];
                if (c[0] < c[1])
                    raise_row(y + c[0], row + (c[0] * w->stride[2] + shift),
                              (size_t)(c[1] - c[0]), (size_t)w->stride[2]);
            }
        }
}

/* --- with switches --- */

/* The place in a plane that element k of the window of output (oz, oy, ox) sees. */
static size_t
seen_place(const DcnWindow *w, int64_t oz, int64_t oy, int64_t ox, int64_t k)
{
    int64_t kx = k % w->kernel[2], ky = k / w->kernel[2] % w->kernel[1];
    int64_t kz = k / w->kernel[2] / w->kernel[1];
    int64_t iz = oz * w->stride[0] - w->begin[0] + kz * w->dilation[0];
    int64_t iy = oy * w->stride[1] - w->begin[1] + ky * w->dilation[1];
    int64_t ix = ox * w->stride[2] - w->begin[2] + kx * w->dilation[2];
    return (size_t)((iz * w->in[1] + iy) * w->in[2] + ix);
}

/* One row of the windows' elements: row[i] is the largest so far at column i and from[i]
 * the number of its row within the window. The first of equals stays; NaN never wins. */
DCN_VECTOR static void
raise_rows(float *restrict row,
           int32_t *restrict from,
           const float *restrict x,
           size_t n,
           int32_t number)
{
    for (size_t i = 0; i < n; i++) {
        bool more = x[i] > row[i];
        row[i] = more ? x[i] : row[i];
        from[i] = more ? number : from[i];
    }
}

/* One column of them: the largest wins, of equals the lowest number. */
DCN_VECTOR static void
raise_columns(float *restrict y,
              int32_t *restrict best,
              const float *restrict row,
              const int32_t *restrict from,
              size_t n,
              size_t step,
              int32_t k_w,
              int32_t kx)
{
    for (size_t i = 0; i < n; i++) {
        float value = row[i * step];
        int32_t number = from[i * step] * k_w + kx;
        bool take = (value > y[i]) | ((value == y[i]) & (number < best[i]));
        y[i] = take ? value : y[i];
        best[i] = take ? number : best[i];
    }
}

/* A row of outputs and the number of each one's maximum within its window. row: in_w
 * floats, from: in_w numbers */
static void
row_max_switches(const DcnWindow *w,
                 const float *x,
                 int64_t oz,
                 int64_t oy,
                 float *y,
                 int32_t *best,
                 float *row,
                 int32_t *from)
{
    int64_t z[2], r[2], c[2];
    dcn_window_inside(w, 0, oz, &z[0], &z[1]);
    dcn_window_inside(w, 1, oy, &r[0], &r[1]);
    for (int64_t i = 0; i < w->in[2]; i++) {
        row[i] = -INFINITY; /* the first element, even if all are NaN */
        from[i] = (int32_t)(z[0] * w->kernel[1] + r[0]);
    }
    for (int64_t kz = z[0]; kz < z[1]; kz++)
        for (int64_t ky = r[0]; ky < r[1]; ky++) {
            int64_t iz = oz * w->stride[0] - w->begin[0] + kz * w->dilation[0];
            int64_t iy = oy * w->stride[1] - w->begin[1] + ky * w->dilation[1];
            raise_rows(row, from, x + (iz * w->in[1] + iy) * w->in[2], (size_t)w->in[2],
                       (int32_t)(kz * w->kernel[1] + ky));
        }
    for (int64_t i = 0; i < w->out[2]; i++) {
        y[i] = -INFINITY;
        best[i] = INT32_MAX;
    }
    for (int64_t kx = 0; kx < w->kernel[2]; kx++) {
        dcn_window_places(w, 2, kx, &c[0], &c[1]);
        int64_t seen = c[0] * w->stride[2] - w->begin[2] + kx * w->dilation[2];
        if (c[0] < c[1])
            raise_columns(y + c[0], best + c[0], row + seen, from + seen,
                          (size_t)(c[1] - c[0]), (size_t)w->stride[2],
                          (int32_t)w->kernel[2], (int32_t)kx);
    }
}

/* Indices as ONNX counts them: through the planes, then down or across. */
static float
absolute_index(const Params *p, size_t plane, size_t place)
{
    const DcnWindow *w = &p->window;
    size_t size = (size_t)(w->in[0] * w->in[1] * w->in[2]);
    if (p->columns_first) {
        size_t x = place % (size_t)w->in[2], y = place / (size_t)w->in[2];
        size_t z = y / (size_t)w->in[1];
        y %= (size_t)w->in[1];
        place = z + (y + x * (size_t)w->in[1]) * (size_t)w->in[0];
    }
    return (float)(plane * size + place);
}

/* scratch: as setup says */
static void
plane_max_switches(const Params *p,
                   size_t plane,
                   const float *x,
                   float *y,
                   Switch *switches,
                   float *indices,
                   float *scratch)
{
    const DcnWindow *w = &p->window;
    int32_t *from = (int32_t *)(void *)(scratch + w->in[2]), *best = from + w->in[2];
    size_t i = 0, out_w = (size_t)w->out[2];
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = 0; oy < w->out[1]; oy++, i += out_w) {
            row_max_switches(w, x, oz, oy, y + i, best, scratch, from);
            for (size_t ox = 0; switches && ox < out_w; ox++)
                switches[i + ox] = (Switch)best[ox];
            for (size_t ox = 0; indices && ox < out_w; ox++)
                indices[i + ox] = absolute_index(
                    p, plane, seen_place(w, oz, oy, (int64_t)ox, best[ox]));
        }
}

/* --- the operator --- */

static size_t
in_size(const DcnWindow *w)
{
    return (size_t)(w->in[0] * w->in[1] * w->in[2]);
}

static size_t
out_size(const DcnWindow *w)
{
    return (size_t)(w->out[0] * w->out[1] * w->out[2]);
}

static void
forward_plane(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    size_t image = index / p->planes, plane = index % p->planes;
    size_t out = out_size(&p->window);
    const float *x = dcn_image(&call->in[0], image) + plane * in_size(&p->window);
    float *y = dcn_image(&call->out[0], image) + plane * out;
    bool indices = call->n_out > 1 && call->out[1].data;
    if (!call->kept && !indices) {
        plane_max(&p->window, x, y, dcn_scratch(call->context, worker));
        return;
    }
    Switch *switches = NULL;
    if (call->kept)
        switches =
            (Switch *)(void *)(call->kept + image * call->kept_stride) + plane * out;
    plane_max_switches(p, plane, x, y, switches,
                       indices ? dcn_image(&call->out[1], image) + plane * out : NULL,
                       dcn_scratch(call->context, worker));
}

static void
maxpool_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_parallel(call->context, call->batch * p->planes, forward_plane, (void *)call);
}

/* Where the first elements of a window lie from where it starts; how many of them. */
#define MOST_OFFSETS 64

static size_t
window_offsets(const DcnWindow *w, int64_t offsets[MOST_OFFSETS])
{
    size_t n = 0;
    for (int64_t kz = 0; kz < w->kernel[0]; kz++)
        for (int64_t ky = 0; ky < w->kernel[1]; ky++)
            for (int64_t kx = 0; kx < w->kernel[2]; kx++) {
                if (n == MOST_OFFSETS)
                    return n;
                offsets[n++] =
                    (kz * w->dilation[0] * w->in[1] + ky * w->dilation[1]) * w->in[2] +
                    kx * w->dilation[2];
            }
    return n;
}

/* The place, maybe outside of the plane, where the first window of a row starts. */
static int64_t
window_start(const DcnWindow *w, int64_t oz, int64_t oy)
{
    int64_t z = oz * w->stride[0] - w->begin[0], y = oy * w->stride[1] - w->begin[1];
    return (z * w->in[1] + y) * w->in[2] - w->begin[2];
}

static void
back_plane(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    const DcnWindow *w = &p->window;
    (void)worker;
    size_t image = index / p->planes, plane = index % p->planes, out = out_size(w);
    float *dx = dcn_image_grad(&call->in[0], image) + plane * in_size(w);
    const float *dy = dcn_image_grad(&call->out[0], image) + plane * out;
    const Switch *switches =
        (const Switch *)(const void *)(call->kept + image * call->kept_stride) +
        plane * out;
    if (call->in[0].fresh)
        memset(dx, 0, in_size(w) * sizeof *dx);
    const DcnBox *box = call->out[0].box; /* of a picture, which has one depth */
    int64_t begin = 0, end = w->out[1];
    if (box && ((int64_t)plane < box->begin[0] || (int64_t)plane >= box->end[0]))
        return;
    if (box) {
        begin = box->begin[1];
        end = box->end[1];
        dy += begin * w->out[2];
        switches += begin * w->out[2];
    }
    int64_t offsets[MOST_OFFSETS];
    size_t n = window_offsets(w, offsets);
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = begin; oy < end; oy++) {
            int64_t row = window_start(w, oz, oy);
            for (int64_t ox = 0; ox < w->out[2]; ox++, dy++, switches++) {
                if (*dy == 0)
                    continue;
                if (*switches < n)
                    dx[row + ox * w->stride[2] + offsets[*switches]] += *dy;
                else
                    dx[seen_place(w, oz, oy, ox, *switches)] += *dy;
            }
        }
}

static void
maxpool_back(const DcnCall *call)
{
    const Params *p = call->params;
    if (dcn_wants_back(call, 0) && call->kept)
        dcn_parallel(call->context, call->batch * p->planes, back_plane, (void *)call);
}

static void
maxpool_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    (void)input, (void)output;
    dcn_window_box_ahead(&p->window, in, out);
}

static void
maxpool_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)input, (void)output;
    dcn_window_box_back(&p->window, out, in);
}

static DcnLocality
maxpool_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    return dcn_window_local(&p->window, -INFINITY, window);
}

const DcnOp dcn_op_maxpool = {
    .name = "MaxPool",
    .inputs = {1, 1},
    .outputs = {1, 2},
    .params_size = sizeof(Params),
    .setup = maxpool_setup,
    .forward = maxpool_forward,
    .back = DCN_BACK_ALL(maxpool_back),
    .starts = true,
    .bounded = dcn_bounded_always,
    .reach_ahead = maxpool_reach_ahead,
    .reach_back = maxpool_reach_back,
    .local = maxpool_local,
    .layer = "pool",
};
