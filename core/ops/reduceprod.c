/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ReduceProd: the product along some axes, or of all. Axes: an attribute before opset 18,
 * an input since. Back, all methods: dx_i += dy * the product of all others. */
#include "ops/kit/reduction.h"

static float
reduceprod_value(const float *x, size_t n)
{
    double y = 1;
    for (size_t i = 0; i < n; i++)
        y *= (double)x[i];
    return (float)y;
}

static void
reduceprod_slopes(const float *x, size_t n, float y, float dy, float *restrict dx)
{
    /* Of the elements that are not 0. With one 0 only its place has a slope, with two
     * none has. */
    double product = 1;
    size_t zeros = 0;
    (void)y;
    for (size_t i = 0; i < n; i++)
        if (x[i] == 0)
            zeros++;
        else
            product *= (double)x[i];
    for (size_t i = 0; i < n; i++)
        if (zeros == 0)
            dx[i] += dy * (float)(product / (double)x[i]);
        else if (zeros == 1 && x[i] == 0)
            dx[i] += dy * (float)product;
}

static int64_t
reduceprod_join(int64_t y, int64_t x)
{
    return (int64_t)((uint64_t)y * (uint64_t)x); /* more than 64 bits wrap */
}

static void
reduceprod_forward(const DcnCall *call)
{
    dcn_reduction_forward(call, reduceprod_value);
}

static void
reduceprod_back(const DcnCall *call)
{
    dcn_reduction_back(call, reduceprod_slopes);
}

static bool
reduceprod_fold(DcnFold *fold)
{
    return dcn_reduction_fold(fold, reduceprod_value,
                              &(DcnReduceIntegers){1, reduceprod_join});
}

const DcnOp dcn_op_reduceprod = {
    .name = "ReduceProd",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .params_size = sizeof(DcnReduce),
    .setup = dcn_reduction_setup,
    .forward = reduceprod_forward,
    .back = DCN_BACK_ALL(reduceprod_back),
    .reach.ahead = dcn_reduce_reach_ahead,
    .reach.back = dcn_reduce_reach_back,
    .reach.local = dcn_reduce_local,
    .constants.fold = reduceprod_fold,
};
