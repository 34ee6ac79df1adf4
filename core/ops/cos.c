/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cos: y = cos(x), x in radians. All methods: dx -= dy * sin(x). */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(cos_values, cosf(x))
DCN_SLOPES(cos_slopes, -dy *sinf(x))

const DcnOp dcn_op_cos = {
    .name = "Cos",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {cos_values, DCN_BACK_ALL(cos_slopes)},
};
