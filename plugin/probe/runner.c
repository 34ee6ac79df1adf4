/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runner.c: a part of a network, opened once and run on many inputs. */

#include "probe/runner.h"
#include "base/fail.h"
#include <string.h>

static DcnPlan *
make_plan(const Net *net, const RunnerPart *part, GError **error)
{
    const char *targets[RUNNER_TARGETS];
    gsize n_targets = 0;
    for (int k = 0; k < RUNNER_TARGETS; k++)
        if (part->targets[k])
            targets[n_targets++] = part->targets[k];
    return net_plan(
        net,
        (DcnPlanOptions){
            .batch = part->batch,
            .targets = targets,
            .n_targets = n_targets,
            .start = part->start,
            .bypass = part->start != NULL,
            .purpose =
                part->purpose == RUNNER_PROJECT ? DCN_FOR_PROJECTION : DCN_FOR_RUNS,
            .passes_off = part->purpose == RUNNER_MANY ? 0 : DCN_PASS_WINOGRAD,
        },
        error);
}

static gboolean
open_session(Runner *runner, const RunnerPart *part, DcnError *core)
{
    for (int k = 0; k < RUNNER_TARGETS; k++) {
        runner->tensor[k] = -1;
        if (part->targets[k]) {
            runner->tensor[k] = dcn_plan_find(runner->plan, part->targets[k], core);
            if (runner->tensor[k] < 0)
                return FALSE;
        }
    }
    runner->context = part->context;
    if (!runner->context)
        runner->context = runner->own_context = dcn_context_new(part->threads, core);
    if (runner->context)
        runner->session = dcn_session_new(runner->plan, runner->context, core);
    return runner->session != NULL;
}

void
runner_picture(Runner *runner, const float *picture)
{
    runner->picture = dcn_plan_input_count(runner->plan) > 1 ? picture : NULL;
}

gboolean
runner_open(Runner *runner, const Net *net, const RunnerPart *part, GError **error)
{
    DcnError core = {0};
    *runner = (Runner){.net = net, .batch = MAX(part->batch, 1)};
    runner->plan = runner->own_plan = make_plan(net, part, error);
    if (!runner->plan)
        return FALSE;
    if (!open_session(runner, part, &core)) {
        runner_close(runner);
        return fail_core(error, &core);
    }
    runner->count =
        dcn_shape_count(dcn_plan_shape(runner->plan, dcn_plan_input(runner->plan, 0)));
    runner->pixels = net_input_count(net);
    runner_picture(runner, part->picture);
    return TRUE;
}

gboolean
runner_open_beside(Runner *runner, const Runner *other, int threads, GError **error)
{
    DcnError core = {0};
    *runner = *other;
    runner->own_plan = NULL;
    runner->session = NULL;
    runner->context = runner->own_context = dcn_context_new(threads, &core);
    if (runner->context)
        runner->session = dcn_session_new(runner->plan, runner->context, &core);
    if (runner->session)
        return TRUE;
    runner_close(runner);
    return fail_core(error, &core);
}

void
runner_close(Runner *runner)
{
    dcn_session_free(runner->session);
    dcn_plan_free(runner->own_plan);
    dcn_context_free(runner->own_context);
    *runner = (Runner){0};
}

float *
runner_put(Runner *runner, gsize slot, const float *values)
{
    float *input = dcn_session_input(runner->session, 0) + slot * runner->count;
    if (values)
        memcpy(input, values, runner->count * sizeof *input);
    else
        memset(input, 0, runner->count * sizeof *input);
    return input;
}

gboolean
runner_run(Runner *runner, const DcnProgress *progress, GError **error)
{
    DcnError core = {0};
    for (gsize i = 0; runner->picture && i < runner->batch; i++)
        memcpy(dcn_session_input(runner->session, 1) + i * runner->pixels,
               runner->picture, runner->pixels * sizeof *runner->picture);
    return (dcn_forward(runner->session, progress, &core) || fail_core(error, &core)) &&
           net_steady(runner->net, error);
}

const float *
runner_values(const Runner *runner, int target, gsize slot)
{
    int tensor = runner->tensor[target];
    return dcn_session_tensor(runner->session, tensor) +
           slot * dcn_shape_count(dcn_plan_shape(runner->plan, tensor));
}
