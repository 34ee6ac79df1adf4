/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tan: y = tan(x), x in radians. All methods: dx += dy * (1 + y^2). */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(tan_values, tanf(x))
DCN_SLOPES(tan_slopes, dy *(1 + y * y))

const DcnOp dcn_op_tan = {
    .name = "Tan",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {tan_values, DCN_BACK_ALL(tan_slopes)},
};
