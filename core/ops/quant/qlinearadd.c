/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QLinearAdd (com.microsoft): y = a + b with broadcasting, from levels to levels
 * (requantise.h). Back, all methods: to both, through the scales. */
#include "ops/quant/requantise.h"

static float
value(float a, float b)
{
    return a + b;
}

static void
slopes(float a, float b, float slope[2])
{
    (void)a, (void)b;
    slope[0] = slope[1] = 1;
}

static void
qlinearadd_forward(const DcnCall *call)
{
    dcn_requantise_two_forward(call, value);
}

static void
qlinearadd_back(const DcnCall *call)
{
    dcn_requantise_two_back(call, slopes);
}

const DcnOp dcn_op_qlinearadd = {
    .name = "QLinearAdd",
    .domain = "com.microsoft",
    .inputs = {7, 8},
    .outputs = {1, 1},
    .role = DCN_ROLE_ADDS,
    .params_size = sizeof(DcnRequantise),
    .setup = dcn_requantise_two_setup,
    .forward = qlinearadd_forward,
    .rule = DCN_RULE_STRAIGHT,
    .back = DCN_BACK_ALL(qlinearadd_back),
    .reach.ahead = dcn_requantise_two_ahead,
    .reach.back = dcn_requantise_two_seen,
    .reach.local = dcn_requantise_local,
    .constants.type = dcn_requantise_type,
    .layer = "add",
};
