/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shuffles.c: channels that are put in another order become one step.
 *
 * Exporters write a channel shuffle (Zhang et al. 2018, "ShuffleNet") as a Reshape to five
 * axes, a Transpose and a Reshape back. Each copies everything, and of a tensor of five
 * axes reach knows no columns. What such a chain does is seen by running it once on
 * numbers; if each channel comes out as a whole, the chain is a Gather of channels. */
#include "base/error.h"
#include "base/shape.h"
#include "plan/plan_private.h"

#define MOST_STEPS 8
#define MOST_NUMBERS ((size_t)1 << 24) /* that are exact as floats */

/* Steps that hand on a picture's elements, each read by the next one alone. */
typedef struct {
    PlanStep *steps[MOST_STEPS]; /* the last one first */
    size_t n;
    int from, to; /* values */
} Chain;

static bool
only_moves(const PlanStep *step)
{
    return step->live && step->n_out == 1 && step->op->role == DCN_ROLE_HANDS_ON &&
           step->op->constants.moves;
}

/* True if nobody but the next step wants the value. */
static bool
is_between(const DcnPlan *plan, int number)
{
    const PlanValue *value = &plan->values[number];
    return value->state == DCN_IN_RUN && value->step >= 0 && value->users == 1 &&
           !value->wanted && number != plan->start;
}

/* The longest chain that ends with the step and begins with a picture as large as the one
 * that it gives. False: there is none of two steps and more. */
static bool
find_chain(DcnPlan *plan, PlanStep *last, Chain *chain)
{
    size_t found = 0;
    *chain = (Chain){.to = last->out[0]};
    const DcnShape *shape = &plan->values[last->out[0]].shape;
    for (PlanStep *step = last; chain->n < MOST_STEPS && only_moves(step);) {
        chain->steps[chain->n++] = step;
        const PlanValue *x = &plan->values[step->in[0]];
        if (x->state == DCN_IN_RUN && dcn_shape_equal(&x->shape, shape)) {
            found = chain->n;
            chain->from = step->in[0];
        }
        if (!is_between(plan, step->in[0]))
            break;
        step = &plan->steps[x->step];
    }
    chain->n = found;
    return found > 1;
}

/* Runs the chain on the numbers of `a`; returns the array with the results: a or b. */
static float *
run_chain(const DcnPlan *plan,
          const Chain *chain,
          DcnContext *context,
          DcnOperand *operands,
          float *a,
          float *b)
{
    for (size_t i = chain->n; i-- > 0;) {
        DcnCall call = dcn_plan_shapes_of(plan, chain->steps[i], operands);
        call.context = context;
        call.in[0].data = a;
        call.out[0].data = b;
        dcn_op_forward(chain->steps[i]->op, &call);
        float *swap = a;
        a = b;
        b = swap;
    }
    return a;
}

/* Which channel of the input each one of the output is. False: they are not moved as a
 * whole. */
static bool
read_order(const DcnShape *shape, const float *numbers, int64_t *order)
{
    size_t places = dcn_shape_product(shape, 2, 4), channels = (size_t)shape->dim[1];
    for (size_t c = 0; c < channels; c++, numbers += places) {
        size_t first = (size_t)numbers[0];
        if (first % places != 0)
            return false;
        for (size_t i = 1; i < places; i++)
            if ((size_t)numbers[i] != first + i)
                return false;
        order[c] = (int64_t)(first / places);
    }
    return true;
}

/* Makes the chain's last step a Gather, and the others dead. */
static bool
replace(DcnPlan *plan, const Chain *chain, int64_t *order, DcnError *error)
{
    extern const DcnOp dcn_op_gather;
    static const DcnAttribute axis = {
        .name = "axis", .kind = DCN_ATTRIBUTE_INT, .count = 1, .i = 1};
    PlanStep *last = chain->steps[0];
    int index = dcn_plan_add_value(plan, "", error);
    DcnNode *node = dcn_arena_alloc(plan->arena, sizeof *node);
    int *in = dcn_arena_alloc(plan->arena, 2 * sizeof *in);
    if (index < 0 || !node || !in)
        return dcn_fail_memory(error, "a plan", sizeof *node);
    const DcnShape shape = plan->values[chain->from].shape;
    PlanValue *value = &plan->values[index];
    value->state = DCN_CONST;
    value->shape = dcn_shape(1, &shape.dim[1]);
    value->count = (size_t)shape.dim[1];
    value->tensor = (DcnTensor){.type = DCN_INT64, .shape = value->shape, .data = order};
    *node = (DcnNode){.name = "",
                      .label = last->node->label,
                      .type = dcn_op_gather.name,
                      .domain = "",
                      .op = &dcn_op_gather,
                      .opset = last->node->opset,
                      .n_attributes = 1,
                      .attributes = &axis};
    in[0] = chain->from;
    in[1] = index;
    last->op = node->op;
    last->node = node;
    last->in = in;
    last->n_in = 2;
    for (size_t i = 1; i < chain->n; i++) {
        chain->steps[i]->live = false;
        plan->values[chain->steps[i]->out[0]].live = false;
    }
    const DcnShape *shapes[2] = {&shape, &value->shape};
    const DcnTensor *values[2] = {NULL, &value->tensor};
    DcnShape out;
    return dcn_step_setup(plan, last, shapes, values, 0, &out, error);
}

static bool
look_at(DcnPlan *plan, const Chain *chain, DcnError *error)
{
    const DcnShape shape = plan->values[chain->from].shape;
    size_t count = dcn_shape_count(&shape);
    if (shape.rank != 4 || shape.dim[0] != 1 || count == 0 || count > MOST_NUMBERS)
        return true;
    DcnArena *scratch = dcn_arena_new();
    DcnContext *context = dcn_context_new(1, error);
    float *a = scratch ? dcn_arena_alloc(scratch, count * sizeof *a) : NULL,
          *b = scratch ? dcn_arena_alloc(scratch, count * sizeof *b) : NULL;
    DcnOperand *operands =
        scratch
            ? dcn_arena_alloc(scratch, dcn_plan_most_operands(plan) * sizeof *operands)
            : NULL;
    int64_t *order = dcn_arena_alloc(plan->arena, (size_t)shape.dim[1] * sizeof *order);
    bool good = context && a && b && operands && order;
    if (!good)
        dcn_fail_memory(error, "a plan", count * sizeof *a);
    for (size_t i = 0; good && i < count; i++)
        a[i] = (float)i;
    if (good &&
        read_order(&shape, run_chain(plan, chain, context, operands, a, b), order))
        good = replace(plan, chain, order, error);
    dcn_context_free(context);
    dcn_arena_free(scratch);
    return good;
}

bool
dcn_pass_shuffles(DcnPlan *plan, DcnError *error)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        PlanStep *step = &plan->steps[i];
        Chain chain;
        if (only_moves(step) && find_chain(plan, step, &chain) &&
            !look_at(plan, &chain, error))
            return false;
    }
    return true;
}
