/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asinh: y with sinh(y) = x. All methods: dx += dy / sqrt(x^2 + 1). */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(asinh_values, asinhf(x))
DCN_SLOPES(asinh_slopes, dy / sqrtf(x * x + 1))

const DcnOp dcn_op_asinh = {
    .name = "Asinh",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {asinh_values, DCN_BACK_ALL(asinh_slopes)},
};
