/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Atan: y = arctan(x). All methods: dx += dy / (1 + x^2). */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(atan_values, atanf(x))
DCN_SLOPES(atan_slopes, dy / (1 + x * x))

const DcnOp dcn_op_atan = {
    .name = "Atan",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {atan_values, DCN_BACK_ALL(atan_slopes)},
};
