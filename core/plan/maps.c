/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maps.c: which tensors are maps over the picture, and how their maps lie in memory.
 *
 * A tensor's axes are known by where they come from, never by their sizes: 1x7x7x768 is
 * N x H x W x C if it was transposed from N x C x H x W, and attention weights of
 * 1x12x197x197 are no maps though they have four axes. What is known of a value is
 *
 * - certain of the picture, and of what operators read and write that are defined for
 *   N x C x H x W, as convolutions and pools are;
 * - carried on by operators that keep axes, from what they read to what they write, and,
 *   where nothing else says it, back to other inputs of the same shape;
 * - asked of reach where an operator hands on elements in another shape or order: the
 *   layouts that the new shape could have are tried, and the one holds in which each map's
 *   corners come from the corners of that map.
 *
 * Attention takes the channels apart, so its insides have no maps; the sum with what led
 * around it has them again. */
#include "base/box.h"
#include "base/error.h"
#include "base/shape.h"
#include "plan/graph.h"
#include <stdlib.h>

/* --- layouts --- */

static size_t
stride_of(const DcnShape *shape, int axis)
{
    return dcn_shape_product(shape, axis + 1, shape->rank);
}

/* N x C x H x W, N x H x W x C: rows and columns have an axis each. */
static bool
set_grid(const DcnShape *shape, int channel, int row, int column, PlanMaps *maps)
{
    if (shape->rank != 4 || shape->dim[0] != 1 || column != row + 1 ||
        dcn_shape_count(shape) == 0)
        return false;
    *maps = (PlanMaps){.channel = channel,
                       .row = row,
                       .column = column,
                       .at = {.maps = (size_t)shape->dim[channel],
                              .height = (size_t)shape->dim[row],
                              .width = (size_t)shape->dim[column],
                              .map_stride = stride_of(shape, channel),
                              .place_stride = stride_of(shape, column)}};
    return true;
}

/* Places in row-major order along one axis, behind `before` other elements of it. */
static bool
set_tokens(const DcnShape *shape,
           int channel,
           int places,
           int64_t before,
           size_t height,
           size_t width,
           PlanMaps *maps)
{
    if (shape->rank < 3 || shape->rank > 4 || shape->dim[0] != 1 || before < 0 ||
        before + (int64_t)(height * width) > shape->dim[places] ||
        dcn_shape_count(shape) == 0)
        return false;
    for (int i = 0; i < shape->rank; i++)
        if (i != channel && i != places && shape->dim[i] != 1)
            return false;
    size_t stride = stride_of(shape, places);
    *maps = (PlanMaps){.channel = channel,
                       .row = -1,
                       .column = places,
                       .before = before,
                       .at = {.maps = (size_t)shape->dim[channel],
                              .height = height,
                              .width = width,
                              .first = (size_t)before * stride,
                              .map_stride = stride_of(shape, channel),
                              .place_stride = stride}};
    return true;
}

/* Numbers without places: at most one axis is longer than 1. */
static bool
set_vector(const DcnShape *shape, PlanMaps *maps)
{
    int channel = 1;
    if (shape->rank < 2 || shape->rank > 4 || shape->dim[0] != 1 ||
        dcn_shape_count(shape) == 0)
        return false;
    for (int i = 1; i < shape->rank; i++)
        channel = shape->dim[i] > 1 ? i : channel;
    if ((size_t)shape->dim[channel] != dcn_shape_count(shape))
        return false;
    *maps = (PlanMaps){.channel = channel,
                       .row = -1,
                       .column = -1,
                       .at = {.maps = (size_t)shape->dim[channel],
                              .height = 1,
                              .width = 1,
                              .map_stride = 1,
                              .place_stride = 1}};
    return true;
}

static void
set_axis(DcnBox *box, int axis, int64_t begin, int64_t end)
{
    if (axis < 1)
        return;
    box->begin[axis - 1] = begin;
    box->end[axis - 1] = end;
}

