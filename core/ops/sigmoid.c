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
        y[i] = 1 / dcn_one_and_exp(-x[i]);
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

extern const DcnOp dcn_op_swish;

static const DcnOp *
sigmoid_gated(const void *params)
{
    (void)params;
    return &dcn_op_swish;
}

const DcnOp dcn_op_sigmoid = {
    .name = "Sigmoid",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .end = DCN_END_EACH_PROBABILITY,
    .each = {sigmoid_values, DCN_BACK_ALL(sigmoid_slopes)},
    .fuse.gated = sigmoid_gated,
    .layer = "sigmoid",
};
