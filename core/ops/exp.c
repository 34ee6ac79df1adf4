/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exp: y = e^x. All methods: dx += dy * y. */
#include "ops/kit/elementwise.h"
#include "ops/kit/exponential.h"

DCN_VALUES(exp_values, dcn_exp(x))
DCN_SLOPES(exp_slopes, dy *y)

const DcnOp dcn_op_exp = {
    .name = "Exp",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .end = DCN_END_EXPONENTIALS,
    .each = {exp_values, DCN_BACK_ALL(exp_slopes)},
};
