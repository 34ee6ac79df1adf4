/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tanh: y = tanh(x). All methods: dx += dy * (1 - y^2). */
#include "ops/kit/elementwise.h"
#include "ops/kit/exponential.h"

DCN_VALUES(tanh_values, dcn_tanh(x))
DCN_SLOPES(tanh_slopes, dy *(1 - y * y))

const DcnOp dcn_op_tanh = {
    .name = "Tanh",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {tanh_values, DCN_BACK_ALL(tanh_slopes)},
    .layer = "tanh",
};
