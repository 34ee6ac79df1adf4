/* SPDX-License-Identifier: GPL-3.0-or-later */
/* passes.c: what makes a plan quicker and leaves its results the same but for rounding.
 *
 * A tensor that is a target stays: nothing is fused across it. */
#include "base/error.h"
#include "base/shape.h"
#include "base/threads.h"
#include "model/batchnorm.h"
#include "plan/plan_private.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LARGE ((size_t)1 << 14) /* weights that are many pages */

/* The step that makes the value, if it makes nothing else, the value is no target and one
 * input of one step alone reads it. Else NULL. */
static PlanStep *
private_maker(DcnPlan *plan, int number)
{
    const PlanValue *value = &plan->values[number];
    if (value->state != DCN_IN_RUN || value->step < 0 || value->wanted ||
        number == plan->start)
        return NULL;
    PlanStep *step = &plan->steps[value->step];
    return step->live && step->n_out == 1 && value->users == 1 ? step : NULL;
}

static void
hand_output_on(DcnPlan *plan, PlanStep *step, PlanStep *gone)
{
    plan->values[step->out[0]].live = false;
    step->out[0] = gone->out[0];
    plan->values[step->out[0]].step = (int)(step - plan->steps);
    gone->live = false;
}

/* The shape by value: one of the plan's own moves with its table. */
static int
add_constant(DcnPlan *plan, DcnShape shape, float *floats, DcnError *error)
{
    int number = dcn_plan_add_value(plan, "", error);
    if (number < 0)
        return -1;
    PlanValue *value = &plan->values[number];
    value->state = DCN_CONST;
    value->shape = shape;
    value->count = dcn_shape_count(&shape);
    value->tensor = (DcnTensor){.type = DCN_FLOAT, .shape = shape, .data = floats};
    return number;
}

static float *
constant_floats(DcnPlan *plan, int number, DcnError *error)
{
    const PlanValue *value = &plan->values[number];
    float *floats = dcn_arena_alloc(plan->arena, value->count * sizeof *floats);
    if (!floats)
        dcn_fail_memory(error, "folding BatchNormalization",
                        value->count * sizeof *floats);
    else
        dcn_tensor_to_floats(&value->tensor, floats);
    return floats;
}

static bool
fold_batchnorm(DcnPlan *plan, PlanStep *conv, PlanStep *norm, DcnError *error)
{
    size_t channels = (size_t)plan->values[conv->in[1]].shape.dim[0];
    size_t each = plan->values[conv->in[1]].count / channels;
    float *parts[4]; /* scale, bias, mean, variance */
    for (int i = 0; i < 4; i++)
        if (!(parts[i] = constant_floats(plan, norm->in[i + 1], error)))
            return false;
    float *weights = constant_floats(plan, conv->in[1], error);
    float *bias = dcn_arena_alloc(plan->arena, channels * sizeof *bias);
    if (!weights || !bias)
        return dcn_fail_memory(error, "folding BatchNormalization",
                               channels * sizeof *bias);
    if (conv->n_in > 2 && conv->in[2] >= 0)
        dcn_tensor_to_floats(&plan->values[conv->in[2]].tensor, bias);
    DcnNormalisation numbers = {parts[0], parts[1], parts[2], parts[3],
                                dcn_node_float(norm->node, "epsilon", 1e-5F)};
    dcn_batchnorm_take_in(&numbers, channels, each, weights, bias);
    int new_weights = add_constant(plan, plan->values[conv->in[1]].shape, weights, error);
    int new_bias = add_constant(plan, (DcnShape){1, {(int64_t)channels}}, bias, error);
    if (new_weights < 0 || new_bias < 0)
        return false;
    conv->in[1] = new_weights;
    conv->in[2] = new_bias;
    conv->n_in = 3;
    hand_output_on(plan, conv, norm);
    return true;
}

