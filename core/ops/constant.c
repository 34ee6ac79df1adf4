/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Constant: the tensor, number or list in its attribute. */
#include "ops/kit/common.h"

typedef struct {
    DcnTensor tensor; /* the model owns the elements */
} Params;

static bool
constant_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    DcnTensor *t = &p->tensor;
    for (size_t i = 0; i < setup->node->n_attributes && !t->data; i++) {
        const DcnAttribute *a = &setup->node->attributes[i];
        int64_t count = (int64_t)a->count;
        if (a->kind == DCN_ATTRIBUTE_TENSOR)
            *t = a->tensor;
        else if (a->kind == DCN_ATTRIBUTE_FLOAT)
            *t = (DcnTensor){DCN_FLOAT, dcn_shape(0, NULL), &a->f};
        else if (a->kind == DCN_ATTRIBUTE_INT)
            *t = (DcnTensor){DCN_INT64, dcn_shape(0, NULL), &a->i};
        else if (a->kind == DCN_ATTRIBUTE_FLOATS)
            *t = (DcnTensor){DCN_FLOAT, dcn_shape(1, &count), a->floats};
        else if (a->kind == DCN_ATTRIBUTE_INTS)
            *t = (DcnTensor){DCN_INT64, dcn_shape(1, &count), a->ints};
    }
    if (!t->data || dcn_type_size(t->type) == 0)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "its value is neither a tensor of numbers nor a number");
    setup->out[0] = t->shape;
    return true;
}

static bool
constant_fold(DcnFold *fold)
{
    fold->out[0] = ((const Params *)fold->params)->tensor;
    return true;
}

const DcnOp dcn_op_constant = {
    .name = "Constant",
    .inputs = {0, 0},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = constant_setup,
    .constants.fold = constant_fold,
};
