/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reciprocal: y = 1 / x. All methods: dx -= dy * y^2. */
#include "ops/kit/elementwise.h"

DCN_VALUES(reciprocal_values, 1 / x)
DCN_SLOPES(reciprocal_slopes, -dy *y *y)

const DcnOp dcn_op_reciprocal = {
    .name = "Reciprocal",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .end = DCN_END_RECIPROCALS,
    .each = {reciprocal_values, DCN_BACK_ALL(reciprocal_slopes)},
};
