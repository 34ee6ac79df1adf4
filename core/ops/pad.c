/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pad: adds places around the input, or with negative numbers takes them off. mode:
 * constant (value, default 0), edge (the outermost place), reflect (mirrored at it, which
 * is not repeated), wrap (from the other side). Attributes before opset 11, inputs since;
 * opset 18 can name the axes. CenterCropPad (opset 18): the same with zeroes, around or
 * off the middle, so that the axes get the sizes stated; of an odd difference the larger
 * part is at the end.
 *
 * Back, all methods: linear; every place of the output gives its signal to the place it
 * was copied from, signals add; a place that was taken off gets 0. */
#include "ops/kit/common.h"
#include <string.h>

typedef enum { CONSTANT, EDGE, REFLECT, WRAP } Mode;

typedef struct {
    Mode mode;
    float value;
    int64_t begin[DCN_MAX_RANK]; /* places added before, by axis */
} Params;

static bool
read_mode(DcnSetup *setup, Mode *mode)
{
    static const char *const names[] = {"constant", "edge", "reflect", "wrap"};
    const char *name = dcn_node_string(setup->node, "mode", "constant");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *mode = (Mode)i;
            return true;
        }
    return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "mode is \"%.40s\"", name);
}

/* Pads by axis: begin and end. */
static bool
read_pads(DcnSetup *setup, int64_t begin[DCN_MAX_RANK], int64_t end[DCN_MAX_RANK])
{
    int64_t list[2 * DCN_MAX_RANK], axes[DCN_MAX_RANK];
    int rank = setup->in[0]->rank, named = -2;
    int n = setup->opset < 11 ? dcn_node_ints(setup->node, "pads", list, 2 * DCN_MAX_RANK)
                              : dcn_setup_ints(setup, 1, list, 2 * DCN_MAX_RANK);
    if (n == -1)
        return setup->opset < 11 &&
               dcn_setup_fail(setup, DCN_ERROR_FORMAT, "there are too many pads");
    if (setup->opset >= 18)
        named = dcn_setup_ints(setup, 3, axes, DCN_MAX_RANK);
    if (named == -1)
        return false;
    int count = named == -2 ? rank : named;
    if (n != 2 * count)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "%d axes need two pads each",
                              count);
    for (int i = 0; i < count; i++) {
        int axis = i;
        if (named != -2 && !dcn_setup_axis(setup, axes[i], rank, false, &axis))
            return false;
        begin[axis] = list[i];
        end[axis] = list[count + i];
    }
    return true;
}

static bool
pad_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    int64_t end[DCN_MAX_RANK] = {0};
    double value = (double)dcn_node_float(setup->node, "value", 0);
    if (!read_mode(setup, &p->mode) || !read_pads(setup, p->begin, end) ||
        (setup->opset >= 11 && !dcn_setup_number(setup, 2, 0, &value)))
        return false;
    p->value = (float)value;
    setup->out[0] = *x;
    for (int i = 0; i < x->rank; i++) {
        if (p->begin[i] < -INT32_MAX || p->begin[i] > INT32_MAX || end[i] < -INT32_MAX ||
            end[i] > INT32_MAX)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "a pad is out of range");
        setup->out[0].dim[i] = x->dim[i] + p->begin[i] + end[i];
        if (setup->out[0].dim[i] < 0 || (p->mode != CONSTANT && x->dim[i] == 0))
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                                  "axis %d has %lld places and %lld and %lld are added",
                                  i, (long long)x->dim[i], (long long)p->begin[i],
                                  (long long)end[i]);
    }
    return true;
}

static bool
centercroppad_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *x = setup->in[0];
    int64_t sizes[DCN_MAX_RANK], axes[DCN_MAX_RANK];
    int n = dcn_setup_ints(setup, 1, sizes, DCN_MAX_RANK);
    int named = dcn_node_ints(setup->node, "axes", axes, DCN_MAX_RANK);
    if (n == -1)
        return false;
    if (n != (named == 0 ? x->rank : named))
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "%d sizes for %d axes", n,
                              named == 0 ? x->rank : named);
    setup->out[0] = *x;
    for (int i = 0; i < n; i++) {
        int axis = i;
        if (named != 0 && !dcn_setup_axis(setup, axes[i], x->rank, false, &axis))
            return false;
        if (sizes[i] < 0 || sizes[i] > INT32_MAX || x->dim[axis] > INT32_MAX)
            return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "an axis of %lld places",
                                  (long long)sizes[i]);
        int64_t more = sizes[i] - x->dim[axis];
        p->begin[axis] = more / 2; /* towards 0 */
        setup->out[0].dim[axis] = sizes[i];
    }
    return true;
}

