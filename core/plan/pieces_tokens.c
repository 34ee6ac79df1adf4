/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces_tokens.c: what exporters write for the steps of transformers that older opsets
 * have no operators for.
 *
 *     GELU                    x * (erf(x / sqrt 2) + 1) * 0.5, the half at any factor
 *     GELU by tanh            x * 0.5 * (tanh((x + x ^ 3 * 0.044715) * sqrt(2 / pi)) + 1)
 *     a layer normalisation   d = x - mean(x), d / sqrt(mean(d ^ 2) + epsilon) * scale
 *                             + bias, means over the last axis */
#include "base/shape.h"
#include "ops/kit/common.h"
#include "plan/pieces_private.h"
#include <math.h>
#include <string.h>

static bool
is_near(float a, double b)
{
    return fabs((double)a - b) <= 2e-6 * fabs(b);
}

/* --- GELU --- */

/* x / sqrt 2 */
static bool
take_erf_of(DcnPieces *p, int value, int x)
{
    const PlanStep *step = dcn_piece_take(p, value, 1);
    int other = -1;
    float number = 0;
    if (!step || step->n_in != 2)
        return false;
    if (dcn_piece_is(step, "Div"))
        return step->in[0] == x && dcn_piece_number(p, step, 1, &number) &&
               is_near(number, 1.4142135623730951);
    return dcn_piece_is(step, "Mul") && dcn_piece_other(p, step, &other, &number) &&
           other == x && is_near(number, 0.70710678118654752);
}

/* (x + x ^ 3 * 0.044715) * sqrt(2 / pi) */
static bool
take_tanh_of(DcnPieces *p, int value, int x)
{
    const PlanStep *step = dcn_piece_take_a(p, value, 1, "Mul");
    int other = -1;
    float number = 0;
    if (!step || !dcn_piece_other(p, step, &other, &number) ||
        !is_near(number, 0.79788456080286536))
        return false;
    step = dcn_piece_take_a(p, other, 1, "Add");
    if (!step || (step->in[0] != x && step->in[1] != x))
        return false;
    step = dcn_piece_take_a(p, step->in[step->in[0] == x], 1, "Mul");
    if (!step || !dcn_piece_other(p, step, &other, &number) || !is_near(number, 0.044715))
        return false;
    step = dcn_piece_take_a(p, other, 1, "Pow");
    return step && step->in[0] == x && dcn_piece_number(p, step, 1, &number) &&
           number == 3;
}

/* 1 + erf() or 1 + tanh() of x. */
static bool
take_gate(DcnPieces *p, int value, int x, bool *tanh)
{
    const PlanStep *step = dcn_piece_take_a(p, value, 1, "Add");
    int other = -1;
    float one = 0;
    if (!step || !dcn_piece_other(p, step, &other, &one) || one != 1 ||
        !(step = dcn_piece_take(p, other, 1)))
        return false;
    *tanh = dcn_piece_is(step, "Tanh");
    return *tanh                       ? take_tanh_of(p, step->in[0], x)
           : dcn_piece_is(step, "Erf") ? take_erf_of(p, step->in[0], x)
                                       : false;
}

/* The two factors of a product without a half that stands beside: before it, behind it,
 * or with one of them. */
static bool
find_gelu(DcnPieces *p, const PlanStep *last, int gate, int way, int *x, bool *tanh)
{
    const PlanStep *step = last, *half;
    int other = -1;
    float number = 0;
    if (way == 0) { /* (x * gate) * 0.5 */
        if (!dcn_piece_other(p, last, &other, &number) || !is_near(number, 0.5) ||
            !(step = dcn_piece_take_a(p, other, 1, "Mul")))
            return false;
        *x = step->in[1 - gate];
        return *x >= 0 && take_gate(p, step->in[gate], *x, tanh);
    }
    half = dcn_piece_take_a(p, last->in[1 - gate], 1, "Mul"); /* (x * 0.5) * gate */
    if (half && dcn_piece_other(p, half, x, &number) && is_near(number, 0.5))
        return *x >= 0 && take_gate(p, last->in[gate], *x, tanh);
    p->count = 0; /* x * (gate * 0.5) */
    half = dcn_piece_take_a(p, last->in[gate], 1, "Mul");
    *x = last->in[1 - gate];
    return half && *x >= 0 && dcn_piece_other(p, half, &other, &number) &&
           is_near(number, 0.5) && take_gate(p, other, *x, tanh);
}

bool
dcn_find_gelu(DcnPieces *p, const PlanStep *last)
{
    int x = -1;
    bool tanh = false, found = false;
    if (!dcn_piece_is(last, "Mul"))
        return false;
    for (int i = 0; !found && i < 4; i++) {
        p->count = 0;
        found = find_gelu(p, last, i & 1, i >> 1, &x, &tanh);
    }
    if (!found ||
        !dcn_shape_equal(&p->plan->values[last->out[0]].shape, &p->plan->values[x].shape))
        return false;
    p->attributes[0] = (DcnAttribute){
        .name = "approximate", .kind = DCN_ATTRIBUTE_STRING, .string = "tanh"};
    p->n_attributes = tanh;
    p->type = "Gelu";
    p->what = "GELU";
    p->in[0] = x;
    p->n_in = 1;
    return true;
}

