/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LeakyRelu: y = x where x >= 0, else alpha * x. Not a rectifier: all methods take the
 * gradient, dx += dy * (x < 0 ? alpha : 1). */
#include "ops/kit/elementwise.h"

typedef struct {
    float alpha;
} Params;

static bool
leakyrelu_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->alpha = dcn_node_float(setup->node, "alpha", 0.01F);
    return dcn_setup_same(setup);
}

static void
leakyrelu_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    const Params *p = params;
    float alpha = p->alpha;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] < 0 ? alpha * x[i] : x[i];
}

static void
leakyrelu_slopes(const void *params,
                 const float *restrict x,
                 const float *restrict y,
                 const float *restrict dy,
                 float *restrict dx,
                 size_t n)
{
    const Params *p = params;
    float alpha = p->alpha;
    (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += x[i] < 0 ? alpha * dy[i] : dy[i];
}

const DcnOp dcn_op_leakyrelu = {
    .name = "LeakyRelu",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = leakyrelu_setup,
    .each = {leakyrelu_values, DCN_BACK_ALL(leakyrelu_slopes)},
    .layer = "leaky",
};