/* The place of an axis of n that place o of the output copies; -1: the constant. */
static int64_t
copied(const Params *p, int axis, int64_t n, int64_t o)
{
    int64_t i = o - p->begin[axis];
    if (i >= 0 && i < n)
        return i;
    switch (p->mode) {
    case EDGE:
        return i < 0 ? 0 : n - 1;
    case WRAP:
        return i - dcn_floor_div(i, n) * n;
    case REFLECT: {
        int64_t period = n > 1 ? 2 * (n - 1) : 1;
        i -= dcn_floor_div(i, period) * period;
        return i < n ? i : period - i;
    }
    default:
        return -1;
    }
}

/* The row of x that a row of y copies; -1: it is the constant. */
static int64_t
copied_row(const Params *p, const DcnShape *in, const DcnShape *out, size_t row)
{
    int64_t from[DCN_MAX_RANK], place = 0;
    int last = out->rank - 1;
    for (int i = last - 1; i >= 0; i--) {
        from[i] = copied(p, i, in->dim[i], (int64_t)(row % (size_t)out->dim[i]));
        row /= (size_t)out->dim[i];
        if (from[i] < 0)
            return -1;
    }
    for (int i = 0; i < last; i++)
        place = place * in->dim[i] + from[i];
    return place;
}

/* A row of y: the places first .. end - 1 of it are a run of x. */
typedef struct {
    const Params *p;
    int axis; /* the last one; -1: there is none */
    int64_t length, n, first, end;
} Row;

static Row
row_of(const DcnCall *call)
{
    const Params *p = call->params;
    int axis = call->out[0].shape.rank - 1;
    Row row = {.p = p, .axis = axis, .length = 1, .n = 1, .end = 1};
    if (axis < 0)
        return row;
    row.length = call->out[0].shape.dim[axis];
    row.n = call->in[0].shape.dim[axis];
    row.first = dcn_min_i64(dcn_max_i64(p->begin[axis], 0), row.length);
    row.end = dcn_max_i64(dcn_min_i64(p->begin[axis] + row.n, row.length), row.first);
    return row;
}

static void
copy_row(const Row *row, const float *x, float *y)
{
    int64_t at = row->axis < 0 ? 0 : row->first - row->p->begin[row->axis];
    for (int64_t o = 0; o < row->length; o++) {
        if (o == row->first && row->end > o) {
            memcpy(y + o, x + at, (size_t)(row->end - o) * sizeof *y);
            o = row->end - 1;
            continue;
        }
        int64_t from = copied(row->p, row->axis, row->n, o);
        y[o] = from < 0 ? row->p->value : x[from];
    }
}

static void
back_row(const Row *row, float *restrict x, const float *restrict y)
{
    int64_t at = row->axis < 0 ? 0 : row->first - row->p->begin[row->axis];
    for (int64_t o = 0; o < row->length; o++) {
        if (o == row->first && row->end > o) {
            for (int64_t i = 0; i < row->end - o; i++)
                x[at + i] += y[o + i];
            o = row->end - 1;
            continue;
        }
        int64_t from = copied(row->p, row->axis, row->n, o);
        if (from >= 0)
            x[from] += y[o];
    }
}

typedef struct {
    const DcnCall *call;
    Row row;
    size_t image, rows; /* of one image */
} Walk;

static void
forward_rows(void *user, size_t begin, size_t end, size_t worker)
{
    const Walk *w = user;
    const DcnOperand *in = &w->call->in[0], *out = &w->call->out[0];
    (void)worker;
    for (size_t row = begin; row < end; row++) {
        int64_t from = copied_row(w->row.p, &in->shape, &out->shape, row);
        float *y = dcn_image(out, w->image) + row * (size_t)w->row.length;
        if (from >= 0)
            copy_row(&w->row, dcn_image(in, w->image) + from * w->row.n, y);
        for (int64_t o = 0; from < 0 && o < w->row.length; o++)
            y[o] = w->row.p->value;
    }
}

