/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sqrt: y = x^(1/2). All methods: dx += dy / (2 y); nothing where y is 0, as the slope
 * there is infinite. */
#include "ops/kit/elementwise.h"
#include <math.h>

static void
sqrt_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = sqrtf(x[i]);
}

static void
sqrt_slopes(const void *params,
            const float *restrict x,
            const float *restrict y,
            const float *restrict dy,
            float *restrict dx,
            size_t n)
{
    (void)params, (void)x;
    for (size_t i = 0; i < n; i++)
        dx[i] += y[i] > 0 ? dy[i] / (2 * y[i]) : 0;
}

static void
sqrt_forward(const DcnCall *call)
{
    dcn_each_forward(call, sqrt_values);
}

static void
sqrt_back(const DcnCall *call)
{
    dcn_each_back(call, sqrt_slopes);
}

const DcnOp dcn_op_sqrt = {
    .name = "Sqrt",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = sqrt_forward,
    .back = DCN_BACK_ALL(sqrt_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
};
