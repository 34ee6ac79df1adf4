/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step.c: an operator set up for inputs of given shapes: when a plan is made, and again
 * for each size of patches. */
#include "base/error.h"
#include "base/shape.h"
#include "plan/plan_private.h"

bool
dcn_step_setup(DcnPlan *plan,
               PlanStep *step,
               const DcnShape **in,
               const DcnTensor **value,
               int64_t file_batch,
               DcnShape *out,
               DcnError *reason)
{
    const DcnOp *op = step->op;
    const char *name = step->node->label, *type = step->node->type;
    if (step->n_in < op->inputs.min || step->n_in > op->inputs.max)
        return dcn_fail(reason, DCN_ERROR_FORMAT, "node \"%.100s\" (%s) has %zu inputs",
                        name, type, step->n_in);
    if (step->n_out > op->outputs.max)
        return dcn_fail(reason, DCN_ERROR_UNSUPPORTED,
                        "node \"%.100s\" (%s) has %zu outputs", name, type, step->n_out);
    for (size_t i = 0; i < op->inputs.min; i++)
        if (!in[i])
            return dcn_fail(reason, DCN_ERROR_FORMAT,
                            "node \"%.100s\" (%s): input %zu is missing", name, type, i);
    step->params = dcn_arena_alloc(plan->arena, op->params_size);
    if (!step->params)
        return dcn_fail_memory(reason, "a plan", op->params_size);
    DcnSetup setup = {
        .op = op,
        .node = step->node,
        .opset = step->node->opset,
        .file_batch = file_batch,
        .batch = plan->purpose == DCN_FOR_PATCHES ? 0 : plan->batch,
        .training = plan->training,
        .dropout = plan->purpose == DCN_FOR_TRAINING_WITH_DROPOUT,
        .backward = plan->backward,
        .n_in = step->n_in,
        .n_out = step->n_out,
        .in = in,
        .value = value,
        .out = out,
        .params = step->params,
        .error = reason,
    };
    if (!dcn_op_setup(&setup))
        return false;
    step->kept = (setup.kept + 15) / 16 * 16;
    step->scratch = setup.scratch;
    step->work = setup.work;
    for (size_t i = 0; i < step->n_out; i++) {
        size_t count;
        char text[128];
        if (step->out[i] >= 0 && !dcn_shape_elements(&out[i], &count))
            return dcn_fail(reason, DCN_ERROR_SHAPE,
                            "node \"%.100s\" (%s): its output would be %s", name, type,
                            dcn_shape_print(&out[i], text));
    }
    return true;
}
