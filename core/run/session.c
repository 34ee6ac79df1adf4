/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session.c: the buffers of one run, and the run forward.
 *
 * Everything is allocated when the session is made; the calls of operators are filled in
 * then too, so a run is a loop over ready calls. */
#include "base/denormals.h"
#include "base/error.h"
#include "base/pages.h"
#include "run/walk.h"
#include <stdlib.h>
#include <string.h>

static float *
value_data(const DcnSession *session, int number)
{
    return session->values + session->plan->values[number].offset * session->plan->batch;
}

static void
lay_out_operand(DcnSession *session, int number, DcnOperand *operand)
{
    if (number < 0)
        return;
    const PlanValue *value = &session->plan->values[number];
    operand->shape = value->shape;
    operand->count = value->count;
    if (value->state == DCN_CONST) {
        operand->data = (float *)(uintptr_t)value->floats;
    } else {
        operand->data = value_data(session, number);
        operand->stride = value->count;
    }
}

static bool
lay_out_calls(DcnSession *session, DcnError *error)
{
    const DcnPlan *plan = session->plan;
    size_t operands = 0;
    for (size_t i = 0; i < plan->n_steps; i++)
        operands += plan->steps[i].n_in + plan->steps[i].n_out;
    session->calls = calloc(plan->n_steps + 1, sizeof *session->calls);
    session->operands = calloc(operands + 1, sizeof *session->operands);
    if (!session->calls || !session->operands)
        return dcn_fail_memory(error, "a session", operands * sizeof *session->operands);
    DcnOperand *next = session->operands;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        DcnCall *call = &session->calls[i];
        call->params = step->params;
        call->batch = plan->batch;
        call->n_in = step->n_in;
        call->n_out = step->n_out;
        call->in = next;
        call->out = next + step->n_in;
        next = call->out + step->n_out;
        call->element = sizeof(float);
        call->context = session->context;
        call->prepared = step->prepared;
        call->work = step->work > 0 ? session->work : NULL;
        if (!step->live)
            continue;
        if (plan->backward && step->kept > 0) {
            call->kept = session->kept + step->kept_offset * plan->batch;
            call->kept_stride = step->kept;
        }
        for (size_t k = 0; k < step->n_in; k++)
            lay_out_operand(session, step->in[k], &call->in[k]);
        for (size_t k = 0; k < step->n_out; k++)
            lay_out_operand(session, step->out[k], &call->out[k]);
    }
    return true;
}

static void *
take(size_t bytes, DcnError *error)
{
    void *memory = dcn_pages_alloc(bytes);
    if (!memory)
        dcn_fail_memory(error, "a run of this net", bytes);
    return memory;
}

DcnSession *
dcn_session_new(const DcnPlan *plan, DcnContext *context, DcnError *error)
{
    DcnSession *session = calloc(1, sizeof *session);
    if (!session) {
        dcn_fail_memory(error, "a session", sizeof *session);
        return NULL;
    }
    session->plan = plan;
    session->context = context;
    size_t floats = plan->value_floats * sizeof(float);
    size_t signals =
        plan->signal_floats * sizeof(float) * (plan->training ? plan->batch : 1);
    bool made = (session->values = take(floats * plan->batch, error)) != NULL &&
                (session->kept = take(plan->kept_bytes * plan->batch, error)) != NULL &&
                (plan->work == 0 || (session->work = take(plan->work, error)) != NULL) &&
                (!plan->backward || (session->signals = take(signals, error)) != NULL) &&
                lay_out_calls(session, error) &&
                (plan->purpose != DCN_FOR_PROJECTION ||
                 (session->walk = dcn_walk_new(plan, error)) != NULL) &&
                dcn_context_reserve(context, plan->scratch, error);
    if (!made) {
        dcn_session_free(session);
        return NULL;
    }
    memset(session->values, 0, floats * plan->batch);
    return session;
}

void
dcn_session_free(DcnSession *session)
{
    if (!session)
        return;
    free(session->values);
    free(session->kept);
    free(session->work);
    free(session->signals);
    free(session->calls);
    free(session->operands);
    dcn_walk_free(session->walk);
    free(session);
}

float *
dcn_session_input(DcnSession *session, size_t index)
{
    const DcnPlan *plan = session->plan;
    return index < plan->n_inputs ? value_data(session, plan->inputs[index]) : NULL;
}

bool
dcn_forward(DcnSession *session, const DcnProgress *progress, DcnError *error)
{
    const DcnPlan *plan = session->plan;
    session->ran = false;
    for (size_t i = 0; i < plan->n_steps; i++) {
        if (!plan->steps[i].live || plan->steps[i].in_place)
            continue;
        if (progress &&
            !progress->report((double)i / (double)plan->n_steps, progress->user))
            return dcn_fail(error, DCN_CANCELLED, "stopped");
        /* a masked softmax is full of them, and with one thread nobody else does it */
        DcnDenormals before = dcn_denormals_flush();
        dcn_op_forward(plan->steps[i].op, &session->calls[i]);
        dcn_denormals_restore(before);
    }
    session->ran = true;
    return true;
}

const float *
dcn_session_tensor(const DcnSession *session, int tensor)
{
    const DcnPlan *plan = session->plan;
    if (tensor < 0 || (size_t)tensor >= plan->n_values)
        return NULL;
    const PlanValue *value = &plan->values[tensor];
    if (value->state == DCN_CONST)
        return value->floats;
    if (value->state != DCN_IN_RUN || !value->live || !(value->wanted || plan->backward))
        return NULL;
    return value_data(session, tensor);
}
