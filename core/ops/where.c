/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where: x where the condition is true, else y, all three broadcast. All methods: the
 * signal goes to the one that was taken. */
#include "ops/kit/common.h"
#include <string.h>

enum { CONDITION, TRUE_VALUE, FALSE_VALUE };

static bool
where_setup(DcnSetup *setup)
{
    char text[3][128];
    DcnShape y;
    if (dcn_shape_broadcast(setup->in[0], setup->in[1], &y) &&
        dcn_shape_broadcast(&y, setup->in[2], &setup->out[0]))
        return true;
    return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "inputs of %s, %s and %s do not fit",
                          dcn_shape_print(setup->in[0], text[0]),
                          dcn_shape_print(setup->in[1], text[1]),
                          dcn_shape_print(setup->in[2], text[2]));
}

/* Which input element i of the output comes from, and which element of it. */
static size_t
taken(const DcnCall *call, size_t image, size_t i, size_t *element)
{
    const DcnShape *y = &call->out[0].shape;
    const DcnOperand *condition = &call->in[CONDITION];
    size_t at = dcn_broadcast_index(y, &condition->shape, i);
    size_t input = dcn_image(condition, image)[at] != 0 ? TRUE_VALUE : FALSE_VALUE;
    *element = dcn_broadcast_index(y, &call->in[input].shape, i);
    return input;
}

static void
where_forward(const DcnCall *call)
{
    size_t at;
    for (size_t n = 0; n < call->batch; n++)
        for (size_t i = 0; i < call->out[0].count; i++) {
            size_t input = taken(call, n, i, &at);
            dcn_image(&call->out[0], n)[i] = dcn_image(&call->in[input], n)[at];
        }
}

static void
where_back(const DcnCall *call)
{
    size_t at;
    for (size_t n = 0; n < call->batch && call->out[0].grad; n++)
        for (size_t i = 0; i < call->out[0].count; i++) {
            size_t input = taken(call, n, i, &at);
            if (dcn_wants_back(call, input))
                dcn_image_grad(&call->in[input], n)[at] +=
                    dcn_image_grad(&call->out[0], n)[i];
        }
}

static bool
where_fold(DcnFold *fold)
{
    const DcnShape *y = &fold->shape[0];
    DcnType type = fold->in[TRUE_VALUE]->type;
    size_t size = dcn_type_size(type), count = dcn_shape_count(y);
    if (fold->in[FALSE_VALUE]->type != type)
        return dcn_fail(fold->error, DCN_ERROR_FORMAT, "Where chooses between %s and %s",
                        dcn_type_name(type), dcn_type_name(fold->in[FALSE_VALUE]->type));
    char *data = dcn_fold_alloc(fold, count * size);
    if (!data)
        return false;
    for (size_t i = 0; i < count; i++) {
        const DcnTensor *condition = fold->in[CONDITION];
        size_t at = dcn_broadcast_index(y, &condition->shape, i);
        bool truth = dcn_tensor_number(condition, at) != 0;
        const DcnTensor *from = fold->in[truth ? TRUE_VALUE : FALSE_VALUE];
        at = dcn_broadcast_index(y, &from->shape, i);
        memcpy(data + i * size, (const char *)from->data + at * size, size);
    }
    fold->out[0] = (DcnTensor){type, *y, data};
    return true;
}

const DcnOp dcn_op_where = {
    .name = "Where",
    .inputs = {3, 3},
    .outputs = {1, 1},
    .setup = where_setup,
    .forward = where_forward,
    .back = DCN_BACK_ALL(where_back),
    .reach.ahead = dcn_reach_broadcast,
    .reach.back = dcn_reach_back_broadcast,
    .reach.local = dcn_local_places,
    .constants.fold = where_fold,
};
