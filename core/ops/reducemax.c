/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ReduceMax: the largest element along some axes, or of all. Axes: an attribute before
 * opset 18, an input since. Back, all methods: the signal goes to the place of the
 * maximum, the first of equals. */
#include "ops/kit/reduction.h"

static float
reducemax_value(const float *x, size_t n)
{
    float y = x[0];
    for (size_t i = 1; i < n; i++)
        y = y < x[i] ? x[i] : y;
    return y;
}

static void
reducemax_slopes(const float *x, size_t n, float y, float dy, float *restrict dx)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] == y) {
            dx[i] += dy;
            return;
        }
}

static int64_t
reducemax_join(int64_t y, int64_t x)
{
    return y < x ? x : y;
}

static void
reducemax_forward(const DcnCall *call)
{
    dcn_reduction_forward(call, reducemax_value);
}

static void
reducemax_back(const DcnCall *call)
{
    dcn_reduction_back(call, reducemax_slopes);
}

static bool
reducemax_fold(DcnFold *fold)
{
    return dcn_reduction_fold(fold, reducemax_value,
                              &(DcnReduceIntegers){INT64_MIN, reducemax_join});
}

const DcnOp dcn_op_reducemax = {
    .name = "ReduceMax",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .params_size = sizeof(DcnReduce),
    .setup = dcn_reduction_setup,
    .forward = reducemax_forward,
    .back = DCN_BACK_ALL(reducemax_back),
    .reach.ahead = dcn_reduce_reach_ahead,
    .reach.back = dcn_reduce_reach_back,
    .reach.local = dcn_reduce_local,
    .constants.fold = reducemax_fold,
    .layer = "max",
};
