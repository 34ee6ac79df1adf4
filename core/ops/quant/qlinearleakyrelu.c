/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QLinearLeakyRelu (com.microsoft): y = x, below zero alpha * x, from levels to levels
 * (requantise.h).
 *
 * Back, all methods: dx += dy, where x is below zero alpha * dy, through the scales. */
#include "ops/quant/requantise.h"

typedef struct {
    DcnRequantise levels;
    float alpha;
} Params;

static bool
qlinearleakyrelu_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->alpha = dcn_node_float(setup->node, "alpha", 0.01F);
    return dcn_requantise_one_setup(setup);
}

static float
value(const void *params, float x)
{
    const Params *p = params;
    return x < 0 ? p->alpha * x : x;
}

static float
slope(const void *params, float x, float y)
{
    const Params *p = params;
    (void)y;
    return x < 0 ? p->alpha : 1;
}

static void
qlinearleakyrelu_forward(const DcnCall *call)
{
    dcn_requantise_one_forward(call, value);
}

static void
qlinearleakyrelu_back(const DcnCall *call)
{
    dcn_requantise_one_back(call, slope);
}

const DcnOp dcn_op_qlinearleakyrelu = {
    .name = "QLinearLeakyRelu",
    .domain = "com.microsoft",
    .inputs = {4, 5},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = qlinearleakyrelu_setup,
    .forward = qlinearleakyrelu_forward,
    .rule = DCN_RULE_STRAIGHT,
    .back = DCN_BACK_ALL(qlinearleakyrelu_back),
    .reach.ahead = dcn_reach_first,
    .reach.back = dcn_reach_back_first,
    .reach.local = dcn_requantise_local,
    .constants.type = dcn_requantise_type,
    .layer = "leaky",
};
