/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ReduceMean: the mean over some axes, or over all. Axes: an attribute before opset 18,
 * an input since. Back, all methods: linear, each element gets the signal over their
 * number. */
#include "ops/kit/reduce.h"

static void
reducemean_forward(const DcnCall *call)
{
    dcn_reduce_forward(call, true);
}

static void
reducemean_back(const DcnCall *call)
{
    dcn_reduce_back(call, true);
}

static void
reducemean_change(const DcnCall *call, const DcnChange *change, float *y)
{
    dcn_reduce_change(call, change, true, y);
}

const DcnOp dcn_op_reducemean = {
    .name = "ReduceMean",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .params_size = sizeof(DcnReduce),
    .setup = dcn_reduce_setup,
    .forward = reducemean_forward,
    .rule = DCN_RULE_TRANSPOSED,
    .back = DCN_BACK_ALL(reducemean_back),
    .reach.ahead = dcn_reduce_reach_ahead,
    .reach.back = dcn_reduce_reach_back,
    .reach.local = dcn_reduce_local,
    .reach.change = reducemean_change,
    .layer = "mean",
};
