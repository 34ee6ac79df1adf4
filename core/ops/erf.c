/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erf: y = erf(x) (in GELU as exporters write it out). All methods:
 * dx += dy * 2 / sqrt(pi) * e^(-x^2). */
#include "ops/kit/elementwise.h"
#include <math.h>

static void
erf_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = erff(x[i]);
}

static void
erf_slopes(const void *params,
           const float *restrict x,
           const float *restrict y,
           const float *restrict dy,
           float *restrict dx,
           size_t n)
{
    (void)params, (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] * 1.12837917F * expf(-x[i] * x[i]);
}

static void
erf_forward(const DcnCall *call)
{
    dcn_each_forward(call, erf_values);
}

static void
erf_back(const DcnCall *call)
{
    dcn_each_back(call, erf_slopes);
}

const DcnOp dcn_op_erf = {
    .name = "Erf",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = erf_forward,
    .back = DCN_BACK_ALL(erf_back),
    .reach_ahead = dcn_reach_same,
    .reach_back = dcn_reach_back_same,
    .local = dcn_local_places,
};
