/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Min of two: y = a where a <= b, else b, broadcast. All methods: the signal goes to the
 * smaller one, to a if they are equal. */
#include "ops/kit/broadcast.h"

DCN_PAIR_VALUES(min_values, b < a ? b : a)
DCN_PAIR_SLOPES(min_slopes, b < a ? 0 : dy, b < a ? dy : 0)

static bool
min_integers(int64_t a, int64_t b, int64_t *y)
{
    *y = b < a ? b : a;
    return true;
}

const DcnOp dcn_op_min = {
    .name = "Min",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .pair = {min_values, min_slopes, min_integers},
};
