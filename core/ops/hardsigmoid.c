/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HardSigmoid: y = max(0, min(1, alpha * x + beta)). All methods: dx += dy * alpha where
 * 0 < y < 1, else 0. */
#include "ops/kit/elementwise.h"

typedef struct {
    float alpha;
    float beta;
} Params;

static bool
hardsigmoid_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->alpha = dcn_node_float(setup->node, "alpha", 0.2F);
    p->beta = dcn_node_float(setup->node, "beta", 0.5F);
    return dcn_setup_same(setup);
}

DCN_VECTOR static void
hardsigmoid_values(const void *params,
                   const float *restrict x,
                   float *restrict y,
                   size_t n)
{
    const Params *p = params;
    float alpha = p->alpha;
    float beta = p->beta;
    for (size_t i = 0; i < n; i++)
        y[i] = dcn_clamp((DcnClamp){0, 1}, alpha * x[i] + beta);
}

DCN_VECTOR static void
hardsigmoid_slopes(const void *params,
                   const float *restrict x,
                   const float *restrict y,
                   const float *restrict dy,
                   float *restrict dx,
                   size_t n)
{
    const Params *p = params;
    float alpha = p->alpha;
    (void)x;
    for (size_t i = 0; i < n; i++)
        dx[i] += y[i] > 0 && y[i] < 1 ? alpha * dy[i] : 0;
}

extern const DcnOp dcn_op_hardswish;

static const DcnOp *
hardsigmoid_gated(const void *params)
{
    const Params *p = params;
    return p->alpha == 1.0F / 6 && p->beta == 0.5F ? &dcn_op_hardswish : NULL;
}

const DcnOp dcn_op_hardsigmoid = {
    .name = "HardSigmoid",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = hardsigmoid_setup,
    .each = {hardsigmoid_values, DCN_BACK_ALL(hardsigmoid_slopes)},
    .fuse.gated = hardsigmoid_gated,
    .layer = "hsigmoid",
};
