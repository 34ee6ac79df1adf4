/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QLinearMul (com.microsoft): y = a * b with broadcasting, from levels to levels
 * (requantise.h). Back, all methods: da += dy * b, db += dy * a, through the scales. */
#include "ops/quant/requantise.h"

static float
value(float a, float b)
{
    return a * b;
}

static void
slopes(float a, float b, float slope[2])
{
    slope[0] = b;
    slope[1] = a;
}

static void
qlinearmul_forward(const DcnCall *call)
{
    dcn_requantise_two_forward(call, value);
}

static void
qlinearmul_back(const DcnCall *call)
{
    dcn_requantise_two_back(call, slopes);
}

const DcnOp dcn_op_qlinearmul = {
    .name = "QLinearMul",
    .domain = "com.microsoft",
    .inputs = {7, 8},
    .outputs = {1, 1},
    .params_size = sizeof(DcnRequantise),
    .setup = dcn_requantise_two_setup,
    .forward = qlinearmul_forward,
    .rule = DCN_RULE_STRAIGHT,
    .back = DCN_BACK_ALL(qlinearmul_back),
    .reach.ahead = dcn_requantise_two_ahead,
    .reach.back = dcn_requantise_two_seen,
    .reach.local = dcn_requantise_local,
    .constants.type = dcn_requantise_type,
    .layer = "mul",
};
