/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Floor: the largest integer that is not above x. It is flat, so no signal comes back. */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(floor_values, floorf(x))

const DcnOp dcn_op_floor = {
    .name = "Floor",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {.values = floor_values},
};
