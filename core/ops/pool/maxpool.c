/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MaxPool: the largest element of each window, plane by plane. Neither padding nor NaN is
 * ever the maximum.
 *
 * Back, all methods: the signal of each output goes to where its window had the maximum,
 * the first such place row by row: "unpooling" by switches, Zeiler & Fergus 2014, section
 * 2.1, which is the gradient as well. Switches are not kept: x and y are still there on
 * the way back, so they are compared where a signal comes down (max_back.h), and a
 * forward run does not pay for them. Only in training, where one comes everywhere, they
 * are: switches.h.
 *
 * The second output, Indices, is the maximum's place in the whole input (of one image of
 * the batch), as a float. */
#include "ops/kit/elementwise.h"
#include "ops/pool/max_back.h"
#include "ops/pool/max_planes.h"
#include "ops/pool/max_rows.h"
#include "ops/pool/switches.h"
#include <math.h>
#include <string.h>

typedef struct {
    DcnMaxRows rows;
    size_t planes;
    bool columns_first;   /* storage_order: Indices count down columns */
    DcnSwitches switches; /* in training, else zeroed */
    bool flat, flat_back; /* by max_planes.h, forward and back */
    bool by_rows;         /* else back is dcn_max_back() */
} Params;

/* Elements of a dilated kernel may lie on both sides of a small image. A window that begins
 * inside the image sees that place; so only those that begin before it, and the last, can
 * miss it. */
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
    if (!dcn_window_pool_setup(setup, &p->rows.window) ||
        !dcn_window_volume(setup, &p->rows.window, (size_t)1 << 16, &volume))
        return false;
    for (int i = 0; i < 3; i++)
        if (!windows_see_something(setup, &p->rows.window, i))
            return false;
    p->planes = dcn_shape_product(x, 0, 2);
    p->columns_first = dcn_node_int(setup->node, "storage_order", 0) != 0;
    for (size_t i = 0; i < setup->n_out; i++)
        setup->out[i] = dcn_window_shape(&p->rows.window, x->dim[0], x->dim[1]);
    if (!dcn_shape_elements(&setup->out[0], &count))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the output is too large");
    if (!dcn_max_rows(setup, &p->rows))
        return false;
    if (setup->training && dcn_switches_fit(&p->rows.window)) {
        p->switches = dcn_switches(&p->rows.window);
        setup->kept = count * sizeof(DcnSwitch);
        dcn_setup_scratch(setup, dcn_switches_scratch(&p->switches));
    }
    p->flat = p->switches.lanes == 0 && dcn_planes_fit(&p->rows.window);
    if (p->flat)
        dcn_setup_scratch(setup, dcn_max_planes_scratch(&p->rows.window));
    p->flat_back =
        setup->backward && !setup->training && dcn_max_planes_back_fit(&p->rows.window);
    if (p->flat_back)
        dcn_setup_scratch(setup, dcn_max_planes_back_scratch(&p->rows.window));
    p->by_rows = !p->flat_back && setup->backward && !setup->training &&
                 dcn_max_back_fits(&p->rows);
    if (p->by_rows)
        setup->scratch += dcn_max_back_scratch(&p->rows);
    return true;
}

/* The place, maybe outside of the plane, where the first window of a row starts. */
static int64_t
window_start(const DcnWindow *w, int64_t oz, int64_t oy)
{
    int64_t z = oz * w->stride[0] - w->begin[0], y = oy * w->stride[1] - w->begin[1];
    return (z * w->in[1] + y) * w->in[2] - w->begin[2];
}

/* Indices as ONNX counts them: through the planes, then down or across. */
static float
absolute_index(const Params *p, size_t plane, size_t place)
{
    const DcnWindow *w = &p->rows.window;
    size_t size = (size_t)(w->in[0] * w->in[1] * w->in[2]);
    if (p->columns_first) {
        size_t x = place % (size_t)w->in[2], y = place / (size_t)w->in[2];
        size_t z = y / (size_t)w->in[1];
        y %= (size_t)w->in[1];
        place = z + (y + x * (size_t)w->in[1]) * (size_t)w->in[0];
    }
    return (float)(plane * size + place);
}

