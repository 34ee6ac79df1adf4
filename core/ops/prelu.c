/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PRelu: y = a where a >= 0, else b * a; the slope b is broadcast (one a channel, say).
 * Not a rectifier: all methods take the gradient, da += dy * (a < 0 ? b : 1), db += dy *
 * (a < 0 ? a : 0), summed where broadcast. */
#include "ops/kit/broadcast.h"

static void
prelu_values(const float *a, const float *b, float *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] < 0 ? b[i] * a[i] : a[i];
}

static void
prelu_slopes(const float *restrict a,
             const float *restrict b,
             const float *restrict y,
             const float *restrict dy,
             float *restrict da,
             float *restrict db,
             size_t n)
{
    (void)y;
    for (size_t i = 0; i < n; i++) {
        da[i] = a[i] < 0 ? b[i] * dy[i] : dy[i];
        db[i] = a[i] < 0 ? a[i] * dy[i] : 0;
    }
}

static void
prelu_forward(const DcnCall *call)
{
    dcn_pair_forward(call, prelu_values, NULL);
}

static void
prelu_back(const DcnCall *call)
{
    dcn_pair_back(call, prelu_slopes);
}

static void
prelu_grad_weights(const DcnCall *call)
{
    dcn_pair_grad_weights(call, prelu_slopes);
}

const DcnOp dcn_op_prelu = {
    .name = "PRelu",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .setup = dcn_setup_broadcast,
    .forward = prelu_forward,
    .back = DCN_BACK_ALL(prelu_back),
    .grad_weights = prelu_grad_weights,
    .reach_ahead = dcn_reach_broadcast,
    .reach_back = dcn_reach_back_broadcast,
    .local = dcn_local_places,
    .layer = "prelu",
};
