/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pieces.c: a local response normalisation that the file has in pieces becomes the step
 * that an LRN node would be, so that a box of it is computed alone. The deconvnet goes
 * back through it as through its pieces (lrn.h).
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
 * other step may need what lies between. This is the one file of the plan that knows
 * operators by their names, since it is about what exporters write with them. */
#include "base/error.h"
#include "base/shape.h"
#include "ops/kit/common.h"
#include "ops/norm/lrn.h"
#include "plan/graph.h"
#include <string.h>

#define MOST_PIECES 24

typedef struct {
    DcnPlan *plan;
    const DcnPlanOptions *options;
    int x;
    float alpha, beta, bias;
    int64_t size, before; /* the window of c begins at channel c - before */
    size_t count;
    PlanStep *taken[MOST_PIECES]; /* all pieces but the last */
} Pieces;

static bool
is(const PlanStep *step, const char *type)
{
    return !step->op->domain && strcmp(step->op->name, type) == 0;
}

static bool
is_asked_for(const Pieces *p, int value)
{
    const DcnGraph *graph = dcn_model_graph(p->plan->model);
    const DcnPlanOptions *options = p->options;
    const char *name = p->plan->values[value].name;
    bool asked = options && options->start && strcmp(options->start, name) == 0;
    for (size_t i = 0; options && i < options->n_targets; i++)
        asked = asked || strcmp(options->targets[i], name) == 0;
    for (size_t i = 0; i < graph->n_outputs; i++)
        asked = asked || p->plan->of_model[graph->outputs[i]] == value;
    return asked;
}

/* The step that makes the value, which becomes a piece. NULL if anything else needs the
 * value: a second step, or whoever asked for it. */
static PlanStep *
take(Pieces *p, int value)
{
    const PlanValue *v = &p->plan->values[value];
    if (v->state != DCN_IN_RUN || v->step < 0 || v->users != 1 ||
        p->count == MOST_PIECES || is_asked_for(p, value))
        return NULL;
    PlanStep *step = &p->plan->steps[v->step];
    p->taken[p->count++] = step;
    return step->n_out == 1 ? step : NULL;
}

/* --- numbers --- */

static const DcnTensor *
constant(const Pieces *p, const PlanStep *step, size_t input)
{
    if (input >= step->n_in || step->in[input] < 0)
        return NULL;
    const PlanValue *value = &p->plan->values[step->in[input]];
    return value->state == DCN_CONST ? &value->tensor : NULL;
}

static bool
number(const Pieces *p, const PlanStep *step, size_t input, float *result)
{
    const DcnTensor *tensor = constant(p, step, input);
    if (!tensor || dcn_shape_count(&tensor->shape) != 1)
        return false;
    *result = (float)dcn_tensor_number(tensor, 0);
    return true;
}

/* A step of two inputs, one of which is a number: gives the other one. */
static bool
other_than_number(const Pieces *p, const PlanStep *step, int *value, float *result)
{
    size_t which = number(p, step, 1, result) ? 1 : 0;
    *value = step->in[1 - which];
    return number(p, step, which, result);
}

/* --- the window --- */

/* The axis has the channels of x, and the axes around it have the images and places. */
static bool
is_channel_axis(const Pieces *p, const DcnShape *shape, int axis)
{
    const DcnShape *x = &p->plan->values[p->x].shape;
    return dcn_shape_product(shape, 0, axis) == (size_t)x->dim[0] &&
           dcn_shape_product(shape, axis + 1, shape->rank) ==
               dcn_shape_product(x, 2, x->rank);
}

