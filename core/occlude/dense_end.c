/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense_end.c: where the end of a classifier begins, and its plan. */
#include "occlude/dense_end.h"
#include "base/error.h"
#include "plan/graph.h"
#include <stdlib.h>

/* Weights from which on they cost more than what they are multiplied with. */
#define LEAST_WEIGHTS ((size_t)1 << 20)

static bool
is_large(const DcnPlan *plan, const PlanStep *step)
{
    if (!step->live || !step->op->weights.dense || step->in[0] < 0 || step->in[1] < 0)
        return false;
    const PlanValue *x = &plan->values[step->in[0]], *w = &plan->values[step->in[1]];
    return x->state == DCN_IN_RUN && x->step >= 0 && x->shape.rank == 2 &&
           x->shape.dim[0] == 1 && w->state == DCN_CONST && w->count >= LEAST_WEIGHTS;
}

bool
dcn_head_open(DcnHead *head, size_t batch, DcnError *error)
{
    const DcnPlan *whole = head->whole;
    if (head->session && head->batch == batch)
        return true;
    dcn_head_close(head);
    const char *target = whole->values[head->whole_answer].name;
    DcnPlanOptions options = head->options;
    options.targets = &target;
    options.n_targets = 1;
    options.start = whole->values[head->input].name;
    options.batch = batch;
    head->plan = dcn_plan_new(whole->model, &options, error);
    if (!head->plan)
        return false;
    head->answer = dcn_plan_find(head->plan, target, error);
    head->session = dcn_session_new(head->plan, head->context, error);
    head->batch = batch;
    return head->session != NULL;
}

void
dcn_head_close(DcnHead *head)
{
    dcn_session_free(head->session);
    dcn_plan_free(head->plan);
    head->session = NULL;
    head->plan = NULL;
}

bool
dcn_head_find(DcnHead *head, int layer, DcnError *error)
{
    const DcnPlan *whole = head->whole;
    int answer = head->whole_answer;
    DcnError problem = {0};
    head->input = -1;
    if (answer < 0)
        return true;
    bool *behind = calloc(whole->n_values, sizeof *behind);
    if (!behind)
        return dcn_fail_memory(error, "the occlusion maps", whole->n_values);
    for (size_t i = 0; head->input < 0 && i < whole->n_steps; i++) {
        const PlanStep *step = &whole->steps[i];
        if (!is_large(whole, step))
            continue;
        dcn_graph_behind(whole, step->in[0], behind);
        if (!behind[answer] || (layer >= 0 && (behind[layer] || layer == step->in[0])))
            continue;
        head->input = step->in[0];
        if (dcn_head_open(head, 1, &problem))
            continue;
        /* refused, if there are ways around it */
        head->input = -1;
        if (problem.code == DCN_ERROR_MEMORY)
            break;
    }
    free(behind);
    if (problem.code != DCN_ERROR_MEMORY)
        return true;
    if (error)
        *error = problem;
    return false;
}
