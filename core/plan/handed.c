/* SPDX-License-Identifier: GPL-3.0-or-later */
/* handed.c: signals that a sum hands on lie where the sum's own lies.
 *
 * Back through an Add its inputs get the output's signal as it is (DcnOp.hands). In a
 * residual net that is two copies of each wide tensor: one for the branch, and one for the
 * input of the block, to which the branch adds in the end. Both may be the output's itself
 * if nothing changes it while it is still to be read. Steps go back from the last one on,
 * so that is a question of their numbers. */
#include "base/error.h"
#include "plan/graph.h"
#include <stdlib.h>

/* The last steps that read a value; -1: none. */
typedef struct {
    int last, before;
} Readers;

static void
find_readers(const DcnPlan *plan, Readers *readers)
{
    for (size_t v = 0; v < plan->n_values; v++)
        readers[v] = (Readers){-1, -1};
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        for (size_t k = 0; step->live && k < step->n_in; k++)
            if (step->in[k] >= 0)
                readers[step->in[k]] = (Readers){(int)i, readers[step->in[k]].last};
    }
}

/* The last step back that reads the signal of a value: the one that makes it, or what is
 * in its place. */
static int
last_look(const DcnPlan *plan, int value)
{
    int maker = plan->values[value].step;
    while (maker >= 0 && plan->steps[maker].in_place)
        maker = plan->values[plan->steps[maker].in[0]].step;
    return maker;
}

/* The first step back that may change the signal of a value, once the sum has handed it
 * on: another user adds to it, or its maker, or what lies in it, is worked on in place.
 * -1: none does. */
static int
first_change(const DcnPlan *plan, int value, const Readers *readers)
{
    int maker = plan->values[value].step;
    const PlanStep *step = &plan->steps[maker];
    if (readers[value].before >= 0)
        return readers[value].before;
    return step->in_place || step->op->part || step->op->hands ? maker : -1;
}

static bool
may_be_handed(const DcnPlan *plan, size_t index, int number, const Readers *readers)
{
    const PlanValue *value = number < 0 ? NULL : &plan->values[number];
    return value && value->state == DCN_IN_RUN && value->count > 0 && !value->inside &&
           !value->handed && value->step >= 0 && plan->steps[value->step].live &&
           readers[number].last == (int)index &&
           dcn_step_reads_once(&plan->steps[index], number);
}

/* True if neither of two values that share a signal changes it before the other has read
 * it. */
static bool
agree(const DcnPlan *plan, int a, int b, const Readers *readers)
{
    return first_change(plan, a, readers) < last_look(plan, b) &&
           first_change(plan, b, readers) < last_look(plan, a);
}

bool
dcn_pass_handed(DcnPlan *plan, DcnError *error)
{
    size_t most = dcn_plan_most_operands(plan);
    Readers *readers = calloc(plan->n_values + 1, sizeof *readers);
    DcnOperand *operands = calloc(most, sizeof *operands);
    for (size_t i = 0; readers && operands && i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        if (i == 0)
            find_readers(plan, readers);
        if (!step->live || !step->op->hands || step->n_out != 1)
            continue;
        DcnCall call = dcn_plan_shapes_of(plan, step, operands);
        PlanValue *sum = &plan->values[step->out[0]];
        for (size_t k = 0; k < step->n_in; k++) {
            bool good =
                may_be_handed(plan, i, step->in[k], readers) && step->op->hands(&call, k);
            for (size_t j = 0; good && j < k; j++)
                good = step->in[j] < 0 || plan->values[step->in[j]].handed != sum ||
                       agree(plan, step->in[k], step->in[j], readers);
            if (good)
                plan->values[step->in[k]].handed = sum;
        }
    }
    bool made = readers && operands;
    free(readers);
    free(operands);
    return made || dcn_fail_memory(error, "a plan", most * sizeof *operands);
}

bool
dcn_plan_is_handed(const DcnPlan *plan, int part, int sum)
{
    return part >= 0 && sum >= 0 && plan->values[part].handed == &plan->values[sum];
}
