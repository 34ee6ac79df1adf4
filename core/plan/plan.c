/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.c: a model made ready for a batch and an input size. The stages stand in
 * plan_private.h. */
#include "base/error.h"
#include "base/shape.h"
#include "plan/graph.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BATCH 65536

/* --- names --- */

static int
look_up(const DcnPlan *plan, const char *name, DcnError *error)
{
    int number = dcn_names_get(&plan->names, name);
    if (number < 0)
        number = dcn_names_get(&plan->node_names, name);
    if (number < 0)
        number = dcn_names_get(&plan->short_names, name);
    if (number < 0) {
        char near[256];
        dcn_plan_nearest(plan, name, near, sizeof near);
        dcn_fail(error, DCN_ERROR_NAME, "the net has no layer \"%.100s\"%s", name, near);
    }
    return number;
}

int
dcn_plan_find(const DcnPlan *plan, const char *name, DcnError *error)
{
    int number = look_up(plan, name, error);
    if (number < 0)
        return -1;
    const PlanValue *value = &plan->values[number];
    if (value->reason) {
        if (error)
            *error = *value->reason;
        return -1;
    }
    if (value->state == DCN_IN_RUN && !value->live) {
        dcn_fail(error, DCN_ERROR_NAME, "tensor \"%.100s\" is not computed by this plan",
                 name);
        return -1;
    }
    return number;
}

/* --- targets --- */

static bool
want(DcnPlan *plan, int number, DcnError *error)
{
    PlanValue *value = &plan->values[number];
    if (value->reason) {
        if (error)
            *error = *value->reason;
        return false;
    }
    value->wanted = true;
    return true;
}

/* Makes targets of all outputs that can be computed and, if one of them cannot, of the
 * classifier's answer. error must not be NULL. */
static bool
want_outputs(DcnPlan *plan, DcnError *error)
{
    DcnError reason = {0};
    bool any = plan->purpose == DCN_FOR_SURVEYS;
    for (size_t i = 0; any && i < plan->n_values; i++)
        plan->values[i].wanted = plan->values[i].state == DCN_IN_RUN;
    for (size_t i = 0; i < plan->n_outputs; i++)
        any = want(plan, plan->outputs[i], reason.code == DCN_OK ? &reason : NULL) || any;
    DcnError none = {0};
    int answer = reason.code == DCN_OK ? -1 : dcn_plan_answer(plan, &none);
    if (none.code == DCN_ERROR_MEMORY) {
        *error = none;
        return false;
    }
    if (answer >= 0)
        any = want(plan, answer, NULL) || any;
    if (!any)
        *error = reason;
    return any;
}

static bool
find_targets(DcnPlan *plan, const DcnPlanOptions *options, DcnError *error)
{
    const DcnGraph *graph = dcn_model_graph(plan->model);
    for (size_t i = 0; i < options->n_targets; i++) {
        int number = look_up(plan, options->targets[i], error);
        if (number < 0 || !want(plan, number, error))
            return false;
    }
    plan->outputs =
        dcn_arena_alloc(plan->arena, (graph->n_outputs + 1) * sizeof *plan->outputs);
    if (!plan->outputs)
        return dcn_fail_memory(error, "a plan", graph->n_outputs * sizeof *plan->outputs);
    for (size_t i = 0; i < graph->n_outputs; i++)
        plan->outputs[plan->n_outputs++] = plan->of_model[graph->outputs[i]];
    if (options->n_targets == 0 && !want_outputs(plan, error))
        return false;
    plan->start = -1;
    if (options->start) {
        plan->start = look_up(plan, options->start, error);
        if (plan->start < 0)
            return false;
        if (plan->values[plan->start].state != DCN_IN_RUN)
            return dcn_fail(
                error, DCN_ERROR_VALUE,
                "a plan cannot start at \"%.100s\": it does not depend on the input",
                options->start);
    }
    return true;
}

/* The start becomes the first input; the file's own inputs stay if the options allow
 * it. */
