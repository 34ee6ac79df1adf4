/* SPDX-License-Identifier: GPL-3.0-or-later */
/* patch_run.c: a batch of positions of one class, step by step. */
#include "base/box.h"
#include "base/denormals.h"
#include "base/shape.h"
#include "occlude/patch_private.h"
#include "ops/product/copy_rows.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    const DcnPatchPlan *patches;
    const DcnSession *base;
    const DcnPosition *positions;
    size_t batch;
    float *memory;
    DcnOperand *operands; /* of one step */
} Run;

/* --- where things are --- */

/* The address at which the patch of a plan's value begins for a position. */
static void
patch_origin(const DcnPatchPlan *patches,
             const DcnPosition *position,
             size_t value,
             int64_t origin[3])
{
    const PatchValue *v = &patches->values[value];
    size_t n = patches->plan->n_values;
    const DcnBox *row = &patches->squares->rows[position->row * n + value];
    const DcnBox *column = &patches->squares->columns[position->column * n + value];
    for (int axis = 0; axis < 3; axis++) {
        int64_t begin = row->begin[axis] > column->begin[axis] ? row->begin[axis]
                                                               : column->begin[axis];
        int64_t last = v->box.end[axis] -
                       v->size[axis]; /* a smaller box of the class is filled up */
        origin[axis] = begin < last ? begin : last;
    }
}

/* Floats from one position's patch of a value to the next one's. */
static size_t
value_stride(const DcnPatchPlan *patches, size_t value)
{
    const PlanValue *where = &patches->places[value];
    return where->inside ? where->inside->count : where->count;
}

static float *
value_data(const Run *run, size_t value, size_t index)
{
    const PlanValue *where = &run->patches->places[value];
    size_t at = where->inside ? where->at : 0;
    where = where->inside ? where->inside : where;
    return run->memory + where->offset * run->batch + at + index * where->count;
}

static const float *
base_data(const Run *run, size_t value)
{
    const DcnSession *base = run->base;
    return base->values + base->plan->values[value].offset * base->plan->batch;
}

/* --- putting an input together --- */

/* Copies the box that both have from one box of elements into another: axes row-major,
 * both in coordinates of the tensor. only: no more than this; NULL: all. */
static void
copy_meeting(float *to,
             const int64_t to_begin[3],
             const int64_t to_size[3],
             const float *from,
             const int64_t from_begin[3],
             const int64_t from_size[3],
             const DcnBox *only)
{
    int64_t begin[3], end[3];
    for (int axis = 0; axis < 3; axis++) {
        begin[axis] = dcn_max_i64(to_begin[axis], from_begin[axis]);
        end[axis] = dcn_min_i64(to_begin[axis] + to_size[axis],
                                from_begin[axis] + from_size[axis]);
        if (only) {
            begin[axis] = dcn_max_i64(begin[axis], only->begin[axis]);
            end[axis] = dcn_min_i64(end[axis], only->end[axis]);
        }
        if (begin[axis] >= end[axis])
            return;
    }
    size_t rows = (size_t)(end[1] - begin[1]), length = (size_t)(end[2] - begin[2]);
    for (int64_t c = begin[0]; c < end[0]; c++) {
        float *t =
            to + ((c - to_begin[0]) * to_size[1] + begin[1] - to_begin[1]) * to_size[2] +
            begin[2] - to_begin[2];
        const float *f = from +
                         ((c - from_begin[0]) * from_size[1] + begin[1] - from_begin[1]) *
                             from_size[2] +
                         begin[2] - from_begin[2];
        dcn_copy_rows(t, (size_t)to_size[2], f, (size_t)from_size[2], rows, length);
    }
}

/* The base around a patch: where the patch has whole rows or columns of what is seen,
 * those above and below it, or beside it, are all that is copied. */
static void
copy_around(float *to,
            const DcnBox *seen,
            const int64_t size[3],
            const float *base,
            const DcnBox *tensor,
            const int64_t patch[3],
            const int64_t patch_size[3])
{
    static const int64_t zero[3] = {0};
    DcnBox rest = *tensor;
    int across = 0;
    bool covers[3];
    for (int axis = 0; axis < 3; axis++)
        covers[axis] = patch[axis] <= dcn_max_i64(seen->begin[axis], 0) &&
                       patch[axis] + patch_size[axis] >=
                           dcn_min_i64(seen->end[axis], tensor->end[axis]);
    if (covers[0] && covers[2])
        across = 1;
    else if (covers[0] && covers[1])
        across = 2;
    if (across == 0) {
        copy_meeting(to, seen->begin, size, base, zero, tensor->end, NULL);
        return;
    }
    rest.end[across] = patch[across];
    copy_meeting(to, seen->begin, size, base, zero, tensor->end, &rest);
    rest.begin[across] = patch[across] + patch_size[across];
    rest.end[across] = tensor->end[across];
    copy_meeting(to, seen->begin, size, base, zero, tensor->end, &rest);
}

