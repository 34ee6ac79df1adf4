/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neg: y = -x. All methods: dx -= dy. */
#include "ops/kit/elementwise.h"

static void
neg_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = -x[i];
}

static void
neg_slopes(const void *params,
           const float *restrict x,
           const float *restrict y,
           const float *restrict dy,
           float *restrict dx,
           size_t n)
{
    (void)params, (void)x, (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += -dy[i];
}

static void
neg_forward(const DcnCall *call)
{
    dcn_each_forward(call, neg_values);
}

static void
neg_back(const DcnCall *call)
{
    dcn_each_back(call, neg_slopes);
}

const DcnOp dcn_op_neg = {
    .name = "Neg",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = neg_forward,
    .back = DCN_BACK_ALL(neg_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
};
