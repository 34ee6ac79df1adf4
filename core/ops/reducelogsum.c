/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ReduceLogSum: y = ln of the sum along some axes, or of all. Axes: an attribute before
 * opset 18, an input since. Back, all methods: dx += dy / the sum. */
#include "ops/kit/reduction.h"
#include <math.h>

static float
reducelogsum_value(const float *x, size_t n)
{
    return logf(dcn_sum(x, n));
}

static void
reducelogsum_slopes(const float *x, size_t n, float y, float dy, float *restrict dx)
{
    float slope = dy / dcn_sum(x, n);
    (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += slope;
}

static void
reducelogsum_forward(const DcnCall *call)
{
    dcn_reduction_forward(call, reducelogsum_value);
}

static void
reducelogsum_back(const DcnCall *call)
{
    dcn_reduction_back(call, reducelogsum_slopes);
}

static bool
reducelogsum_fold(DcnFold *fold)
{
    return dcn_reduction_fold(fold, reducelogsum_value, NULL);
}

const DcnOp dcn_op_reducelogsum = {
    .name = "ReduceLogSum",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .params_size = sizeof(DcnReduce),
    .setup = dcn_reduction_setup,
    .forward = reducelogsum_forward,
    .back = DCN_BACK_ALL(reducelogsum_back),
    .reach.ahead = dcn_reduce_reach_ahead,
    .reach.back = dcn_reduce_reach_back,
    .reach.local = dcn_reduce_local,
    .constants.fold = reducelogsum_fold,
};