/* AveragePool of windows that lie along the channels, one for each. */
static bool
take_pool(Pieces *p, const PlanStep *step)
{
    int64_t kernel[DCN_MAX_RANK], ones[DCN_MAX_RANK], pads[2 * DCN_MAX_RANK] = {0};
    const DcnShape *in = &p->plan->values[step->in[0]].shape;
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
read_pads(const Pieces *p, const PlanStep *step, int64_t pads[2 * DCN_MAX_RANK])
{
    if (step->node->opset < 11)
        return (size_t)dcn_node_ints(step->node, "pads", pads, 2 * DCN_MAX_RANK) / 2;
    const DcnTensor *list = constant(p, step, 1);
    size_t count = list ? dcn_shape_count(&list->shape) : 0;
    for (size_t i = 0; i < count; i++)
        pads[i] = dcn_tensor_integer(list, i);
    return count / 2;
}

/* Pad with zeroes before and behind the channels. */
static bool
take_pad(Pieces *p, const PlanStep *step)
{
    int64_t pads[2 * DCN_MAX_RANK] = {0};
    const DcnShape *in = &p->plan->values[step->in[0]].shape;
    size_t count = read_pads(p, step, pads);
    const DcnTensor *axes = step->node->opset < 18 ? NULL : constant(p, step, 3);
    bool filled = step->node->opset >= 11 && step->n_in > 2 && step->in[2] >= 0;
    float fill = step->node->opset < 11 ? dcn_node_float(step->node, "value", 0) : 0;
    if (p->size == 0 || (filled && !number(p, step, 2, &fill)) || fill != 0 ||
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
take_mean(Pieces *p, int value)
{
    float two = 2;
    for (PlanStep *step; (step = take(p, value)); value = step->in[0]) {
        if (is(step, "Mul") || is(step, "Pow"))
            return p->size > 0 && step->in[0] == p->x &&
                   (is(step, "Mul") ? step->in[1] == p->x
                                    : number(p, step, 1, &two) && two == 2);
        bool moves_nothing =
            step->op->constants.moves && step->op->reach.ahead == dcn_reach_reshape;
        bool taken = is(step, "AveragePool") ? take_pool(p, step)
                     : is(step, "Pad")       ? take_pad(p, step)
                                             : moves_nothing;
        if (!taken)
            return false;
    }
    return false;
}

/* From x / divisor up. */
static bool
find(Pieces *p, const PlanStep *last)
{
    if (!is(last, "Div") || !last->live || last->in[1] < 0)
        return false;
    p->x = last->in[0];
    const PlanStep *step = take(p, last->in[1]);
    int value = -1;
    if (p->x < 0 || p->plan->values[p->x].shape.rank < 2 || !step || !is(step, "Pow") ||
        !number(p, step, 1, &p->beta) || !(step = take(p, step->in[0])) ||
        !is(step, "Add") || !other_than_number(p, step, &value, &p->bias) ||
        !(step = take(p, value)) || !is(step, "Mul") ||
        !other_than_number(p, step, &value, &p->alpha) || !take_mean(p, value))
        return false;
    /* As many means as channels, so the zeroes behind are the rest. */
    return p->before < p->size && dcn_shape_equal(&p->plan->values[last->out[0]].shape,
                                                  &p->plan->values[p->x].shape);
}

/* --- the step --- */

static bool
make_step(const Pieces *p, PlanStep *last, DcnError *error)
{
    DcnPlan *plan = p->plan;
    DcnNode *node = dcn_arena_alloc(plan->arena, sizeof *node);
    DcnAttribute *attributes = dcn_arena_alloc(plan->arena, 5 * sizeof *attributes);
    if (!node || !attributes)
        return dcn_fail_memory(error, "a plan", sizeof *node);
    const DcnAttribute all[5] = {
        {.name = "alpha", .kind = DCN_ATTRIBUTE_FLOAT, .f = p->alpha},
        {.name = "beta", .kind = DCN_ATTRIBUTE_FLOAT, .f = p->beta},
        {.name = "bias", .kind = DCN_ATTRIBUTE_FLOAT, .f = p->bias},
        {.name = "size", .kind = DCN_ATTRIBUTE_INT, .i = p->size},
        {.name = DCN_LRN_BEFORE, .kind = DCN_ATTRIBUTE_INT, .i = p->before},
    };
    memcpy(attributes, all, sizeof all);
    *node = *last->node;
    node->op = dcn_op_find("LRN");
    node->type = node->op->name;
    node->attributes = attributes;
    node->n_attributes = 5;
    last->op = node->op;
    last->node = node;
    last->in[0] = p->x;
    last->n_in = 1;
    DcnShape out;
    const DcnShape *in[] = {&plan->values[p->x].shape};
    const DcnTensor *none[] = {NULL};
    return dcn_step_setup(plan, last, in, none, 0, &out, error);
}

static bool
take_in(const Pieces *p, const PlanStep *last, DcnError *error)
{
    DcnPlan *plan = p->plan;
    for (size_t i = 0; i < p->count; i++) {
        PlanValue *value = &plan->values[p->taken[i]->out[0]];
        DcnError *reason = dcn_arena_alloc(plan->arena, sizeof *reason);
        if (!reason)
            return dcn_fail_memory(error, "a plan", sizeof *reason);
        dcn_fail(
            reason, DCN_ERROR_NAME,
            "tensor \"%.80s\" is a piece of the local response normalisation \"%.80s\", and is not computed alone",
            value->name, plan->values[last->out[0]].name);
        p->taken[i]->live = false;
        value->state = DCN_TAKEN_IN;
        value->reason = reason;
    }
    return true;
}

bool
dcn_plan_join_pieces(DcnPlan *plan, const DcnPlanOptions *options, DcnError *error)
{
    dcn_graph_count_users(plan);
    for (size_t i = 0; i < plan->n_steps; i++) {
        Pieces pieces = {.plan = plan, .options = options};
        PlanStep *last = &plan->steps[i];
        if (find(&pieces, last) &&
            (!make_step(&pieces, last, error) || !take_in(&pieces, last, error)))
            return false;
    }
    return true;
}
