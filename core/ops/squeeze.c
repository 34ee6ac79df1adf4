/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Squeeze: drops the named axes of size 1, or all of them. */
#include "ops/kit/common.h"

static bool
squeeze_setup(DcnSetup *setup)
{
    const DcnShape *x = setup->in[0];
    bool named[DCN_MAX_RANK] = {false};
    char text[128];
    int n = dcn_setup_axes(setup, 1, x->rank, false, named);
    if (n < 0)
        return false;
    DcnShape y = {.rank = 0};
    for (int i = 0; i < x->rank; i++) {
        bool drop = n > 0 ? named[i] : x->dim[i] == 1;
        if (drop && x->dim[i] != 1)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "axis %d of %s is not of size 1", i,
                                  dcn_shape_print(x, text));
        if (!drop)
            y.dim[y.rank++] = x->dim[i];
    }
    setup->out[0] = y;
    return true;
}

const DcnOp dcn_op_squeeze = {
    .name = "Squeeze",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_HANDS_ON,
    .setup = squeeze_setup,
    .forward = dcn_copy_forward,
    .back = DCN_BACK_ALL(dcn_copy_back),
    .reach.ahead = dcn_reach_reshape,
    .reach.back = dcn_reach_back_reshape,
    .constants.moves = true,
};
