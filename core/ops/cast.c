/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cast: to another element type. CastLike: to the type of the second input.
 *
 * In a run all elements are floats, so a cast to a float type changes nothing there and
 * one to integers cuts off towards 0. Back, all methods: through a cast between floats
 * the signal goes unchanged, through one to integers nothing. */
#include "ops/kit/common.h"
#include <math.h>

typedef struct {
    DcnType type;
} Params;

static bool
cast_to(DcnSetup *setup, int64_t type)
{
    Params *p = setup->params;
    p->type = type > 0 && type <= DCN_INT4 ? (DcnType)type : DCN_UNDEFINED;
    if (dcn_type_size(p->type) == 0)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "to type %lld",
                              (long long)type);
    return dcn_setup_same(setup);
}

static bool
cast_setup(DcnSetup *setup)
{
    return cast_to(setup, dcn_node_int(setup->node, "to", 0));
}

static bool
castlike_setup(DcnSetup *setup)
{
    return cast_to(setup, setup->value[1] ? setup->value[1]->type : DCN_FLOAT);
}

static void
cast_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_copy_forward(call);
    if (dcn_type_is_float(p->type))
        return;
    for (size_t n = 0; n < call->batch; n++) {
        float *y = dcn_image(&call->out[0], n);
        for (size_t i = 0; i < call->out[0].count; i++)
            y[i] = p->type == DCN_BOOL ? y[i] != 0 : truncf(y[i]);
    }
}

static void
cast_back(const DcnCall *call)
{
    const Params *p = call->params;
    if (dcn_type_is_float(p->type))
        dcn_copy_back(call);
}

static bool
cast_fold(DcnFold *fold)
{
    const Params *p = fold->params;
    const DcnTensor *x = fold->in[0];
    size_t count = dcn_shape_count(&x->shape);
    void *data = dcn_fold_alloc(fold, count * dcn_type_size(p->type));
    if (!data)
        return false;
    bool integers = dcn_type_is_integer(x->type) && dcn_type_is_integer(p->type);
    for (size_t i = 0; i < count; i++) {
        if (p->type == DCN_BOOL)
            dcn_element_set_integer(p->type, data, i, dcn_tensor_number(x, i) != 0);
        else if (integers)
            dcn_element_set_integer(p->type, data, i, dcn_tensor_integer(x, i));
        else
            dcn_element_set_number(p->type, data, i, dcn_tensor_number(x, i));
    }
    fold->out[0] = (DcnTensor){p->type, fold->shape[0], data};
    return true;
}

static DcnRule
cast_rule(const void *params)
{
    const Params *p = params;
    return dcn_type_is_float(p->type) ? DCN_RULE_TRANSPOSED : DCN_RULE_NOTHING;
}

const DcnOp dcn_op_cast = {
    .name = "Cast",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_HANDS_ON,
    .params_size = sizeof(Params),
    .setup = cast_setup,
    .forward = cast_forward,
    .rule_by = cast_rule,
    .back = DCN_BACK_ALL(cast_back),
    .reach.ahead = dcn_reach_same,
    .reach.back = dcn_reach_back_same,
    .reach.local = dcn_local_places,
    .constants.fold = cast_fold,
};

const DcnOp dcn_op_castlike = {
    .name = "CastLike",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_HANDS_ON,
    .params_size = sizeof(Params),
    .setup = castlike_setup,
    .forward = cast_forward,
    .rule_by = cast_rule,
    .back = DCN_BACK_ALL(cast_back),
    .reach.ahead = dcn_reach_same,
    .reach.back = dcn_reach_back_same,
    .reach.local = dcn_local_places,
    .constants.fold = cast_fold,
};
