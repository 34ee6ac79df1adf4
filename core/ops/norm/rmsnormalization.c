/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RMSNormalization: y = x / sqrt(mean of x^2 + epsilon) * scale over all axes from `axis`
 * on, the last one if it is not stated (Zhang & Sennrich 2019; opset 23).
 *
 * Back, all methods: the gradient (normal.h). */
#include "ops/norm/normal.h"

static bool
rmsnormalization_setup(DcnSetup *setup)
{
    DcnNormal *p = setup->params;
    if (!dcn_normal_setup_last_axes(setup))
        return false;
    p->epsilon = dcn_node_float(setup->node, "epsilon", 1e-5F);
    return true;
}

const DcnOp dcn_op_rmsnormalization = {
    .name = "RMSNormalization",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_NORMALISES,
    .training.learns = {DCN_LEARNS_NOT, DCN_LEARNS},
    .params_size = sizeof(DcnNormal),
    .setup = rmsnormalization_setup,
    .forward = dcn_normal_forward,
    .back = DCN_BACK_ALL(dcn_normal_back),
    .grad_weights = dcn_normal_grad_weights,
    .reach.ahead = dcn_normal_reach_ahead,
    .reach.back = dcn_normal_reach_back,
    .reach.local = dcn_normal_local,
    .layer = "norm",
};
