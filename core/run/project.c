/* SPDX-License-Identifier: GPL-3.0-or-later */
/* project.c: the walk from a map of a layer down to pixel space.
 *
 * One walk serves deconvnet, guided and gradient: they differ in the function that an
 * operator names for each. If several steps use a tensor, their signals are added up
 * before the sum goes on, so a deconvnet rectifies the sum. Zeiler & Fergus 2014, section
 * 2.1. */
#include "base/denormals.h"
#include "base/error.h"
#include "base/shape.h"
#include "plan/graph.h"
#include "run/walk.h"
#include <string.h>

static bool
check_seed(const DcnSession *session, const DcnSeed *seed, DcnError *error)
{
    const DcnPlan *plan = session->plan;
    if (plan->purpose != DCN_FOR_PROJECTION || !session->ran)
        return dcn_fail(error, DCN_ERROR_VALUE,
                        "a projection needs a plan for it, and a run before");
    if (seed->tensor < 0 || (size_t)seed->tensor >= plan->n_values ||
        plan->values[seed->tensor].state != DCN_IN_RUN ||
        !plan->values[seed->tensor].live)
        return dcn_fail(error, DCN_ERROR_NAME,
                        "the layer to project is not computed by this plan");
    const DcnShape *shape = &plan->values[seed->tensor].shape;
    const DcnMaps *maps = &plan->values[seed->tensor].maps.at;
    char text[128];
    if (maps->maps == 0)
        return dcn_fail(error, DCN_ERROR_SHAPE,
                        "tensor \"%.100s\" is %s: only maps can be projected",
                        plan->values[seed->tensor].name, dcn_shape_print(shape, text));
    const DcnUnit *unit = &seed->unit;
    if (seed->image >= plan->batch || unit->channel >= maps->maps ||
        (!seed->whole_map && (unit->y >= maps->height || unit->x >= maps->width)))
        return dcn_fail(
            error, DCN_ERROR_VALUE,
            "unit %zu (%zu, %zu) is outside of tensor \"%.100s\", which is %s",
            unit->channel, unit->y, unit->x, plan->values[seed->tensor].name,
            dcn_shape_print(shape, text));
    return true;
}

static bool
is_bounded(const DcnBox *bounds)
{
    return bounds->end[0] > bounds->begin[0];
}

/* Sets the signal of a value to zero, where it is defined. */
static void
clear(DcnSession *session, const DcnBox *bounds, int number)
{
    const PlanValue *value = &session->plan->values[number];
    float *signal = session->signals + value->signal;
    if (!is_bounded(&bounds[number])) {
        memset(signal, 0, value->count * sizeof *signal);
        return;
    }
    const DcnBox *box = &bounds[number];
    int64_t rows = value->shape.dim[2], width = value->shape.dim[3];
    for (int64_t c = box->begin[0]; c < box->end[0]; c++)
        memset(signal + (c * rows + box->begin[1]) * width, 0,
               (size_t)((box->end[1] - box->begin[1]) * width) * sizeof *signal);
}

/* Puts the seed into an empty signal: one unit with its value and sign, or the positive
 * values of a map. */
static void
plant(DcnSession *session, const DcnSeed *seed, float *signal)
{
    const PlanValue *value = &session->plan->values[seed->tensor];
    const DcnMaps *maps = &value->maps.at;
    const float *data =
        dcn_session_tensor(session, seed->tensor) + seed->image * value->count;
    size_t first = maps->first + seed->unit.channel * maps->map_stride;
    if (!seed->whole_map) {
        size_t place = seed->unit.y * maps->width + seed->unit.x;
        size_t at = first + place * maps->place_stride;
        signal[at] = data[at];
        return;
    }
    for (size_t i = 0; i < maps->height * maps->width; i++) {
        size_t at = first + i * maps->place_stride;
        signal[at] = data[at] > 0 ? data[at] : 0;
    }
}

/* The signal of an input of the step that no step has written to yet. Returns true if the
 * step writes it instead of adding to it. Else it is cleared, unless it lies where the
 * output's signal lies and so is there already. */