DcnBox
dcn_maps_box(const PlanMaps *maps, const DcnShape *shape, size_t channel)
{
    DcnBox box = dcn_shape_box(shape);
    set_axis(&box, maps->channel, (int64_t)channel, (int64_t)channel + 1);
    if (maps->row < 0 && maps->column >= 0)
        set_axis(&box, maps->column, maps->before,
                 maps->before + (int64_t)(maps->at.height * maps->at.width));
    return box;
}

DcnBox
dcn_maps_unit(
    const PlanMaps *maps, const DcnShape *shape, size_t channel, size_t y, size_t x)
{
    DcnBox box = dcn_maps_box(maps, shape, channel);
    int64_t at = (int64_t)x;
    if (maps->row < 0)
        at += maps->before + (int64_t)(y * maps->at.width);
    else
        set_axis(&box, maps->row, (int64_t)y, (int64_t)y + 1);
    set_axis(&box, maps->column, at, at + 1);
    return box;
}

/* --- from step to step --- */

static bool
same_axes(const PlanMaps *a, const PlanMaps *b)
{
    return a->channel == b->channel && a->row == b->row && a->column == b->column &&
           (a->row >= 0 || (a->before == b->before && a->at.height == b->at.height &&
                            a->at.width == b->at.width));
}

typedef struct {
    DcnPlan *plan;
    DcnOperand *operands; /* room for those of any step */
} Finder;

/* True if each map of the output has its corners where the corners of the input's maps
 * are, and of the same map alone, or of any maps. */
static bool
corners_agree(const Finder *finder,
              const PlanStep *step,
              size_t input,
              size_t output,
              const PlanMaps *candidate,
              bool same_map)
{
    const DcnPlan *plan = finder->plan;
    const PlanValue *x = &plan->values[step->in[input]];
    const DcnShape *y = &plan->values[step->out[output]].shape;
    DcnCall call = dcn_plan_shapes_of(plan, step, finder->operands);
    for (int i = 0; i < 8; i++) {
        size_t channel = i & 1 ? candidate->at.maps - 1 : 0;
        size_t row = i & 2 ? candidate->at.height - 1 : 0;
        size_t column = i & 4 ? candidate->at.width - 1 : 0;
        DcnBox unit = dcn_maps_unit(candidate, y, channel, row, column), seen;
        DcnBox wanted = dcn_maps_unit(&x->maps, &x->shape, channel, row, column);
        dcn_op_reach_back(step->op, &call, output, &unit, input, &seen);
        if (!same_map)
            set_axis(&seen, x->maps.channel, (int64_t)channel, (int64_t)channel + 1);
        if (!dcn_box_contains(&wanted, &seen) || !dcn_box_contains(&seen, &wanted))
            return false;
    }
    return true;
}

/* The layout of elements that are handed on in another shape or order. */
static bool
handed_on(const Finder *finder,
          const PlanStep *step,
          size_t input,
          size_t output,
          PlanMaps *found)
{
    const DcnPlan *plan = finder->plan;
    const PlanMaps *x = &plan->values[step->in[input]].maps;
    const DcnShape *y = &plan->values[step->out[output]].shape;
    static const struct {
        int channel, row, column;
    } orders[] = {{1, 2, 3}, {3, 1, 2}, {2, -1, 1}, {1, -1, 2}, {3, -1, 1}, {3, -1, 2}};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        int channel = orders[i].channel, row = orders[i].row, column = orders[i].column;
        if (channel >= y->rank || column >= y->rank)
            continue;
        bool fits = row < 0 ? set_tokens(y, channel, column, x->before, x->at.height,
                                         x->at.width, found)
                            : set_grid(y, channel, row, column, found);
        if (fits && found->at.maps == x->at.maps && found->at.height == x->at.height &&
            found->at.width == x->at.width &&
            corners_agree(finder, step, input, output, found, true))
            return true;
    }
    return false;
}

/* Where the first and the last place of the input's tokens are in the output, whose axis
 * has another length: a class token was put before them, or cut off. */
