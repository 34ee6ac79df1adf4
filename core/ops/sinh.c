/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sinh: y = (e^x - e^-x) / 2. All methods: dx += dy * cosh(x). */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(sinh_values, sinhf(x))
DCN_SLOPES(sinh_slopes, dy *coshf(x))

const DcnOp dcn_op_sinh = {
    .name = "Sinh",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {sinh_values, DCN_BACK_ALL(sinh_slopes)},
};
