/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces_lrn.c: a local response normalisation that the file has in pieces becomes the
 * step that an LRN node would be, so that a box of it is computed alone. The deconvnet
 * goes back through it as through its pieces (lrn.h).
 *
 * PyTorch's exporters write, for 96 x 55 x 55 and a size of 5,
 *
 *     square  = x * x                      1 x 96 x 55 x 55
 *     padded  = Pad(Reshape(square))       1 x 1 x 100 x 55 x 55
 *     mean    = AveragePool 5 x 1 x 1      1 x 1 x 96 x 55 x 55
 *     divisor = (Reshape(mean) * alpha + k) ^ beta
 *     y       = x / divisor
 *
 * with any views between, which branches of If were written out. Only the numbers decide:
 * the pool has to take means along the channels of x, each over its own window, and no
 * other step may need what lies between. */
#include "base/shape.h"
#include "ops/kit/common.h"
#include "ops/norm/lrn.h"
#include "plan/pieces_private.h"
#include <string.h>

typedef struct {
    DcnPieces *pieces;
    int x;
    float alpha, beta, bias;
    int64_t size, before; /* the window of c begins at channel c - before */
} Window;

static const PlanValue *
value_of(const Window *p, int number)
{
    return &p->pieces->plan->values[number];
}

/* --- the window --- */

/* The axis has the channels of x, and the axes around it have the images and places. */
static bool
is_channel_axis(const Window *p, const DcnShape *shape, int axis)
{
    const DcnShape *x = &value_of(p, p->x)->shape;
    return dcn_shape_product(shape, 0, axis) == (size_t)x->dim[0] &&
           dcn_shape_product(shape, axis + 1, shape->rank) ==
               dcn_shape_product(x, 2, x->rank);
}

/* AveragePool of windows that lie along the channels, one for each. */
static bool
take_pool(Window *p, const PlanStep *step)
{
    int64_t kernel[DCN_MAX_RANK], ones[DCN_MAX_RANK], pads[2 * DCN_MAX_RANK] = {0};
    const DcnShape *in = &value_of(p, step->in[0])->shape;
    int n = dcn_node_ints(step->node, "kernel_shape", kernel, DCN_MAX_RANK), axis = -1;
    static const char *const steps[] = {"strides", "dilations"};
    for (int k = 0; k < 2; k++)
        for (int i = dcn_node_ints(step->node, steps[k], ones, DCN_MAX_RANK); i > 0; i--)
            if (ones[i - 1] != 1)
                return false;
    if (n != in->rank - 2 || p->size != 0 ||
        strcmp(dcn_node_string(step->node, "auto_pad", "NOTSET"), "NOTSET") != 0)
        return false;
    int padded = dcn_node_ints(step->node, "pads", pads, 2 * DCN_MAX_RANK);
    for (int i = 0; i < n; i++) {
        bool moves = kernel[i] != 1 || pads[i] != 0 || (padded > n && pads[n + i] != 0);
        if (moves && axis >= 0)
            return false;
        axis = moves ? i : axis;
    }
    if (axis < 0 || !is_channel_axis(p, in, axis + 2) ||
        (padded > n && (pads[axis] || pads[n + axis]) &&
         dcn_node_int(step->node, "count_include_pad", 0) == 0))
        return false;
    p->size = kernel[axis];
    p->before = pads[axis];
    return true;
}

/* The pads of a Pad, all begins before all ends, as the operator reads them (ops/pad.c). */
static size_t
read_pads(const Window *p, const PlanStep *step, int64_t pads[2 * DCN_MAX_RANK])
{
    if (step->node->opset < 11)
        return (size_t)dcn_node_ints(step->node, "pads", pads, 2 * DCN_MAX_RANK) / 2;
    const DcnTensor *list = dcn_piece_constant(p->pieces, step, 1);
    size_t count = list ? dcn_shape_count(&list->shape) : 0;
    for (size_t i = 0; i < count; i++)
        pads[i] = dcn_tensor_integer(list, i);
    return count / 2;
}

