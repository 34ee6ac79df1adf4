/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learned.c: finds the kernels that a convolution learned, and the tensor that shows
 * their answer. */
#include "base/error.h"
#include "plan/graph.h"

static int
find_answer(const DcnPlan *plan, int value)
{
    const PlanStep *user = dcn_graph_only_user(plan, value);
    if (user && user->op->scales_channels)
        value = user->out[0];
    user = dcn_graph_only_user(plan, value);
    /* A step with a clamp is a rectifier, of any bounds. */
    return user && user->op->fuse.clamp ? user->out[0] : value;
}

bool
dcn_plan_kernels(const DcnPlan *plan, int tensor, DcnKernels *kernels, DcnError *error)
{
    if (tensor < 0 || (size_t)tensor >= plan->n_values)
        return dcn_fail(error, DCN_ERROR_VALUE, "there is no tensor %d", tensor);
    const PlanValue *value = &plan->values[tensor];
    const PlanStep *step = value->step < 0 ? NULL : &plan->steps[value->step];
    if (!step || !step->op->weights.filters)
        return dcn_fail(error, DCN_ERROR_VALUE,
                        "\"%.100s\" is made by %s, and only a Conv has kernels",
                        value->name, step ? step->op->name : "no operator");
    const PlanValue *picture = &plan->values[step->in[0]];
    const PlanValue *weights = &plan->values[step->in[1]];
    if (weights->state != DCN_CONST || weights->shape.rank != 4)
        return dcn_fail(
            error, DCN_ERROR_UNSUPPORTED,
            "node \"%.100s\" (Conv): its kernels are not two-dimensional constants",
            step->node->label);
    kernels->weights = weights->tensor;
    kernels->channels = picture->shape.dim[1];
    kernels->groups = picture->shape.dim[1] / weights->shape.dim[1];
    kernels->answer = find_answer(plan, tensor);
    return true;
}