/* Puts the box `seen` of a value together, for one position: the base, the patch over it,
 * and outside of the tensor the fill. */
static void
gather(const Run *run,
       size_t source,
       const DcnBox *seen,
       const int64_t size[3],
       float fill,
       size_t index,
       float *to)
{
    const DcnPatchPlan *patches = run->patches;
    const PatchValue *value = &patches->values[source];
    static const int64_t zero[3] = {0};
    if (!dcn_box_contains(&value->box, seen)) {
        size_t count = (size_t)(size[0] * size[1] * size[2]);
        for (size_t i = 0; i < count; i++)
            to[i] = fill;
    }
    if (value->kind == PATCH_WHOLE) {
        copy_meeting(to, seen->begin, size, value_data(run, source, index), zero,
                     value->box.end, NULL);
        return;
    }
    int64_t origin[3] = {0}, none[3] = {0};
    bool part = value->kind == PATCH_PART;
    if (part)
        patch_origin(patches, &run->positions[index], source, origin);
    copy_around(to, seen, size, base_data(run, source), &value->box, origin,
                part ? value->size : none);
    if (part)
        copy_meeting(to, seen->begin, size, value_data(run, source, index), origin,
                     value->size, NULL);
}

/* The box of a value at one position. */
static DcnBox
patch_box(const Run *run, size_t value, size_t index)
{
    const PatchValue *v = &run->patches->values[value];
    DcnBox box;
    patch_origin(run->patches, &run->positions[index], value, box.begin);
    for (int axis = 0; axis < 3; axis++)
        box.end[axis] = box.begin[axis] + v->size[axis];
    return box;
}

static void
gather_inputs(const Run *run, const PatchStep *step)
{
    const DcnPatchPlan *patches = run->patches;
    for (size_t i = 0; i < step->base->n_in; i++) {
        const PatchValue *input = step->in[i] < 0 ? NULL : &patches->values[step->in[i]];
        if (!input || input->kind != PATCH_GATHERED)
            continue;
        for (size_t index = 0; index < run->batch; index++) {
            DcnBox seen = input->box;
            if (step->locality != DCN_LOCAL_NO) {
                DcnBox box = patch_box(run, (size_t)step->base->out[0], index);
                dcn_patch_seen(patches, step, 0, &box, i, &seen);
            }
            gather(run, (size_t)input->source, &seen, input->size, input->fill, index,
                   value_data(run, (size_t)step->in[i], index));
        }
    }
}

/* Outputs that are boxes of the first input. */
static void
move(const Run *run, const PatchStep *step)
{
    for (size_t o = 0; o < step->base->n_out; o++) {
        if (step->base->out[o] < 0)
            continue;
        size_t out = (size_t)step->base->out[o];
        for (size_t index = 0; index < run->batch; index++) {
            DcnBox box = patch_box(run, out, index), seen;
            dcn_patch_seen(run->patches, step, o, &box, 0, &seen);
            gather(run, (size_t)step->base->in[0], &seen, run->patches->values[out].size,
                   step->window.fill, index, value_data(run, out, index));
        }
    }
}

/* --- steps --- */

/* Makes the output from that of the base and the part of the input that changed. */
static void
change_output(const Run *run, const PatchStep *step)
{
    size_t from = (size_t)step->base->in[0], to = (size_t)step->base->out[0];
    DcnChange change = {.input = base_data(run, from), .output = base_data(run, to)};
    for (size_t index = 0; index < run->batch; index++) {
        change.box = patch_box(run, from, index);
        change.changed = value_data(run, from, index);
        step->base->op->reach.change(&step->shapes, &change, value_data(run, to, index));
    }
}

