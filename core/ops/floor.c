/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Floor: the largest integer that is not above x. It is flat, so no signal comes back. */
#include "ops/kit/elementwise.h"
#include <math.h>

static void
floor_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = floorf(x[i]);
}

static void
floor_forward(const DcnCall *call)
{
    dcn_each_forward(call, floor_values);
}

const DcnOp dcn_op_floor = {
    .name = "Floor",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = floor_forward,
    .back = DCN_BACK_ALL(dcn_flat_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
};
