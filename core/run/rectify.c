/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rectify.c: a deconvnet's rectifiers that are done by the step above them.
 *
 * The deconvnet's rule at a rectifier, max(0, signal), looks at nothing but the signal.
 * Where the rectifier lies in place (PlanStep.in_place), the last step that adds to its
 * signal can leave out what is below zero as it writes, and the rectifier has nothing
 * left to do. This saves a pass over each wide signal. */
#include "plan/graph.h"
#include "run/walk.h"

/* Finds the values whose signal only a deconvnet's rectifier sees: what one makes, and
 * the output of a Concat all of whose parts are such and that nothing else reads. Parts lie
 * in their whole, so its signal is rectified for all of them at once. */
void
dcn_walk_find_rectified(const DcnPlan *plan, DcnWalk *walk)
{
    const bool *path = walk->path;
    bool *rectified = walk->for_rectifiers;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        DcnClamp clamp;
        if (step->n_out != 1 || !dcn_step_makes(step, path))
            continue;
        bool all = true, some = false;
        for (size_t k = 0; !step->in_place && k < step->n_in; k++) {
            int in = step->in[k];
            if (in < 0 || !path[in])
                continue;
            some = true;
            all = all && rectified[in] && plan->values[in].users == 1 &&
                  dcn_plan_lies_in(plan, in, step->out[0]);
        }
        rectified[step->out[0]] =
            step->in_place ? step->op->fuse.clamp(step->params, &clamp) && clamp.low == 0
                           : some && all;
    }
}

bool
dcn_walk_rectifies(const DcnPlan *plan, DcnWalk *walk, size_t index)
{
    const PlanStep *step = &plan->steps[index];
    int number = step->in[0];
    if (!step->op->rectifies || number < 0 || walk->last_step[number] != index ||
        !dcn_step_reads_once(step, number) || !walk->for_rectifiers[number])
        return false;
    walk->rectified[number] = true;
    return true;
}
