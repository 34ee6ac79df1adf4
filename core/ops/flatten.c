/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flatten: the axes before `axis` become one, those from it on another. */
#include "ops/kit/common.h"

static bool
flatten_setup(DcnSetup *setup)
{
    const DcnShape *x = setup->in[0];
    int axis;
    if (!dcn_setup_axis(setup, dcn_node_int(setup->node, "axis", 1), x->rank, true,
                        &axis))
        return false;
    int64_t before = (int64_t)dcn_shape_product(x, 0, axis);
    int64_t behind = (int64_t)dcn_shape_product(x, axis, x->rank);
    setup->out[0] = dcn_shape(2, (int64_t[]){before, behind});
    return true;
}

const DcnOp dcn_op_flatten = {
    .name = "Flatten",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_HANDS_ON,
    .setup = flatten_setup,
    .forward = dcn_copy_forward,
    .back = DCN_BACK_ALL(dcn_copy_back),
    .reach.ahead = dcn_reach_reshape,
    .reach.back = dcn_reach_back_reshape,
    .constants.moves = true,
};
