/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Not: true where x is 0. Flat, so no signal comes back. */
#include "ops/kit/elementwise.h"

static void
not_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] == 0 ? 1 : 0;
}

static void
not_forward(const DcnCall *call)
{
    dcn_each_forward(call, not_values);
}

const DcnOp dcn_op_not = {
    .name = "Not",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = not_forward,
    .back = DCN_BACK_ALL(dcn_flat_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
};
