/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GatherElements: the output has the shape of the indices, and each index says where
 * along an axis its element comes from; on the other axes it stays where it is. Along
 * axis 1, y[i][j] = x[i][index[i][j]].
 *
 * Back, all methods: linear, places named twice get both signals. */
#include "ops/kit/elements.h"

typedef struct {
    int axis;
} Params;

static bool
gatherelements_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0], *index = setup->in[1];
    char text[2][128];
    if (!dcn_setup_axis(setup, dcn_node_int(setup->node, "axis", 0), x->rank, false,
                        &p->axis))
        return false;
    bool fits = index->rank == x->rank;
    for (int i = 0; i < x->rank && fits; i++)
        fits = i == p->axis || index->dim[i] <= x->dim[i];
    if (!fits)
        return dcn_setup_fail(
            setup, DCN_ERROR_SHAPE, "indices of %s do not fit an input of %s",
            dcn_shape_print(index, text[0]), dcn_shape_print(x, text[1]));
    setup->out[0] = *index;
    return dcn_setup_indices(setup, 1, 0, 1, x->dim[p->axis]);
}

static size_t
place(const void *params,
      const DcnShape *x,
      const DcnShape *index_shape,
      const DcnIntegers *index,
      size_t i)
{
    const Params *p = params;
    size_t rest = i, at = 0, step = 1;
    for (int axis = x->rank - 1; axis >= 0; axis--) {
        size_t own = rest % (size_t)index_shape->dim[axis];
        rest /= (size_t)index_shape->dim[axis];
        at += (axis == p->axis ? dcn_index_at(index, i, x->dim[axis]) : own) * step;
        step *= (size_t)x->dim[axis];
    }
    return at;
}

static void
gatherelements_forward(const DcnCall *call)
{
    dcn_take_forward(call, place);
}

static void
gatherelements_back(const DcnCall *call)
{
    dcn_take_back(call, place);
}

static bool
gatherelements_fold(DcnFold *fold)
{
    return dcn_take_fold(fold, place);
}

/* Other axes keep their places. */
static void
reach(const DcnCall *call, const DcnBox *from, const DcnShape *shape, DcnBox *to)
{
    const Params *p = call->params;
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
    .params_size = sizeof(Params),
    .setup = gatherelements_setup,
    .forward = gatherelements_forward,
    .back = DCN_BACK_ALL(gatherelements_back),
    .reach.ahead = gatherelements_reach_ahead,
    .reach.back = gatherelements_reach_back,
    .constants.fold = gatherelements_fold,
};
