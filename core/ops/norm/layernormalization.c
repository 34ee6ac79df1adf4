/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LayerNormalization: all axes from `axis` on (the last one, if it is not stated) by
 * their own mean and deviation, then scale and bias (Ba et al. 2016). Outputs 1 and 2:
 * mean and 1 / deviation.
 *
 * Back, all methods: the gradient (normal.h), through the statistics too. */
#include "ops/norm/normal.h"

static bool
layernormalization_setup(DcnSetup *setup)
{
    DcnNormal *p = setup->params;
    if (!dcn_normal_setup_last_axes(setup))
        return false;
    p->epsilon = dcn_node_float(setup->node, "epsilon", 1e-5F);
    p->centred = true;
    for (size_t j = 1; j < setup->n_out; j++) {
        setup->out[j] = setup->out[0];
        for (int i = 0; i < setup->out[j].rank; i++)
            if (p->axes[i] < 0)
                setup->out[j].dim[i] = 1;
    }
    return true;
}

const DcnOp dcn_op_layernormalization = {
    .name = "LayerNormalization",
    .inputs = {2, 3},
    .outputs = {1, 3},
    .role = DCN_ROLE_NORMALISES,
    .training.learns = {DCN_LEARNS_NOT, DCN_LEARNS, DCN_LEARNS},
    .params_size = sizeof(DcnNormal),
    .setup = layernormalization_setup,
    .forward = dcn_normal_forward,
    .back = DCN_BACK_ALL(dcn_normal_back),
    .grad_weights = dcn_normal_grad_weights,
    .reach.ahead = dcn_normal_reach_ahead,
    .reach.back = dcn_normal_reach_back,
    .reach.local = dcn_normal_local,
    .layer = "norm",
};