static bool
moved_tokens(const Finder *finder,
             const PlanStep *step,
             size_t input,
             size_t output,
             int64_t *before)
{
    const DcnPlan *plan = finder->plan;
    const PlanValue *x = &plan->values[step->in[input]];
    const PlanMaps *maps = &x->maps;
    int64_t places = (int64_t)(maps->at.height * maps->at.width), at[2];
    DcnCall call = dcn_plan_shapes_of(plan, step, finder->operands);
    for (int i = 0; i < 2; i++) {
        DcnBox box = dcn_shape_box(&x->shape), reached;
        int64_t place = maps->before + (i ? places - 1 : 0);
        set_axis(&box, maps->column, place, place + 1);
        dcn_op_reach_ahead(step->op, &call, input, &box, output, &reached);
        at[i] = reached.begin[maps->column - 1];
        if (reached.end[maps->column - 1] != at[i] + 1)
            return false;
    }
    *before = at[0];
    return at[1] == at[0] + places - 1;
}

/* What the maps of one input say of the output. */
static bool
carried(const Finder *finder,
        const PlanStep *step,
        size_t input,
        size_t output,
        PlanMaps *found)
{
    const DcnPlan *plan = finder->plan;
    const PlanValue *x = &plan->values[step->in[input]];
    const DcnShape *y = &plan->values[step->out[output]].shape;
    const PlanMaps *maps = &x->maps;
    if (step->op->role == DCN_ROLE_HANDS_ON)
        return handed_on(finder, step, input, output, found);
    if (x->shape.rank != y->rank)
        return false;
    int64_t before = maps->before;
    if (maps->row < 0 && y->dim[maps->column] != x->shape.dim[maps->column] &&
        !moved_tokens(finder, step, input, output, &before))
        return false;
    bool fits = maps->row >= 0
                    ? set_grid(y, maps->channel, maps->row, maps->column, found)
                    : set_tokens(y, maps->channel, maps->column, before, maps->at.height,
                                 maps->at.width, found);
    return fits && (step->op->role != DCN_ROLE_WEIGHTED ||
                    corners_agree(finder, step, input, output, found, false));
}

/* Products of two tensors of a run, as those of attention, mix places. */
static bool
is_mixing(const DcnPlan *plan, const PlanStep *step)
{
    size_t in_run = 0;
    for (size_t k = 0; k < step->n_in; k++)
        in_run += step->in[k] >= 0 && plan->values[step->in[k]].state == DCN_IN_RUN;
    return step->op->role == DCN_ROLE_WEIGHTED && in_run > 1;
}

/* True if an input has a part only of the output's rows or columns, as one that is joined
 * to another at its edge. */
static bool
is_part(const DcnShape *x, const DcnShape *y, const PlanMaps *maps)
{
    for (int axis = maps->row; maps->row >= 0 && axis <= maps->column; axis++)
        if (x->dim[axis] != 1 && x->dim[axis] != y->dim[axis])
            return true;
    return false;
}

/* What the inputs that have maps say of an output: those of its own shape, or else all.
 * They must not contradict each other. Maps that are joined at their edges are no map: a
 * Swin moves places around the picture so. */
static void
carry_ahead(const Finder *finder, const PlanStep *step, size_t output)
{
    DcnPlan *plan = finder->plan;
    PlanValue *y = &plan->values[step->out[output]];
    PlanMaps found = {0};
    size_t several = 0;
    bool parts = false;
    for (int pass = 0; pass < 2 && found.at.maps == 0; pass++)
        for (size_t k = 0; k < step->n_in; k++) {
            const PlanValue *x = step->in[k] < 0 ? NULL : &plan->values[step->in[k]];
            if (!x || x->state != DCN_IN_RUN || x->maps.at.maps == 0 ||
                (pass == 0 && !dcn_shape_equal(&x->shape, &y->shape)))
                continue;
            PlanMaps one;
            if (!carried(finder, step, k, output, &one) ||
                (found.at.maps > 0 && !same_axes(&one, &found)))
                return;
            parts = parts || is_part(&x->shape, &y->shape, &one);
            several++;
            found = one;
        }
    if (!parts || several == 1)
        y->maps = found;
}

