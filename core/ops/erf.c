/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erf: y = erf(x) (in GELU as exporters write it out). All methods:
 * dx += dy * 2 / sqrt(pi) * e^(-x^2). */
#include "ops/kit/elementwise.h"
#include "ops/kit/error_function.h"

DCN_VALUES(erf_values, dcn_erf(x))
DCN_SLOPES(erf_slopes, dy * 1.12837917F * dcn_exp(-x * x))

const DcnOp dcn_op_erf = {
    .name = "Erf",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {erf_values, DCN_BACK_ALL(erf_slopes)},
};
