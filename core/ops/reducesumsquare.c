/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ReduceSumSquare: y = the sum of x^2 along some axes, or of all. Axes: an attribute
 * before opset 18, an input since. Back, all methods: dx += dy * 2 x. */
#include "ops/kit/reduction.h"

static float
reducesumsquare_value(const float *x, size_t n)
{
    return dcn_dot(x, x, n);
}

static void
reducesumsquare_slopes(const float *x, size_t n, float y, float dy, float *restrict dx)
{
    (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += 2 * dy * x[i];
}

static int64_t
reducesumsquare_join(int64_t y, int64_t x)
{
    return (int64_t)((uint64_t)y + (uint64_t)x * (uint64_t)x);
}

static void
reducesumsquare_forward(const DcnCall *call)
{
    dcn_reduction_forward(call, reducesumsquare_value);
}

static void
reducesumsquare_back(const DcnCall *call)
{
    dcn_reduction_back(call, reducesumsquare_slopes);
}

static bool
reducesumsquare_fold(DcnFold *fold)
{
    return dcn_reduction_fold(fold, reducesumsquare_value,
                              &(DcnReduceIntegers){0, reducesumsquare_join});
}

const DcnOp dcn_op_reducesumsquare = {
    .name = "ReduceSumSquare",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .params_size = sizeof(DcnReduce),
    .setup = dcn_reduction_setup,
    .forward = reducesumsquare_forward,
    .back = DCN_BACK_ALL(reducesumsquare_back),
    .reach.ahead = dcn_reduce_reach_ahead,
    .reach.back = dcn_reduce_reach_back,
    .reach.local = dcn_reduce_local,
    .constants.fold = reducesumsquare_fold,
};
