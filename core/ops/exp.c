/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exp: y = e^x. All methods: dx += dy * y. */
#include "ops/kit/elementwise.h"
#include <math.h>

static void
exp_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = expf(x[i]);
}

static void
exp_slopes(const void *params,
           const float *restrict x,
           const float *restrict y,
           const float *restrict dy,
           float *restrict dx,
           size_t n)
{
    (void)params, (void)x;
    for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] * y[i];
}

static void
exp_forward(const DcnCall *call)
{
    dcn_each_forward(call, exp_values);
}

static void
exp_back(const DcnCall *call)
{
    dcn_each_back(call, exp_slopes);
}

const DcnOp dcn_op_exp = {
    .name = "Exp",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = exp_forward,
    .back = DCN_BACK_ALL(exp_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
};
