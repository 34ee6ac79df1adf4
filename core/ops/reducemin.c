/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ReduceMin: the smallest element along some axes, or of all. Axes: an attribute before
 * opset 18, an input since. Back, all methods: the signal goes to the place of the
 * minimum, the first of equals. */
#include "ops/kit/reduction.h"

static float
reducemin_value(const float *x, size_t n)
{
    float y = x[0];
    for (size_t i = 1; i < n; i++)
        y = y > x[i] ? x[i] : y;
    return y;
}

static void
reducemin_slopes(const float *x, size_t n, float y, float dy, float *restrict dx)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] == y) {
            dx[i] += dy;
            return;
        }
}

static int64_t
reducemin_join(int64_t y, int64_t x)
{
    return y > x ? x : y;
}

static void
reducemin_forward(const DcnCall *call)
{
    dcn_reduction_forward(call, reducemin_value);
}

static void
reducemin_back(const DcnCall *call)
{
    dcn_reduction_back(call, reducemin_slopes);
}

static bool
reducemin_fold(DcnFold *fold)
{
    return dcn_reduction_fold(fold, reducemin_value,
                              &(DcnReduceIntegers){INT64_MAX, reducemin_join});
}

const DcnOp dcn_op_reducemin = {
    .name = "ReduceMin",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .params_size = sizeof(DcnReduce),
    .setup = dcn_reduction_setup,
    .forward = reducemin_forward,
    .back = DCN_BACK_ALL(reducemin_back),
    .reach.ahead = dcn_reduce_reach_ahead,
    .reach.back = dcn_reduce_reach_back,
    .reach.local = dcn_reduce_local,
    .constants.fold = reducemin_fold,
};
