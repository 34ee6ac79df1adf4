/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compress: the places of an axis (without one: the elements) whose condition is true.
 * The condition is a constant: it says how large the output is.
 *
 * Back, all methods: linear. */
#include "ops/kit/elements.h"
#include <string.h>

typedef struct {
    bool whole; /* no axis: elements in a row */
    int axis;
} Params;

static bool
compress_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0], *condition = setup->in[1];
    p->whole = dcn_node_attribute(setup->node, "axis") == NULL;
    if (!p->whole && !dcn_setup_axis(setup, dcn_node_int(setup->node, "axis", 0), x->rank,
                                     false, &p->axis))
        return false;
    if (!setup->value[1])
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "input 1 has to be a constant; it is computed in a run");
    size_t places = p->whole ? dcn_shape_count(x) : (size_t)x->dim[p->axis];
    size_t count = dcn_shape_count(condition);
    if (condition->rank != 1 || count > places)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "%zu conditions for %zu places",
                              count, places);
    int64_t taken = 0;
    for (size_t i = 0; i < count; i++)
        taken += dcn_tensor_number(setup->value[1], i) != 0;
    setup->out[0] = p->whole ? dcn_shape(1, &taken) : *x;
    setup->out[0].dim[p->whole ? 0 : p->axis] = taken;
    return true;
}

/* The walk over x: outer x places x inner. */
typedef struct {
    size_t outer, places, inner, conditions;
} Sizes;

static Sizes
sizes_of(const Params *p, const DcnShape *x, const DcnShape *condition)
{
    Sizes s = {1, dcn_shape_count(x), 1, (size_t)condition->dim[0]};
    if (!p->whole)
        s = (Sizes){dcn_shape_product(x, 0, p->axis), (size_t)x->dim[p->axis],
                    dcn_shape_product(x, p->axis + 1, x->rank), s.conditions};
    return s;
}

static void
copy_parts(
    const Sizes *s, const DcnIntegers *condition, const char *x, char *y, size_t element)
{
    size_t part = s->inner * element;
    for (size_t o = 0; o < s->outer; o++)
        for (size_t i = 0; i < s->conditions; i++)
            if (dcn_integer_at(condition, i) != 0 && part > 0) {
                memcpy(y, x + (o * s->places + i) * part, part);
                y += part;
            }
}

static void
compress_forward(const DcnCall *call)
{
    Sizes s = sizes_of(call->params, &call->in[0].shape, &call->in[1].shape);
    for (size_t n = 0; n < call->batch; n++)
        copy_parts(&s, &(DcnIntegers){NULL, dcn_image(&call->in[1], n)},
                   dcn_image_bytes(call, &call->in[0], n),
                   dcn_image_bytes(call, &call->out[0], n), sizeof(float));
}

static void
compress_back(const DcnCall *call)
{
    Sizes s = sizes_of(call->params, &call->in[0].shape, &call->in[1].shape);
    for (size_t n = 0; n < call->batch && dcn_wants_back(call, 0); n++) {
        const float *condition = dcn_image(&call->in[1], n);
        const float *dy = dcn_image_grad(&call->out[0], n);
        float *dx = dcn_image_grad(&call->in[0], n);
        for (size_t o = 0; o < s.outer; o++)
            for (size_t i = 0; i < s.conditions; i++)
                for (size_t k = 0; condition[i] != 0 && k < s.inner; k++)
                    dx[(o * s.places + i) * s.inner + k] += *dy++;
    }
}

static bool
compress_fold(DcnFold *fold)
{
    const DcnTensor *x = fold->in[0];
    Sizes s = sizes_of(fold->params, &x->shape, &fold->in[1]->shape);
    size_t size = dcn_type_size(x->type);
    char *y = dcn_fold_alloc(fold, dcn_shape_count(&fold->shape[0]) * size);
    if (!y)
        return false;
    copy_parts(&s, &(DcnIntegers){fold->in[1], NULL}, x->data, y, size);
    fold->out[0] = (DcnTensor){x->type, fold->shape[0], y};
    return true;
}

const DcnOp dcn_op_compress = {
    .name = "Compress",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_CUTS,
    .params_size = sizeof(Params),
    .setup = compress_setup,
    .forward = compress_forward,
    .back = DCN_BACK_ALL(compress_back),
    .constants.fold = compress_fold,
};
