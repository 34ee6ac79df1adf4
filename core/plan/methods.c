/* SPDX-License-Identifier: GPL-3.0-or-later */
/* methods.c: where deconvnet, guided and gradient come to the same.
 *
 * They differ only in steps whose rule (dcn_op_rule()) is another for one of them: in
 * rectifiers, which a net with ELU, SiLU or GELU does not have, and in LRN. */
#include "plan/graph.h"
#include <math.h>

static bool
differs(const PlanStep *step)
{
    DcnRule rule = dcn_op_rule(step->op, step->params);
    return rule == DCN_RULE_RECTIFIER || rule == DCN_RULE_UNCHANGED;
}

void
dcn_plan_find_methods(DcnPlan *plan)
{
    for (size_t i = 0; i < plan->n_values; i++)
        plan->values[i].of_picture = plan->values[i].methods_differ = false;
    if (plan->n_inputs > 0)
        plan->values[plan->inputs[0]].of_picture = true;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        bool depends = false, differ = false;
        for (size_t k = 0; step->live && k < step->n_in; k++) {
            const PlanValue *in = step->in[k] < 0 ? NULL : &plan->values[step->in[k]];
            depends = depends || (in && in->of_picture);
            differ = differ || (in && in->methods_differ);
        }
        differ = differ || (depends && differs(step));
        for (size_t k = 0; depends && k < step->n_out; k++)
            if (step->out[k] >= 0) {
                plan->values[step->out[k]].of_picture = true;
                plan->values[step->out[k]].methods_differ = differ;
            }
    }
}

bool
dcn_plan_methods_differ(const DcnPlan *plan, int tensor)
{
    /* What starts at a rectifier's output is its own values above zero. The rectifier
     * lets all of that through, by each method, unless it cuts large values off. */
    const PlanStep *step = dcn_graph_maker(plan, tensor);
    DcnClamp clamp;
    if (step && step->op->fuse.clamp && step->op->fuse.clamp(step->params, &clamp) &&
        clamp.low == 0 && clamp.high == INFINITY)
        tensor = step->in[0];
    return plan->values[tensor].methods_differ;
}
