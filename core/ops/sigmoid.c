/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sigmoid: y = 1 / (1 + e^-x). All methods: dx += dy * y * (1 - y). */
#include "base/vector.h"
#include "ops/kit/elementwise.h"
#include "ops/kit/exponential.h"

DCN_VECTOR static void
sigmoid_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = 1 / (1 + dcn_exp(-x[i]));
}

DCN_VECTOR static void
sigmoid_slopes(const void *params,
               const float *restrict x,
               const float *restrict y,
               const float *restrict dy,
               float *restrict dx,
               size_t n)
{
    (void)params, (void)x;
    for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] * y[i] * (1 - y[i]);
}

static void
sigmoid_forward(const DcnCall *call)
{
    dcn_each_forward(call, sigmoid_values);
}

static void
sigmoid_back(const DcnCall *call)
{
    dcn_each_back(call, sigmoid_slopes);
}

const DcnOp dcn_op_sigmoid = {
    .name = "Sigmoid",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = sigmoid_forward,
    .back = DCN_BACK_ALL(sigmoid_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
    .layer = "sigmoid",
};
