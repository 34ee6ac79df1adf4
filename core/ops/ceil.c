/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ceil: the smallest integer that is not below x. It is flat, so no signal comes back. */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(ceil_values, ceilf(x))

const DcnOp dcn_op_ceil = {
    .name = "Ceil",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {.values = ceil_values},
};