/* --- layer normalisation --- */

/* A mean over the last axis alone. */
static bool
is_mean(const DcnPieces *p, const PlanStep *step)
{
    const DcnShape *x = &p->plan->values[step->in[0]].shape,
                   *y = &p->plan->values[step->out[0]].shape;
    if (x->rank != y->rank || x->rank < 1 || y->dim[x->rank - 1] != 1 ||
        x->dim[x->rank - 1] < 2)
        return false;
    for (int i = 0; i < x->rank - 1; i++)
        if (x->dim[i] != y->dim[i])
            return false;
    /* of these shapes, it is over the last axis and perhaps over axes of one element; the
     * first is the images' */
    int64_t axes[DCN_MAX_RANK] = {0};
    const DcnTensor *list = dcn_piece_constant(p, step, 1);
    int n = list ? (int)dcn_shape_count(&list->shape)
                 : dcn_node_ints(step->node, "axes", axes, DCN_MAX_RANK);
    if (n != 1)
        return false;
    int64_t axis = list ? dcn_tensor_integer(list, 0) : axes[0];
    return axis == -1 || axis == x->rank - 1;
}

/* A constant of as many elements as the last axis has, which lie along it. */
static bool
is_by_feature(const DcnPieces *p, int value, int x)
{
    const PlanValue *v = &p->plan->values[value];
    const DcnShape *shape = &p->plan->values[x].shape;
    return v->state == DCN_CONST && v->tensor.type == DCN_FLOAT && v->shape.rank == 1 &&
           v->shape.dim[0] == shape->dim[shape->rank - 1];
}

/* A step of two inputs, one of which is constant and by feature. */
static bool
other_than_features(
    const DcnPieces *p, const PlanStep *step, int x, int *value, int *features)
{
    for (int i = 0; i < 2; i++)
        if (step->in[i] >= 0 && is_by_feature(p, step->in[i], x)) {
            *features = step->in[i];
            *value = step->in[1 - i];
            return *value >= 0;
        }
    return false;
}

/* d = x - mean(x), which two steps read. */
static bool
take_centred(DcnPieces *p, int value, int *x)
{
    const PlanStep *step = dcn_piece_take_a(p, value, 2, "Sub");
    if (!step || step->in[0] < 0)
        return false;
    *x = step->in[0];
    step = dcn_piece_take_a(p, step->in[1], 1, "ReduceMean");
    return step && step->in[0] == *x && is_mean(p, step);
}

/* sqrt(mean(d ^ 2) + epsilon) */
static bool
take_deviation(DcnPieces *p, int value, int d, float *epsilon)
{
    float two = 0;
    int other = -1;
    const PlanStep *step = dcn_piece_take_a(p, value, 1, "Sqrt");
    if (!step || !(step = dcn_piece_take_a(p, step->in[0], 1, "Add")) ||
        !dcn_piece_other(p, step, &other, epsilon) || !(*epsilon > 0) ||
        !(step = dcn_piece_take_a(p, other, 1, "ReduceMean")) || !is_mean(p, step))
        return false;
    step = dcn_piece_take_a(p, step->in[0], 1, "Pow");
    return step && step->in[0] == d && dcn_piece_number(p, step, 1, &two) && two == 2;
}

bool
dcn_find_layer_norm(DcnPieces *p, const PlanStep *last)
{
    /* the features of x are not known before x is: those of the sum are the same */
    int y = last->out[0], value = -1, scale = -1, bias = -1, x = -1;
    float epsilon = 0;
    if (!dcn_piece_is(last, "Add") || p->plan->values[y].shape.rank < 2 ||
        !other_than_features(p, last, y, &value, &bias))
        return false;
    const PlanStep *step = dcn_piece_take_a(p, value, 1, "Mul");
    if (!step || !other_than_features(p, step, y, &value, &scale))
        return false;
    step = dcn_piece_take_a(p, value, 1, "Div");
    if (!step || !take_centred(p, step->in[0], &x) ||
        !take_deviation(p, step->in[1], step->in[0], &epsilon) ||
        !dcn_shape_equal(&p->plan->values[y].shape, &p->plan->values[x].shape))
        return false;
    p->attributes[0] =
        (DcnAttribute){.name = "epsilon", .kind = DCN_ATTRIBUTE_FLOAT, .f = epsilon};
    p->attributes[1] = (DcnAttribute){.name = "axis", .kind = DCN_ATTRIBUTE_INT, .i = -1};
    p->n_attributes = 2;
    p->type = "LayerNormalization";
    p->what = "layer normalisation";
    p->in[0] = x;
    p->in[1] = scale;
    p->in[2] = bias;
    p->n_in = 3;
    return true;
}
