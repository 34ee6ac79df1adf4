/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mish: y = x * tanh(ln(1 + e^x)) (Misra 2020). All methods, with t = tanh(ln(1 + e^x))
 * and s = 1 / (1 + e^-x): dx += dy * (t + x * s * (1 - t^2)).
 *
 * With e = e^x, tanh(ln(1 + e)) = ((1 + e)^2 - 1) / ((1 + e)^2 + 1), in which e (e + 2) stands
 * above. From 20 on the nearest float is 1. */
#include "ops/kit/elementwise.h"
#include "ops/kit/exponential.h"

static inline float
exponential(float x)
{
    return dcn_exp(x > 20 ? 20 : x);
}

static inline float
gate(float e)
{
    float above = e * (e + 2);
    return above / (above + 2);
}

static inline float
mish_slope(float x)
{
    float e = exponential(x), t = gate(e);
    return t + x * (e / (1 + e)) * (1 - t * t);
}

DCN_VALUES(mish_values, x *gate(exponential(x)))
DCN_SLOPES(mish_slopes, dy *mish_slope(x))

const DcnOp dcn_op_mish = {
    .name = "Mish",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {mish_values, DCN_BACK_ALL(mish_slopes)},
    .layer = "mish",
};
