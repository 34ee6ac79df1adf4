/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ceil: the smallest integer that is not below x. It is flat, so no signal comes back. */
#include "ops/kit/elementwise.h"
#include <math.h>

static void
ceil_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = ceilf(x[i]);
}

static void
ceil_forward(const DcnCall *call)
{
    dcn_each_forward(call, ceil_values);
}

const DcnOp dcn_op_ceil = {
    .name = "Ceil",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = ceil_forward,
    .back = DCN_BACK_ALL(dcn_flat_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
};
