/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds.c: which operators a plan's steps have, and which nodes of the model cannot be
 * computed. */
#include "base/error.h"
#include "plan/plan_private.h"
#include <stdlib.h>
#include <string.h>

/* --- steps --- */

static size_t
find_kind(const DcnStepKind *kinds, size_t count, const DcnNode *node, DcnRule rule)
{
    size_t i = 0;
    while (i < count &&
           (kinds[i].rule != rule || strcmp(kinds[i].name, node->type) != 0 ||
            strcmp(kinds[i].domain, node->domain) != 0))
        i++;
    return i;
}

size_t
dcn_plan_step_kinds(const DcnPlan *plan, DcnStepKind *kinds, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        if (!step->live)
            continue;
        DcnRule rule = dcn_op_rule(step->op, step->params);
        size_t kind = find_kind(kinds, count, step->node, rule);
        if (kind == most)
            continue;
        if (kind == count)
            kinds[count++] = (DcnStepKind){step->node->domain, step->node->type, rule, 0};
        kinds[kind].steps++;
    }
    return count;
}

/* --- nodes --- */

static const PlanValue *
value_of(const DcnPlan *plan, int of_model)
{
    int number = of_model < 0 ? -1 : plan->of_model[of_model];
    return number < 0 ? NULL : &plan->values[number];
}

/* The reason of the first of the node's outputs that cannot be computed; NULL: all can
 * be. */
static const DcnError *
shut_by(const DcnPlan *plan, const DcnNode *node)
{
    for (size_t k = 0; k < node->n_out; k++) {
        const PlanValue *value = value_of(plan, node->out[k]);
        if (value && value->state == DCN_BROKEN && !value->list)
            return value->reason;
    }
    return NULL;
}

static bool
reads_marked(const DcnNode *node, const bool *marked)
{
    for (size_t k = 0; k < node->n_in; k++)
        if (node->in[k] >= 0 && marked[node->in[k]])
            return true;
    return false;
}

static void
mark_outputs(const DcnNode *node, bool *marked)
{
    for (size_t k = 0; k < node->n_out; k++)
        if (node->out[k] >= 0)
            marked[node->out[k]] = true;
}

/* How many nodes need the outputs of node `first`. marked: by value of the graph. */
static size_t
count_behind(const DcnGraph *graph, size_t first, bool *marked)
{
    size_t count = 0;
    memset(marked, 0, graph->n_values * sizeof *marked);
    mark_outputs(&graph->nodes[first], marked);
    for (size_t i = first + 1; i < graph->n_nodes; i++)
        if (reads_marked(&graph->nodes[i], marked)) {
            mark_outputs(&graph->nodes[i], marked);
            count += !graph->nodes[i].labels_only;
        }
    return count;
}

/* True if the node reads what another node that cannot be computed should have made. */
static bool
reads_shut(const DcnPlan *plan, const DcnGraph *graph, const DcnNode *node)
{
    for (size_t k = 0; k < node->n_in; k++) {
        const PlanValue *value = value_of(plan, node->in[k]);
        if (value && value->state == DCN_BROKEN && graph->values[node->in[k]].node >= 0)
            return true;
    }
    return false;
}

bool
dcn_plan_shut_nodes(const DcnPlan *plan,
                    DcnShutNode *nodes,
                    size_t most,
                    size_t *count,
                    size_t *computed,
                    DcnError *error)
{
    const DcnGraph *graph = dcn_model_graph(plan->model);
    bool *marked = calloc(graph->n_values + 1, sizeof *marked);
    if (!marked)
        return dcn_fail_memory(error, "a list of nodes", graph->n_values);
    *count = *computed = 0;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const DcnNode *node = &graph->nodes[i];
        const DcnError *reason = shut_by(plan, node);
        *computed += !reason;
        if (!reason || node->labels_only || reads_shut(plan, graph, node) ||
            *count == most)
            continue;
        nodes[(*count)++] = (DcnShutNode){
            .node = node->label,
            .domain = node->domain,
            .name = node->type,
            .opset = node->opset,
            .known = node->op || dcn_node_is_planned(node),
            .since = node->op ? node->op->since : 0,
            .shut = count_behind(graph, i, marked),
            .code = reason->code,
            .reason = reason->text,
        };
    }
    free(marked);
    return true;
}
