/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transpose: axis i of the output is axis perm[i] of the input; without perm, axes in
 * reverse. */
#include "ops/kit/view.h"

typedef struct {
    DcnView view; /* the output in the input */
    int from[DCN_MAX_RANK], back[DCN_MAX_RANK];
} Params;

static bool
transpose_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    int64_t perm[DCN_MAX_RANK];
    bool seen[DCN_MAX_RANK] = {false};
    int n = dcn_node_ints(setup->node, "perm", perm, DCN_MAX_RANK);
    if (n != x->rank && n != 0)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                              "perm does not name all %d axes once", x->rank);
    DcnView whole = dcn_view_whole(x);
    for (int i = 0; i < DCN_MAX_RANK; i++)
        p->from[i] = p->back[i] = -1;
    p->view.shape.rank = x->rank;
    for (int i = 0; i < x->rank; i++) {
        int64_t axis = n == 0 ? x->rank - 1 - i : perm[i];
        if (axis < 0 || axis >= x->rank || seen[axis])
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                                  "perm does not name all %d axes once", x->rank);
        seen[axis] = true;
        p->view.shape.dim[i] = x->dim[axis];
        p->view.step[i] = whole.step[axis];
        p->from[i] = (int)axis;
        p->back[axis] = i;
    }
    setup->out[0] = p->view.shape;
    return true;
}

static void
transpose_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_view_forward(call, &p->view);
}

static void
transpose_back(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_view_back(call, &p->view);
}

static void
transpose_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    (void)input;
    dcn_reach_axes(&call->out[output].shape, p->from, in, out);
}

static void
transpose_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)output;
    dcn_reach_axes(&call->in[input].shape, p->back, out, in);
}

/* Pictures whose batch stays in front. */
static DcnLocality
transpose_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    (void)window;
    return p->view.shape.rank == 4 && p->from[0] == 0 ? DCN_LOCAL_PLACES : DCN_LOCAL_NO;
}

const DcnOp dcn_op_transpose = {
    .name = "Transpose",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_HANDS_ON,
    .params_size = sizeof(Params),
    .setup = transpose_setup,
    .forward = transpose_forward,
    .back = DCN_BACK_ALL(transpose_back),
    .reach.ahead = transpose_reach_ahead,
    .reach.back = transpose_reach_back,
    .reach.local = transpose_local,
    .constants.moves = true,
};
