/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sub: y = a - b, broadcast. All methods: da += dy, db -= dy, summed where broadcast. */
#include "ops/kit/broadcast.h"

DCN_PAIR_VALUES(sub_values, a - b)
DCN_PAIR_SLOPES(sub_slopes, dy, -dy)

static bool
sub_integers(int64_t a, int64_t b, int64_t *y)
{
    *y = (int64_t)((uint64_t)a - (uint64_t)b); /* wraps */
    return true;
}

const DcnOp dcn_op_sub = {
    .name = "Sub",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .since = 7,
    .training.learns = {DCN_LEARNS_BEHIND_WEIGHTS, DCN_LEARNS_BEHIND_WEIGHTS},
    .rule = DCN_RULE_TRANSPOSED,
    .pair = {sub_values, sub_slopes, sub_integers},
    .layer = "sub",
};
