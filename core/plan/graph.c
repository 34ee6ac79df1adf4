/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph.c: makers stand before users in the list of steps, so one pass answers each
 * question. */
#include "plan/graph.h"
#include <string.h>

static bool
any(const int *values, size_t n, const bool *marked)
{
    for (size_t k = 0; k < n; k++)
        if (values[k] >= 0 && marked[values[k]])
            return true;
    return false;
}

static void
mark(const int *values, size_t n, bool *marked)
{
    for (size_t k = 0; k < n; k++)
        if (values[k] >= 0)
            marked[values[k]] = true;
}

bool
dcn_step_reads(const PlanStep *step, const bool *marked)
{
    return step->live && any(step->in, step->n_in, marked);
}

bool
dcn_step_makes(const PlanStep *step, const bool *marked)
{
    return step->live && any(step->out, step->n_out, marked);
}

bool
dcn_step_reads_once(const PlanStep *step, int value)
{
    size_t times = 0;
    for (size_t k = 0; k < step->n_in; k++)
        times += step->in[k] == value;
    return times == 1;
}

const PlanStep *
dcn_graph_maker(const DcnPlan *plan, int value)
{
    return value >= 0 && plan->values[value].step >= 0
               ? &plan->steps[plan->values[value].step]
               : NULL;
}

int
dcn_graph_first_input(const DcnPlan *plan, const PlanStep *step)
{
    for (size_t i = 0; i < step->n_in; i++)
        if (step->in[i] >= 0 && plan->values[step->in[i]].state == DCN_IN_RUN)
            return step->in[i];
    return -1;
}

void
dcn_graph_mark_ahead(const DcnPlan *plan, bool *marked)
{
    for (size_t i = 0; i < plan->n_steps; i++)
        if (dcn_step_reads(&plan->steps[i], marked))
            mark(plan->steps[i].out, plan->steps[i].n_out, marked);
}

void
dcn_graph_mark_back(const DcnPlan *plan, bool *marked)
{
    for (size_t i = plan->n_steps; i-- > 0;)
        if (dcn_step_makes(&plan->steps[i], marked))
            mark(plan->steps[i].in, plan->steps[i].n_in, marked);
}

void
dcn_graph_behind(const DcnPlan *plan, int value, bool *behind)
{
    memset(behind, 0, plan->n_values * sizeof *behind);
    behind[value] = true;
    dcn_graph_mark_ahead(plan, behind);
    behind[value] = false;
}

const PlanStep *
dcn_graph_only_user(const DcnPlan *plan, int value)
{
    const PlanStep *user = NULL;
    size_t uses = 0;
    for (size_t i = 0; i < plan->n_steps; i++)
        for (size_t k = 0; plan->steps[i].live && k < plan->steps[i].n_in; k++)
            if (plan->steps[i].in[k] == value) {
                user = &plan->steps[i];
                uses++;
            }
    return uses == 1 ? user : NULL;
}

void
dcn_graph_count_users(DcnPlan *plan)
{
    for (size_t i = 0; i < plan->n_values; i++)
        plan->values[i].users = 0;
    for (size_t i = 0; i < plan->n_steps; i++)
        for (size_t k = 0; plan->steps[i].live && k < plan->steps[i].n_in; k++)
            if (plan->steps[i].in[k] >= 0)
                plan->values[plan->steps[i].in[k]].users++;
}
