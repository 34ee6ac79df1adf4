/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Split: the input cut along an axis. Sizes: an attribute before opset 13, an input
 * since; without, equal parts (the last one may be smaller, with num_outputs of opset
 * 18). */
#include "ops/kit/common.h"
#include <string.h>

#define MOST 1024

typedef struct {
    int axis;
} Params;

static bool
split_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    int64_t sizes[MOST], parts = (int64_t)setup->n_out;
    if (!dcn_setup_axis(setup, dcn_node_int(setup->node, "axis", 0), x->rank, false,
                        &p->axis))
        return false;
    int n = dcn_setup_ints(setup, 1, sizes, MOST);
    if (n == -1)
        return false;
    if (n == -2)
        n = dcn_node_ints(setup->node, "split", sizes, MOST);
    int64_t length = x->dim[p->axis];
    if (n == 0) {
        parts = dcn_node_int(setup->node, "num_outputs", parts);
        if (parts < (int64_t)setup->n_out || parts < 1 || parts > MOST ||
            (length % parts != 0 && setup->opset < 18))
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "%lld places do not go into %lld equal parts",
                                  (long long)length, (long long)parts);
        int64_t part = dcn_ceil_div(length, parts);
        for (n = 0; n < parts; n++)
            sizes[n] = dcn_max_i64(dcn_min_i64(part, length - n * part), 0);
    }
    if (n < (int)setup->n_out)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "%zu outputs need a size each",
                              setup->n_out);
    int64_t sum = 0;
    for (int i = 0; i < n; i++) {
        if (sizes[i] < 0 || sizes[i] > length)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "a part of %lld places",
                                  (long long)sizes[i]);
        sum += sizes[i];
    }
    if (sum != length)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "the parts have %lld places, the input has %lld",
                              (long long)sum, (long long)length);
    for (size_t i = 0; i < setup->n_out; i++) {
        setup->out[i] = *x;
        setup->out[i].dim[p->axis] = sizes[i];
    }
    return true;
}

static size_t
block_size(const DcnOperand *operand, int axis)
{
    return dcn_shape_product(&operand->shape, axis, operand->shape.rank);
}

/* Outputs that no node uses have a shape too, since offsets depend on it. */
static void
split_forward(const DcnCall *call)
{
    const Params *p = call->params;
    const DcnOperand *x = &call->in[0];
    size_t in = block_size(x, p->axis) * call->element, offset = 0;
    size_t blocks = dcn_shape_product(&x->shape, 0, p->axis);
    for (size_t i = 0; i < call->n_out; i++) {
        size_t size = block_size(&call->out[i], p->axis) * call->element;
        for (size_t n = 0; n < call->batch && call->out[i].data && size > 0; n++) {
            char *to = dcn_image_bytes(call, &call->out[i], n);
            const char *from = dcn_image_bytes(call, x, n) + offset;
            for (size_t k = 0; k < blocks; k++)
                memcpy(to + k * size, from + k * in, size);
        }
        offset += size;
    }
}

static void
split_back(const DcnCall *call)
{
    const Params *p = call->params;
    const DcnOperand *x = &call->in[0];
    size_t in = block_size(x, p->axis), offset = 0;
    size_t blocks = dcn_shape_product(&x->shape, 0, p->axis);
    if (!x->grad || x->stride == 0)
        return;
    for (size_t i = 0; i < call->n_out; i++) {
        size_t size = block_size(&call->out[i], p->axis);
        for (size_t n = 0; n < call->batch && call->out[i].grad; n++) {
            const float *dy = dcn_image_grad(&call->out[i], n);
            float *dx = dcn_image_grad(x, n) + offset;
            for (size_t k = 0; k < blocks; k++)
                for (size_t j = 0; j < size; j++)
                    dx[k * in + j] += dy[k * size + j];
        }
        offset += size;
    }
}

/* The box moved by `sign` times the place where an output begins, and cut to shape. */
static void
moved(const DcnCall *call, size_t output, int sign, const DcnBox *from, DcnBox *to)
{
    const Params *p = call->params;
    int64_t offset = 0;
    *to = *from;
    if (p->axis < 1 || p->axis > 3)
        return;
    for (size_t i = 0; i < output; i++)
        offset += call->out[i].shape.dim[p->axis];
    const DcnShape *shape = sign > 0 ? &call->in[0].shape : &call->out[output].shape;
    int i = p->axis - 1;
    to->begin[i] = dcn_max_i64(from->begin[i] + sign * offset, 0);
    to->end[i] = dcn_min_i64(from->end[i] + sign * offset, shape->dim[p->axis]);
}

static void
split_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    (void)input;
    moved(call, output, -1, in, out);
}

static void
split_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    (void)input;
    moved(call, output, 1, out, in);
}

static DcnLocality
split_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    (void)window;
    return p->axis > 0 ? DCN_LOCAL_MOVED : DCN_LOCAL_NO;
}

const DcnOp dcn_op_split = {
    .name = "Split",
    .inputs = {1, 2},
    .outputs = {1, MOST},
    .params_size = sizeof(Params),
    .setup = split_setup,
    .forward = split_forward,
    .back = DCN_BACK_ALL(split_back),
    .reach.ahead = split_reach_ahead,
    .reach.back = split_reach_back,
    .reach.local = split_local,
    .constants.moves = true,
};
