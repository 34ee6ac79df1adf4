/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acosh: y >= 0 with cosh(y) = x, NaN for x < 1. All methods: dx += dy / sqrt(x^2 - 1). */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(acosh_values, acoshf(x))
DCN_SLOPES(acosh_slopes, dy / sqrtf(x * x - 1))

const DcnOp dcn_op_acosh = {
    .name = "Acosh",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {acosh_values, DCN_BACK_ALL(acosh_slopes)},
};