static bool
start_in_the_middle(DcnPlan *plan, const DcnPlanOptions *options, DcnError *error)
{
    PlanValue *start = &plan->values[plan->start];
    if (start->step >= 0 && plan->steps[start->step].live)
        return dcn_fail(
            error, DCN_ERROR_VALUE,
            "a plan cannot start at \"%.100s\": what is wanted also depends on other outputs of the node that makes it",
            options->start);
    size_t kept = 0;
    for (size_t i = 0; i < plan->n_inputs; i++)
        if (plan->values[plan->inputs[i]].live && plan->inputs[i] != plan->start)
            plan->inputs[kept++] = plan->inputs[i];
    if (kept && !options->bypass)
        return dcn_fail(
            error, DCN_ERROR_VALUE,
            "a plan cannot start at \"%.100s\": what is wanted also depends on the input by other ways",
            options->start);
    /* There is room for one more than the file has. */
    for (size_t i = kept; i > 0; i--)
        plan->inputs[i] = plan->inputs[i - 1];
    plan->inputs[0] = plan->start;
    plan->n_inputs = kept + 1;
    start->step = -1;
    return true;
}

/* Steps that no target needs are dropped; with a start, also what comes before it. */
static bool
prune(DcnPlan *plan, const DcnPlanOptions *options, DcnError *error)
{
    for (size_t i = 0; i < plan->n_values; i++)
        plan->values[i].live = plan->values[i].wanted;
    for (size_t i = plan->n_steps; i-- > 0;) {
        PlanStep *step = &plan->steps[i];
        step->live = false;
        for (size_t k = 0; k < step->n_out; k++)
            if (step->out[k] >= 0 && step->out[k] != plan->start &&
                plan->values[step->out[k]].live)
                step->live = true;
        for (size_t k = 0; step->live && k < step->n_in; k++)
            if (step->in[k] >= 0)
                plan->values[step->in[k]].live = true;
        for (size_t k = 0; step->live && k < step->n_out; k++)
            if (step->out[k] >= 0)
                plan->values[step->out[k]].live = true;
    }
    if (plan->start >= 0 && !start_in_the_middle(plan, options, error))
        return false;
    for (size_t i = 0; i < plan->n_inputs; i++)
        plan->values[plan->inputs[i]].live = true;
    return true;
}

/* --- weights --- */

static bool
may_stay_unaligned(const PlanStep *step, const PlanValue *value)
{
#if defined(__x86_64__) || defined(__aarch64__)
    return step->op->weights.dense && value->count >= (size_t)1 << 20;
#else
    (void)step, (void)value;
    return false;
#endif
}

/* Makes constants floats, as steps read them. They stay where they are in the file if its
 * bytes will do, and weights of which runs read a prepared form alone are left to that. */
static bool
prepare_weights(DcnPlan *plan, bool forms, DcnError *error)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        for (size_t k = 0; step->live && k < step->n_in; k++) {
            PlanValue *value = step->in[k] < 0 ? NULL : &plan->values[step->in[k]];
            if (!value || value->state != DCN_CONST || value->floats)
                continue;
            bool aligned = (uintptr_t)value->tensor.data % _Alignof(float) == 0;
            if (value->tensor.type == DCN_FLOAT && !plan->training &&
                (aligned || may_stay_unaligned(step, value))) {
                value->floats = value->tensor.data;
                continue;
            }
            if (k == 1 && forms && dcn_step_only_prepared(plan, step))
                continue; /* another step may want them, or none does */
            float *floats = dcn_arena_alloc(plan->arena, value->count * sizeof *floats);
            if (!floats)
                return dcn_fail_memory(error, "the weights",
                                       value->count * sizeof *floats);
            dcn_tensor_to_floats(&value->tensor, floats);
            value->floats = floats;
        }
    }
    return true;
}

/* --- the plan --- */

