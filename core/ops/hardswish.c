/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HardSwish: y = x * max(0, min(1, x / 6 + 1/2)) (Howard et al. 2019). All methods:
 * dx += 0 where x < -3, dy where x > 3, dy * (2 x + 3) / 6 between. */
#include "ops/kit/elementwise.h"

static void
hardswish_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] * dcn_clamp((DcnClamp){0, 1}, x[i] / 6 + 0.5F);
}

static void
hardswish_slopes(const void *params,
                 const float *restrict x,
                 const float *restrict y,
                 const float *restrict dy,
                 float *restrict dx,
                 size_t n)
{
    (void)params, (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += x[i] < -3 ? 0 : x[i] > 3 ? dy[i] : dy[i] * (2 * x[i] + 3) / 6;
}

static void
hardswish_forward(const DcnCall *call)
{
    dcn_each_forward(call, hardswish_values);
}

static void
hardswish_back(const DcnCall *call)
{
    dcn_each_back(call, hardswish_slopes);
}

const DcnOp dcn_op_hardswish = {
    .name = "HardSwish",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = hardswish_forward,
    .back = DCN_BACK_ALL(hardswish_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
    .layer = "hswish",
};
