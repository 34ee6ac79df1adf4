/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Div: y = a / b, broadcast; integers are cut off towards 0. All methods: da += dy / b,
 * db -= dy * y / b, summed where broadcast. */
#include "ops/kit/broadcast.h"

static void
div_values(const float *a, const float *b, float *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] / b[i];
}

static void
div_slopes(const float *restrict a,
           const float *restrict b,
           const float *restrict y,
           const float *restrict dy,
           float *restrict da,
           float *restrict db,
           size_t n)
{
    (void)a;
    for (size_t i = 0; i < n; i++) {
        da[i] = dy[i] / b[i];
        db[i] = -dy[i] * y[i] / b[i];
    }
}

static void
div_forward(const DcnCall *call)
{
    dcn_pair_forward(call, div_values, NULL);
}

static void
div_back(const DcnCall *call)
{
    dcn_pair_back(call, div_slopes);
}

static void
div_grad_weights(const DcnCall *call)
{
    dcn_pair_grad_weights(call, div_slopes);
}

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
    .setup = dcn_setup_broadcast,
    .forward = div_forward,
    .back = DCN_BACK_ALL(div_back),
    .grad_weights = div_grad_weights,
    .reach_ahead = dcn_reach_broadcast,
    .reach_back = dcn_reach_back_broadcast,
    .local = dcn_local_places,
    .integers = div_integers,
    .layer = "div",
};
