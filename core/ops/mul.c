/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mul: y = a * b, broadcast. All methods: da += dy * b, db += dy * a, summed where
 * broadcast (squeeze-and-excite, x * Sigmoid(x)). */
#include "ops/kit/broadcast.h"

DCN_PAIR_VALUES(mul_values, a *b)
DCN_PAIR_SLOPES(mul_slopes, dy *b, dy *a)

static bool
mul_integers(int64_t a, int64_t b, int64_t *y)
{
    *y = (int64_t)((uint64_t)a * (uint64_t)b); /* wraps */
    return true;
}

const DcnOp dcn_op_mul = {
    .name = "Mul",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .since = 7,
    .training.learns = {DCN_LEARNS_BEHIND_WEIGHTS, DCN_LEARNS_BEHIND_WEIGHTS},
    .pair = {mul_values, mul_slopes, mul_integers},
    .fuse.multiplies = true,
    .layer = "mul",
};
