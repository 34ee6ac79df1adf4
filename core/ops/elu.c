/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elu: y = x where x >= 0, else alpha * (e^x - 1) (Clevert et al. 2016). All methods:
 * dx += dy * (x < 0 ? y + alpha : 1). */
#include "ops/kit/elementwise.h"
#include "ops/kit/exponential.h"

typedef struct {
    float alpha;
} Params;

static bool
elu_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->alpha = dcn_node_float(setup->node, "alpha", 1);
    return dcn_setup_same(setup);
}

DCN_VECTOR static void
elu_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    const Params *p = params;
    float alpha = p->alpha;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] < 0 ? alpha * dcn_exp_less_one(x[i]) : x[i];
}

DCN_VECTOR static void
elu_slopes(const void *params,
           const float *restrict x,
           const float *restrict y,
           const float *restrict dy,
           float *restrict dx,
           size_t n)
{
    const Params *p = params;
    float alpha = p->alpha;
    for (size_t i = 0; i < n; i++)
        dx[i] += x[i] < 0 ? (y[i] + alpha) * dy[i] : dy[i];
}

const DcnOp dcn_op_elu = {
    .name = "Elu",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = elu_setup,
    .each = {elu_values, DCN_BACK_ALL(elu_slopes)},
    .layer = "elu",
};