/* Inputs of the output's shape, of which nothing else is known. */
static void
carry_back(DcnPlan *plan, const PlanStep *step)
{
    const PlanValue *y =
        step->n_out == 1 && step->out[0] >= 0 ? &plan->values[step->out[0]] : NULL;
    if (!y || y->maps.at.maps == 0 || step->op->role == DCN_ROLE_HANDS_ON ||
        step->op->role == DCN_ROLE_WEIGHTED)
        return;
    for (size_t k = 0; k < step->n_in; k++) {
        PlanValue *x = step->in[k] < 0 ? NULL : &plan->values[step->in[k]];
        if (x && x->state == DCN_IN_RUN && x->maps.at.maps == 0 &&
            dcn_shape_equal(&x->shape, &y->shape))
            x->maps = y->maps;
    }
}

/* --- all values --- */

static void
set_certain(DcnPlan *plan)
{
    DcnInputLayout layout;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        PlanValue *x =
            step->n_in > 0 && step->in[0] >= 0 ? &plan->values[step->in[0]] : NULL;
        if (!step->op->planes)
            continue;
        if (x && x->state == DCN_IN_RUN)
            set_grid(&x->shape, 1, 2, 3, &x->maps);
        for (size_t o = 0; o < step->n_out; o++)
            if (step->out[o] >= 0)
                set_grid(&plan->values[step->out[o]].shape, 1, 2, 3,
                         &plan->values[step->out[o]].maps);
    }
    for (size_t i = 0; i < plan->n_inputs; i++) {
        PlanValue *x = &plan->values[plan->inputs[i]];
        bool nhwc =
            i == 0 && dcn_model_input_layout(plan->model, &layout, NULL) && layout.nhwc;
        if (x->maps.at.maps == 0)
            set_grid(&x->shape, nhwc ? 3 : 1, nhwc ? 1 : 2, nhwc ? 2 : 3, &x->maps);
    }
}

static void
carry_all_ahead(const Finder *finder)
{
    const DcnPlan *plan = finder->plan;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        for (size_t o = 0; o < step->n_out && !is_mixing(plan, step); o++)
            if (step->out[o] >= 0 && plan->values[step->out[o]].maps.at.maps == 0)
                carry_ahead(finder, step, o);
    }
}

bool
dcn_plan_find_maps(DcnPlan *plan, DcnError *error)
{
    size_t most = dcn_plan_most_operands(plan);
    Finder finder = {plan, calloc(most, sizeof *finder.operands)};
    if (!finder.operands)
        return dcn_fail_memory(error, "a plan", most * sizeof *finder.operands);
    set_certain(plan);
    carry_all_ahead(&finder);
    for (size_t i = plan->n_steps; i-- > 0;)
        carry_back(plan, &plan->steps[i]);
    carry_all_ahead(&finder);
    for (size_t i = 0; i < plan->n_values; i++) {
        PlanValue *value = &plan->values[i];
        if (value->state == DCN_IN_RUN && value->maps.at.maps == 0)
            set_vector(&value->shape, &value->maps);
    }
    free(finder.operands);
    return true;
}

bool
dcn_plan_maps(const DcnPlan *plan, int tensor, DcnMaps *maps)
{
    *maps = plan->values[tensor].maps.at;
    return maps->maps > 0;
}

void
dcn_maps_read(const DcnMaps *maps, const float *values, size_t map, float *out)
{
    values += maps->first + map * maps->map_stride;
    for (size_t i = 0; i < maps->height * maps->width; i++)
        out[i] = values[i * maps->place_stride];
}

void
dcn_maps_clear(const DcnMaps *maps, size_t map, float *values)
{
    values += maps->first + map * maps->map_stride;
    for (size_t i = 0; i < maps->height * maps->width; i++)
        values[i * maps->place_stride] = 0;
}

DcnBox
dcn_plan_unit_box(const DcnPlan *plan, int tensor, const DcnUnit *unit)
{
    const PlanValue *value = &plan->values[tensor];
    return dcn_maps_unit(&value->maps, &value->shape, unit->channel, unit->y, unit->x);
}