/* Pad with zeroes before and behind the channels. */
static bool
take_pad(Window *p, const PlanStep *step)
{
    int64_t pads[2 * DCN_MAX_RANK] = {0};
    const DcnShape *in = &value_of(p, step->in[0])->shape;
    size_t count = read_pads(p, step, pads);
    const DcnTensor *axes =
        step->node->opset < 18 ? NULL : dcn_piece_constant(p->pieces, step, 3);
    bool filled = step->node->opset >= 11 && step->n_in > 2 && step->in[2] >= 0;
    float fill = step->node->opset < 11 ? dcn_node_float(step->node, "value", 0) : 0;
    if (p->size == 0 || (filled && !dcn_piece_number(p->pieces, step, 2, &fill)) ||
        fill != 0 ||
        strcmp(dcn_node_string(step->node, "mode", "constant"), "constant") != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        int axis = axes ? (int)dcn_tensor_integer(axes, i) : (int)i;
        axis += axis < 0 ? in->rank : 0;
        bool moves = pads[i] != 0 || pads[count + i] != 0;
        if (moves &&
            (pads[i] < 0 || pads[count + i] < 0 || !is_channel_axis(p, in, axis)))
            return false;
        p->before += pads[i];
    }
    return true;
}

/* From the mean up to the square of x. */
static bool
take_mean(Window *p, int value)
{
    float two = 2;
    for (PlanStep *step; (step = dcn_piece_take(p->pieces, value, 1));
         value = step->in[0]) {
        if (dcn_piece_is(step, "Mul") || dcn_piece_is(step, "Pow"))
            return p->size > 0 && step->in[0] == p->x &&
                   (dcn_piece_is(step, "Mul")
                        ? step->in[1] == p->x
                        : dcn_piece_number(p->pieces, step, 1, &two) && two == 2);
        bool moves_nothing =
            step->op->constants.moves && step->op->reach.ahead == dcn_reach_reshape;
        bool taken = dcn_piece_is(step, "AveragePool") ? take_pool(p, step)
                     : dcn_piece_is(step, "Pad")       ? take_pad(p, step)
                                                       : moves_nothing;
        if (!taken)
            return false;
    }
    return false;
}

/* From x / divisor up. */
static bool
find(Window *p, const PlanStep *last)
{
    DcnPieces *pieces = p->pieces;
    if (!dcn_piece_is(last, "Div") || last->in[1] < 0)
        return false;
    p->x = last->in[0];
    int value = -1;
    const PlanStep *step = dcn_piece_take_a(pieces, last->in[1], 1, "Pow");
    if (p->x < 0 || value_of(p, p->x)->shape.rank < 2 || !step ||
        !dcn_piece_number(pieces, step, 1, &p->beta) ||
        !(step = dcn_piece_take_a(pieces, step->in[0], 1, "Add")) ||
        !dcn_piece_other(pieces, step, &value, &p->bias) ||
        !(step = dcn_piece_take_a(pieces, value, 1, "Mul")) ||
        !dcn_piece_other(pieces, step, &value, &p->alpha) || !take_mean(p, value))
        return false;
    /* As many means as channels, so the zeroes behind are the rest. */
    return p->before < p->size &&
           dcn_shape_equal(&value_of(p, last->out[0])->shape, &value_of(p, p->x)->shape);
}

bool
dcn_find_lrn(DcnPieces *pieces, const PlanStep *last)
{
    Window p = {.pieces = pieces};
    if (!find(&p, last))
        return false;
    const DcnAttribute all[5] = {
        {.name = "alpha", .kind = DCN_ATTRIBUTE_FLOAT, .f = p.alpha},
        {.name = "beta", .kind = DCN_ATTRIBUTE_FLOAT, .f = p.beta},
        {.name = "bias", .kind = DCN_ATTRIBUTE_FLOAT, .f = p.bias},
        {.name = "size", .kind = DCN_ATTRIBUTE_INT, .i = p.size},
        {.name = DCN_LRN_BEFORE, .kind = DCN_ATTRIBUTE_INT, .i = p.before},
    };
    memcpy(pieces->attributes, all, sizeof all);
    pieces->n_attributes = 5;
    pieces->type = "LRN";
    pieces->what = "local response normalisation";
    pieces->in[0] = p.x;
    pieces->n_in = 1;
    return true;
}
