/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parts.c: places the inputs of a Concat inside of its output, so that it copies nothing.
 *
 * What is one run of floats in the output of the operator that reads it (DcnOp.part) is
 * written there at once by the step that makes it; on the way back its signal is a part
 * of the output's. That takes one image, and a tensor that has not been given a place
 * before: the input of two Concats lies in the first. */
#include "base/error.h"
#include "plan/graph.h"
#include <stdlib.h>

static bool
may_lie_inside(const DcnPlan *plan, const PlanStep *step, int number)
{
    const PlanValue *part = number < 0 ? NULL : &plan->values[number];
    if (!part || part->state != DCN_IN_RUN || part->inside || part->count == 0 ||
        part->step < 0 || !plan->steps[part->step].live ||
        !dcn_step_reads_once(step, number))
        return false;
    /* Other steps may add to a signal in the output's once this step is through, which is
     * the first to go back if it is the last that reads the part. */
    return !plan->backward || part->users == 1 || part->last == step - plan->steps;
}

bool
dcn_plan_lies_in(const DcnPlan *plan, int part, int whole)
{
    return part >= 0 && whole >= 0 && plan->values[part].inside == &plan->values[whole];
}

bool
dcn_pass_parts(DcnPlan *plan, DcnError *error)
{
    if (plan->batch > 1)
        return true;
    size_t most = dcn_plan_most_operands(plan);
    DcnOperand *operands = calloc(most, sizeof *operands);
    if (!operands)
        return dcn_fail_memory(error, "a plan", most * sizeof *operands);
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        if (!step->live || !step->op->part || step->n_out != 1)
            continue;
        DcnCall call = dcn_plan_shapes_of(plan, step, operands);
        size_t at;
        for (size_t k = 0; k < step->n_in; k++)
            if (may_lie_inside(plan, step, step->in[k]) &&
                step->op->part(&call, k, &at)) {
                PlanValue *part = &plan->values[step->in[k]];
                part->inside = &plan->values[step->out[0]];
                part->at = at;
            }
    }
    free(operands);
    return true;
}
