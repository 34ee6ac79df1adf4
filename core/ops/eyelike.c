/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EyeLike: ones on diagonal k of a matrix that is as large as the input, zeroes
 * elsewhere. Known when a plan is made, whatever the input's values are. */
#include "ops/kit/common.h"

typedef struct {
    DcnType type; /* DCN_UNDEFINED: the input's */
    int64_t k;
} Params;

static bool
eyelike_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    char text[128];
    if (setup->in[0]->rank != 2)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s and no matrix",
                              dcn_shape_print(setup->in[0], text));
    int64_t type = dcn_node_int(setup->node, "dtype", DCN_UNDEFINED);
    p->k = dcn_node_int(setup->node, "k", 0);
    p->type = type > 0 && type <= DCN_BFLOAT16 ? (DcnType)type : DCN_UNDEFINED;
    if (type != DCN_UNDEFINED && dcn_type_size(p->type) == 0)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "a matrix of type %lld",
                              (long long)type);
    return dcn_setup_same(setup);
}

static bool
eyelike_fold(DcnFold *fold)
{
    const Params *p = fold->params;
    const DcnShape *y = &fold->shape[0];
    DcnType type = p->type == DCN_UNDEFINED ? fold->in[0]->type : p->type;
    void *data = dcn_fold_alloc(fold, dcn_shape_count(y) * dcn_type_size(type));
    if (!data)
        return false;
    for (int64_t row = 0; row < y->dim[0]; row++)
        if (p->k >= -row && p->k < y->dim[1] - row)
            dcn_element_set_integer(type, data, (size_t)(row * y->dim[1] + row + p->k),
                                    1);
    fold->out[0] = (DcnTensor){type, *y, data};
    return true;
}

const DcnOp dcn_op_eyelike = {
    .name = "EyeLike",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .shapes_only = true,
    .params_size = sizeof(Params),
    .setup = eyelike_setup,
    .constants.fold = eyelike_fold,
};
