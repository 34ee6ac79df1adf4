/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CumSum: each element is the sum of those before it along an axis and, but for
 * exclusive, of itself; with reverse, of those behind it. 1 2 3 becomes 1 3 6; exclusive
 * 0 1 3; reverse 6 5 3.
 *
 * Back, all methods: linear, the same sums in the other direction. */
#include "ops/kit/axis.h"

typedef struct {
    DcnAxis axis;
    bool exclusive, reverse;
} Params;

static bool
cumsum_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    int64_t axis;
    int n = dcn_setup_ints(setup, 1, &axis, 1);
    if (n == -1)
        return false;
    if (n != 1)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "it does not say which axis");
    p->exclusive = dcn_node_int(setup->node, "exclusive", 0) != 0;
    p->reverse = dcn_node_int(setup->node, "reverse", 0) != 0;
    setup->out[0] = *setup->in[0];
    return dcn_axis_setup(setup, axis, &p->axis);
}

/* y (+)= sums of x */
static void
sum_line(const Params *p, bool reverse, const float *x, float *y, bool add)
{
    float sum = 0;
    for (size_t i = 0; i < p->axis.n; i++) {
        size_t at = (reverse ? p->axis.n - 1 - i : i) * p->axis.inner;
        float before = sum;
        sum += x[at];
        float result = p->exclusive ? before : sum;
        y[at] = add ? y[at] + result : result;
    }
}

static void
cumsum_forward(const DcnCall *call)
{
    const Params *p = call->params;
    for (size_t n = 0; n < call->batch; n++)
        for (size_t line = 0; line < p->axis.outer * p->axis.inner; line++) {
            size_t first = dcn_axis_line(&p->axis, line, p->axis.n);
            sum_line(p, p->reverse, dcn_image(&call->in[0], n) + first,
                     dcn_image(&call->out[0], n) + first, false);
        }
}

static void
cumsum_back(const DcnCall *call)
{
    const Params *p = call->params;
    for (size_t n = 0; n < call->batch && dcn_wants_back(call, 0); n++)
        for (size_t line = 0; line < p->axis.outer * p->axis.inner; line++) {
            size_t first = dcn_axis_line(&p->axis, line, p->axis.n);
            sum_line(p, !p->reverse, dcn_image_grad(&call->out[0], n) + first,
                     dcn_image_grad(&call->in[0], n) + first, true);
        }
}

static void
cumsum_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    int axis = p->axis.axis - 1;
    (void)input, (void)output, (void)call;
    *out = *in;
    if (axis < 0 || axis > 2 || dcn_box_is_empty(in))
        return;
    if (p->reverse) {
        out->begin[axis] = 0;
        out->end[axis] = in->end[axis] - p->exclusive;
    } else {
        out->begin[axis] = in->begin[axis] + p->exclusive;
        out->end[axis] = (int64_t)p->axis.n;
    }
}

static void
cumsum_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    int axis = p->axis.axis - 1;
    (void)input, (void)output, (void)call;
    *in = *out;
    if (axis < 0 || axis > 2 || dcn_box_is_empty(out))
        return;
    if (p->reverse) {
        in->begin[axis] = out->begin[axis] + p->exclusive;
        in->end[axis] = (int64_t)p->axis.n;
    } else {
        in->begin[axis] = 0;
        in->end[axis] = out->end[axis] - p->exclusive;
    }
}

const DcnOp dcn_op_cumsum = {
    .name = "CumSum",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = cumsum_setup,
    .forward = cumsum_forward,
    .back = DCN_BACK_ALL(cumsum_back),
    .reach.ahead = cumsum_reach_ahead,
    .reach.back = cumsum_reach_back,
};
