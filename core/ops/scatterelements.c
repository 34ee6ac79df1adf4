/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ScatterElements, and Scatter as it was called until opset 10: the input with elements
 * of the updates put in. Each index says where along an axis its update goes; on the
 * other axes it stays where it is. Along axis 1, y[i][index[i][j]] = update[i][j].
 * reduction: added, multiplied, least, largest instead.
 *
 * Back, all methods: linear; what was written over gets nothing. */
#include "ops/kit/elements.h"

typedef struct {
    DcnPutting putting;
    int axis;
} Params;

static bool
scatterelements_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0], *index = setup->in[1];
    char text[2][128];
    if (!dcn_setup_axis(setup, dcn_node_int(setup->node, "axis", 0), x->rank, false,
                        &p->axis))
        return false;
    bool fits = index->rank == x->rank && dcn_shape_equal(index, setup->in[2]);
    for (int i = 0; i < x->rank && fits; i++)
        fits = i == p->axis || index->dim[i] <= x->dim[i];
    if (!fits)
        return dcn_setup_fail(
            setup, DCN_ERROR_SHAPE, "indices of %s do not fit an input of %s",
            dcn_shape_print(index, text[0]), dcn_shape_print(x, text[1]));
    return dcn_put_setup(setup, &p->putting) &&
           dcn_setup_indices(setup, 1, 0, 1, x->dim[p->axis]);
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
scatterelements_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_put_forward(call, &p->putting, place);
}

static void
scatterelements_back(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_put_back(call, &p->putting, place);
}

static bool
scatterelements_fold(DcnFold *fold)
{
    const Params *p = fold->params;
    return dcn_put_fold(fold, &p->putting, place);
}

const DcnOp dcn_op_scatterelements = {
    .name = "ScatterElements",
    .inputs = {3, 3},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = scatterelements_setup,
    .forward = scatterelements_forward,
    .back = DCN_BACK_ALL(scatterelements_back),
    .constants.fold = scatterelements_fold,
};

const DcnOp dcn_op_scatter = {
    .name = "Scatter",
    .inputs = {3, 3},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = scatterelements_setup,
    .forward = scatterelements_forward,
    .back = DCN_BACK_ALL(scatterelements_back),
    .constants.fold = scatterelements_fold,
};
