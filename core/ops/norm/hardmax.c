/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hardmax: 1 at the largest element of an axis, the first of equals, 0 elsewhere. It is
 * flat, so no signal comes back. */
#include "ops/kit/groups.h"

static void
hardmax_values(const DcnGroup *group, const float *x, float *y)
{
    size_t step = group->step, most = 0;
    for (size_t i = 0; i < group->n; i++) {
        if (x[i * step] > x[most * step])
            most = i;
        y[i * step] = 0;
    }
    y[most * step] = 1;
}

static void
hardmax_forward(const DcnCall *call)
{
    dcn_groups_forward(call, hardmax_values);
}

const DcnOp dcn_op_hardmax = {
    .name = "Hardmax",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_DECIDES,
    .params_size = sizeof(DcnGroups),
    .setup = dcn_groups_setup,
    .forward = hardmax_forward,
    .back = DCN_BACK_ALL(dcn_flat_back),
    .reach.ahead = dcn_groups_reach_ahead,
    .reach.back = dcn_groups_reach_back,
};
