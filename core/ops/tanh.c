/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tanh: y = tanh(x). All methods: dx += dy * (1 - y^2). */
#include "ops/kit/elementwise.h"
#include <math.h>

static void
tanh_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = tanhf(x[i]);
}

static void
tanh_slopes(const void *params,
            const float *restrict x,
            const float *restrict y,
            const float *restrict dy,
            float *restrict dx,
            size_t n)
{
    (void)params, (void)x;
    for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] * (1 - y[i] * y[i]);
}

static void
tanh_forward(const DcnCall *call)
{
    dcn_each_forward(call, tanh_values);
}

static void
tanh_back(const DcnCall *call)
{
    dcn_each_back(call, tanh_slopes);
}

const DcnOp dcn_op_tanh = {
    .name = "Tanh",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = tanh_forward,
    .back = DCN_BACK_ALL(tanh_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
    .layer = "tanh",
};
