/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log: y = ln x. All methods: dx += dy / x. */
#include "ops/kit/elementwise.h"
#include <math.h>

static void
log_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = logf(x[i]);
}

static void
log_slopes(const void *params,
           const float *restrict x,
           const float *restrict y,
           const float *restrict dy,
           float *restrict dx,
           size_t n)
{
    (void)params, (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] / x[i];
}

static void
log_forward(const DcnCall *call)
{
    dcn_each_forward(call, log_values);
}

static void
log_back(const DcnCall *call)
{
    dcn_each_back(call, log_slopes);
}

const DcnOp dcn_op_log = {
    .name = "Log",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = log_forward,
    .back = DCN_BACK_ALL(log_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
};
