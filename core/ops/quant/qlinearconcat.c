/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QLinearConcat (com.microsoft): tensors one behind the other along an axis, each brought
 * to the levels of the output. Inputs: y_scale, y_zero, then x, x_scale, x_zero of each.
 *
 * Back, all methods: each input gets its part, through the scales, from levels that were
 * not cut (affine.h). */
#include "ops/quant/requantise.h"

typedef struct {
    DcnRequantise levels;
    int axis;
} Params;

/* Levels of the input number i: x, scale, zero. */
static size_t
input_at(size_t i)
{
    return 2 + 3 * i;
}

static bool
qlinearconcat_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    const DcnShape *first = setup->in[2];
    size_t inputs = (setup->n_in - 2) / 3;
    char text[2][128];
    if (setup->n_in != 2 + 3 * inputs)
        return dcn_setup_fail(setup, DCN_ERROR_FORMAT,
                              "%zu inputs: a scale and zero point, then three each",
                              setup->n_in);
    if (!dcn_setup_axis(setup, dcn_node_int(setup->node, "axis", 1), first->rank, false,
                        &p->axis) ||
        !dcn_requantise_setup(setup, 0, &p->levels))
        return false;
    DcnShape y = *first;
    y.dim[p->axis] = 0;
    for (size_t i = 0; i < inputs; i++) {
        const DcnShape *x = setup->in[input_at(i)];
        if (!x)
            return dcn_setup_fail(setup, DCN_ERROR_FORMAT, "input %zu is missing",
                                  input_at(i));
        DcnShape wanted = *first;
        if (x->rank == first->rank)
            wanted.dim[p->axis] = x->dim[p->axis];
        if (!dcn_shape_equal(x, &wanted))
            return dcn_setup_fail(
                setup, DCN_ERROR_SHAPE, "inputs of %s and %s do not fit along axis %d",
                dcn_shape_print(first, text[0]), dcn_shape_print(x, text[1]), p->axis);
        if (!dcn_requantise_input(setup, input_at(i), &p->levels))
            return false;
        y.dim[p->axis] += x->dim[p->axis];
    }
    setup->out[0] = y;
    return true;
}

/* Elements that one input has in a row, and where its rows begin. */
typedef struct {
    size_t rows, x_row, y_row, begin;
} Part;

static Part
part_of(const DcnCall *call, size_t input)
{
    const Params *p = call->params;
    const DcnShape *x = &call->in[input].shape, *y = &call->out[0].shape;
    size_t inner = dcn_shape_product(y, p->axis + 1, y->rank), begin = 0;
    for (size_t i = 0; input_at(i) < input; i++)
        begin += (size_t)call->in[input_at(i)].shape.dim[p->axis];
    return (Part){dcn_shape_product(y, 0, p->axis), (size_t)x->dim[p->axis] * inner,
                  (size_t)y->dim[p->axis] * inner, begin * inner};
}

static void
qlinearconcat_forward(const DcnCall *call)
{
    const Params *p = call->params;
    for (size_t input = 2; input < call->n_in; input += 3) {
        Part part = part_of(call, input);
        for (size_t n = 0; n < call->batch; n++) {
            DcnAffine from = dcn_affine(call, n, input + 1, input + 2);
            DcnAffine to = dcn_affine(call, n, 0, 1);
            const float *x = dcn_image(&call->in[input], n);
            float *y = dcn_image(&call->out[0], n) + part.begin;
            for (size_t r = 0; r < part.rows; r++, x += part.x_row, y += part.y_row)
                for (size_t i = 0; i < part.x_row; i++)
                    y[i] = dcn_quantise(dcn_number(x[i], from), to, p->levels.levels);
        }
    }
}

static void
qlinearconcat_back(const DcnCall *call)
{
    const Params *p = call->params;
    for (size_t input = 2; input < call->n_in; input += 3) {
        if (!dcn_wants_back(call, input))
            continue;
        Part part = part_of(call, input);
        for (size_t n = 0; n < call->batch; n++) {
            float step = dcn_of_channel(call, n, input + 1, 0, 1) /
                         dcn_of_channel(call, n, 0, 0, 1);
            const float *y = dcn_image(&call->out[0], n) + part.begin;
            const float *dy = dcn_image_grad(&call->out[0], n) + part.begin;
            float *dx = dcn_image_grad(&call->in[input], n);
            for (size_t r = 0; r < part.rows; r++) {
                for (size_t i = 0; i < part.x_row; i++)
                    if (dcn_level_is_inside(y[i], p->levels.levels))
                        dx[i] += dy[i] * step;
                y += part.y_row;
                dy += part.y_row;
                dx += part.x_row;
            }
        }
    }
}

/* A box moved along the axis, from an input to the output or back. */
static void
move(const DcnCall *call, size_t input, const DcnBox *from, int64_t sign, DcnBox *to)
{
    const Params *p = call->params;
    *to = *from;
    int64_t begin = 0;
    for (size_t i = 0; input_at(i) < input; i++)
        begin += call->in[input_at(i)].shape.dim[p->axis];
    if (p->axis >= 1 && p->axis <= 3 && !dcn_box_is_empty(from)) {
        to->begin[p->axis - 1] += sign * begin;
        to->end[p->axis - 1] += sign * begin;
    }
}

static bool
has_levels(size_t input)
{
    return input >= 2 && (input - 2) % 3 == 0;
}

static void
qlinearconcat_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    if (has_levels(input))
        move(call, input, in, 1, out);
    else
        *out = dcn_shape_box(&call->out[output].shape);
}

static void
qlinearconcat_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    (void)output;
    DcnBox whole = dcn_shape_box(&call->in[input].shape);
    *in = whole;
    if (has_levels(input)) {
        move(call, input, out, -1, in);
        dcn_box_cut(in, &whole);
    }
}

static DcnLocality
qlinearconcat_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    (void)window;
    return p->axis == 1 && p->levels.constant ? DCN_LOCAL_PLACES : DCN_LOCAL_NO;
}

const DcnOp dcn_op_qlinearconcat = {
    .name = "QLinearConcat",
    .domain = "com.microsoft",
    .inputs = {5, DCN_MANY},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = qlinearconcat_setup,
    .forward = qlinearconcat_forward,
    .rule = DCN_RULE_STRAIGHT,
    .back = DCN_BACK_ALL(qlinearconcat_back),
    .reach.ahead = qlinearconcat_reach_ahead,
    .reach.back = qlinearconcat_reach_back,
    .reach.local = qlinearconcat_local,
    .constants.type = dcn_requantise_type,
    .layer = "concat",
};
