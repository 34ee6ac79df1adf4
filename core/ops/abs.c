/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Abs: y = |x|. All methods: dx += dy where x > 0, -dy where x < 0. */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(abs_values, fabsf(x))
DCN_SLOPES(abs_slopes, x > 0 ? dy : x < 0 ? -dy : 0)

const DcnOp dcn_op_abs = {
    .name = "Abs",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {abs_values, DCN_BACK_ALL(abs_slopes)},
};
