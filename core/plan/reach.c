/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reach.c: which part of one tensor another one sees: receptive fields, and the reverse.
 *
 * Boxes go from step to step by the operators' own rules; where branches meet, the
 * smallest box around both is taken. An operator without a rule touches everything. */
#include "base/box.h"
#include "base/shape.h"
#include "plan/plan_private.h"
#include <stdlib.h>

static void
cut(DcnBox *box, const DcnShape *shape)
{
    DcnBox whole = dcn_shape_box(shape);
    dcn_box_cut(box, &whole);
}

void
dcn_plan_operand(const DcnPlan *plan, int number, DcnOperand *operand)
{
    *operand = (DcnOperand){0};
    if (number < 0)
        return;
    const PlanValue *value = &plan->values[number];
    operand->shape = value->shape;
    operand->count = value->count;
    operand->stride = value->state == DCN_IN_RUN ? value->count : 0;
    operand->data = value->state == DCN_CONST ? (float *)(uintptr_t)value->floats : NULL;
}

DcnCall
dcn_plan_shapes_of(const DcnPlan *plan, const PlanStep *step, DcnOperand *operands)
{
    for (size_t k = 0; k < step->n_in; k++)
        dcn_plan_operand(plan, step->in[k], &operands[k]);
    for (size_t k = 0; k < step->n_out; k++)
        dcn_plan_operand(plan, step->out[k], &operands[step->n_in + k]);
    return (DcnCall){
        .params = step->params,
        .batch = 1,
        .n_in = step->n_in,
        .n_out = step->n_out,
        .in = operands,
        .out = operands + step->n_in,
        .element = sizeof(float),
    };
}

size_t
dcn_plan_most_operands(const DcnPlan *plan)
{
    size_t most = 1;
    for (size_t i = 0; i < plan->n_steps; i++) {
        size_t n = plan->steps[i].n_in + plan->steps[i].n_out;
        most = n > most ? n : most;
    }
    return most;
}

static void
boxes_back(const DcnPlan *plan, DcnBox *boxes, DcnOperand *operands)
{
    for (size_t i = plan->n_steps; i-- > 0;) {
        const PlanStep *step = &plan->steps[i];
        if (!step->live)
            continue;
        DcnCall call = dcn_plan_shapes_of(plan, step, operands);
        for (size_t o = 0; o < step->n_out; o++) {
            if (step->out[o] < 0 || dcn_box_is_empty(&boxes[step->out[o]]))
                continue;
            for (size_t k = 0; k < step->n_in; k++) {
                if (step->in[k] < 0 || plan->values[step->in[k]].state != DCN_IN_RUN)
                    continue;
                const DcnShape *shape = &plan->values[step->in[k]].shape;
                DcnBox reached;
                dcn_op_reach_back(step->op, &call, o, &boxes[step->out[o]], k, &reached);
                cut(&reached, shape);
                dcn_box_join(&boxes[step->in[k]], &reached);
            }
        }
    }
}

void
dcn_plan_boxes_back(
    const DcnPlan *plan, int to, const DcnBox *box, DcnBox *boxes, DcnOperand *operands)
{
    for (size_t i = 0; i < plan->n_values; i++)
        boxes[i] = (DcnBox){0};
    boxes[to] = *box;
    cut(&boxes[to], &plan->values[to].shape);
    boxes_back(plan, boxes, operands);
}

bool
dcn_plan_reach_back(
    const DcnPlan *plan, int to, const DcnBox *box, int from, DcnBox *result)
{
    DcnBox *boxes = calloc(plan->n_values + 1, sizeof *boxes);
    DcnOperand *operands = calloc(dcn_plan_most_operands(plan), sizeof *operands);
    *result = (DcnBox){0};
    if (boxes && operands) {
        dcn_plan_boxes_back(plan, to, box, boxes, operands);
        *result = boxes[from];
    }
    free(boxes);
    free(operands);
    return !dcn_box_is_empty(result);
}

bool
dcn_plan_boxes_ahead(const DcnPlan *plan, int from, const DcnBox *box, DcnBox *boxes)
{
    DcnOperand *operands = calloc(dcn_plan_most_operands(plan), sizeof *operands);
    if (!operands)
        return false;
    for (size_t i = 0; i < plan->n_values; i++)
        boxes[i] = (DcnBox){0};
    boxes[from] = *box;
    cut(&boxes[from], &plan->values[from].shape);
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        if (!step->live)
            continue;
        DcnCall call = dcn_plan_shapes_of(plan, step, operands);
        for (size_t k = 0; k < step->n_in; k++) {
            if (step->in[k] < 0 || dcn_box_is_empty(&boxes[step->in[k]]))
                continue;
            for (size_t o = 0; o < step->n_out; o++) {
                if (step->out[o] < 0)
                    continue;
                const DcnShape *shape = &plan->values[step->out[o]].shape;
                DcnBox reached;
                dcn_op_reach_ahead(step->op, &call, k, &boxes[step->in[k]], o, &reached);
                cut(&reached, shape);
                dcn_box_join(&boxes[step->out[o]], &reached);
            }
        }
    }
    free(operands);
    return true;
}

bool
dcn_plan_reach_ahead(
    const DcnPlan *plan, int from, const DcnBox *box, int to, DcnBox *result)
{
    DcnBox *boxes = calloc(plan->n_values + 1, sizeof *boxes);
    bool found = boxes && dcn_plan_boxes_ahead(plan, from, box, boxes) &&
                 !dcn_box_is_empty(&boxes[to]);
    *result = found ? boxes[to] : (DcnBox){0};
    free(boxes);
    return found;
}
