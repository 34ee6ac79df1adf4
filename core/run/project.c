/* SPDX-License-Identifier: GPL-3.0-or-later */
/* project.c: the walk from a map of a layer down to pixel space.
 *
 * One walk serves deconvnet, guided and gradient: they differ in the function that an
 * operator names for each. Signals of a tensor that several steps use are added before
 * the sum goes on (so a deconvnet rectifies the sum). Zeiler & Fergus 2014, section 2.1. */
#include "base/error.h"
#include "base/shape.h"
#include "run/session_private.h"
#include <stdlib.h>
#include <string.h>

/* Marks what lies on the way from the seed down to the input. */
static bool
mark_path(const DcnPlan *plan, int seed, int input, bool *below, bool *path)
{
    /* below: values that the seed depends on; path: of these, those that depend on the
     * input */
    below[seed] = true;
    for (size_t i = plan->n_steps; i-- > 0;) {
        const PlanStep *step = &plan->steps[i];
        bool used = false;
        for (size_t k = 0; step->live && k < step->n_out; k++)
            used |= step->out[k] >= 0 && below[step->out[k]];
        for (size_t k = 0; used && k < step->n_in; k++)
            if (step->in[k] >= 0)
                below[step->in[k]] = true;
    }
    path[input] = below[input];
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        bool depends = false;
        for (size_t k = 0; step->live && k < step->n_in; k++)
            depends |= step->in[k] >= 0 && path[step->in[k]];
        for (size_t k = 0; depends && k < step->n_out; k++)
            if (step->out[k] >= 0 && below[step->out[k]])
                path[step->out[k]] = true;
    }
    return path[seed];
}

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
    char text[128];
    if (shape->rank != 4 && shape->rank != 2)
        return dcn_fail(error, DCN_ERROR_SHAPE,
                        "tensor \"%.100s\" is %s: only maps can be projected",
                        plan->values[seed->tensor].name, dcn_shape_print(shape, text));
    DcnBox box = dcn_shape_box(shape);
    const DcnUnit *unit = &seed->unit;
    if (seed->image >= plan->batch || unit->channel >= (size_t)box.end[0] ||
        (!seed->whole_map &&
         (unit->y >= (size_t)box.end[1] || unit->x >= (size_t)box.end[2])))
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

/* Zeroes, where the signal of a value is defined. */
static void
clear(DcnSession *session, const DcnBox *bounds, int number)
{
    const PlanValue *value = &session->plan->values[number];
    float *signal = session->signals + value->offset;
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

/* The seed: one unit with its value and sign, or the positive values of a map. */
static void
plant(DcnSession *session, const DcnSeed *seed, float *signal)
{
    const PlanValue *value = &session->plan->values[seed->tensor];
    DcnBox box = dcn_shape_box(&value->shape);
    size_t width = (size_t)box.end[2], area = (size_t)box.end[1] * width;
    const float *data =
        dcn_session_tensor(session, seed->tensor) + seed->image * value->count;
    size_t first = seed->unit.channel * area;
    if (!seed->whole_map) {
        size_t at = first + seed->unit.y * width + seed->unit.x;
        signal[at] = data[at];
        return;
    }
    for (size_t i = first; i < first + area; i++)
        signal[i] = data[i] > 0 ? data[i] : 0;
}

/* The state of a walk: what it crosses, where signals are defined, which have begun. */
typedef struct {
    DcnSession *session;
    size_t image;
    DcnMethod method;
    bool *below, *path, *begun;
    bool *for_rectifiers, *rectified; /* the latter: they have nothing left to do */
    size_t *last_step;                /* to add to a value's signal */
    DcnBox *bounds;
} Walk;

/* Values whose signal, in its place, none but the deconvnet's rectifiers see: what one
 * makes, and a Concat's that has no other parts. */
static void
find_rectified(const DcnPlan *plan, const bool *path, bool *rectified)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        DcnClamp clamp;
        if (!step->live || step->n_out != 1 || !path[step->out[0]])
            continue;
        bool all = true, some = false;
        for (size_t k = 0; !step->in_place && k < step->n_in; k++) {
            int in = step->in[k];
            if (in < 0 || !path[in])
                continue;
            some = true;
            all = all && rectified[in] && dcn_plan_lies_in(plan, in, step->out[0]);
        }
        rectified[step->out[0]] =
            step->in_place ? step->op->fuse.clamp(step->params, &clamp) && clamp.low == 0
                           : some && all;
    }
}

/* The last step that adds to a signal before a rectifier takes it can rectify too. */
static bool
rectify(const Walk *walk, size_t index)
{
    const PlanStep *step = &walk->session->plan->steps[index];
    int number = step->in[0];
    if (!step->op->rectifies || number < 0 || walk->last_step[number] != index ||
        !dcn_step_reads_once(step, number) || !walk->for_rectifiers[number])
        return false;
    walk->rectified[number] = true;
    return true;
}

/* The signal of a value that no step has written yet: the step does, turns what lies
 * there into it, or adds to zeroes. */
