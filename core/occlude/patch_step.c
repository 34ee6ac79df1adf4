/* SPDX-License-Identifier: GPL-3.0-or-later */
/* patch_step.c: how a step runs for the patches of a class: on boxes, as moved boxes, by
 * what a part changes, or on whole tensors. */
#include "base/error.h"
#include "base/shape.h"
#include "occlude/patch_private.h"
#include <string.h>

static void
make_whole(PatchValue *value)
{
    if (value->kind != PATCH_PART)
        return;
    value->kind = PATCH_WHOLE;
    for (int axis = 0; axis < 3; axis++)
        value->size[axis] = value->box.end[axis];
}

/* Inputs other than pictures must not differ along an axis of which the output's patch
 * has a part only. */
static bool
constants_are_even(const DcnPatchPlan *patches, const PlanStep *step)
{
    const PatchValue *out = &patches->values[step->out[0]];
    for (size_t i = 0; i < step->n_in; i++) {
        const PlanValue *value =
            step->in[i] < 0 ? NULL : &patches->plan->values[step->in[i]];
        if (!value || (value->shape.rank == 4 && value->state == DCN_IN_RUN))
            continue;
        int rank = value->shape.rank;
        for (int axis = rank < 3 ? 0 : rank - 3; axis < rank; axis++) {
            int of_box = axis + 3 - rank;
            if (value->shape.dim[axis] != 1 && out->size[of_box] != out->box.end[of_box])
                return false;
        }
    }
    return true;
}

/* The size of the part of input i that patches of one of the step's outputs see. */
static void
seen_part(const DcnPatchPlan *patches,
          const PatchStep *step,
          size_t output,
          size_t i,
          int64_t size[3])
{
    const PatchValue *out = &patches->values[step->base->out[output]];
    DcnBox box, seen;
    for (int axis = 0; axis < 3; axis++) {
        box.begin[axis] = 0;
        box.end[axis] = out->size[axis];
    }
    dcn_patch_seen(patches, step, output, &box, i, &seen);
    for (int axis = 0; axis < 3; axis++)
        size[axis] = seen.end[axis] - seen.begin[axis];
}

void
dcn_patch_seen(const DcnPatchPlan *patches,
               const PatchStep *step,
               size_t output,
               const DcnBox *out,
               size_t input,
               DcnBox *seen)
{
    DcnBox whole = patches->values[step->base->in[input]].box;
    *seen = whole;
    if (step->locality == DCN_LOCAL_WINDOW) {
        const DcnLocalWindow *w = &step->window;
        for (int i = 0; i < 2; i++) {
            seen->begin[i + 1] = out->begin[i + 1] * w->stride[i] - w->pad[i];
            seen->end[i + 1] =
                (out->end[i + 1] - 1) * w->stride[i] - w->pad[i] + w->extent[i];
        }
        return;
    }
    dcn_op_reach_back(step->base->op, &step->shapes, output, out, input, seen);
    for (int axis = 0; axis < 3 && step->locality != DCN_LOCAL_MOVED; axis++) {
        seen->begin[axis] = seen->begin[axis] < 0 ? 0 : seen->begin[axis];
        seen->end[axis] =
            seen->end[axis] > whole.end[axis] ? whole.end[axis] : seen->end[axis];
    }
}

/* A node with the attributes of padding replaced by none. */
static const DcnNode *
without_padding(DcnPatchPlan *patches, const DcnNode *node)
{
    static const int64_t none[4] = {0};
    static const char *const gone[] = {"pads", "auto_pad", "ceil_mode"};
    DcnNode *copy = dcn_arena_alloc(patches->plan_of_steps.arena, sizeof *copy);
    DcnAttribute *attributes = dcn_arena_alloc(
        patches->plan_of_steps.arena, (node->n_attributes + 1) * sizeof *attributes);
    if (!copy || !attributes)
        return NULL;
    *copy = *node;
    copy->n_attributes = 0;
    for (size_t i = 0; i < node->n_attributes; i++) {
        bool keep = true;
        for (size_t k = 0; k < sizeof gone / sizeof *gone; k++)
            keep = keep && strcmp(node->attributes[i].name, gone[k]) != 0;
        if (keep)
            attributes[copy->n_attributes++] = node->attributes[i];
    }
    attributes[copy->n_attributes++] = (DcnAttribute){
        .name = "pads", .kind = DCN_ATTRIBUTE_INTS, .count = 4, .ints = none};
    copy->attributes = attributes;
    return copy;
}

