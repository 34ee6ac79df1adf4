/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bounds.c: the boxes of lower tensors that one unit's projection can reach, so that the
 * walk through early layers costs little.
 *
 * A bounded signal is defined inside of its box only: whole rows of a range of channels.
 * Outside of the box nothing is cleared or read, and values written there have no
 * meaning. That takes operators that keep to boxes (DcnOp.bounded) on both sides; other
 * signals are whole. */
#include "base/box.h"
#include "base/shape.h"
#include "plan/graph.h"
#include "run/walk.h"

/* True if it saves work to keep to the box: it is not empty and not nearly the whole
 * tensor. */
static bool
is_small(const DcnPlan *plan, int value, const DcnBox *box)
{
    size_t part = 1;
    for (int axis = 0; axis < 3; axis++) {
        if (box->end[axis] <= box->begin[axis])
            return false;
        part *= (size_t)(box->end[axis] - box->begin[axis]);
    }
    return part <= plan->values[value].count / 2;
}

/* What lies in the output's place, or in a part of it, is defined where the output is; so
 * the output's box holds that of the input, to which other steps may add. Makers come
 * before users. */
static void
join_places(const DcnPlan *plan, const PlanStep *step, size_t k, DcnWalk *walk)
{
    int in = step->in[k], out = step->out[0];
    DcnBox *bounds = walk->bounds, ahead;
    if (!step->in_place && !dcn_plan_lies_in(plan, in, out) &&
        !dcn_plan_is_handed(plan, in, out))
        return;
    if (step->in_place && bounds[out].end[0] == 0)
        bounds[in] = (DcnBox){0};
    if (bounds[in].end[0] == 0)
        bounds[out] = (DcnBox){0};
    if (bounds[out].end[0] == 0)
        return;
    DcnCall call = dcn_plan_shapes_of(plan, step, walk->operands);
    dcn_op_reach_ahead(step->op, &call, k, &bounds[in], 0, &ahead);
    dcn_box_join(&bounds[out], &ahead);
    if (step->in_place)
        bounds[in] = bounds[out];
}

void
dcn_walk_find_bounds(const DcnPlan *plan, const DcnSeed *seed, DcnWalk *walk)
{
    const bool *path = walk->path;
    DcnBox *bounds = walk->bounds;
    const DcnUnit *unit = &seed->unit;
    const PlanValue *value = &plan->values[seed->tensor];
    DcnBox box =
        seed->whole_map
            ? dcn_maps_box(&value->maps, &value->shape, unit->channel)
            : dcn_maps_unit(&value->maps, &value->shape, unit->channel, unit->y, unit->x);
    dcn_plan_boxes_back(plan, seed->tensor, &box, bounds, walk->operands);
    for (size_t v = 0; v < plan->n_values; v++) {
        const DcnShape *shape = &plan->values[v].shape;
        bool whole = !path[v] || shape->rank != 4 || shape->dim[0] != 1;
        if (!whole) {
            bounds[v].begin[2] = 0;
            bounds[v].end[2] = shape->dim[3];
            whole = !is_small(plan, (int)v, &bounds[v]);
        }
        if (whole)
            bounds[v] = (DcnBox){0};
    }
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        if (!dcn_step_makes(step, path))
            continue;
        DcnCall call = dcn_plan_shapes_of(plan, step, walk->operands);
        if (step->n_out == 1 && dcn_op_bounded(step->op, &call))
            continue;
        for (size_t k = 0; k < step->n_in; k++)
            if (step->in[k] >= 0)
                bounds[step->in[k]] = (DcnBox){0};
        for (size_t k = 0; k < step->n_out; k++)
            if (step->out[k] >= 0)
                bounds[step->out[k]] = (DcnBox){0};
    }
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        for (size_t k = 0; step->live && k < step->n_in; k++)
            if (step->in[k] >= 0 && path[step->in[k]])
                join_places(plan, step, k, walk);
    }
}
