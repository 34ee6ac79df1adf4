/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ReduceLogSumExp: y = ln of the sum of e^x along some axes, or of all. The largest x is
 * taken off first, so that nothing overflows. Axes: an attribute before opset 18, an
 * input since. Back, all methods: dx += dy * e^(x - y). */
#include "ops/kit/reduction.h"
#include <math.h>

static float
reducelogsumexp_value(const float *x, size_t n)
{
    float most = x[0];
    double sum = 0;
    for (size_t i = 1; i < n; i++)
        most = most < x[i] ? x[i] : most;
    if (isinf(most))
        return most;
    for (size_t i = 0; i < n; i++)
        sum += (double)expf(x[i] - most);
    return most + (float)log(sum);
}

static void
reducelogsumexp_slopes(const float *x, size_t n, float y, float dy, float *restrict dx)
{
    for (size_t i = 0; i < n; i++)
        dx[i] += dy * expf(x[i] - y);
}

static void
reducelogsumexp_forward(const DcnCall *call)
{
    dcn_reduction_forward(call, reducelogsumexp_value);
}

static void
reducelogsumexp_back(const DcnCall *call)
{
    dcn_reduction_back(call, reducelogsumexp_slopes);
}

static bool
reducelogsumexp_fold(DcnFold *fold)
{
    return dcn_reduction_fold(fold, reducelogsumexp_value, NULL);
}

const DcnOp dcn_op_reducelogsumexp = {
    .name = "ReduceLogSumExp",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .params_size = sizeof(DcnReduce),
    .setup = dcn_reduction_setup,
    .forward = reducelogsumexp_forward,
    .back = DCN_BACK_ALL(reducelogsumexp_back),
    .reach.ahead = dcn_reduce_reach_ahead,
    .reach.back = dcn_reduce_reach_back,
    .reach.local = dcn_reduce_local,
    .constants.fold = reducelogsumexp_fold,
};
