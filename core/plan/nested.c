/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nested.c: a Concat that begins with all that an earlier one has takes that one's output.
 *
 * In a DenseNet (Huang et al. 2017) each layer sees what all layers before it gave, and
 * exporters write that as a Concat of all of them, layer after layer. A tensor can lie in
 * one Concat only (parts.c), so all the others copy it. Where each Concat takes the one
 * before it and what is new, each lies in the next, and nothing is copied; on the way back
 * a layer adds to a part of the same signal. */
#include "base/error.h"
#include "plan/graph.h"
#include <stdlib.h>
#include <string.h>

/* True if the step has all that `first` has, in the same order, and more behind it. */
static bool
begins_with(const PlanStep *step, const PlanStep *first)
{
    return step->op == first->op && first->n_in > 1 && first->n_in < step->n_in &&
           memcmp(step->params, first->params, step->op->params_size) == 0 &&
           memcmp(step->in, first->in, first->n_in * sizeof *step->in) == 0;
}

/* Candidates are the steps before with the same first input, the nearest one alone: of a
 * series each has more than the one before it. */
bool
dcn_pass_nested(DcnPlan *plan, DcnError *error)
{
    int *by_input = malloc((plan->n_values + 1) * sizeof *by_input);
    int *before = malloc((plan->n_steps + 1) * sizeof *before);
    for (size_t v = 0; by_input && v < plan->n_values; v++)
        by_input[v] = -1;
    for (size_t i = 0; by_input && before && i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        before[i] = -1;
        if (!step->live || !step->op->part || step->n_out != 1 || step->in[0] < 0)
            continue;
        before[i] = by_input[step->in[0]];
        by_input[step->in[0]] = (int)i;
    }
    /* the last one first, so that the one before it is still as the file has it */
    for (size_t i = plan->n_steps; by_input && before && i-- > 0;) {
        PlanStep *step = &plan->steps[i];
        const PlanStep *first = before[i] < 0 ? NULL : &plan->steps[before[i]];
        if (!first || !begins_with(step, first))
            continue;
        size_t taken = first->n_in - 1;
        step->in[0] = first->out[0];
        step->n_in -= taken;
        memmove(step->in + 1, step->in + 1 + taken, (step->n_in - 1) * sizeof *step->in);
    }
    bool made = by_input && before;
    free(by_input);
    free(before);
    dcn_graph_count_users(plan);
    return made || dcn_fail_memory(error, "a plan", plan->n_steps * sizeof *before);
}
