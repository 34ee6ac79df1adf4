/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Min of two: y = a where a <= b, else b, broadcast. All methods: the signal goes to the
 * smaller one, to a if they are equal. */
#include "ops/kit/broadcast.h"

static void
min_values(const float *a, const float *b, float *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = b[i] < a[i] ? b[i] : a[i];
}

static void
min_slopes(const float *restrict a,
           const float *restrict b,
           const float *restrict y,
           const float *restrict dy,
           float *restrict da,
           float *restrict db,
           size_t n)
{
    (void)y;
    for (size_t i = 0; i < n; i++) {
        da[i] = b[i] < a[i] ? 0 : dy[i];
        db[i] = b[i] < a[i] ? dy[i] : 0;
    }
}

static void
min_forward(const DcnCall *call)
{
    dcn_pair_forward(call, min_values, NULL);
}

static void
min_back(const DcnCall *call)
{
    dcn_pair_back(call, min_slopes);
}

static void
min_grad_weights(const DcnCall *call)
{
    dcn_pair_grad_weights(call, min_slopes);
}

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
    .setup = dcn_setup_broadcast,
    .forward = min_forward,
    .back = DCN_BACK_ALL(min_back),
    .grad_weights = min_grad_weights,
    .reach_ahead = dcn_reach_broadcast,
    .reach_back = dcn_reach_back_broadcast,
    .local = dcn_local_places,
    .integers = min_integers,
};
