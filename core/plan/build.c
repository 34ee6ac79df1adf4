/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build.c: every node of the model becomes a step with shapes and parameters, or a
 * constant.
 *
 * All nodes are visited, also those that no target needs, so that names and short names
 * do not depend on what is asked for. A node that cannot be set up breaks its outputs,
 * with the reason; that becomes an error only where a target needs them. */
#include "base/error.h"
#include "base/shape.h"
#include "base/threads.h"
#include "plan/build_private.h"
#include <stdlib.h>
#include <string.h>

#define MAX_INLINED 16 /* branches of If inside branches */

/* --- tables that grow --- */

/* With AddressSanitizer a table moves whenever it grows, so that a pointer which somebody
 * kept is found. */
#ifdef __SANITIZE_ADDRESS__
#define LARGER(room) ((room) + 1)
#else
#define LARGER(room) ((room) ? 2 * (room) : 64)
#endif

static bool
grow(void **table, size_t *room, size_t used, size_t size, DcnError *error)
{
    if (used < *room)
        return true;
    size_t more = LARGER(*room);
    void *larger = realloc(*table, more * size);
    if (!larger)
        return dcn_fail_memory(error, "a plan", more * size);
    *table = larger;
    *room = more;
    return true;
}

int
dcn_plan_add_value(DcnPlan *plan, const char *name, DcnError *error)
{
    if (!grow((void **)&plan->values, &plan->room_values, plan->n_values,
              sizeof *plan->values, error))
        return -1;
    plan->values[plan->n_values] = (PlanValue){
        .name = name, .step = -1, .shape = {.rank = -1}, .first = -1, .last = -1};
    return (int)plan->n_values++;
}

void *
dcn_builder_take(DcnBuilder *builder, size_t bytes)
{
    void *memory = dcn_arena_alloc(builder->plan->arena, bytes);
    if (!memory)
        dcn_fail_memory(builder->error, "a plan", bytes);
    return memory;
}

static bool
break_value(DcnBuilder *builder, int number, const DcnError *reason)
{
    DcnError *copy = dcn_builder_take(builder, sizeof *copy);
    if (!copy)
        return false;
    *copy = *reason;
    PlanValue *value = &builder->plan->values[number];
    value->state = DCN_BROKEN;
    value->reason = copy;
    return true;
}

bool
dcn_builder_set_constant(DcnBuilder *builder, int number, const DcnTensor *tensor)
{
    PlanValue *value = &builder->plan->values[number];
    if (!tensor->data) {
        DcnError reason;
        dcn_fail(&reason, DCN_ERROR_UNSUPPORTED,
                 "tensor \"%.100s\" has elements of type %s (%d)", value->name,
                 dcn_type_name(tensor->type), (int)tensor->type);
        return break_value(builder, number, &reason);
    }
    value->state = DCN_CONST;
    value->tensor = *tensor;
    value->shape = tensor->shape;
    value->count = dcn_shape_count(&tensor->shape);
    return true;
}

/* --- nodes --- */

/* How many entries of the list are used: those at its end that the node leaves out do not
 * count. */
static size_t
count_used(const int *list, size_t count)
{
    while (count > 0 && list[count - 1] < 0)
        count--;
    return count;
}

/* Runs the operator's setup for the shapes and values of the step's inputs. */
static bool
setup_step(DcnBuilder *builder, PlanStep *step, DcnError *reason)
{
    DcnPlan *plan = builder->plan;
    const DcnShape **in = dcn_builder_take(builder, (step->n_in + 1) * sizeof *in);
    const DcnTensor **value = dcn_builder_take(builder, (step->n_in + 1) * sizeof *value);
    DcnShape *out = dcn_builder_take(builder, (step->n_out + 1) * sizeof *out);
    if (!in || !value || !out)
        return dcn_fail_memory(reason, "a plan", step->n_in * sizeof *in);
    for (size_t i = 0; i < step->n_in; i++) {
        if (step->in[i] < 0)
            continue;
        const PlanValue *input = &plan->values[step->in[i]];
        in[i] = &input->shape;
        value[i] = input->state == DCN_CONST ? &input->tensor : NULL;
    }
    if (!dcn_step_setup(plan, step, in, value, builder->file_batch, out, reason))
        return false;
    for (size_t i = 0; i < step->n_out; i++)
        if (step->out[i] >= 0) {
            plan->values[step->out[i]].shape = out[i];
            plan->values[step->out[i]].count = dcn_shape_count(&out[i]);
        }
    return true;
}

static bool build_graph(DcnBuilder *builder, const DcnGraph *graph, int *map);

static bool
is_if(const DcnNode *node)
{
    return strcmp(node->type, "If") == 0;
}

/* If with a condition that is known: the nodes of the branch that is taken become steps,
 * and in the table of the outer graph its outputs stand for the node's. */
