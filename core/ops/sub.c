/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sub: y = a - b, broadcast. All methods: da += dy, db -= dy, summed where broadcast. */
#include "ops/kit/broadcast.h"

static void
sub_values(const float *a, const float *b, float *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] - b[i];
}

static void
sub_slopes(const float *restrict a,
           const float *restrict b,
           const float *restrict y,
           const float *restrict dy,
           float *restrict da,
           float *restrict db,
           size_t n)
{
    (void)a, (void)b, (void)y;
    for (size_t i = 0; i < n; i++) {
        da[i] = dy[i];
        db[i] = -dy[i];
    }
}

static void
sub_forward(const DcnCall *call)
{
    dcn_pair_forward(call, sub_values, NULL);
}

static void
sub_back(const DcnCall *call)
{
    dcn_pair_back(call, sub_slopes);
}

static void
sub_grad_weights(const DcnCall *call)
{
    dcn_pair_grad_weights(call, sub_slopes);
}

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
    .setup = dcn_setup_broadcast,
    .forward = sub_forward,
    .back = DCN_BACK_ALL(sub_back),
    .grad_weights = sub_grad_weights,
    .reach_ahead = dcn_reach_broadcast,
    .reach_back = dcn_reach_back_broadcast,
    .local = dcn_local_places,
    .integers = sub_integers,
    .layer = "sub",
};
