/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reciprocal: y = 1 / x. All methods: dx -= dy * y^2. */
#include "ops/kit/elementwise.h"

static void
reciprocal_values(const void *params,
                  const float *restrict x,
                  float *restrict y,
                  size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = 1 / x[i];
}

static void
reciprocal_slopes(const void *params,
                  const float *restrict x,
                  const float *restrict y,
                  const float *restrict dy,
                  float *restrict dx,
                  size_t n)
{
    (void)params, (void)x;
    for (size_t i = 0; i < n; i++)
        dx[i] += -dy[i] * y[i] * y[i];
}

static void
reciprocal_forward(const DcnCall *call)
{
    dcn_each_forward(call, reciprocal_values);
}

static void
reciprocal_back(const DcnCall *call)
{
    dcn_each_back(call, reciprocal_slopes);
}

const DcnOp dcn_op_reciprocal = {
    .name = "Reciprocal",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = reciprocal_forward,
    .back = DCN_BACK_ALL(reciprocal_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
};
