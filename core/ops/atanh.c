/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Atanh: y with tanh(y) = x, NaN outside of -1 .. 1. All methods: dx += dy / (1 - x^2). */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(atanh_values, atanhf(x))
DCN_SLOPES(atanh_slopes, dy / (1 - x * x))

const DcnOp dcn_op_atanh = {
    .name = "Atanh",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {atanh_values, DCN_BACK_ALL(atanh_slopes)},
};