static bool
make(DcnPlan *plan, const DcnPlanOptions *options, DcnError *error)
{
    if (!dcn_plan_build(plan, options, error) ||
        !dcn_plan_join_pieces(plan, options, error) || !dcn_plan_name_layers(plan, error))
        return false;
    const DcnGraph *graph = dcn_model_graph(plan->model);
    if (graph->n_outputs == 0)
        return dcn_fail(error, DCN_ERROR_FORMAT, "the model has no output");
    DcnError none = {0};
    int answer = dcn_plan_answer(plan, &none);
    if (none.code == DCN_ERROR_MEMORY) {
        *error = none;
        return false;
    }
    if (answer < 0)
        answer = plan->of_model[graph->outputs[0]];
    if (!dcn_plan_find_maps(plan, error) || !dcn_plan_list_layers(plan, answer, error) ||
        !find_targets(plan, options, error) || !prune(plan, options, error))
        return false;
    dcn_graph_count_users(plan);
    /* A trainer changes weights: nothing is folded into them. It goes back through every
     * tensor, so no tensor shares its place with another one or lies in it. */
    const unsigned never =
        DCN_PASS_BATCHNORM | DCN_PASS_MEMORY | DCN_PASS_PARTS | DCN_PASS_SHUFFLES;
    const unsigned off = options->passes_off | (plan->training ? never : 0);
    if (!(off & DCN_PASS_SHUFFLES) && !dcn_pass_shuffles(plan, error))
        return false;
    if (!(off & DCN_PASS_PARTS) && !dcn_pass_nested(plan, error))
        return false;
    if (!(off & DCN_PASS_BATCHNORM) && !dcn_pass_batchnorm(plan, error))
        return false;
    if (!(off & DCN_PASS_FUSE)) {
        if (!dcn_pass_gates(plan, error))
            return false;
        dcn_pass_fuse(plan);
    }
    if (!prepare_weights(plan, !(off & DCN_PASS_PACK), error) ||
        (!(off & DCN_PASS_PACK) &&
         !dcn_pass_prepare(plan, options->context, !(off & DCN_PASS_WINOGRAD), error)))
        return false;
    dcn_plan_find_methods(plan);
    plan->weight_bytes = dcn_arena_bytes(plan->arena);
    return dcn_plan_memory(plan, !(off & DCN_PASS_MEMORY), !(off & DCN_PASS_PARTS),
                           error);
}

DcnPlan *
dcn_plan_new(const DcnModel *model, const DcnPlanOptions *options, DcnError *error)
{
    static const DcnPlanOptions defaults = {0};
    if (!options)
        options = &defaults;
    if (options->batch > MAX_BATCH) {
        dcn_fail(error, DCN_ERROR_VALUE, "a batch of %zu images: 1 to %d are possible",
                 options->batch, MAX_BATCH);
        return NULL;
    }
    DcnPlan *plan = calloc(1, sizeof *plan);
    if (plan)
        plan->arena = dcn_arena_new();
    if (!plan || !plan->arena) {
        free(plan);
        dcn_fail_memory(error, "a plan", sizeof *plan);
        return NULL;
    }
    plan->model = model;
    plan->batch = options->batch ? options->batch : 1;
    plan->purpose = options->purpose;
    plan->training = options->purpose == DCN_FOR_TRAINING ||
                     options->purpose == DCN_FOR_TRAINING_WITH_DROPOUT;
    plan->backward = plan->training || options->purpose == DCN_FOR_PROJECTION;
    plan->memory_limit = options->memory_limit;
    plan->default_layer = -1;
    DcnError problem = {0}; /* so that the stages can always write a reason */
    if (!make(plan, options, &problem)) {
        if (error)
            *error = problem;
        dcn_plan_free(plan);
        return NULL;
    }
    return plan;
}

void
dcn_plan_free(DcnPlan *plan)
{
    if (!plan)
        return;
    dcn_names_clear(&plan->names);
    dcn_names_clear(&plan->node_names);
    dcn_names_clear(&plan->short_names);
    free(plan->values);
    free(plan->steps);
    dcn_arena_free(plan->arena);
    free(plan);
}

size_t
dcn_plan_batch(const DcnPlan *plan)
{
    return plan->batch;
}

size_t
dcn_plan_input_count(const DcnPlan *plan)
{
    return plan->n_inputs;
}

int
dcn_plan_input(const DcnPlan *plan, size_t index)
{
    return index < plan->n_inputs ? plan->inputs[index] : -1;
}

size_t
dcn_plan_output_count(const DcnPlan *plan)
{
    return plan->n_outputs;
}

int
dcn_plan_output(const DcnPlan *plan, size_t index)
{
    return index < plan->n_outputs ? plan->outputs[index] : -1;
}

const char *
dcn_plan_name(const DcnPlan *plan, int tensor)
{
    return plan->values[tensor].name;
}

const DcnShape *
dcn_plan_shape(const DcnPlan *plan, int tensor)
{
    return &plan->values[tensor].shape;
}

bool
dcn_plan_constant(const DcnPlan *plan, int tensor, DcnTensor *value)
{
    if (plan->values[tensor].state != DCN_CONST)
        return false;
    *value = plan->values[tensor].tensor;
    return true;
}