static Walk
walk_of(const DcnCall *call)
{
    Walk walk = {.call = call, .row = row_of(call)};
    size_t length = (size_t)walk.row.length;
    walk.rows = length > 0 ? call->out[0].count / length : 0;
    return walk;
}

static void
pad_forward(const DcnCall *call)
{
    Walk walk = walk_of(call);
    size_t grain = DCN_GRAIN / (size_t)dcn_max_i64(walk.row.length, 1) + 1;
    for (; walk.image < call->batch; walk.image++)
        dcn_parallel_range(call->context, walk.rows, grain, forward_rows, &walk);
}

/* True if a row is of a channel and a height that are inside of the box. */
static bool
row_is_inside(const DcnBox *box, const DcnShape *out, size_t row)
{
    int64_t y = (int64_t)row % out->dim[2], c = (int64_t)row / out->dim[2];
    return c >= box->begin[0] && c < box->end[0] && y >= box->begin[1] && y < box->end[1];
}

/* Several rows may have come of the same one, so they are walked in order. */
static void
pad_back(const DcnCall *call)
{
    const DcnOperand *in = &call->in[0], *out = &call->out[0];
    Walk walk = walk_of(call);
    for (; dcn_wants_back(call, 0) && walk.image < call->batch; walk.image++)
        for (size_t row = 0; row < walk.rows; row++) {
            if (out->box && !row_is_inside(out->box, &out->shape, row))
                continue;
            int64_t from = copied_row(walk.row.p, &in->shape, &out->shape, row);
            if (from >= 0)
                back_row(&walk.row, dcn_image_grad(in, walk.image) + from * walk.row.n,
                         dcn_image_grad(out, walk.image) + row * (size_t)walk.row.length);
        }
}

/* Place by place: whatever the mode, exact. */
static void
pad_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    const DcnShape *y = &call->out[output].shape;
    DcnBox box = *in;
    for (int i = 0; i < 3 && i + 1 < y->rank; i++) {
        int64_t first = 0, last = 0;
        for (int64_t o = 0; o < y->dim[i + 1]; o++) {
            int64_t from = copied(p, i + 1, call->in[input].shape.dim[i + 1], o);
            if (from < in->begin[i] || from >= in->end[i])
                continue;
            first = last == 0 ? o : first;
            last = o + 1;
        }
        box.begin[i] = first;
        box.end[i] = last;
    }
    *out = box;
}

static void
pad_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    const DcnShape *x = &call->in[input].shape;
    (void)output;
    DcnBox box = *out;
    for (int i = 0; i < 3 && i + 1 < x->rank; i++) {
        int64_t first = 0, last = 0;
        for (int64_t o = out->begin[i]; o < out->end[i]; o++) {
            int64_t from = copied(p, i + 1, x->dim[i + 1], o);
            if (from < 0)
                continue;
            first = last == 0 ? from : dcn_min_i64(first, from);
            last = dcn_max_i64(last, from + 1);
        }
        box.begin[i] = first;
        box.end[i] = last;
    }
    *in = box;
}

const DcnOp dcn_op_pad = {
    .name = "Pad",
    .inputs = {1, 4},
    .outputs = {1, 1},
    .role = DCN_ROLE_CUTS,
    .params_size = sizeof(Params),
    .setup = pad_setup,
    .forward = pad_forward,
    .back = DCN_BACK_ALL(pad_back),
    .bounded = dcn_bounded_always,
    .reach.ahead = pad_reach_ahead,
    .reach.back = pad_reach_back,
};

const DcnOp dcn_op_centercroppad = {
    .name = "CenterCropPad",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .role = DCN_ROLE_CUTS,
    .params_size = sizeof(Params),
    .setup = centercroppad_setup,
    .forward = pad_forward,
    .back = DCN_BACK_ALL(pad_back),
    .bounded = dcn_bounded_always,
    .reach.ahead = pad_reach_ahead,
    .reach.back = pad_reach_back,
};
