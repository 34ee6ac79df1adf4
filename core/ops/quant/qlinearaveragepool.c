/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QLinearAveragePool (com.microsoft): the mean of each window, from levels to levels:
 * with the exact sum s of x - x_zero over the elements of a window inside the image, and
 * n elements that the divisor counts (with count_include_pad those in the padding too),
 *
 *     y = saturate(round(s * x_scale / (y_scale * n)) + y_zero)
 *
 * Back, all methods: each element of the window gets the signal over n, through the
 * scales, from levels that were not cut (affine.h). */
#include "ops/kit/planes.h"
#include "ops/kit/window.h"
#include "ops/quant/requantise.h"

typedef struct {
    DcnRequantise levels;
    DcnWindow window;
    bool count_pad;
    float fill; /* the input's zero point, if it is constant */
} Params;

static bool
setup_pool(DcnSetup *setup)
{
    Params *p = setup->params;
    size_t volume;
    if (dcn_node_int(setup->node, "channels_last", 0) != 0)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "channels are the last axis");
    if (!dcn_requantise_one_setup(setup) || !dcn_window_pool_setup(setup, &p->window) ||
        !dcn_window_volume(setup, &p->window, (size_t)1 << 24, &volume))
        return false;
    p->count_pad = dcn_node_int(setup->node, "count_include_pad", 0) != 0;
    if (dcn_has_input(setup, 2) && setup->value[2])
        p->fill = (float)dcn_tensor_number(setup->value[2], 0);
    setup->out[0] =
        dcn_window_shape(&p->window, setup->in[0]->dim[0], setup->in[0]->dim[1]);
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
    int64_t room =
        w->in[axis] + w->end[axis] - (place * w->stride[axis] - w->begin[axis]);
    return dcn_min_i64(w->kernel[axis],
                       room <= 0 ? 0 : dcn_ceil_div(room, w->dilation[axis]));
}

/* The window at a place: elements first .. last - 1 of its kernel, by axis, lie
 * inside. */
typedef struct {
    int64_t place[3], first[3], last[3], count;
} Seen;

static Seen
seen_from(const Params *p, size_t index)
{
    Seen seen = {.count = 1};
    for (int axis = 2; axis >= 0; axis--) {
        seen.place[axis] = (int64_t)(index % (size_t)p->window.out[axis]);
        index /= (size_t)p->window.out[axis];
        dcn_window_inside(&p->window, axis, seen.place[axis], &seen.first[axis],
                          &seen.last[axis]);
        seen.count *= counted(p, axis, seen.place[axis]);
    }
    return seen;
}

/* Sums up a window of x, or adds share to each of its elements in dx. */
static double
walk_window(const Params *p, const Seen *seen, const float *x, float *dx, float share)
{
    const DcnWindow *w = &p->window;
    int64_t k[3], at[3];
    double sum = 0;
    for (k[0] = seen->first[0]; k[0] < seen->last[0]; k[0]++)
        for (k[1] = seen->first[1]; k[1] < seen->last[1]; k[1]++)
            for (k[2] = seen->first[2]; k[2] < seen->last[2]; k[2]++) {
                for (int axis = 0; axis < 3; axis++)
                    at[axis] = seen->place[axis] * w->stride[axis] - w->begin[axis] +
                               k[axis] * w->dilation[axis];
                int64_t index = (at[0] * w->in[1] + at[1]) * w->in[2] + at[2];
                if (dx)
                    dx[index] += share;
                else
                    sum += (double)x[index];
            }
    return sum;
}

static double
elements(const Seen *seen)
{
    double count = 1;
    for (int axis = 0; axis < 3; axis++)
        count *= (double)dcn_max_i64(seen->last[axis] - seen->first[axis], 0);
    return count;
}

static void
forward_plane(const DcnCall *call, size_t image, size_t plane)
{
    const Params *p = call->params;
    size_t places = dcn_plane_size(&call->out[0]);
    const float *x =
        dcn_image(&call->in[0], image) + plane * dcn_plane_size(&call->in[0]);
    float *y = dcn_image(&call->out[0], image) + plane * places;
    DcnAffine from = dcn_affine(call, image, 1, 2), to = dcn_affine(call, image, 3, 4);
    for (size_t i = 0; i < places; i++) {
        Seen seen = seen_from(p, i);
        double sum = walk_window(p, &seen, x, NULL, 0);
        sum -= (double)from.zero * elements(&seen);
        float step = seen.count > 0 ? from.scale / (to.scale * (float)seen.count) : 0;
        y[i] = dcn_level((float)sum * step, to.zero, p->levels.levels);
    }
}

static void
forward(const DcnCall *call)
{
    dcn_each_plane(call, dcn_plane_size(&call->in[0]), forward_plane);
}

static void
back_plane(const DcnCall *call, size_t image, size_t plane)
{
    const Params *p = call->params;
    size_t places = dcn_plane_size(&call->out[0]);
    const float *y = dcn_image(&call->out[0], image) + plane * places;
    const float *dy = dcn_image_grad(&call->out[0], image) + plane * places;
    float *dx =
        dcn_image_grad(&call->in[0], image) + plane * dcn_plane_size(&call->in[0]);
    DcnAffine from = dcn_affine(call, image, 1, 2), to = dcn_affine(call, image, 3, 4);
    for (size_t i = 0; i < places; i++) {
        Seen seen = seen_from(p, i);
        if (seen.count > 0 && dcn_level_is_inside(y[i], p->levels.levels))
            walk_window(p, &seen, NULL, dx,
                        dy[i] * from.scale / (to.scale * (float)seen.count));
    }
}

static void
back(const DcnCall *call)
{
    if (dcn_wants_back(call, 0))
        dcn_each_plane(call, dcn_plane_size(&call->in[0]), back_plane);
}

static void
reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    if (input == 0)
        dcn_window_box_ahead(&p->window, in, out);
    else
        *out = dcn_shape_box(&call->out[output].shape);
}

static void
reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)output;
    if (input == 0)
        dcn_window_box_back(&p->window, out, in);
    else
        *in = dcn_shape_box(&call->in[input].shape);
}

/* Where all windows have the same divisor: if the first and the last are whole, all are.
 */
static DcnLocality
local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    const DcnWindow *w = &p->window;
    bool even = w->axes == 2 && p->levels.constant;
    for (int axis = 1; axis < 3; axis++)
        even = even && counted(p, axis, 0) == w->kernel[axis] &&
               counted(p, axis, w->out[axis] - 1) == w->kernel[axis];
    return even ? dcn_window_local(w, p->fill, window) : DCN_LOCAL_NO;
}

const DcnOp dcn_op_qlinearaveragepool = {
    .name = "QLinearAveragePool",
    .domain = "com.microsoft",
    .inputs = {4, 5},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .params_size = sizeof(Params),
    .setup = setup_pool,
    .forward = forward,
    .rule = DCN_RULE_STRAIGHT,
    .back = DCN_BACK_ALL(back),
    .reach.ahead = reach_ahead,
    .reach.back = reach_back,
    .reach.local = local,
    .constants.type = dcn_requantise_type,
    .layer = "pool",
};
