/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ThresholdedRelu: y = x where x > alpha, else 0 (Konda et al. 2015). All methods: dx +=
 * dy where x > alpha. It is no rectifier of the paper, whose bound is 0, so the deconvnet
 * takes the derivative too. */
#include "ops/kit/elementwise.h"

typedef struct {
    float alpha;
} Params;

static bool
thresholdedrelu_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->alpha = dcn_node_float(setup->node, "alpha", 1);
    return dcn_setup_same(setup);
}

static void
thresholdedrelu_values(const void *params,
                       const float *restrict x,
                       float *restrict y,
                       size_t n)
{
    const Params *p = params;
    float alpha = p->alpha;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] > alpha ? x[i] : 0;
}

static void
thresholdedrelu_slopes(const void *params,
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
        dx[i] += x[i] > alpha ? dy[i] : 0;
}

const DcnOp dcn_op_thresholdedrelu = {
    .name = "ThresholdedRelu",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = thresholdedrelu_setup,
    .each = {thresholdedrelu_values, DCN_BACK_ALL(thresholdedrelu_slopes)},
    .layer = "trelu",
};