static bool
inline_branch(DcnBuilder *builder, const DcnNode *node, int *outer_map, DcnError *reason)
{
    DcnPlan *plan = builder->plan;
    int condition = node->n_in > 0 && node->in[0] >= 0 ? outer_map[node->in[0]] : -1;
    if (condition < 0 || plan->values[condition].state != DCN_CONST ||
        plan->values[condition].count < 1)
        return dcn_fail(reason, DCN_ERROR_UNSUPPORTED,
                        "node \"%.100s\" (If): its condition is known in a run only",
                        node->label);
    bool then = dcn_tensor_integer(&plan->values[condition].tensor, 0) != 0;
    const DcnAttribute *branch =
        dcn_node_attribute(node, then ? "then_branch" : "else_branch");
    if (!branch || branch->kind != DCN_ATTRIBUTE_GRAPH ||
        branch->graph->n_outputs < node->n_out)
        return dcn_fail(reason, DCN_ERROR_FORMAT, "node \"%.100s\" (If) lacks a branch",
                        node->label);
    if (branch->graph->n_inputs > 0)
        return dcn_fail(reason, DCN_ERROR_FORMAT,
                        "node \"%.100s\" (If): its branch has an input \"%.100s\"",
                        node->label,
                        branch->graph->values[branch->graph->inputs[0]].name);
    if (builder->depth >= MAX_INLINED)
        return dcn_fail(reason, DCN_ERROR_UNSUPPORTED,
                        "node \"%.100s\" (If) is nested too deep", node->label);
    const DcnGraph *graph = branch->graph;
    int *map = dcn_builder_take(builder, (graph->n_values + 1) * sizeof *map);
    if (!map)
        return dcn_fail_memory(reason, "a plan", graph->n_values * sizeof *map);
    for (size_t i = 0; i < graph->n_values; i++)
        map[i] = graph->captured && graph->captured[i] >= 0
                     ? outer_map[graph->captured[i]]
                     : -1;
    builder->depth++;
    bool built = build_graph(builder, graph, map);
    builder->depth--;
    if (!built) {
        if (builder->error)
            *reason = *builder->error;
        return false;
    }
    for (size_t i = 0; i < node->n_out; i++) {
        int inner = map[graph->outputs[i]];
        if (node->out[i] < 0 || inner < 0)
            continue;
        /* Values that the branch makes get the name of the outer graph, if they have one
         * there; values that it only hands on keep their own names. */
        bool captured = graph->captured && graph->captured[graph->outputs[i]] >= 0;
        if (!captured)
            plan->values[inner].name = plan->values[outer_map[node->out[i]]].name;
        outer_map[node->out[i]] = inner;
    }
    return true;
}

/* The reason of the first broken input, or NULL. */
static const DcnError *
broken_input(const DcnPlan *plan, const PlanStep *step)
{
    for (size_t i = 0; i < step->n_in; i++)
        if (step->in[i] >= 0 && plan->values[step->in[i]].state == DCN_BROKEN)
            return plan->values[step->in[i]].reason;
    return NULL;
}

static bool
all_constant(const DcnPlan *plan, const PlanStep *step)
{
    for (size_t i = 0; i < step->n_in; i++)
        if (step->in[i] >= 0 && plan->values[step->in[i]].state != DCN_CONST)
            return false;
    return true;
}

bool
dcn_builder_node(DcnBuilder *builder,
                 const DcnNode *node,
                 PlanStep *step,
                 bool *broken,
                 DcnError *reason)
{
    DcnPlan *plan = builder->plan;
    *broken = true;
    const DcnError *before = broken_input(plan, step);
    if (before) {
        *reason = *before;
        return true;
    }
    if (!node->op || node->refusal) {
        dcn_fail(reason, DCN_ERROR_UNSUPPORTED,
                 "node \"%.100s\": operator %s%s%.100s is not supported%s%s", node->label,
                 node->domain, node->domain[0] ? "." : "", node->type,
                 node->refusal ? ": " : "", node->refusal ? node->refusal : "");
        return true;
    }
    if (node->opset < node->op->since) {
        dcn_fail(
            reason, DCN_ERROR_UNSUPPORTED,
            "node \"%.100s\" (%s): the file has opset %d, and %d to 25 are supported",
            node->label, node->type, node->opset, node->op->since);
        return true;
    }
    if (!setup_step(builder, step, reason))
        return reason->code != DCN_ERROR_MEMORY;
    if (all_constant(plan, step) || step->op->shapes_only) {
        if (!dcn_plan_fold(plan, step, builder->context, reason))
            return reason->code != DCN_ERROR_MEMORY;
        *broken = false;
        return true;
    }
    if (!grow((void **)&plan->steps, &plan->room_steps, plan->n_steps,
              sizeof *plan->steps, reason))
        return false;
    for (size_t i = 0; i < step->n_out; i++) {
        if (step->out[i] < 0)
            continue;
        plan->values[step->out[i]].state = DCN_IN_RUN;
        plan->values[step->out[i]].step = (int)plan->n_steps;
    }
    step->live = true;
    plan->steps[plan->n_steps++] = *step;
    *broken = false;
    return true;
}

