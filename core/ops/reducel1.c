/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ReduceL1: y = the sum of |x| along some axes, or of all. Axes: an attribute before
 * opset 18, an input since. Back, all methods: dx += dy * the sign of x. */
#include "ops/kit/reduction.h"
#include <math.h>

static float
reducel1_value(const float *x, size_t n)
{
    double y = 0;
    for (size_t i = 0; i < n; i++)
        y += (double)fabsf(x[i]);
    return (float)y;
}

static void
reducel1_slopes(const float *x, size_t n, float y, float dy, float *restrict dx)
{
    (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += x[i] > 0 ? dy : x[i] < 0 ? -dy : 0;
}

static int64_t
reducel1_join(int64_t y, int64_t x)
{
    return (int64_t)((uint64_t)y + (x < 0 ? 0 - (uint64_t)x : (uint64_t)x));
}

static void
reducel1_forward(const DcnCall *call)
{
    dcn_reduction_forward(call, reducel1_value);
}

static void
reducel1_back(const DcnCall *call)
{
    dcn_reduction_back(call, reducel1_slopes);
}

static bool
reducel1_fold(DcnFold *fold)
{
    return dcn_reduction_fold(fold, reducel1_value,
                              &(DcnReduceIntegers){0, reducel1_join});
}

const DcnOp dcn_op_reducel1 = {
    .name = "ReduceL1",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .params_size = sizeof(DcnReduce),
    .setup = dcn_reduction_setup,
    .forward = reducel1_forward,
    .back = DCN_BACK_ALL(reducel1_back),
    .reach.ahead = dcn_reduce_reach_ahead,
    .reach.back = dcn_reduce_reach_back,
    .reach.local = dcn_reduce_local,
    .constants.fold = reducel1_fold,
};
