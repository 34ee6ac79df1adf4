/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expand: the input broadcast to a shape. Back, all methods: sums over what was
 * repeated. */
#include "ops/kit/view.h"

typedef struct {
    DcnView view;
} Params;

static bool
expand_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    int64_t list[DCN_MAX_RANK];
    char text[2][128];
    int n = dcn_setup_ints(setup, 1, list, DCN_MAX_RANK);
    if (n == -1)
        return false;
    if (n > 0 && setup->file_batch > 1 && list[0] == setup->file_batch &&
        !setup->value[0])
        list[0] = 1; /* the batch is the plan's */
    DcnShape wanted = dcn_shape(n < 0 ? 0 : n, list), y;
    size_t count;
    if (!dcn_shape_elements(&wanted, &count) || !dcn_shape_broadcast(x, &wanted, &y))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "%s cannot become %s",
                              dcn_shape_print(x, text[0]),
                              dcn_shape_print(&wanted, text[1]));
    DcnView whole = dcn_view_whole(x);
    p->view.shape = y;
    for (int i = 0; i < y.rank; i++) {
        int axis = i - (y.rank - x->rank);
        p->view.step[i] = axis < 0 || x->dim[axis] == 1 ? 0 : whole.step[axis];
    }
    setup->out[0] = y;
    return true;
}

static void
expand_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_view_forward(call, &p->view);
}

static void
expand_back(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_view_back(call, &p->view);
}

const DcnOp dcn_op_expand = {
    .name = "Expand",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = expand_setup,
    .forward = expand_forward,
    .back = DCN_BACK_ALL(expand_back),
    .reach.ahead = dcn_reach_broadcast,
    .reach.back = dcn_reach_back_broadcast,
    .constants.moves = true,
};