/* The values of a graph get numbers, its initialisers become constants. */
static bool
build_values(DcnBuilder *builder, const DcnGraph *graph, int *map)
{
    DcnPlan *plan = builder->plan;
    for (size_t i = 0; i < graph->n_values; i++) {
        if (map[i] >= 0)
            continue; /* captured from the graph around */
        map[i] = dcn_plan_add_value(plan, graph->values[i].name, builder->error);
        if (map[i] < 0)
            return false;
        if (graph->values[i].kind == DCN_VALUE_INITIALISER &&
            !dcn_builder_set_constant(builder, map[i], &graph->values[i].tensor))
            return false;
        if (graph->values[i].kind == DCN_VALUE_NODE && graph->values[i].node < 0)
            continue; /* its node was taken out of the model */
        if (graph->values[i].kind == DCN_VALUE_NODE &&
            is_if(&graph->nodes[graph->values[i].node]))
            continue; /* its number is known when the branch is built */
        if (!dcn_names_add(&plan->names, graph->values[i].name, map[i]))
            return dcn_fail_memory(builder->error, "a table of names",
                                   plan->n_values * 32);
    }
    return true;
}

static bool
name_outputs(DcnBuilder *builder,
             const DcnGraph *graph,
             const DcnNode *node,
             const int *map)
{
    DcnPlan *plan = builder->plan;
    for (size_t i = 0; i < node->n_out; i++)
        if (node->out[i] >= 0 &&
            !dcn_names_add(&plan->names, graph->values[node->out[i]].name,
                           map[node->out[i]]))
            return dcn_fail_memory(builder->error, "a table of names",
                                   plan->n_values * 32);
    return true;
}

static bool
build_graph(DcnBuilder *builder, const DcnGraph *graph, int *map)
{
    DcnPlan *plan = builder->plan;
    if (!build_values(builder, graph, map) ||
        (builder->depth == 0 && !dcn_builder_inputs(builder)))
        return false;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const DcnNode *node = &graph->nodes[i];
        PlanStep step = {.op = node->op, .node = node};
        step.n_in = count_used(node->in, node->n_in);
        step.n_out = count_used(node->out, node->n_out);
        step.in = dcn_builder_take(builder, (step.n_in + 3) *
                                                sizeof *step.in); /* room for a bias */
        step.out = dcn_builder_take(builder, (step.n_out + 1) * sizeof *step.out);
        if (!step.in || !step.out)
            return false;
        for (size_t k = 0; k < step.n_in; k++)
            step.in[k] = node->in[k] < 0 ? -1 : map[node->in[k]];
        for (size_t k = 0; k < step.n_out; k++)
            step.out[k] = node->out[k] < 0 ? -1 : map[node->out[k]];
        DcnError reason = {0};
        bool broken;
        if (is_if(node)) {
            broken = !inline_branch(builder, node, map, &reason);
            if (broken && reason.code == DCN_ERROR_MEMORY) {
                if (builder->error)
                    *builder->error = reason;
                return false;
            }
        } else if (dcn_node_is_planned(node)
                       ? !dcn_builder_lists(builder, node, &step, &broken, &reason)
                       : !dcn_builder_node(builder, node, &step, &broken, &reason)) {
            if (builder->error && reason.code)
                *builder->error = reason;
            return false;
        }
        dcn_builder_hands_list_on(builder, node, &step);
        for (size_t k = 0; broken && k < step.n_out; k++)
            if (step.out[k] >= 0 && !break_value(builder, step.out[k], &reason))
                return false;
        if (is_if(node) && !name_outputs(builder, graph, node, map))
            return false;
        int first = node->n_out > 0 && node->out[0] >= 0 ? map[node->out[0]] : -1;
        if (node->name[0] && first >= 0 &&
            !dcn_names_add(&plan->node_names, node->name, first))
            return dcn_fail_memory(builder->error, "a table of names",
                                   plan->n_values * 32);
    }
    return true;
}

bool
dcn_plan_build(DcnPlan *plan, const DcnPlanOptions *options, DcnError *error)
{
    const DcnGraph *graph = dcn_model_graph(plan->model);
    DcnBuilder builder = {.plan = plan, .options = options, .error = error};
    for (size_t i = 0; i < options->n_shapes; i++)
        if (dcn_model_value(plan->model, options->shapes[i].name) < 0)
            return dcn_fail(error, DCN_ERROR_NAME, "the model has no input \"%.200s\"",
                            options->shapes[i].name);
    builder.context = dcn_context_new(1, error);
    if (!builder.context)
        return false;
    plan->of_model =
        dcn_builder_take(&builder, (graph->n_values + 1) * sizeof *plan->of_model);
    bool built = plan->of_model != NULL;
    for (size_t i = 0; built && i < graph->n_values; i++)
        plan->of_model[i] = -1;
    built = built && build_graph(&builder, graph, plan->of_model);
    dcn_context_free(builder.context);
    return built;
}
