/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QLinearSigmoid (com.microsoft): y = 1 / (1 + e^-x), from levels to levels
 * (requantise.h).
 *
 * Back, all methods: dx += dy * y (1 - y), through the scales. */
#include "ops/quant/requantise.h"
#include <math.h>

static float
value(const void *params, float x)
{
    (void)params;
    return 1 / (1 + expf(-x));
}

static float
slope(const void *params, float x, float y)
{
    (void)params, (void)x;
    return y * (1 - y);
}

static void
qlinearsigmoid_forward(const DcnCall *call)
{
    dcn_requantise_one_forward(call, value);
}

static void
qlinearsigmoid_back(const DcnCall *call)
{
    dcn_requantise_one_back(call, slope);
}

const DcnOp dcn_op_qlinearsigmoid = {
    .name = "QLinearSigmoid",
    .domain = "com.microsoft",
    .inputs = {4, 5},
    .outputs = {1, 1},
    .params_size = sizeof(DcnRequantise),
    .setup = dcn_requantise_one_setup,
    .forward = qlinearsigmoid_forward,
    .rule = DCN_RULE_STRAIGHT,
    .back = DCN_BACK_ALL(qlinearsigmoid_back),
    .reach.ahead = dcn_reach_first,
    .reach.back = dcn_reach_back_first,
    .reach.local = dcn_requantise_local,
    .constants.type = dcn_requantise_type,
    .layer = "sigmoid",
};
