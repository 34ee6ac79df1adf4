/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Softplus: y = ln(1 + e^x). All methods: dx += dy / (1 + e^-x). */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(softplus_values, x > 0 ? x + log1pf(expf(-x)) : log1pf(expf(x)))
DCN_SLOPES(softplus_slopes, dy / (1 + expf(-x)))

const DcnOp dcn_op_softplus = {
    .name = "Softplus",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {softplus_values, DCN_BACK_ALL(softplus_slopes)},
};