static void
lay_out(const Run *run, int number, DcnOperand *operand)
{
    const DcnPatchPlan *patches = run->patches;
    *operand = (DcnOperand){0};
    if (number < 0)
        return;
    const PatchValue *value = &patches->values[number];
    if (value->kind == PATCH_PART || value->kind == PATCH_GATHERED) {
        operand->shape =
            (DcnShape){4, {1, value->size[0], value->size[1], value->size[2]}};
        if (value->kind == PATCH_GATHERED &&
            patches->plan->values[value->source].shape.rank != 4)
            operand->shape = patches->plan->values[value->source].shape;
        operand->count = patches->places[number].count;
        operand->stride = value_stride(patches, (size_t)number);
        operand->data = value_data(run, (size_t)number, 0);
        return;
    }
    const PlanValue *base = &patches->plan->values[number];
    operand->shape = base->shape;
    operand->count = base->count;
    if (value->kind == PATCH_WHOLE) {
        operand->stride = value_stride(patches, (size_t)number);
        operand->data = value_data(run, (size_t)number, 0);
    } else {
        operand->data = (float *)(uintptr_t)(base->state == DCN_CONST
                                                 ? base->floats
                                                 : base_data(run, (size_t)number));
    }
}

static void
run_step(const Run *run, const PatchStep *step, DcnContext *context)
{
    if (step->changes) {
        change_output(run, step);
        return;
    }
    if (step->moves) {
        move(run, step);
        return;
    }
    size_t n_in = step->base->n_in, n_out = step->base->n_out;
    DcnOperand *operands = run->operands;
    gather_inputs(run, step);
    for (size_t i = 0; i < n_in; i++)
        lay_out(run, step->in[i], &operands[i]);
    for (size_t i = 0; i < n_out; i++)
        lay_out(run, step->base->out[i], &operands[n_in + i]);
    DcnCall call = {
        .params = step->params,
        .batch = run->batch,
        .n_in = n_in,
        .n_out = n_out,
        .in = operands,
        .out = operands + n_in,
        .element = sizeof(float),
        .context = context,
        .prepared = step->base->prepared,
    };
    DcnDenormals before = dcn_denormals_flush(); /* with one thread nobody else does it */
    dcn_op_forward(step->base->op, &call);
    dcn_denormals_restore(before);
}

/* Makes the picture's patch: it shows the fill where the square is, and the picture where
 * the box of the class is larger. */
static void
fill_input(const Run *run, const float *fill)
{
    const DcnPatchPlan *patches = run->patches;
    size_t input = (size_t)patches->plan->inputs[0], n = patches->plan->n_values;
    const PatchValue *value = &patches->values[input];
    if (value->kind == PATCH_BASE)
        return;
    static const int64_t zero[3] = {0};
    for (size_t index = 0; index < run->batch; index++) {
        const DcnPosition *position = &run->positions[index];
        DcnBox square =
            dcn_squares_box(patches->squares, n, position->row, position->column, input);
        int64_t origin[3];
        patch_origin(patches, position, input, origin);
        float *to = value_data(run, input, index);
        copy_meeting(to, origin, value->size, base_data(run, input), zero, value->box.end,
                     NULL);
        copy_meeting(to, origin, value->size, fill, zero, value->box.end, &square);
    }
}

void
dcn_patch_run(const DcnPatchPlan *patches,
              const DcnSession *base,
              DcnContext *context,
              const DcnPosition *positions,
              size_t batch,
              const float *fill,
              float *memory)
{
    /* operands lie behind the floats of the batch */
    Run run = {patches, base,   positions,
               batch,   memory, (DcnOperand *)(void *)(memory + patches->floats * batch)};
    fill_input(&run, fill);
    for (size_t i = 0; i < patches->plan->n_steps; i++)
        if (patches->steps[i].base && patches->steps[i].runs)
            run_step(&run, &patches->steps[i], context);
}

void
dcn_patch_value(const DcnPatchPlan *patches,
                const DcnPosition *positions,
                size_t batch,
                size_t index,
                int value,
                const float *memory,
                DcnBox *box,
                const float **data)
{
    Run run = {patches, NULL, positions, batch, (float *)(uintptr_t)memory, NULL};
    const PatchValue *v = &patches->values[value];
    *box = v->box;
    *data = NULL;
    if (v->kind == PATCH_BASE)
        return;
    *data = value_data(&run, (size_t)value, index);
    if (v->kind == PATCH_PART) {
        patch_origin(patches, &positions[index], (size_t)value, box->begin);
        for (int axis = 0; axis < 3; axis++)
            box->end[axis] = box->begin[axis] + v->size[axis];
    }
}
