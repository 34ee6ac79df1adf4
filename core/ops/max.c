/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Max of two: y = a where a >= b, else b, broadcast. All methods: the signal goes to the
 * larger one, to a if they are equal. */
#include "ops/kit/broadcast.h"

static void
max_values(const float *a, const float *b, float *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] < b[i] ? b[i] : a[i];
}

static void
max_slopes(const float *restrict a,
           const float *restrict b,
           const float *restrict y,
           const float *restrict dy,
           float *restrict da,
           float *restrict db,
           size_t n)
{
    (void)y;
    for (size_t i = 0; i < n; i++) {
        da[i] = a[i] < b[i] ? 0 : dy[i];
        db[i] = a[i] < b[i] ? dy[i] : 0;
    }
}

static void
max_forward(const DcnCall *call)
{
    dcn_pair_forward(call, max_values, NULL);
}

static void
max_back(const DcnCall *call)
{
    dcn_pair_back(call, max_slopes);
}

static void
max_grad_weights(const DcnCall *call)
{
    dcn_pair_grad_weights(call, max_slopes);
}

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
    .setup = dcn_setup_broadcast,
    .forward = max_forward,
    .back = DCN_BACK_ALL(max_back),
    .grad_weights = max_grad_weights,
    .reach_ahead = dcn_reach_broadcast,
    .reach_back = dcn_reach_back_broadcast,
    .local = dcn_local_places,
    .integers = max_integers,
};
