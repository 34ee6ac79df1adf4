/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Upsample, which became Resize: axes by factors (an attribute before opset 9, an input
 * since), from the place below x = o / factor, or by linear weights. */
#include "ops/resize/factor.h"
#include <string.h>

static bool
upsample_setup(DcnSetup *setup)
{
    DcnWeighted *p = setup->params;
    float factors[DCN_MAX_RANK];
    int n = dcn_factor_floats(setup, 1, factors, DCN_MAX_RANK);
    if (n < 0)
        return false;
    const DcnAttribute *list = dcn_node_attribute(setup->node, "scales");
    if (!dcn_has_input(setup, 1) && list && list->kind == DCN_ATTRIBUTE_FLOATS &&
        list->count <= DCN_MAX_RANK)
        for (n = 0; (size_t)n < list->count; n++)
            factors[n] = list->floats[n];
    if (n != setup->in[0]->rank)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "%d factors for %d axes", n,
                              setup->in[0]->rank);
    const char *mode = dcn_node_string(setup->node, "mode", "nearest");
    bool linear = strcmp(mode, "linear") == 0;
    if (!linear && strcmp(mode, "nearest") != 0)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "mode is \"%.40s\"", mode);
    p->rule.mode = linear ? DCN_RESIZE_LINEAR : DCN_RESIZE_NEAREST;
    p->rule.coordinates = DCN_ASYMMETRIC;
    p->rule.nearest = DCN_FLOOR;
    dcn_factor_start(setup);
    for (int i = 0; i < n; i++)
        if (!dcn_factor_axis(setup, i, factors[i]))
            return false;
    return dcn_weighted_setup(setup);
}

const DcnOp dcn_op_upsample = {
    .name = "Upsample",
    .inputs = {1, 2},
    .outputs = {1, 1},
    .since = 7,
    .params_size = sizeof(DcnWeighted),
    .setup = upsample_setup,
    .forward = dcn_weighted_forward,
    .rule = DCN_RULE_TRANSPOSED,
    .back = DCN_BACK_ALL(dcn_weighted_back),
    .reach.ahead = dcn_weighted_reach_ahead,
    .reach.back = dcn_weighted_reach_back,
    .layer = "resize",
};
