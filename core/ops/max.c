/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Max of two: y = a where a >= b, else b, broadcast. All methods: the signal goes to the
 * larger one, to a if they are equal. */
#include "ops/kit/broadcast.h"

DCN_PAIR_VALUES(max_values, a < b ? b : a)
DCN_PAIR_SLOPES(max_slopes, a < b ? 0 : dy, a < b ? dy : 0)

static bool
max_integers(int64_t a, int64_t b, int64_t *y)
{
    *y = a < b ? b : a;
    return true;
}

const DcnOp dcn_op_max = {
    .name = "Max",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .pair = {max_values, max_slopes, max_integers},
};
