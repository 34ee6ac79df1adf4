/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sin: y = sin(x), x in radians. All methods: dx += dy * cos(x). */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(sin_values, sinf(x))
DCN_SLOPES(sin_slopes, dy *cosf(x))

const DcnOp dcn_op_sin = {
    .name = "Sin",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {sin_values, DCN_BACK_ALL(sin_slopes)},
};
