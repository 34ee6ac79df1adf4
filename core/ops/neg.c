/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neg: y = -x. All methods: dx -= dy. */
#include "ops/kit/elementwise.h"

DCN_VALUES(neg_values, -x)
DCN_SLOPES(neg_slopes, -dy)

const DcnOp dcn_op_neg = {
    .name = "Neg",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {neg_values, DCN_BACK_ALL(neg_slopes)},
};
