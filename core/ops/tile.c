/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tile: the input repeated along each axis: [1 2] twice is [1 2 1 2]. Back, all methods:
 * sums over what was repeated. */
#include "ops/kit/view.h"

typedef struct {
    DcnView view; /* the output in the input: an axis that is repeated is two of it */
} Params;

static bool
add_axis(DcnView *view, int64_t dim, int64_t step)
{
    if (view->shape.rank == DCN_MAX_RANK)
        return false;
    view->shape.dim[view->shape.rank] = dim;
    view->step[view->shape.rank++] = step;
    return true;
}

static bool
tile_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    int64_t repeats[DCN_MAX_RANK];
    int n = dcn_setup_ints(setup, 1, repeats, DCN_MAX_RANK);
    if (n == -1)
        return false;
    if (n != x->rank)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "%d repeats for %d axes",
                              n < 0 ? 0 : n, x->rank);
    if (n > 0 && setup->file_batch > 1 && repeats[0] == setup->file_batch &&
        x->dim[0] == 1 && !setup->value[0])
        repeats[0] = 1; /* the batch is the plan's */
    DcnView whole = dcn_view_whole(x);
    setup->out[0] = *x;
    for (int i = 0; i < n; i++) {
        int64_t dim = x->dim[i];
        if (repeats[i] < 0 || repeats[i] > DCN_MAX_COUNT / dcn_max_i64(dim, 1))
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                                  "axis %d is repeated %lld times", i,
                                  (long long)repeats[i]);
        setup->out[0].dim[i] = dim * repeats[i];
        bool room = repeats[i] == 1 || add_axis(&p->view, repeats[i], 0);
        room = room && (dim == 1 || add_axis(&p->view, dim, whole.step[i]));
        if (!room)
            return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                                  "too many of %d axes are repeated", n);
    }
    return true;
}

static void
tile_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_view_forward(call, &p->view);
}

static void
tile_back(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_view_back(call, &p->view);
}

static void
tile_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const DcnShape *x = &call->in[input].shape, *y = &call->out[output].shape;
    *out = *in;
    if (dcn_box_is_empty(in))
        return;
    for (int i = 0; i < 3 && i + 1 < x->rank; i++) /* from the first to the last copy */
        out->end[i] += y->dim[i + 1] - x->dim[i + 1];
}

static void
tile_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const DcnShape *x = &call->in[input].shape;
    (void)output;
    *in = *out;
    if (dcn_box_is_empty(out))
        return;
    for (int i = 0; i < 3 && i + 1 < x->rank; i++) {
        int64_t dim = x->dim[i + 1];
        bool one = dim > 0 && out->begin[i] / dim == (out->end[i] - 1) / dim;
        in->begin[i] = one ? out->begin[i] % dim : 0;
        in->end[i] = one ? (out->end[i] - 1) % dim + 1 : dim;
    }
}

const DcnOp dcn_op_tile = {
    .name = "Tile",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .since = 6,
    .params_size = sizeof(Params),
    .setup = tile_setup,
    .forward = tile_forward,
    .back = DCN_BACK_ALL(tile_back),
    .reach.ahead = tile_reach_ahead,
    .reach.back = tile_reach_back,
    .constants.moves = true,
};
