/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ReduceSum: the sum over some axes, or over all. Axes: an attribute before opset 13, an
 * input since. Back, all methods: linear, each element gets the signal. */
#include "ops/kit/reduction.h"

static void
reducesum_forward(const DcnCall *call)
{
    dcn_reduce_forward(call, false);
}

static void
reducesum_back(const DcnCall *call)
{
    dcn_reduce_back(call, false);
}

static void
reducesum_change(const DcnCall *call, const DcnChange *change, float *y)
{
    dcn_reduce_change(call, change, false, y);
}

static int64_t
reducesum_join(int64_t y, int64_t x)
{
    return (int64_t)((uint64_t)y + (uint64_t)x);
}

static bool
reducesum_fold(DcnFold *fold)
{
    return dcn_reduction_fold(fold, dcn_sum, &(DcnReduceIntegers){0, reducesum_join});
}

const DcnOp dcn_op_reducesum = {
    .name = "ReduceSum",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .end = DCN_END_SUMS,
    .role = DCN_ROLE_POOLS,
    .params_size = sizeof(DcnReduce),
    .setup = dcn_reduce_setup,
    .forward = reducesum_forward,
    .rule = DCN_RULE_TRANSPOSED,
    .back = DCN_BACK_ALL(reducesum_back),
    .reach.ahead = dcn_reduce_reach_ahead,
    .reach.back = dcn_reduce_reach_back,
    .reach.local = dcn_reduce_local,
    .reach.change = reducesum_change,
    .constants.fold = reducesum_fold,
    .layer = "sum",
};
