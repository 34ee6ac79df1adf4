/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unsqueeze: adds axes of size 1; the list counts in the result. */
#include "ops/kit/common.h"

static bool
unsqueeze_setup(DcnSetup *setup)
{
    const DcnShape *x = setup->in[0];
    bool named[DCN_MAX_RANK] = {false};
    int n = dcn_setup_axes(setup, 1, x->rank, true, named);
    if (n < 0)
        return false;
    DcnShape y = {.rank = x->rank + n};
    for (int i = 0, j = 0; i < y.rank; i++)
        y.dim[i] = named[i] ? 1 : x->dim[j++];
    setup->out[0] = y;
    return true;
}

const DcnOp dcn_op_unsqueeze = {
    .name = "Unsqueeze",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_HANDS_ON,
    .setup = unsqueeze_setup,
    .forward = dcn_copy_forward,
    .back = DCN_BACK_ALL(dcn_copy_back),
    .reach.ahead = dcn_reach_reshape,
    .reach.back = dcn_reach_back_reshape,
    .constants.moves = true,
};