static bool
start(DcnSession *session, const PlanStep *step, const DcnCall *call, size_t input)
{
    DcnWalk *walk = session->walk;
    int number = step->in[input];
    walk->begun[number] = true;
    if (step->in_place || dcn_plan_lies_in(session->plan, number, step->out[0]) ||
        dcn_plan_is_handed(session->plan, number, step->out[0]))
        return false;
    if (step->n_out == 1 && dcn_op_starts(step->op, call, input) &&
        dcn_step_reads_once(step, number) && !is_bounded(&walk->bounds[number]) &&
        !is_bounded(&walk->bounds[step->out[0]]))
        return true;
    clear(session, walk->bounds, number);
    return false;
}

/* Numbers below 1e-38 count as zero, also where the caller's thread computes. */
static void
go_back(const DcnOp *op, DcnMethod method, const DcnCall *call)
{
    DcnDenormals before = dcn_denormals_flush();
    dcn_op_back(op, method, call);
    dcn_denormals_restore(before);
}

/* Takes one step back for one image, with the signals that go in and out. */
static void
walk_step(DcnSession *session, size_t index)
{
    DcnWalk *walk = session->walk;
    const DcnPlan *plan = session->plan;
    const PlanStep *step = &plan->steps[index];
    size_t image = walk->image;
    DcnCall call = session->calls[index];
    call.batch = 1;
    if (call.kept)
        call.kept += image * call.kept_stride;
    for (size_t k = 0; k < call.n_in + call.n_out; k++) {
        DcnOperand *operand = &call.in[k]; /* outputs follow the inputs */
        int number = k < call.n_in ? step->in[k] : step->out[k - call.n_in];
        operand->grad = number >= 0 && walk->path[number]
                            ? session->signals + plan->values[number].signal
                            : NULL;
        if (k < call.n_in && operand->grad && !walk->begun[number])
            operand->fresh = start(session, step, &call, k);
        if (k == 0 && operand->grad)
            operand->rectify = dcn_walk_rectifies(plan, walk, index);
        if (k < call.n_in && operand->grad &&
            dcn_plan_lies_in(plan, number, step->out[0]))
            walk->rectified[number] = walk->rectified[step->out[0]];
        operand->box = operand->grad && is_bounded(&walk->bounds[number])
                           ? &walk->bounds[number]
                           : NULL;
        if (operand->data && operand->stride > 0)
            operand->data += image * operand->stride;
    }
    if (!step->in_place || !walk->rectified[step->out[0]])
        go_back(step->op, walk->method, &call);
    for (size_t k = 0; k < call.n_in + call.n_out; k++) {
        call.in[k].grad = NULL;
        call.in[k].fresh = false;
        call.in[k].rectify = false;
        call.in[k].box = NULL;
        if (call.in[k].data && call.in[k].stride > 0)
            call.in[k].data -= image * call.in[k].stride;
    }
}

static void
hand_out(const DcnSession *session, int input, float *signal)
{
    const PlanValue *value = &session->plan->values[input];
    const float *from = session->signals + value->signal;
    const DcnBox *box = &session->walk->bounds[input];
    if (!is_bounded(box)) {
        memcpy(signal, from, value->count * sizeof *signal);
        return;
    }
    memset(signal, 0, value->count * sizeof *signal);
    int64_t rows = value->shape.dim[2], width = value->shape.dim[3];
    for (int64_t c = box->begin[0]; c < box->end[0]; c++)
        memcpy(signal + (c * rows + box->begin[1]) * width,
               from + (c * rows + box->begin[1]) * width,
               (size_t)((box->end[1] - box->begin[1]) * width) * sizeof *signal);
}

