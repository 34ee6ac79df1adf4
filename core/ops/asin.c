/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asin: y = arcsin(x), NaN outside of -1 .. 1. All methods: dx += dy / sqrt(1 - x^2). */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(asin_values, asinf(x))
DCN_SLOPES(asin_slopes, dy / sqrtf(1 - x * x))

const DcnOp dcn_op_asin = {
    .name = "Asin",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {asin_values, DCN_BACK_ALL(asin_slopes)},
};
