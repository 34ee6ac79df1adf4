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

typedef void (*Element)(const Params *p, float *x, float *y, int64_t place);

/* One image: calls element for each place of y with the place of x that it copies. */
static void
walk(const DcnCall *call, float *x, float *y, Element element)
{
    const Params *p = call->params;
    const DcnShape *in = &call->in[0].shape, *out = &call->out[0].shape;
    int last = out->rank - 1;
    int64_t length = last < 0 ? 1 : out->dim[last], at[DCN_MAX_RANK] = {0};
    size_t rows = call->out[0].count / (size_t)(length ? length : 1);
    for (size_t row = 0; row < rows; row++) {
        int64_t place = 0;
        for (int i = 0; i < last; i++) {
            int64_t from = copied(p, i, in->dim[i], at[i]);
            place = place < 0 || from < 0 ? -1 : place * in->dim[i] + from;
        }
        for (int64_t o = 0; o < length; o++, y++) {
            int64_t from = last < 0 ? 0 : copied(p, last, in->dim[last], o);
            element(p, x, y,
                    place < 0 || from < 0
                        ? -1
                        : place * (last < 0 ? 1 : in->dim[last]) + from);
        }
        for (int i = last - 1; i >= 0; i--) {
            if (++at[i] < out->dim[i])
                break;
            at[i] = 0;
        }
    }
}

static void
copy_element(const Params *p, float *x, float *y, int64_t place)
{
    *y = place < 0 ? p->value : x[place];
}

static void
back_element(const Params *p, float *x, float *y, int64_t place)
{
    (void)p;
    if (place >= 0)
        x[place] += *y;
}

static void
forward_image(void *user, size_t image, size_t worker)
{
    const DcnCall *call = user;
    (void)worker;
    walk(call, dcn_image(&call->in[0], image), dcn_image(&call->out[0], image),
         copy_element);
}

static void
pad_forward(const DcnCall *call)
{
    dcn_parallel(call->context, call->batch, forward_image, (void *)call);
}

static void
pad_back(const DcnCall *call)
{
    if (!dcn_wants_back(call, 0))
        return;
    for (size_t n = 0; n < call->batch; n++)
        walk(call, dcn_image_grad(&call->in[0], n), dcn_image_grad(&call->out[0], n),
             back_element);
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
        if (p->mode == CONSTANT) {
            box.begin[i] -= p->begin[i + 1];
            box.end[i] -= p->begin[i + 1];
            continue;
        }
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

static DcnLocality
pad_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    window->fill = p->value;
    return p->mode == CONSTANT && p->begin[0] == 0 ? DCN_LOCAL_MOVED : DCN_LOCAL_NO;
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
    .reach.ahead = pad_reach_ahead,
    .reach.back = pad_reach_back,
    .reach.local = pad_local,
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
    .reach.ahead = pad_reach_ahead,
    .reach.back = pad_reach_back,
    .reach.local = pad_local,
};
