/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ConvInteger: y = the convolution of x - x_zero with w - w_zero, whole numbers.
 *
 * Back, all methods: the transposed map; weights are held. */
#include "ops/quant/sums_conv.h"

static bool
convinteger_setup(DcnSetup *setup)
{
    DcnSumsConv *p = setup->params;
    p->result = dcn_sums_result_whole;
    p->weights = 1;
    p->x_zero = 2;
    p->w_zero = 3;
    return dcn_sums_conv_setup(setup, p);
}

const DcnOp dcn_op_convinteger = {
    .name = "ConvInteger",
    .inputs = {2, 4},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .planes = true,
    .params_size = sizeof(DcnSumsConv),
    .setup = convinteger_setup,
    .forward = dcn_sums_conv_forward,
    .back = DCN_BACK_ALL(dcn_sums_conv_back),
    .reach.ahead = dcn_sums_conv_ahead,
    .reach.back = dcn_sums_conv_seen,
    .reach.local = dcn_sums_conv_local,
    .constants.type = dcn_sums_type,
    .layer = "conv",
};
