/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selu: y = gamma * x where x > 0, else gamma * alpha * (e^x - 1) (Klambauer et al.
 * 2017). All methods: dx += dy * gamma where x > 0, else dy * (y + gamma * alpha). */
#include "ops/kit/elementwise.h"
#include "ops/kit/exponential.h"

typedef struct {
    float alpha;
    float gamma;
} Params;

static bool
selu_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->alpha = dcn_node_float(setup->node, "alpha", 1.67326324F);
    p->gamma = dcn_node_float(setup->node, "gamma", 1.05070102F);
    return dcn_setup_same(setup);
}

DCN_VECTOR static void
selu_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    const Params *p = params;
    float alpha = p->alpha;
    float gamma = p->gamma;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] > 0 ? gamma * x[i] : gamma * alpha * dcn_exp_less_one(x[i]);
}

DCN_VECTOR static void
selu_slopes(const void *params,
            const float *restrict x,
            const float *restrict y,
            const float *restrict dy,
            float *restrict dx,
            size_t n)
{
    const Params *p = params;
    float alpha = p->alpha;
    float gamma = p->gamma;
    for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] * (x[i] > 0 ? gamma : y[i] + gamma * alpha);
}

const DcnOp dcn_op_selu = {
    .name = "Selu",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = selu_setup,
    .each = {selu_values, DCN_BACK_ALL(selu_slopes)},
    .layer = "selu",
};
