/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LogSoftmax: y = x - ln sum e^x over an axis. The largest x is taken off first, so that
 * nothing overflows. Back, all methods: dx += dy - e^y * sum dy. */
#include "ops/kit/groups.h"
#include <math.h>

static void
logsoftmax_values(const DcnGroup *group, const float *x, float *y)
{
    size_t step = group->step;
    float most = -INFINITY, sum = 0;
    for (size_t i = 0; i < group->n; i++)
        most = x[i * step] > most ? x[i * step] : most;
    for (size_t i = 0; i < group->n; i++)
        sum += expf(x[i * step] - most);
    float shift = logf(sum);
    for (size_t i = 0; i < group->n; i++)
        y[i * step] = (x[i * step] - most) - shift;
}

static void
logsoftmax_slopes(const DcnGroup *group, const float *y, const float *dy, float *dx)
{
    size_t step = group->step;
    float sum = 0;
    for (size_t i = 0; i < group->n; i++)
        sum += dy[i * step];
    for (size_t i = 0; i < group->n; i++)
        dx[i * step] += dy[i * step] - expf(y[i * step]) * sum;
}

static void
logsoftmax_forward(const DcnCall *call)
{
    dcn_groups_forward(call, logsoftmax_values);
}

static void
logsoftmax_back(const DcnCall *call)
{
    dcn_groups_back(call, logsoftmax_slopes);
}

const DcnOp dcn_op_logsoftmax = {
    .name = "LogSoftmax",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .end = DCN_END_LOG_PROBABILITIES,
    .params_size = sizeof(DcnGroups),
    .setup = dcn_groups_setup,
    .forward = logsoftmax_forward,
    .back = DCN_BACK_ALL(logsoftmax_back),
    .reach.ahead = dcn_groups_reach_ahead,
    .reach.back = dcn_groups_reach_back,
    .layer = "logsoftmax",
};
