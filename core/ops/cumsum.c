/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CumSum: running sums along an axis: [1 2 3] becomes [1 3 6]; with exclusive = 1 without
 * the element itself, [0 1 3]; with reverse = 1 from the end on, [6 5 3]. It is linear.
 * Back, all methods: the transpose, running sums of the signal the other way. */
#include "ops/kit/common.h"

typedef struct {
    int axis;
    bool exclusive, reverse;
    size_t outer, n, inner; /* the input as outer x n x inner */
} Params;

static bool
cumsum_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    int64_t axis;
    int n = dcn_setup_ints(setup, 1, &axis, 1);
    if (n == -1)
        return false;
    if (n != 1)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "the axis is missing");
    if (!dcn_setup_axis(setup, axis, x->rank, false, &p->axis))
        return false;
    p->exclusive = dcn_node_int(setup->node, "exclusive", 0) != 0;
    p->reverse = dcn_node_int(setup->node, "reverse", 0) != 0;
    p->outer = dcn_shape_product(x, 0, p->axis);
    p->n = (size_t)x->dim[p->axis];
    p->inner = dcn_shape_product(x, p->axis + 1, x->rank);
    return dcn_setup_same(setup);
}

/* Where the elements of one sum begin. */
static size_t
start_of(const Params *p, size_t sum)
{
    return sum / p->inner * p->n * p->inner + sum % p->inner;
}

/* Adds running sums of x to y. */
static void
run_along(const Params *p, bool reverse, const float *x, float *y)
{
    for (size_t s = 0; s < p->outer * p->inner; s++) {
        size_t start = start_of(p, s);
        double sum = 0;
        for (size_t k = 0; k < p->n; k++) {
            size_t i = start + (reverse ? p->n - 1 - k : k) * p->inner;
            double next = sum + (double)x[i];
            y[i] += (float)(p->exclusive ? sum : next);
            sum = next;
        }
    }
}

static void
cumsum_forward(const DcnCall *call)
{
    const Params *p = call->params;
    for (size_t n = 0; n < call->batch; n++) {
        float *y = dcn_image(&call->out[0], n);
        for (size_t i = 0; i < call->out[0].count; i++)
            y[i] = 0;
        run_along(p, p->reverse, dcn_image(&call->in[0], n), y);
    }
}

static void
cumsum_back(const DcnCall *call)
{
    const Params *p = call->params;
    if (!dcn_wants_back(call, 0))
        return;
    for (size_t n = 0; n < call->batch; n++)
        run_along(p, !p->reverse, dcn_image_grad(&call->out[0], n),
                  dcn_image_grad(&call->in[0], n));
}

/* Integers exactly; what passes 64 bits wraps. */
static bool
cumsum_fold(DcnFold *fold)
{
    const Params *p = fold->params;
    const DcnTensor *x = fold->in[0];
    void *data =
        dcn_fold_alloc(fold, dcn_shape_count(&x->shape) * dcn_type_size(x->type));
    if (!data)
        return false;
    for (size_t s = 0; s < p->outer * p->inner; s++) {
        uint64_t whole = 0;
        double sum = 0;
        for (size_t k = 0; k < p->n; k++) {
            size_t i = start_of(p, s) + (p->reverse ? p->n - 1 - k : k) * p->inner;
            uint64_t whole_next = whole + (uint64_t)dcn_tensor_integer(x, i);
            double next = sum + dcn_tensor_number(x, i);
            if (dcn_type_is_integer(x->type))
                dcn_element_set_integer(x->type, data, i,
                                        (int64_t)(p->exclusive ? whole : whole_next));
            else
                dcn_element_set_number(x->type, data, i, p->exclusive ? sum : next);
            whole = whole_next;
            sum = next;
        }
    }
    fold->out[0] = (DcnTensor){x->type, fold->shape[0], data};
    return true;
}

/* From the box on along the axis, in the direction of the sums, or against it. */
static void
along(const DcnCall *call, bool onwards, const DcnBox *from, DcnBox *to)
{
    const Params *p = call->params;
    *to = *from;
    if (dcn_box_is_empty(from) || p->axis < 1 || p->axis > 3)
        return;
    if (onwards)
        to->end[p->axis - 1] = call->in[0].shape.dim[p->axis];
    else
        to->begin[p->axis - 1] = 0;
}

static void
cumsum_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    (void)input, (void)output;
    along(call, !p->reverse, in, out);
}

static void
cumsum_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)input, (void)output;
    along(call, p->reverse, out, in);
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
    .constants.fold = cumsum_fold,
};
