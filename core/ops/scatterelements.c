/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ScatterElements, and Scatter as it was called until opset 10: the input with elements
 * of the updates put in. Each index says where along an axis its update goes; on the
 * other axes it stays where it is. Along axis 1, y[i][index[i][j]] = update[i][j].
 * reduction: added, multiplied, least, largest instead.
 *
 * Back, all methods: linear; what was written over gets nothing. */
#include "ops/kit/elements.h"

static bool
scatterelements_setup(DcnSetup *setup)
{
    return dcn_setup_along(setup, setup->params) && dcn_put_setup(setup, setup->params);
}

const DcnOp dcn_op_scatterelements = {
    .name = "ScatterElements",
    .inputs = {3, 3},
    .outputs = {1, 1},
    .params_size = sizeof(DcnElements),
    .setup = scatterelements_setup,
    .forward = dcn_put_forward,
    .back = DCN_BACK_ALL(dcn_put_back),
    .constants.fold = dcn_put_fold,
};

const DcnOp dcn_op_scatter = {
    .name = "Scatter",
    .inputs = {3, 3},
    .outputs = {1, 1},
    .params_size = sizeof(DcnElements),
    .setup = scatterelements_setup,
    .forward = dcn_put_forward,
    .back = DCN_BACK_ALL(dcn_put_back),
    .constants.fold = dcn_put_fold,
};
