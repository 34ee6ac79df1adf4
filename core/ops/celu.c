/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Celu: y = x where x >= 0, else alpha * (e^(x / alpha) - 1) (Barron 2017). All methods:
 * dx += dy where x >= 0, else dy * e^(x / alpha). */
#include "ops/kit/elementwise.h"
#include "ops/kit/exponential.h"

typedef struct {
    float alpha;
} Params;

static bool
celu_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->alpha = dcn_node_float(setup->node, "alpha", 1);
    return dcn_setup_same(setup);
}

DCN_VECTOR static void
celu_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    const Params *p = params;
    float alpha = p->alpha;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] < 0 ? alpha * dcn_exp_less_one(x[i] / alpha) : x[i];
}

DCN_VECTOR static void
celu_slopes(const void *params,
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
        dx[i] += x[i] < 0 ? dy[i] * dcn_exp(x[i] / alpha) : dy[i];
}

const DcnOp dcn_op_celu = {
    .name = "Celu",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = celu_setup,
    .each = {celu_values, DCN_BACK_ALL(celu_slopes)},
    .layer = "celu",
};
