/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MeanVarianceNormalization: y = (x - mean) / (deviation + 1e-9), both taken along `axes`:
 * 0, 2 and 3, if they are not stated, which is channel by channel. Axis 0 is that of one
 * image; images of a batch do not mix.
 *
 * Back, all methods: the gradient (normal.h), through the statistics too. */
#include "ops/norm/normal.h"

static bool
meanvariancenormalization_setup(DcnSetup *setup)
{
    DcnNormal *p = setup->params;
    const DcnShape *x = setup->in[0];
    bool named[DCN_MAX_RANK] = {false};
    int n = dcn_setup_axes(setup, 1, x->rank, false, named);
    if (n < 0)
        return false;
    if (n == 0) {
        if (x->rank < 4)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "axis 3 does not exist: there are %d axes", x->rank);
        named[0] = named[2] = named[3] = true;
    }
    p->epsilon = 1e-9F;
    p->epsilon_outside = true;
    p->centred = true;
    return dcn_normal_setup(setup, x, named, NULL, NULL);
}

const DcnOp dcn_op_meanvariancenormalization = {
    .name = "MeanVarianceNormalization",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .since = 9,
    .role = DCN_ROLE_NORMALISES,
    .params_size = sizeof(DcnNormal),
    .setup = meanvariancenormalization_setup,
    .forward = dcn_normal_forward,
    .back = DCN_BACK_ALL(dcn_normal_back),
    .reach.ahead = dcn_normal_reach_ahead,
    .reach.back = dcn_normal_reach_back,
    .layer = "norm",
};
