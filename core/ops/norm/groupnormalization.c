/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GroupNormalization: channels in num_groups groups, each by the mean and deviation of
 * all its planes, then scale and bias: one number a group before opset 21, one a channel
 * since (Wu & He 2018).
 *
 * Back, all methods: the gradient (normal.h), through the statistics too. */
#include "ops/norm/normal.h"

typedef struct {
    DcnNormal normal; /* first, as normal.c expects it */
    int64_t size;     /* channels of a group */
} Params;

static bool
groupnormalization_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    char text[128];
    if (x->rank < 2)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "the input is %s and has no channels",
                              dcn_shape_print(x, text));
    int64_t channels = x->dim[1], groups = dcn_node_int(setup->node, "num_groups", 0);
    if (groups < 1 || channels % groups != 0)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "%lld channels in %lld groups",
                              (long long)channels, (long long)groups);
    bool by_group = setup->opset < 21;
    int64_t wanted = by_group ? groups : channels;
    for (size_t i = 1; i < 3; i++)
        if (dcn_shape_count(setup->in[i]) != (size_t)wanted)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "input %zu is %s where %lld %s need one number each", i,
                                  dcn_shape_print(setup->in[i], text), (long long)wanted,
                                  by_group ? "groups" : "channels");
    p->size = channels / groups;
    int64_t places = (int64_t)dcn_shape_product(x, 2, x->rank);
    DcnShape grouped = dcn_shape(4, (int64_t[]){x->dim[0], groups, p->size, places});
    DcnShape operand = dcn_shape(3, (int64_t[]){groups, by_group ? 1 : p->size, 1});
    bool named[DCN_MAX_RANK] = {[2] = true, [3] = true};
    if (!dcn_normal_setup(setup, &grouped, named, &operand, &operand))
        return false;
    for (int i = 2; i < DCN_MAX_RANK; i++)
        p->normal.axes[i] = -1;
    p->normal.epsilon = dcn_node_float(setup->node, "epsilon", 1e-5F);
    p->normal.centred = true;
    return true;
}

/* All channels of the groups that a box has channels of. */
static DcnBox
whole_groups(const DcnCall *call, const DcnBox *box)
{
    const Params *p = call->params;
    DcnBox whole = *box;
    whole.begin[0] = dcn_floor_div(box->begin[0], p->size) * p->size;
    whole.end[0] = dcn_ceil_div(box->end[0], p->size) * p->size;
    return whole;
}

static void
groupnormalization_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    DcnBox whole = input == 0 ? whole_groups(call, in) : *in;
    dcn_normal_reach_ahead(call, input, dcn_box_is_empty(in) ? in : &whole, output, out);
}

static void
groupnormalization_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    DcnBox whole = whole_groups(call, out);
    dcn_normal_reach_back(call, output, dcn_box_is_empty(out) ? out : &whole, input, in);
}

const DcnOp dcn_op_groupnormalization = {
    .name = "GroupNormalization",
    .inputs = {3, 3},
    .outputs = {1, 1},
    .since = 18,
    .role = DCN_ROLE_NORMALISES,
    .planes = true,
    .training.learns = {DCN_LEARNS_NOT, DCN_LEARNS, DCN_LEARNS},
    .params_size = sizeof(Params),
    .setup = groupnormalization_setup,
    .forward = dcn_normal_forward,
    .back = DCN_BACK_ALL(dcn_normal_back),
    .grad_weights = dcn_normal_grad_weights,
    .reach.ahead = groupnormalization_reach_ahead,
    .reach.back = groupnormalization_reach_back,
    .layer = "norm",
};
