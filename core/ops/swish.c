/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Swish: y = x * sigmoid(alpha * x) (opset 24). All methods, with s = sigmoid(alpha * x):
 * dx += dy * (s + alpha * y * (1 - s)). */
#include "base/vector.h"
#include "ops/kit/elementwise.h"
#include "ops/kit/exponential.h"

typedef struct {
    float alpha;
} Params;

static bool
swish_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->alpha = dcn_node_float(setup->node, "alpha", 1);
    return dcn_setup_same(setup);
}

DCN_VECTOR static void
swish_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    float alpha = ((const Params *)params)->alpha;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] / dcn_one_and_exp(-alpha * x[i]);
}

DCN_VECTOR static void
swish_slopes(const void *params,
             const float *restrict x,
             const float *restrict y,
             const float *restrict dy,
             float *restrict dx,
             size_t n)
{
    float alpha = ((const Params *)params)->alpha;
    for (size_t i = 0; i < n; i++) {
        float s = 1 / dcn_one_and_exp(-alpha * x[i]);
        dx[i] += dy[i] * (s + alpha * y[i] * (1 - s));
    }
}

const DcnOp dcn_op_swish = {
    .name = "Swish",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = swish_setup,
    .each = {swish_values, DCN_BACK_ALL(swish_slopes)},
    .layer = "swish",
};
