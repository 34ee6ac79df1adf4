/* SPDX-License-Identifier: GPL-3.0-or-later */
/* InstanceNormalization: each plane by its own mean and deviation, then scale and bias of
 * its channel (Ulyanov et al. 2016).
 *
 * Back, all methods: the gradient (normal.h), through the statistics too. */
#include "ops/norm/normal.h"

static bool
instancenormalization_setup(DcnSetup *setup)
{
    DcnNormal *p = setup->params;
    const DcnShape *x = setup->in[0];
    char text[2][128];
    if (x->rank < 2)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "the input is %s and has no channels",
                              dcn_shape_print(x, text[0]));
    for (size_t i = 1; i < 3; i++)
        if (dcn_shape_count(setup->in[i]) != (size_t)x->dim[1])
            return dcn_setup_fail(
                setup, DCN_ERROR_SHAPE,
                "input %zu is %s where %lld channels need one number each", i,
                dcn_shape_print(setup->in[i], text[0]), (long long)x->dim[1]);
    int64_t places = (int64_t)dcn_shape_product(x, 2, x->rank);
    DcnShape planes = dcn_shape(3, (int64_t[]){x->dim[0], x->dim[1], places});
    DcnShape channels = dcn_shape(2, (int64_t[]){x->dim[1], 1});
    bool named[DCN_MAX_RANK] = {[2] = true};
    if (!dcn_normal_setup(setup, &planes, named, &channels, &channels))
        return false;
    for (int i = 2; i < DCN_MAX_RANK; i++)
        p->axes[i] = -1;
    p->epsilon = dcn_node_float(setup->node, "epsilon", 1e-5F);
    p->centred = true;
    return true;
}

const DcnOp dcn_op_instancenormalization = {
    .name = "InstanceNormalization",
    .inputs = {3, 3},
    .outputs = {1, 1},
    .since = 6,
    .role = DCN_ROLE_NORMALISES,
    .planes = true,
    .training.learns = {DCN_LEARNS_NOT, DCN_LEARNS, DCN_LEARNS},
    .params_size = sizeof(DcnNormal),
    .setup = instancenormalization_setup,
    .forward = dcn_normal_forward,
    .back = DCN_BACK_ALL(dcn_normal_back),
    .grad_weights = dcn_normal_grad_weights,
    .reach.ahead = dcn_normal_reach_ahead,
    .reach.back = dcn_normal_reach_back,
    .layer = "norm",
};
