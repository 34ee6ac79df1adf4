/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GatherElements: the output has the shape of the indices, and each index says where
 * along an axis its element comes from; on the other axes it stays where it is. Along
 * axis 1, y[i][j] = x[i][index[i][j]].
 *
 * Back, all methods: linear, places named twice get both signals. */
#include "ops/kit/elements.h"

static bool
gatherelements_setup(DcnSetup *setup)
{
    setup->out[0] = *setup->in[1];
    return dcn_setup_along(setup, setup->params);
}

/* Other axes keep their places. */
static void
reach(const DcnCall *call, const DcnBox *from, const DcnShape *shape, DcnBox *to)
{
    const DcnElements *p = call->params;
    int axes[DCN_MAX_RANK];
    for (int i = 0; i < DCN_MAX_RANK; i++)
        axes[i] = i == p->axis ? -1 : i;
    dcn_reach_axes(shape, axes, from, to);
}

static void
gatherelements_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    if (input == 0)
        reach(call, in, &call->out[output].shape, out);
    else
        *out = *in;
}

static void
gatherelements_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    (void)output;
    if (input == 0)
        reach(call, out, &call->in[0].shape, in);
    else
        *in = *out;
}

const DcnOp dcn_op_gatherelements = {
    .name = "GatherElements",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .params_size = sizeof(DcnElements),
    .setup = gatherelements_setup,
    .forward = dcn_take_forward,
    .back = DCN_BACK_ALL(dcn_take_back),
    .reach.ahead = gatherelements_reach_ahead,
    .reach.back = gatherelements_reach_back,
    .constants.fold = dcn_take_fold,
};
