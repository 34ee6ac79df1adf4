/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Softplus: y = ln(1 + e^x). All methods: dx += dy / (1 + e^-x). */
#include "ops/kit/elementwise.h"
#include <math.h>

static void
softplus_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] > 0 ? x[i] + log1pf(expf(-x[i])) : log1pf(expf(x[i]));
}

static void
softplus_slopes(const void *params,
                const float *restrict x,
                const float *restrict y,
                const float *restrict dy,
                float *restrict dx,
                size_t n)
{
    (void)params, (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] / (1 + expf(-x[i]));
}

static void
softplus_forward(const DcnCall *call)
{
    dcn_each_forward(call, softplus_values);
}

static void
softplus_back(const DcnCall *call)
{
    dcn_each_back(call, softplus_slopes);
}

const DcnOp dcn_op_softplus = {
    .name = "Softplus",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = softplus_forward,
    .back = DCN_BACK_ALL(softplus_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
};
