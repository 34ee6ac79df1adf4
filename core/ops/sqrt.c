/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sqrt: y = x^(1/2). All methods: dx += dy / (2 y); nothing where y is 0, as the slope
 * there is infinite. */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(sqrt_values, sqrtf(x))
DCN_SLOPES(sqrt_slopes, y > 0 ? dy / (2 * y) : 0)

const DcnOp dcn_op_sqrt = {
    .name = "Sqrt",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .end = DCN_END_LENGTHS,
    .each = {sqrt_values, DCN_BACK_ALL(sqrt_slopes)},
};
