/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cosh: y = (e^x + e^-x) / 2. All methods: dx += dy * sinh(x). */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(cosh_values, coshf(x))
DCN_SLOPES(cosh_slopes, dy *sinhf(x))

const DcnOp dcn_op_cosh = {
    .name = "Cosh",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {cosh_values, DCN_BACK_ALL(cosh_slopes)},
};
