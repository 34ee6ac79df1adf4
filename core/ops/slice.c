/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slice: places start, start + step ... before end of some axes. Attributes before opset
 * 10, inputs since. */
#include "ops/kit/view.h"

typedef struct {
    DcnView view;                /* the output in the input */
    int64_t start[DCN_MAX_RANK]; /* by axis */
    int64_t step[DCN_MAX_RANK];
} Params;

typedef struct {
    int count;
    int64_t start[DCN_MAX_RANK], end[DCN_MAX_RANK], step[DCN_MAX_RANK];
    int64_t axis[DCN_MAX_RANK];
} Lists;

static bool
read_lists(DcnSetup *setup, Lists *lists)
{
    int n[4];
    if (setup->opset < 10) {
        n[0] = dcn_node_ints(setup->node, "starts", lists->start, DCN_MAX_RANK);
        n[1] = dcn_node_ints(setup->node, "ends", lists->end, DCN_MAX_RANK);
        n[2] = dcn_node_ints(setup->node, "axes", lists->axis, DCN_MAX_RANK);
        n[3] = 0;
        if (n[0] < 0 || n[1] < 0 || n[2] < 0)
            return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "more than %d axes",
                                  DCN_MAX_RANK);
    } else {
        int64_t *list[] = {lists->start, lists->end, lists->axis, lists->step};
        for (size_t i = 0; i < 4; i++) {
            n[i] = dcn_setup_ints(setup, i + 1, list[i], DCN_MAX_RANK);
            if (n[i] == -1)
                return false;
            if (n[i] == -2)
                n[i] = 0;
        }
    }
    if (n[1] != n[0] || (n[2] != 0 && n[2] != n[0]) || (n[3] != 0 && n[3] != n[0]))
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                              "%d starts, %d ends, %d axes and %d steps", n[0], n[1],
                              n[2], n[3]);
    for (int i = 0; i < n[0]; i++) {
        if (n[2] == 0)
            lists->axis[i] = i;
        if (n[3] == 0)
            lists->step[i] = 1;
    }
    lists->count = n[0];
    return true;
}

/* A start or end: negative ones count from the end of the axis, all are cut to it. */
static int64_t
cut_to(int64_t value, int64_t dim, int64_t low, int64_t high)
{
    value = value < 0 ? value + dim : value;
    return value < low ? low : value > high ? high : value;
}

static bool
slice_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    Lists lists = {0};
    bool seen[DCN_MAX_RANK] = {false};
    if (!read_lists(setup, &lists))
        return false;
    DcnView whole = dcn_view_whole(x);
    p->view = whole;
    for (int i = 0; i < DCN_MAX_RANK; i++)
        p->step[i] = 1;
    for (int i = 0; i < lists.count; i++) {
        int axis;
        int64_t step = lists.step[i], count;
        if (!dcn_setup_axis(setup, lists.axis[i], x->rank, false, &axis))
            return false;
        if (step == 0 || step < -INT32_MAX || step > INT32_MAX || seen[axis]) {
            if (step == 0 || seen[axis])
                return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                                      step == 0 ? "the step of axis %d is 0"
                                                : "axis %d is named twice",
                                      axis);
            step = step < 0 ? -INT32_MAX : INT32_MAX; /* one place, as any long step */
        }
        seen[axis] = true;
        int64_t dim = x->dim[axis];
        if (step > 0) {
            int64_t start = cut_to(lists.start[i], dim, 0, dim);
            int64_t end = cut_to(lists.end[i], dim, 0, dim);
            p->start[axis] = start;
            count = end > start ? dcn_ceil_div(end - start, step) : 0;
        } else {
            int64_t start = cut_to(lists.start[i], dim, -1, dim - 1);
            int64_t end = cut_to(lists.end[i], dim, -1, dim - 1);
            p->start[axis] = start;
            count = start > end ? dcn_ceil_div(start - end, -step) : 0;
        }
        p->step[axis] = step;
        p->view.shape.dim[axis] = count;
        p->view.step[axis] = whole.step[axis] * step;
        p->view.offset += whole.step[axis] * dcn_max_i64(p->start[axis], 0);
    }
    setup->out[0] = p->view.shape;
    return true;
}

static void
slice_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_view_forward(call, &p->view);
}

static void
slice_back(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_view_back(call, &p->view);
}

static void
slice_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    const DcnShape *y = &call->out[output].shape;
    (void)input;
    *out = *in;
    for (int i = 0; i < 3 && i + 1 < y->rank; i++) {
        int64_t start = p->start[i + 1], step = p->step[i + 1];
        int64_t near = in->begin[i] - start, far = in->end[i] - 1 - start;
        if (in->end[i] <= in->begin[i])
            continue;
        if (step < 0) {
            int64_t swap = near;
            near = -far;
            far = -swap;
            step = -step;
        }
        out->begin[i] = dcn_max_i64(dcn_ceil_div(near, step), 0);
        out->end[i] = dcn_min_i64(dcn_floor_div(far, step) + 1, y->dim[i + 1]);
    }
}

static void
slice_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    const DcnShape *x = &call->in[input].shape;
    (void)output;
    *in = *out;
    for (int i = 0; i < 3 && i + 1 < x->rank; i++) {
        if (out->end[i] <= out->begin[i])
            continue;
        int64_t a = p->start[i + 1] + out->begin[i] * p->step[i + 1];
        int64_t b = p->start[i + 1] + (out->end[i] - 1) * p->step[i + 1];
        in->begin[i] = dcn_min_i64(a, b);
        in->end[i] = dcn_max_i64(a, b) + 1;
    }
}

/* Places next to each other, of each image alone. */
static DcnLocality
slice_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    (void)window;
    for (int i = 0; i < p->view.shape.rank; i++)
        if (p->step[i] != 1)
            return DCN_LOCAL_NO;
    return DCN_LOCAL_MOVED;
}

const DcnOp dcn_op_slice = {
    .name = "Slice",
    .inputs = {1, 5},
    .outputs = {1, 1},
    .role = DCN_ROLE_CUTS,
    .params_size = sizeof(Params),
    .setup = slice_setup,
    .forward = slice_forward,
    .back = DCN_BACK_ALL(slice_back),
    .reach.ahead = slice_reach_ahead,
    .reach.back = slice_reach_back,
    .reach.local = slice_local,
    .constants.moves = true,
};