static bool
constants_of(
    const DcnPlan *plan, const PlanStep *step, size_t first, size_t count, size_t each)
{
    for (size_t i = first; i < first + count; i++)
        if (i >= step->n_in || step->in[i] < 0 ||
            plan->values[step->in[i]].state != DCN_CONST ||
            plan->values[step->in[i]].count != each)
            return false;
    return true;
}

bool
dcn_pass_batchnorm(DcnPlan *plan, DcnError *error)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        PlanStep *norm = &plan->steps[i];
        if (!norm->live || !norm->op->scales_channels || norm->n_out != 1 ||
            dcn_node_int(norm->node, "training_mode", 0) != 0)
            continue;
        PlanStep *conv = private_maker(plan, norm->in[0]);
        if (!conv || !conv->op->weights.filters ||
            plan->values[conv->in[1]].state != DCN_CONST)
            continue;
        size_t channels = (size_t)plan->values[conv->in[1]].shape.dim[0];
        bool bias_known =
            conv->n_in < 3 || conv->in[2] < 0 || constants_of(plan, conv, 2, 1, channels);
        if (bias_known && constants_of(plan, norm, 1, 4, channels) &&
            !fold_batchnorm(plan, conv, norm, error))
            return false;
    }
    return true;
}

/* The input of a product that comes of its other one, gated, and the operator that the
 * two steps are together. NULL: there is none. */
static const DcnOp *
gated(DcnPlan *plan, const PlanStep *product, PlanStep **gate)
{
    for (int k = 0; k < 2; k++) {
        *gate = product->in[k] >= 0 ? private_maker(plan, product->in[k]) : NULL;
        if (*gate && (*gate)->op->fuse.gated && (*gate)->in[0] == product->in[1 - k])
            return (*gate)->op->fuse.gated((*gate)->params);
    }
    return NULL;
}

bool
dcn_pass_gates(DcnPlan *plan, DcnError *error)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        PlanStep *step = &plan->steps[i], *gate;
        if (!step->live || !step->op->fuse.multiplies)
            continue;
        const DcnOp *op = gated(plan, step, &gate);
        if (!op)
            continue;
        step->op = op;
        step->in[0] = gate->in[0];
        step->n_in = 1;
        plan->values[gate->out[0]].live = gate->live = false;
        plan->values[step->in[0]].users--;
        const DcnTensor *value = NULL;
        const DcnShape *in = &plan->values[step->in[0]].shape;
        DcnShape out;
        if (!dcn_step_setup(plan, step, &in, &value, 0, &out, error))
            return false;
    }
    return true;
}

void
dcn_pass_fuse(DcnPlan *plan)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        PlanStep *step = &plan->steps[i];
        DcnClamp clamp;
        if (!step->live || !step->op->fuse.clamp || step->n_in < 1 || step->in[0] < 0 ||
            !step->op->fuse.clamp(step->params, &clamp))
            continue;
        PlanStep *before = private_maker(plan, step->in[0]);
        if (!before || !before->op->fuse.take ||
            (plan->training && !before->op->fuse.trains))
            continue;
        before->op->fuse.take(before->params, &clamp);
        if (before->clamped) { /* a second rectifier */
            clamp.low = fmaxf(fminf(before->clamp.low, clamp.high), clamp.low);
            clamp.high = fminf(fmaxf(before->clamp.high, clamp.low), clamp.high);
        }
        before->clamped = true;
        before->clamp = clamp;
        if (plan->backward && !plan->training) {
            /* rectifiers go back by their output, not by their input */
            plan->values[step->in[0]].live = false;
            step->in_place = true;
        } else {
            hand_output_on(plan, before, step);
        }
    }
}

/* Input 1 as floats where no step but this one reads it: for a moment. NULL: there is no
 * memory. */
static float *
floats_for_now(const PlanValue *value)
{
    float *floats = malloc((value->count + 1) * sizeof *floats);
    if (floats)
        dcn_tensor_to_floats(&value->tensor, floats);
    return floats;
}