static void
write_indices(const Params *p,
              size_t plane,
              const float *x,
              const float *end,
              const float *y,
              float *indices,
              float *scratch)
{
    const DcnWindow *w = &p->rows.window;
    DcnMaxScratch r = dcn_max_scratch(&p->rows, scratch);
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = 0; oy < w->out[1]; oy++, y += w->out[2]) {
            int64_t start = window_start(w, oz, oy);
            dcn_max_find(&p->rows, &r, x, end, y, oz, oy);
            for (int64_t ox = 0; ox < w->out[2]; ox++)
                *indices++ = absolute_index(
                    p, plane, (size_t)(start + ox * w->stride[2] + r.found[ox]));
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

/* Those of a plane; NULL: they are not kept. */
static DcnSwitch *
kept_switches(const DcnCall *call, size_t image, size_t plane)
{
    const Params *p = call->params;
    if (p->switches.lanes == 0 || !call->kept)
        return NULL;
    char *kept = call->kept + image * call->kept_stride;
    return (DcnSwitch *)(void *)kept + plane * out_size(&p->rows.window);
}

static void
forward_plane(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    size_t image = index / p->planes, plane = index % p->planes;
    size_t out = out_size(&p->rows.window);
    const float *x = dcn_image(&call->in[0], image) + plane * in_size(&p->rows.window);
    float *y = dcn_image(&call->out[0], image) + plane * out;
    const float *end = x + (p->planes - plane) * in_size(&p->rows.window);
    float *scratch = dcn_scratch(call->context, worker);
    DcnSwitch *switches = kept_switches(call, image, plane);
    if (switches)
        dcn_switches_find(&p->switches, x, y, switches, scratch);
    else
        dcn_max_plane(&p->rows, x, end, y, scratch);
    if (call->n_out > 1 && call->out[1].data)
        write_indices(p, plane, x, end, y, dcn_image(&call->out[1], image) + plane * out,
                      scratch);
}

static void
maxpool_forward(const DcnCall *call)
{
    const Params *p = call->params;
    if (p->flat && (call->n_out < 2 || !call->out[1].data)) {
        dcn_planes_forward(call, &p->rows.window, p->planes, dcn_max_planes,
                           &p->rows.window);
        return;
    }
    dcn_parallel(call->context, call->batch * p->planes, forward_plane, (void *)call);
}

static bool
is_silent(const float *dy, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (dy[i] != 0)
            return false;
    return true;
}

static void
take_back(const DcnCall *call, size_t image, size_t plane, size_t worker)
{
    const Params *p = call->params;
    const DcnWindow *w = &p->rows.window;
    size_t in = plane * in_size(w), out = plane * out_size(w);
    const float *x = dcn_image(&call->in[0], image) + in;
    const float *x_end = x + (p->planes - plane) * in_size(w);
    float *dx = dcn_image_grad(&call->in[0], image) + in;
    const DcnBox *box = call->out[0].box; /* of a picture, which has one depth */
    int64_t begin = box ? box->begin[1] : 0, end = box ? box->end[1] : w->out[1];
    if (box && ((int64_t)plane < box->begin[0] || (int64_t)plane >= box->end[0]))
        return;
    if (p->flat_back || p->by_rows) {
        DcnMaxBack back = {.x = x,
                           .end = x_end,
                           .y = dcn_image(&call->out[0], image) + out,
                           .dy = dcn_image_grad(&call->out[0], image) + out,
                           .rows = {begin, end},
                           .dx = dx,
                           .fresh = call->in[0].fresh,
                           .rectify = call->in[0].rectify};
        float *scratch = dcn_scratch(call->context, worker);
        if (p->flat_back)
            dcn_max_planes_back(w, &back, scratch);
        else
            dcn_max_back(&p->rows, &back, scratch);
        return;
    }
    if (call->in[0].fresh)
        memset(dx, 0, in_size(w) * sizeof *dx);
    const DcnSwitch *switches = kept_switches(call, image, plane);
    if (switches) {
        dcn_switches_back(&p->switches, switches,
                          dcn_image_grad(&call->out[0], image) + out, dx);
        return;
    }
    DcnMaxScratch r = dcn_max_scratch(&p->rows, dcn_scratch(call->context, worker));
    for (int64_t oz = 0; oz < w->out[0]; oz++)
        for (int64_t oy = begin; oy < end; oy++) {
            size_t at = out + (size_t)((oz * w->out[1] + oy) * w->out[2]);
            const float *dy = dcn_image_grad(&call->out[0], image) + at;
            if (is_silent(dy, (size_t)w->out[2]))
                continue;
            dcn_max_find(&p->rows, &r, x, x_end, dcn_image(&call->out[0], image) + at, oz,
                         oy);
            int64_t start = window_start(w, oz, oy);
            for (int64_t ox = 0; ox < w->out[2]; ox++)
                if (dy[ox] != 0)
                    dx[start + ox * w->stride[2] + r.found[ox]] += dy[ox];
        }
}

static void
back_plane(void *user, size_t index, size_t worker)
{
    const DcnCall *call = user;
    const Params *p = call->params;
    const DcnWindow *w = &p->rows.window;
    size_t image = index / p->planes, plane = index % p->planes;
    const DcnOperand *x = &call->in[0];
    int64_t begin = 0, end = w->in[0] * w->in[1]; /* rows where the signal is defined */
    take_back(call, image, plane, worker);
    if (x->box && ((int64_t)plane < x->box->begin[0] || (int64_t)plane >= x->box->end[0]))
        return;
    if (x->box) {
        begin = x->box->begin[1];
        end = x->box->end[1];
    }
    bool done = (p->flat_back || p->by_rows) && x->fresh;
    if (x->rectify && !done)
        dcn_rectify(dcn_image_grad(x, image) + plane * in_size(w) + begin * w->in[2],
                    (size_t)((end - begin) * w->in[2]));
}

static void
maxpool_back(const DcnCall *call)
{
    const Params *p = call->params;
    if (dcn_wants_back(call, 0))
        dcn_parallel(call->context, call->batch * p->planes, back_plane, (void *)call);
}

static void
maxpool_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    (void)input, (void)output;
    dcn_window_box_ahead(&p->rows.window, in, out);
}

static void
maxpool_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)input, (void)output;
    dcn_window_box_back(&p->rows.window, out, in);
}

static DcnLocality
maxpool_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    return dcn_window_local(&p->rows.window, -INFINITY, window);
}

const DcnOp dcn_op_maxpool = {
    .name = "MaxPool",
    .inputs = {1, 1},
    .outputs = {1, 2},
    .role = DCN_ROLE_POOLS,
    .planes = true,
    .params_size = sizeof(Params),
    .setup = maxpool_setup,
    .forward = maxpool_forward,
    .rule = DCN_RULE_SWITCH,
    .back = DCN_BACK_ALL(maxpool_back),
    .starts = true,
    .rectifies = true,
    .bounded = dcn_bounded_always,
    .reach.ahead = maxpool_reach_ahead,
    .reach.back = maxpool_reach_back,
    .reach.local = maxpool_local,
    .layer = "pool",
};
