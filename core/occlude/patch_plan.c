/* SPDX-License-Identifier: GPL-3.0-or-later */
/* patch_plan.c: the sizes of all patches of a class, and its plan. */
#include "base/error.h"
#include "base/shape.h"
#include "occlude/patch_private.h"
#include "plan/graph.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* --- sizes --- */

static int64_t
longest(const DcnBox *boxes,
        size_t n_values,
        const size_t *lines,
        size_t n_lines,
        size_t value,
        int axis)
{
    int64_t most = 0;
    for (size_t i = 0; i < n_lines; i++) {
        const DcnBox *box = &boxes[lines[i] * n_values + value];
        int64_t length = box->end[axis] - box->begin[axis];
        most = length > most ? length : most;
    }
    return most;
}

/* Finds the sizes that a value's patches have in this class. */
static void
size_value(const DcnPatchMaker *maker, size_t number)
{
    const DcnPlan *plan = maker->patches->plan;
    const DcnSquares *s = maker->squares;
    const PlanValue *base = &plan->values[number];
    PatchValue *value = &maker->patches->values[number];
    value->box = dcn_shape_box(&base->shape);
    value->kind = PATCH_BASE;
    if (!base->live || base->state != DCN_IN_RUN || maker->is_past[number])
        return;
    int64_t size[3], whole = 1, part = 1;
    for (int axis = 0; axis < 3; axis++) {
        int64_t by_row =
            longest(s->rows, plan->n_values, maker->rows, maker->n_rows, number, axis);
        int64_t by_column = longest(s->columns, plan->n_values, maker->columns,
                                    maker->n_columns, number, axis);
        size[axis] = by_row < by_column ? by_row : by_column;
        whole *= value->box.end[axis];
        part *= size[axis];
    }
    if (part == 0)
        return; /* no square touches it */
    value->kind = part < whole && base->shape.rank == 4 && base->shape.dim[0] == 1
                      ? PATCH_PART
                      : PATCH_WHOLE;
    for (int axis = 0; axis < 3; axis++)
        value->size[axis] = value->kind == PATCH_PART ? size[axis] : value->box.end[axis];
}

/* --- the plan --- */

static bool
make(DcnPatchMaker *maker)
{
    DcnPatchPlan *patches = maker->patches;
    const DcnPlan *plan = patches->plan;
    size_t operands = 1, gathered = 0;
    for (size_t i = 0; i < plan->n_steps; i++) {
        size_t n = plan->steps[i].n_in + plan->steps[i].n_out;
        operands = n > operands ? n : operands;
        gathered += plan->steps[i].n_in;
    }
    DcnArena *arena = patches->plan_of_steps.arena;
    patches->room_values = plan->n_values + gathered;
    patches->most_operands = operands;
    patches->values =
        dcn_arena_alloc(arena, (patches->room_values + 1) * sizeof *patches->values);
    patches->places =
        dcn_arena_alloc(arena, (patches->room_values + 1) * sizeof *patches->places);
    patches->steps = dcn_arena_alloc(arena, (plan->n_steps + 1) * sizeof *patches->steps);
    if (!patches->values || !patches->places || !patches->steps)
        return dcn_fail_memory(maker->error, "a class of positions",
                               patches->room_values * 128);
    maker->is_past = dcn_arena_alloc(arena, plan->n_values * sizeof *maker->is_past);
    if (!maker->is_past)
        return dcn_fail_memory(maker->error, "a class of positions", plan->n_values);
    if (maker->end >= 0)
        dcn_graph_behind(plan, maker->end, maker->is_past);
    patches->n_values = plan->n_values;
    for (size_t i = 0; i < plan->n_values; i++)
        size_value(maker, i);
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *base = &plan->steps[i];
        PatchStep *step = &patches->steps[i];
        if (!base->live || dcn_step_makes(base, maker->is_past))
            continue;
        step->base = base;
        step->in = dcn_arena_alloc(arena, (base->n_in + 1) * sizeof *step->in);
        DcnOperand *shapes =
            dcn_arena_alloc(arena, (base->n_in + base->n_out) * sizeof *shapes);
        if (!step->in || !shapes)
            return dcn_fail_memory(maker->error, "a class of positions", base->n_in);
        step->shapes = dcn_plan_shapes_of(plan, base, shapes);
        for (size_t k = 0; k < base->n_in; k++)
            step->in[k] = base->in[k];
        if (!dcn_patch_set_up(maker, step, (int)i))
            return false;
        patches->scratch =
            step->scratch > patches->scratch ? step->scratch : patches->scratch;
    }
    return true;
}

DcnPatchPlan *
dcn_patch_plan_new(const DcnPlan *plan,
                   int end,
                   const DcnSquares *squares,
                   const size_t *rows,
                   size_t n_rows,
                   const size_t *columns,
                   size_t n_columns,
                   DcnError *error)
{
    DcnPatchPlan *patches = calloc(1, sizeof *patches);
    DcnPatchMaker maker = {patches,   squares, rows, columns, n_rows,
                           n_columns, end,     NULL, error};
    if (patches)
        patches->plan_of_steps.arena = dcn_arena_new();
    if (!patches || !patches->plan_of_steps.arena) {
        free(patches);
        dcn_fail_memory(error, "a class of positions", sizeof *patches);
        return NULL;
    }
    patches->plan = plan;
    patches->squares = squares;
    patches->plan_of_steps.model = plan->model;
    if (!make(&maker) || !dcn_patch_place(patches, end, error)) {
        dcn_patch_plan_free(patches);
        return NULL;
    }
    return patches;
}

void
dcn_patch_plan_free(DcnPatchPlan *patches)
{
    if (!patches)
        return;
    dcn_arena_free(patches->plan_of_steps.arena);
    free(patches);
}

size_t
dcn_patch_memory(const DcnPatchPlan *patches, size_t batch)
{
    return patches->floats * batch * sizeof(float) +
           patches->most_operands * sizeof(DcnOperand);
}

size_t
dcn_patch_scratch(const DcnPatchPlan *patches)
{
    return patches->scratch;
}