DcnWalk *
dcn_walk_new(const DcnPlan *plan, DcnError *error)
{
    DcnArena *arena = dcn_arena_new();
    DcnWalk *walk = arena ? dcn_arena_alloc(arena, sizeof *walk) : NULL;
    size_t n = plan->n_values;
    if (walk) {
        walk->arena = arena;
        walk->below = dcn_arena_alloc(arena, n * sizeof *walk->below);
        walk->path = dcn_arena_alloc(arena, n * sizeof *walk->path);
        walk->begun = dcn_arena_alloc(arena, n * sizeof *walk->begun);
        walk->for_rectifiers = dcn_arena_alloc(arena, n * sizeof *walk->for_rectifiers);
        walk->rectified = dcn_arena_alloc(arena, n * sizeof *walk->rectified);
        walk->last_step = dcn_arena_alloc(arena, n * sizeof *walk->last_step);
        walk->bounds = dcn_arena_alloc(arena, n * sizeof *walk->bounds);
        walk->operands =
            dcn_arena_alloc(arena, dcn_plan_most_operands(plan) * sizeof *walk->operands);
    }
    if (walk && walk->below && walk->path && walk->begun && walk->for_rectifiers &&
        walk->rectified && walk->last_step && walk->bounds && walk->operands)
        return walk;
    dcn_arena_free(arena);
    dcn_fail_memory(error, "a projection", n * sizeof *walk->bounds);
    return NULL;
}

void
dcn_walk_free(DcnWalk *walk)
{
    if (walk)
        dcn_arena_free(walk->arena);
}

/* Makes the walk as it was after dcn_walk_new(), for another seed. */
static void
begin_anew(const DcnPlan *plan, DcnWalk *walk)
{
    size_t bytes = plan->n_values * sizeof(bool);
    memset(walk->below, 0, bytes);
    memset(walk->path, 0, bytes);
    memset(walk->begun, 0, bytes);
    memset(walk->for_rectifiers, 0, bytes);
    memset(walk->rectified, 0, bytes);
    memset(walk->last_step, 0, plan->n_values * sizeof *walk->last_step);
}

/* Finds what lies between the seed and the input. False: no signal can go all the way. */
static bool
find_path(const DcnPlan *plan, int seed, int input, DcnWalk *walk, DcnError *error)
{
    bool *below = walk->below, *path = walk->path;
    below[seed] = true;
    dcn_graph_mark_back(plan, below);
    path[input] = true;
    dcn_graph_mark_ahead(plan, path);
    for (size_t i = 0; i < plan->n_values; i++)
        path[i] = path[i] && below[i];
    if (!path[seed])
        return dcn_fail(error, DCN_ERROR_VALUE,
                        "tensor \"%.100s\" does not depend on the picture",
                        plan->values[seed].name);
    for (size_t i = plan->n_steps; i-- > 0;) {
        const PlanStep *step = &plan->steps[i];
        if (!dcn_step_makes(step, path))
            continue;
        if (!dcn_op_goes_back(step->op, walk->method))
            return dcn_fail(
                error, DCN_ERROR_UNSUPPORTED,
                "node \"%.100s\" (%s): a projection cannot go back through this operator",
                step->node->label, step->op->name);
        for (size_t k = 0; k < step->n_in; k++)
            if (step->in[k] >= 0)
                walk->last_step[step->in[k]] = i;
    }
    return true;
}

bool
dcn_project(DcnSession *session,
            const DcnSeed *seed,
            DcnMethod method,
            float *signal,
            const DcnProgress *progress,
            DcnError *error)
{
    const DcnPlan *plan = session->plan;
    DcnWalk *walk = session->walk;
    if (!check_seed(session, seed, error))
        return false;
    if (plan->n_inputs == 0)
        return dcn_fail(error, DCN_ERROR_SHAPE, "the net has no input");
    begin_anew(plan, walk);
    walk->image = seed->image;
    walk->method = method;
    if (!find_path(plan, seed->tensor, plan->inputs[0], walk, error))
        return false;
    dcn_walk_find_bounds(plan, seed, walk);
    if (method == DCN_DECONVNET)
        dcn_walk_find_rectified(plan, walk);
    clear(session, walk->bounds, seed->tensor);
    plant(session, seed, session->signals + plan->values[seed->tensor].signal);
    walk->begun[seed->tensor] = true;
    for (size_t i = plan->n_steps; i-- > 0;) {
        if (!dcn_step_makes(&plan->steps[i], walk->path))
            continue;
        if (progress && !progress->report(1 - (double)(i + 1) / (double)plan->n_steps,
                                          progress->user))
            return dcn_fail(error, DCN_CANCELLED, "stopped");
        walk_step(session, i);
    }
    hand_out(session, plan->inputs[0], signal);
    return true;
}
