/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Div: y = a / b, broadcast; integers are cut off towards 0. All methods: da += dy / b,
 * db -= dy * y / b, summed where broadcast. */
#include "ops/kit/broadcast.h"

DCN_PAIR_VALUES(div_values, a / b)
DCN_PAIR_SLOPES(div_slopes, dy / b, -dy *y / b)

static bool
div_integers(int64_t a, int64_t b, int64_t *y)
{
    if (b == 0)
        return false;
    *y = b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b; /* INT64_MIN / -1 wraps */
    return true;
}

const DcnOp dcn_op_div = {
    .name = "Div",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .end = DCN_END_QUOTIENTS,
    .since = 7,
    .training.learns = {DCN_LEARNS_BEHIND_WEIGHTS, DCN_LEARNS_BEHIND_WEIGHTS},
    .pair = {div_values, div_slopes, div_integers},
    .layer = "div",
};
