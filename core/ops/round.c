/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Round: the nearest integer; halves go to the even one, so 2.5 and 1.5 both become 2. It
 * is flat, so no signal comes back. */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(round_values, rintf(x))

const DcnOp dcn_op_round = {
    .name = "Round",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {round_values},
};
