/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ConstantOfShape: one value (0.0 if it is not stated) all over a shape. */
#include "ops/kit/common.h"
#include <string.h>

typedef struct {
    DcnType type;
    char element[8];
} Params;

static bool
constantofshape_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    int64_t list[DCN_MAX_RANK];
    int n = dcn_setup_ints(setup, 0, list, DCN_MAX_RANK);
    if (n < 0)
        return false;
    const DcnAttribute *value = dcn_node_attribute(setup->node, "value");
    p->type = DCN_FLOAT;
    if (value && value->kind == DCN_ATTRIBUTE_TENSOR) {
        size_t size = dcn_type_size(value->tensor.type);
        if (dcn_shape_count(&value->tensor.shape) != 1 || size == 0 ||
            size > sizeof p->element || !value->tensor.data)
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "value is not one number");
        p->type = value->tensor.type;
        memcpy(p->element, value->tensor.data, size);
    }
    setup->out[0] = dcn_shape(n, list);
    return true;
}

static bool
constantofshape_fold(DcnFold *fold)
{
    const Params *p = fold->params;
    size_t size = dcn_type_size(p->type), count = dcn_shape_count(&fold->shape[0]);
    char *data = dcn_fold_alloc(fold, count * size);
    if (!data)
        return false;
    for (size_t i = 0; i < count; i++)
        memcpy(data + i * size, p->element, size);
    fold->out[0] = (DcnTensor){p->type, fold->shape[0], data};
    return true;
}

const DcnOp dcn_op_constantofshape = {
    .name = "ConstantOfShape",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = constantofshape_setup,
    .constants.fold = constantofshape_fold,
};
