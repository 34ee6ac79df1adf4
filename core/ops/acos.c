/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acos: y = arccos(x), NaN outside of -1 .. 1. All methods: dx -= dy / sqrt(1 - x^2). */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(acos_values, acosf(x))
DCN_SLOPES(acos_slopes, -dy / sqrtf(1 - x * x))

const DcnOp dcn_op_acos = {
    .name = "Acos",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {acos_values, DCN_BACK_ALL(acos_slopes)},
};
