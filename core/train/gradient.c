/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gradient.c: one pass forward and back over the whole batch.
 *
 * The walk is that of project.c with the column DCN_GRADIENT of the operator table, for
 * all images at once, and with grad_weights beside it. Gradients of tensors share memory
 * (PlanValue.signal): each is in use from the last step that reads its tensor, where it
 * is cleared, back to the step that made the tensor. */
#include "base/denormals.h"
#include "base/error.h"
#include "base/threads.h"
#include "plan/graph.h"
#include "train/train_private.h"
#include <string.h>

static float *
signal_of(const DcnTrainer *trainer, int number)
{
    const DcnPlan *plan = trainer->plan;
    return trainer->session->signals + plan->values[number].signal * plan->batch;
}

static bool
any_parameter(const DcnTrainer *trainer, const PlanStep *step)
{
    for (size_t k = 0; k < step->n_in; k++)
        if (step->in[k] >= 0 && trainer->of_value[step->in[k]])
            return true;
    return false;
}

bool
dcn_gradient_path(DcnTrainer *trainer, DcnError *error)
{
    const DcnPlan *plan = trainer->plan;
    bool *path = trainer->path; /* first: the values that depend on a parameter */
    for (size_t i = 0; i < plan->n_values; i++)
        path[i] = trainer->of_value[i] != NULL;
    dcn_graph_mark_ahead(plan, path);
    if (!path[trainer->scores])
        return dcn_fail(error, DCN_ERROR_VALUE,
                        "nothing can be learned: the scores depend on no weights");
    /* of these, the values that the scores depend on */
    bool *below = dcn_arena_alloc(trainer->plan->arena, plan->n_values * sizeof *below);
    if (!below)
        return dcn_fail_memory(error, "a trainer", plan->n_values);
    below[trainer->scores] = true;
    dcn_graph_mark_back(plan, below);
    for (size_t i = 0; i < plan->n_values; i++)
        path[i] = path[i] && below[i] && !trainer->of_value[i];
    for (size_t i = plan->n_steps; i-- > 0;) {
        const PlanStep *step = &plan->steps[i];
        if (dcn_step_makes(step, below) && dcn_step_reads(step, path) &&
            !dcn_op_goes_back(step->op, DCN_GRADIENT))
            return dcn_fail(
                error, DCN_ERROR_UNSUPPORTED,
                "node \"%.100s\" (%s): training cannot go back through this operator",
                step->node->label, step->op->name);
    }
    return true;
}

static void
clear(const DcnTrainer *trainer, int number)
{
    const DcnPlan *plan = trainer->plan;
    memset(signal_of(trainer, number), 0,
           plan->values[number].count * plan->batch * sizeof(float));
}

static void
step_back(const DcnTrainer *trainer, size_t index)
{
    const DcnPlan *plan = trainer->plan;
    const PlanStep *step = &plan->steps[index];
    DcnCall call = trainer->session->calls[index];
    bool inner = false;
    for (size_t k = 0; k < call.n_in; k++) {
        int number = step->in[k];
        call.in[k].grad = NULL;
        if (number < 0)
            continue;
        if (trainer->of_value[number]) {
            call.in[k].grad = trainer->of_value[number];
        } else if (trainer->path[number]) {
            if (plan->values[number].last == (int)index) {
                if (k == 0 && step->op->starts && dcn_step_reads_once(step, number))
                    call.in[k].fresh = true;
                else
                    clear(trainer, number);
            }
            call.in[k].grad = signal_of(trainer, number);
            inner = true;
        }
    }
    for (size_t k = 0; k < call.n_out; k++)
        call.out[k].grad = step->out[k] >= 0 && trainer->path[step->out[k]]
                               ? signal_of(trainer, step->out[k])
                               : NULL;
    if (inner)
        dcn_op_back(step->op, DCN_GRADIENT, &call);
    if (dcn_op_has_weights(step->op) && any_parameter(trainer, step))
        dcn_op_grad_weights(step->op, &call);
    for (size_t k = 0; k < call.n_in + call.n_out; k++) {
        call.in[k].grad = NULL; /* outputs follow the inputs */
        call.in[k].fresh = false;
    }
}

/* Prepares the weights of a step anew, since they have changed. */
static void
prepare_step(void *user, size_t index, size_t worker)
{
    const DcnTrainer *trainer = user;
    const PlanStep *step = &trainer->plan->steps[index];
    (void)worker;
    if (step->live && step->prepared)
        step->op->prepare(&trainer->session->calls[index], step->transformed,
                          (float *)(uintptr_t)step->prepared);
}

double
dcn_gradient_pass(DcnTrainer *trainer, bool draw, bool update)
{
    const DcnPlan *plan = trainer->plan;
    DcnSession *session = trainer->session;
    DcnDenormals before = dcn_denormals_flush();
    dcn_parallel(trainer->context, plan->n_steps, prepare_step, trainer);
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        if (!step->live)
            continue;
        if (draw && plan->purpose == DCN_FOR_TRAINING_WITH_DROPOUT &&
            step->op->training.draw)
            step->op->training.draw(&session->calls[i], &trainer->random);
        dcn_op_forward(step->op, &session->calls[i]);
        if (update && step->op->training.update)
            step->op->training.update(&session->calls[i]);
    }
    session->ran = true;
    memset(trainer->memory, 0, trainer->memory_floats * sizeof *trainer->memory);
    for (size_t i = 0; i < plan->n_values; i++)
        if (trainer->path[i] && plan->values[i].last == (int)plan->n_steps)
            clear(trainer, (int)i);
    double loss = dcn_loss(trainer->loss, plan->batch, trainer->classes,
                           dcn_session_tensor(session, trainer->scores), trainer->targets,
                           signal_of(trainer, trainer->scores));
    for (size_t i = plan->n_steps; i-- > 0;)
        if (dcn_step_makes(&plan->steps[i], trainer->path))
            step_back(trainer, i);
    dcn_denormals_restore(before);
    return loss;
}