/* Input i of the step comes from a new value that is put together before the step. */
static bool
add_gathered(DcnPatchMaker *maker,
             PatchStep *step,
             size_t i,
             const int64_t size[3],
             float fill,
             int number)
{
    DcnPatchPlan *patches = maker->patches;
    if (patches->n_values == patches->room_values)
        return dcn_fail_memory(maker->error, "a class of positions", 0);
    PatchValue *value = &patches->values[patches->n_values];
    *value = (PatchValue){.kind = PATCH_GATHERED,
                          .fill = fill,
                          .source = step->in[i],
                          .box = patches->values[step->in[i]].box};
    size_t count = 1;
    for (int axis = 0; axis < 3; axis++) {
        value->size[axis] = size[axis];
        count *= (size_t)size[axis];
    }
    patches->places[patches->n_values] = (PlanValue){.state = DCN_IN_RUN,
                                                     .live = true,
                                                     .count = count,
                                                     .first = number,
                                                     .last = number};
    step->in[i] = (int)patches->n_values++;
    return true;
}

/* True if patches of both values always are the same box. */
static bool
same_boxes(const DcnPatchMaker *maker, int a, int b, const int64_t size[3])
{
    const DcnSquares *s = maker->squares;
    size_t n = maker->patches->plan->n_values;
    const PatchValue *x = &maker->patches->values[a], *y = &maker->patches->values[b];
    for (int axis = 0; axis < 3; axis++)
        if (x->size[axis] != size[axis] ||
            (axis > 0 && x->box.end[axis] != y->box.end[axis]))
            return false;
    for (int side = 0; side < 2; side++) {
        const size_t *lines = side ? maker->columns : maker->rows;
        size_t n_lines = side ? maker->n_columns : maker->n_rows;
        const DcnBox *boxes = side ? s->columns : s->rows;
        for (size_t i = 0; i < n_lines; i++)
            for (int axis = 1; axis < 3; axis++)
                if (boxes[lines[i] * n + (size_t)a].begin[axis] !=
                    boxes[lines[i] * n + (size_t)b].begin[axis])
                    return false;
    }
    return true;
}

static bool
touched(const DcnPatchPlan *patches, int value)
{
    return value >= 0 && patches->values[value].kind != PATCH_BASE;
}

static DcnShape
patch_shape(const PatchValue *value)
{
    return (DcnShape){4, {1, value->size[0], value->size[1], value->size[2]}};
}

/* True if a place of the output sees the same place of the input. */
static bool
is_by_places(const PatchStep *step)
{
    const DcnLocalWindow *w = &step->window;
    bool same = true;
    for (int i = 0; i < 2 && step->locality == DCN_LOCAL_WINDOW; i++)
        same = same && w->stride[i] == 1 && w->pad[i] == 0 && w->extent[i] == 1;
    return same;
}

/* Sets the operator up for the sizes of the patches. False: it does not work, and the
 * step is to be whole. */
static bool
set_up_local(DcnPatchMaker *maker, PatchStep *step, int number)
{
    DcnPatchPlan *patches = maker->patches;
    const PlanStep *base = step->base;
    const DcnPlan *plan = patches->plan;
    DcnLocality locality = step->locality;
    size_t values_before = patches->n_values;
    PlanStep copy = *base;
    const DcnShape *in[64];
    const DcnTensor *value[64];
    DcnShape shapes[64], out[1];
    if (base->n_in > 64 || base->n_out != 1 || base->out[0] < 0)
        return false;
    for (size_t i = 0; i < base->n_in; i++) {
        const PlanValue *input = base->in[i] < 0 ? NULL : &plan->values[base->in[i]];
        in[i] = input ? &input->shape : NULL;
        value[i] = input && input->state == DCN_CONST ? &input->tensor : NULL;
        /* Weights stay as they are; of pictures, also of those that no square changes,
         * the part is taken. */
        bool picture = input && input->state == DCN_IN_RUN && input->shape.rank == 4;
        if (locality == DCN_LOCAL_WINDOW || locality == DCN_LOCAL_CHANNELS)
            picture = picture && i == 0;
        if (!picture) {
            if (touched(patches, base->in[i]) && input->count > 1 &&
                input->shape.rank != 4)
                return false;
            continue;
        }
        int64_t size[3];
        seen_part(patches, step, 0, i, size);
        shapes[i] = (DcnShape){4, {1, size[0], size[1], size[2]}};
        in[i] = &shapes[i];
        bool direct = is_by_places(step) && touched(patches, base->in[i]) &&
                      same_boxes(maker, base->in[i], base->out[0], size);
        if (!direct && !add_gathered(maker, step, i, size, step->window.fill, number))
            return false;
    }
    if (locality == DCN_LOCAL_WINDOW)
        copy.node = without_padding(patches, base->node);
    DcnShape wanted = patch_shape(&patches->values[base->out[0]]);
    if (copy.node &&
        dcn_step_setup(&patches->plan_of_steps, &copy, in, value, 0, out,
                       &(DcnError){0}) &&
        dcn_shape_equal(&out[0], &wanted)) {
        if (base->clamped)
            base->op->fuse.take(copy.params, &base->clamp);
        step->params = copy.params;
        step->scratch = copy.scratch;
        return true;
    }
    patches->n_values = values_before;
    for (size_t i = 0; i < base->n_in; i++)
        step->in[i] = base->in[i];
    return false;
}

