/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ReduceL2: y = the root of the sum of x^2 along some axes, or of all. Axes: an attribute
 * before opset 18, an input since. Back, all methods: dx += dy * x / y, nothing where y
 * is 0. */
#include "base/vector.h"
#include "ops/kit/reduction.h"
#include <math.h>

#define LANES 16

/* A sum for each of some lanes, so that they are vectors. */
DCN_VECTOR static float
reducel2_value(const float *x, size_t n)
{
    double lanes[LANES] = {0}, sum = 0;
    size_t whole = n / LANES * LANES;
    for (size_t i = 0; i < whole; i += LANES)
        for (size_t l = 0; l < LANES; l++)
            lanes[l] += (double)x[i + l] * (double)x[i + l];
    for (size_t i = whole; i < n; i++)
        sum += (double)x[i] * (double)x[i];
    for (size_t l = 0; l < LANES; l++)
        sum += lanes[l];
    return (float)sqrt(sum);
}

static void
reducel2_slopes(const float *x, size_t n, float y, float dy, float *restrict dx)
{
    for (size_t i = 0; y > 0 && i < n; i++)
        dx[i] += dy * x[i] / y;
}

static void
reducel2_forward(const DcnCall *call)
{
    dcn_reduction_forward(call, reducel2_value);
}

static void
reducel2_back(const DcnCall *call)
{
    dcn_reduction_back(call, reducel2_slopes);
}

static bool
reducel2_fold(DcnFold *fold)
{
    return dcn_reduction_fold(fold, reducel2_value, NULL);
}

const DcnOp dcn_op_reducel2 = {
    .name = "ReduceL2",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .end = DCN_END_LENGTHS,
    .params_size = sizeof(DcnReduce),
    .setup = dcn_reduction_setup,
    .forward = reducel2_forward,
    .back = DCN_BACK_ALL(reducel2_back),
    .reach.ahead = dcn_reduce_reach_ahead,
    .reach.back = dcn_reduce_reach_back,
    .reach.local = dcn_reduce_local,
    .constants.fold = reducel2_fold,
};