/* What was read to make another form of it, and may not be read again for long. */
static void
let_go(const DcnPlan *plan, const PlanValue *value)
{
    if (value->count >= LARGE)
        dcn_model_let_go(plan->model, value->tensor.data,
                         value->count * dcn_type_size(value->tensor.type));
}

bool
dcn_step_only_prepared(const DcnPlan *plan, const PlanStep *step)
{
    bool constant = step->n_in > 1 && step->in[1] >= 0;
    for (size_t k = 1; k < step->n_in; k++)
        constant =
            constant && (step->in[k] < 0 || plan->values[step->in[k]].state == DCN_CONST);
    return constant && step->op->only_prepared && step->op->only_prepared(step->params) &&
           step->op->prepared_floats(step->params, false) > 0;
}

/* The forms of one step's weights. */
typedef struct {
    PlanStep *step;
    DcnOperand *operands;
    size_t floats;
    float *prepared;
    bool made;
} Forms;

typedef struct {
    const DcnPlan *plan;
    bool transform;
    Forms *all;
    size_t n;
} Preparation;

static bool
wants_forms(const DcnPlan *plan, const PlanStep *step)
{
    bool constant = step->live && step->op->prepare;
    for (size_t k = 1; k < step->n_in; k++)
        constant =
            constant && (step->in[k] < 0 || plan->values[step->in[k]].state == DCN_CONST);
    return constant;
}

static bool
find_forms(DcnPlan *plan, Preparation *p, DcnError *error)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        PlanStep *step = &plan->steps[i];
        if (!wants_forms(plan, step))
            continue;
        Forms forms = {.step = step,
                       .floats = step->op->prepared_floats(step->params, p->transform)};
        if (forms.floats == 0)
            continue;
        forms.operands = dcn_arena_alloc(plan->arena, (step->n_in + step->n_out) *
                                                          sizeof *forms.operands);
        forms.prepared =
            dcn_arena_take(plan->arena, forms.floats * sizeof *forms.prepared);
        if (!forms.operands || !forms.prepared)
            return dcn_fail_memory(error, "transformed weights",
                                   forms.floats * sizeof *forms.prepared);
        p->all[p->n++] = forms;
    }
    return true;
}

static void
make_forms(void *user, size_t index, size_t worker)
{
    const Preparation *p = user;
    Forms *forms = &p->all[index];
    const PlanStep *step = forms->step;
    const PlanValue *weights = &p->plan->values[step->in[1]];
    DcnCall call = dcn_plan_shapes_of(p->plan, step, forms->operands);
    float *own = NULL;
    (void)worker;
    if (!weights->floats) {
        own = floats_for_now(weights);
        if (!own)
            return;
        forms->operands[1].data = own;
    }
    step->op->prepare(&call, p->transform, forms->prepared);
    free(own);
    let_go(p->plan, weights);
    forms->made = true;
}

bool
dcn_pass_prepare(DcnPlan *plan, DcnContext *context, bool transform, DcnError *error)
{
    Preparation p = {plan, transform, calloc(plan->n_steps + 1, sizeof *p.all), 0};
    if (!p.all)
        return dcn_fail_memory(error, "a plan", plan->n_steps * sizeof *p.all);
    bool made = find_forms(plan, &p, error);
    if (made && context)
        dcn_parallel(context, p.n, make_forms, &p);
    for (size_t i = 0; made && i < p.n; i++) {
        Forms *forms = &p.all[i];
        PlanStep *step = forms->step;
        if (!context)
            make_forms(&p, i, 0);
        if (!forms->made)
            made = dcn_fail_memory(error, "the weights",
                                   plan->values[step->in[1]].count * sizeof(float));
        step->transformed =
            transform && forms->floats > step->op->prepared_floats(step->params, false);
        step->prepared = forms->prepared;
    }
    free(p.all);
    return made;
}
