/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mul: y = a * b, broadcast. All methods: da += dy * b, db += dy * a, summed where
 * broadcast (squeeze-and-excite, x * Sigmoid(x)). */
#include "ops/kit/broadcast.h"

static void
mul_values(const float *a, const float *b, float *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] * b[i];
}

static void
mul_slopes(const float *restrict a,
           const float *restrict b,
           const float *restrict y,
           const float *restrict dy,
           float *restrict da,
           float *restrict db,
           size_t n)
{
    (void)y;
    for (size_t i = 0; i < n; i++) {
        da[i] = dy[i] * b[i];
        db[i] = dy[i] * a[i];
    }
}

static void
mul_forward(const DcnCall *call)
{
    dcn_pair_forward(call, mul_values, NULL);
}

static void
mul_back(const DcnCall *call)
{
    dcn_pair_back(call, mul_slopes);
}

static void
mul_grad_weights(const DcnCall *call)
{
    dcn_pair_grad_weights(call, mul_slopes);
}

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
    .setup = dcn_setup_broadcast,
    .forward = mul_forward,
    .back = DCN_BACK_ALL(mul_back),
    .grad_weights = mul_grad_weights,
    .reach_ahead = dcn_reach_broadcast,
    .reach_back = dcn_reach_back_broadcast,
    .local = dcn_local_places,
    .integers = mul_integers,
    .layer = "mul",
};
