/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Softplus: y = ln(1 + e^x). All methods: dx += dy / (1 + e^-x). */
#include "ops/kit/elementwise.h"
#include "ops/kit/exponential.h"

/* ln(1 + u) of u from 0 to 1: with s = u / (2 + u) it is 2 (s + s^3 / 3 + s^5 / 5 + ...),
 * and s^2 is a ninth at most. */
static inline float
log_one_and(float u)
{
    float s = u / (2 + u), square = s * s, sum = 0.0588235F;
    sum = sum * square + 0.0666667F;
    sum = sum * square + 0.0769231F;
    sum = sum * square + 0.0909091F;
    sum = sum * square + 0.1111111F;
    sum = sum * square + 0.1428571F;
    sum = sum * square + 0.2F;
    sum = sum * square + 0.33333333F;
    return 2 * (s + s * square * sum);
}

static inline float
softplus(float x)
{
    float above = x < 0 ? 0 : x;
    return above + log_one_and(dcn_exp(x < 0 ? x : -x));
}

DCN_VALUES(softplus_values, softplus(x))
DCN_SLOPES(softplus_slopes, dy / dcn_one_and_exp(-x))

const DcnOp dcn_op_softplus = {
    .name = "Softplus",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {softplus_values, DCN_BACK_ALL(softplus_slopes)},
};
