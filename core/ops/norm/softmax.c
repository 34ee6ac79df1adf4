/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Softmax: y = e^x / sum e^x over an axis. The largest x is taken off first, so that
 * nothing overflows. Back, all methods: dx += y * (dy - sum of dy * y). */
#include "ops/kit/groups.h"
#include "ops/kit/softmax_row.h"
#include <math.h>
#include <string.h>

static void
softmax_values(const DcnGroup *group, const float *x, float *y)
{
    size_t step = group->step;
    if (step == 1) {
        memcpy(y, x, group->n * sizeof *y);
        dcn_softmax_row(y, group->n);
        return;
    }
    float most = -INFINITY, sum = 0;
    for (size_t i = 0; i < group->n; i++)
        most = x[i * step] > most ? x[i * step] : most;
    for (size_t i = 0; i < group->n; i++) {
        y[i * step] = expf(x[i * step] - most);
        sum += y[i * step];
    }
    for (size_t i = 0; i < group->n; i++)
        y[i * step] /= sum;
}

static void
softmax_slopes(const DcnGroup *group, const float *y, const float *dy, float *dx)
{
    size_t step = group->step;
    float sum = 0;
    for (size_t i = 0; i < group->n; i++)
        sum += dy[i * step] * y[i * step];
    for (size_t i = 0; i < group->n; i++)
        dx[i * step] += y[i * step] * (dy[i * step] - sum);
}

static void
softmax_forward(const DcnCall *call)
{
    dcn_groups_forward(call, softmax_values);
}

static void
softmax_back(const DcnCall *call)
{
    dcn_groups_back(call, softmax_slopes);
}

const DcnOp dcn_op_softmax = {
    .name = "Softmax",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .end = DCN_END_PROBABILITIES,
    .params_size = sizeof(DcnGroups),
    .setup = dcn_groups_setup,
    .forward = softmax_forward,
    .back = DCN_BACK_ALL(softmax_back),
    .reach.ahead = dcn_groups_reach_ahead,
    .reach.back = dcn_groups_reach_back,
    .layer = "softmax",
};