static bool
start(const Walk *walk, const PlanStep *step, size_t input)
{
    int number = step->in[input];
    walk->begun[number] = true;
    if (step->in_place || dcn_plan_lies_in(walk->session->plan, number, step->out[0]))
        return false;
    if (step->op->starts && step->n_out == 1 && input == 0 &&
        dcn_step_reads_once(step, number) && !is_bounded(&walk->bounds[number]) &&
        !is_bounded(&walk->bounds[step->out[0]]))
        return true;
    clear(walk->session, walk->bounds, number);
    return false;
}

/* The call of one step for one image, with the signals that go in and out. */
static void
walk_step(const Walk *walk, size_t index)
{
    DcnSession *session = walk->session;
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
                            ? session->signals + plan->values[number].offset
                            : NULL;
        if (k < call.n_in && operand->grad && !walk->begun[number])
            operand->fresh = start(walk, step, k);
        if (k == 0 && operand->grad)
            operand->rectify = rectify(walk, index);
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
        dcn_op_back(step->op, walk->method, &call);
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
hand_out(const Walk *walk, int input, float *signal)
{
    const PlanValue *value = &walk->session->plan->values[input];
    const float *from = walk->session->signals + value->offset;
    const DcnBox *box = &walk->bounds[input];
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

bool
dcn_project(DcnSession *session,
            const DcnSeed *seed,
            DcnMethod method,
            float *signal,
            const DcnProgress *progress,
            DcnError *error)
{
    const DcnPlan *plan = session->plan;
    if (!check_seed(session, seed, error))
        return false;
    if (plan->n_inputs == 0)
        return dcn_fail(error, DCN_ERROR_SHAPE, "the net has no input");
    int input = plan->inputs[0];
    Walk walk = {.session = session,
                 .image = seed->image,
                 .method = method,
                 .below = calloc(plan->n_values, sizeof(bool)),
                 .path = calloc(plan->n_values, sizeof(bool)),
                 .begun = calloc(plan->n_values, sizeof(bool)),
                 .for_rectifiers = calloc(plan->n_values, sizeof(bool)),
                 .rectified = calloc(plan->n_values, sizeof(bool)),
                 .last_step = calloc(plan->n_values, sizeof(size_t)),
                 .bounds = calloc(plan->n_values, sizeof(DcnBox))};
    const bool *path = walk.path;
    bool done = false;
    if (!walk.below || !walk.path || !walk.begun || !walk.for_rectifiers ||
        !walk.rectified || !walk.last_step || !walk.bounds) {
        dcn_fail_memory(error, "a projection", plan->n_values * sizeof(DcnBox));
        goto end;
    }
    if (!mark_path(plan, seed->tensor, input, walk.below, walk.path)) {
        dcn_fail(error, DCN_ERROR_VALUE,
                 "tensor \"%.100s\" does not depend on the picture",
                 plan->values[seed->tensor].name);
        goto end;
    }
    for (size_t i = plan->n_steps; i-- > 0;) {
        const PlanStep *step = &plan->steps[i];
        bool crossed = false;
        for (size_t k = 0; step->live && k < step->n_out; k++)
            crossed |= step->out[k] >= 0 && path[step->out[k]];
        for (size_t k = 0; crossed && k < step->n_in; k++)
            if (step->in[k] >= 0)
                walk.last_step[step->in[k]] = i;
        if (crossed && !dcn_op_goes_back(step->op, method)) {
            dcn_fail(
                error, DCN_ERROR_UNSUPPORTED,
                "node \"%.100s\" (%s): a projection cannot go back through this operator",
                step->node->name, step->op->name);
            goto end;
        }
    }
    if (!dcn_plan_bounds(plan, seed, path, walk.bounds)) {
        dcn_fail_memory(error, "a projection", plan->n_values * sizeof(DcnBox));
        goto end;
    }
    if (method == DCN_DECONVNET)
        find_rectified(plan, path, walk.for_rectifiers);
    clear(session, walk.bounds, seed->tensor);
    plant(session, seed, session->signals + plan->values[seed->tensor].offset);
    walk.begun[seed->tensor] = true;
    for (size_t i = plan->n_steps; i-- > 0;) {
        bool crossed = false;
        for (size_t k = 0; plan->steps[i].live && k < plan->steps[i].n_out; k++)
            crossed |= plan->steps[i].out[k] >= 0 && path[plan->steps[i].out[k]];
        if (!crossed)
            continue;
        if (progress && !progress->report(1 - (double)(i + 1) / (double)plan->n_steps,
                                          progress->user)) {
            dcn_fail(error, DCN_CANCELLED, "stopped");
            goto end;
        }
        walk_step(&walk, i);
    }
    hand_out(&walk, input, signal);
    done = true;
end:
    free(walk.below);
    free(walk.path);
    free(walk.begun);
    free(walk.for_rectifiers);
    free(walk.rectified);
    free(walk.last_step);
    free(walk.bounds);
    return done;
}