/* Each output is a box of the first input, which is put together where the output lies;
 * the operator does not run. False: it does not work. */
static bool
set_up_moved(const DcnPatchPlan *patches, PatchStep *step)
{
    const PlanStep *base = step->base;
    if (patches->plan->values[base->in[0]].shape.rank != 4)
        return false;
    for (size_t i = 1; i < base->n_in; i++)
        if (touched(patches, base->in[i]))
            return false;
    for (size_t i = 0; i < base->n_out; i++) {
        int64_t size[3];
        if (base->out[i] < 0)
            continue;
        seen_part(patches, step, i, 0, size);
        for (int axis = 0; axis < 3; axis++)
            if (size[axis] != patches->values[base->out[i]].size[axis])
                return false;
    }
    step->moves = true;
    return true;
}

/* The step gets whole tensors and gives whole tensors. */
static bool
set_up_whole(DcnPatchMaker *maker, PatchStep *step, int number)
{
    DcnPatchPlan *patches = maker->patches;
    for (size_t i = 0; i < step->base->n_out; i++)
        if (step->base->out[i] >= 0)
            make_whole(&patches->values[step->base->out[i]]);
    for (size_t i = 0; i < step->base->n_in; i++) {
        int in = step->in[i];
        if (in < 0 || patches->values[in].kind != PATCH_PART)
            continue;
        const DcnBox *box = &patches->values[in].box;
        if (!add_gathered(maker, step, i, box->end, 0, number))
            return false;
    }
    step->params = step->base->params;
    step->scratch = step->base->scratch;
    return true;
}

static bool
any_whole(const DcnPatchPlan *patches, const PlanStep *step)
{
    for (size_t i = 0; i < step->n_out; i++)
        if (step->out[i] >= 0 && patches->values[step->out[i]].kind != PATCH_PART)
            return true;
    return false;
}

/* The first input changes in a part, nothing else does, and the operator knows what
 * follows. */
static bool
changes_by_a_part(const DcnPatchPlan *patches, const PlanStep *base)
{
    if (!base->op->reach.change || base->n_out != 1 ||
        patches->values[base->in[0]].kind != PATCH_PART)
        return false;
    for (size_t i = 1; i < base->n_in; i++)
        if (touched(patches, base->in[i]))
            return false;
    return true;
}

bool
dcn_patch_set_up(DcnPatchMaker *maker, PatchStep *step, int number)
{
    DcnPatchPlan *patches = maker->patches;
    const PlanStep *base = step->base;
    for (size_t i = 0; i < base->n_in; i++)
        step->runs = step->runs || touched(patches, base->in[i]);
    if (!step->runs)
        return true;
    step->locality = dcn_op_local(base->op, base->params, &step->window);
    bool local = step->locality != DCN_LOCAL_NO && !any_whole(patches, base);
    if (local && step->locality == DCN_LOCAL_PLACES)
        local = constants_are_even(patches, base);
    if (local && (step->locality == DCN_LOCAL_MOVED ? set_up_moved(patches, step)
                                                    : set_up_local(maker, step, number)))
        return true;
    if (changes_by_a_part(patches, base)) {
        make_whole(&patches->values[base->out[0]]);
        step->changes = true;
        return true;
    }
    step->locality = DCN_LOCAL_NO;
    return set_up_whole(maker, step, number);
}
