/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mish: y = x * tanh(ln(1 + e^x)) (Misra 2020). All methods, with t = tanh(ln(1 + e^x))
 * and s = 1 / (1 + e^-x): dx += dy * (t + x * s * (1 - t^2)). */
#include "ops/kit/elementwise.h"
#include <math.h>

static float
mish_gate(float x)
{
    return tanhf(x > 0 ? x + log1pf(expf(-x)) : log1pf(expf(x)));
}

static float
mish_slope(float x)
{
    float t = mish_gate(x), s = 1 / (1 + expf(-x));
    return t + x * s * (1 - t * t);
}

static void
mish_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] * mish_gate(x[i]);
}

static void
mish_slopes(const void *params,
            const float *restrict x,
            const float *restrict y,
            const float *restrict dy,
            float *restrict dx,
            size_t n)
{
    (void)params, (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] * mish_slope(x[i]);
}

const DcnOp dcn_op_mish = {
    .name = "Mish",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {mish_values, DCN_BACK_ALL(mish_slopes)},
    .layer = "mish",
};
