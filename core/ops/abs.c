/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Abs: y = |x|. All methods: dx += dy where x > 0, -dy where x < 0. */
#include "ops/kit/elementwise.h"
#include <math.h>

static void
abs_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = fabsf(x[i]);
}

static void
abs_slopes(const void *params,
           const float *restrict x,
           const float *restrict y,
           const float *restrict dy,
           float *restrict dx,
           size_t n)
{
    (void)params, (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += x[i] > 0 ? dy[i] : x[i] < 0 ? -dy[i] : 0;
}

static void
abs_forward(const DcnCall *call)
{
    dcn_each_forward(call, abs_values);
}

static void
abs_back(const DcnCall *call)
{
    dcn_each_back(call, abs_slopes);
}

const DcnOp dcn_op_abs = {
    .name = "Abs",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = abs_forward,
    .back = DCN_BACK_ALL(abs_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
};
