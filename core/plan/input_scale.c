/* SPDX-License-Identifier: GPL-3.0-or-later */
/* input_scale.c: what a net does to the values of its picture before it computes.
 *
 * Exporters often leave the preparation of pictures, or a part of it, in the file. An
 * example: Sub [123.7, 116.8, 103.9], then Mul 0.017 means that 0 ... 255 comes in, in
 * the order R G B: the scale is 0.017 for each channel, the offset -2.1, -1.99, -1.77. */
#include "base/tensor.h"
#include "plan/graph.h"
#include <math.h>

/* The state of the walk. The input's channel c is now number place[c] of this axis. */
typedef struct {
    int value, axis;
    int64_t place[3];
    DcnInputScale all;
} Walk;

/* y = x * scale + offset, for one channel. */
typedef struct {
    double scale, offset;
} Line;

static bool
is_constant(const DcnPlan *plan, const PlanStep *step, size_t input)
{
    return input < step->n_in && step->in[input] >= 0 &&
           plan->values[step->in[input]].state == DCN_CONST;
}

static void
apply(DcnInputScale *all, size_t channel, Line line)
{
    all->offset[channel] = (float)(all->offset[channel] * line.scale + line.offset);
    all->scale[channel] = (float)(all->scale[channel] * line.scale);
}

static bool
is_line(Line line)
{
    return isfinite(line.scale) && isfinite(line.offset) && line.scale != 0;
}

/* --- pairs with a constant --- */

/* The step's elementwise function of x with a constant, from its values at 0, 1 and 2. */
static bool
line_of(const PlanStep *step, float constant, bool first, Line *line)
{
    const float x[3] = {0, 1, 2}, same[3] = {constant, constant, constant};
    float y[3];
    if (first)
        step->op->pair.values(x, same, y, 3);
    else
        step->op->pair.values(same, x, y, 3);
    double rise = (double)y[2] - (double)y[1];
    *line = (Line){(double)y[1] - (double)y[0], (double)y[0]};
    double most = fmax(fabs((double)y[0]), fmax(fabs((double)y[1]), fabs((double)y[2])));
    return is_line(*line) && fabs(rise - line->scale) <= 1e-5 * most;
}

/* A constant's number for each channel of the input. Where it has one for each place, as
 * a mean picture has, the channel's number is their mean. */
static bool
numbers_of(const DcnTensor *constant, const Walk *walk, int rank, double numbers[3])
{
    const DcnShape *shape = &constant->shape;
    int axis = walk->axis - rank + shape->rank;      /* aligned at the last axis */
    bool even = axis < 0 || walk->all.channels == 1; /* one for all channels */
    int64_t channels = even ? 1 : shape->dim[axis], inner = 1;
    size_t count = dcn_shape_count(shape);
    if (count == 0 || (channels != 1 && channels != 3))
        return false;
    for (int a = even ? 0 : axis + 1; a < shape->rank; a++)
        inner *= shape->dim[a];
    double sum[3] = {0};
    for (size_t i = 0; i < count; i++)
        sum[i / (size_t)inner % (size_t)channels] += dcn_tensor_number(constant, i);
    for (size_t c = 0; c < walk->all.channels; c++)
        numbers[c] =
            sum[channels == 1 ? 0 : walk->place[c]] * (double)channels / (double)count;
    return true;
}

static bool
take_pair(const DcnPlan *plan, const PlanStep *step, Walk *walk)
{
    bool first = step->in[0] == walk->value;
    if (!is_constant(plan, step, first ? 1 : 0))
        return false;
    const DcnTensor *constant = &plan->values[step->in[first ? 1 : 0]].tensor;
    double numbers[3];
    Line line[3];
    if (!numbers_of(constant, walk, plan->values[walk->value].shape.rank, numbers))
        return false;
    for (size_t c = 0; c < walk->all.channels; c++)
        if (!line_of(step, (float)numbers[c], first, &line[c]))
            return false;
    for (size_t c = 0; c < walk->all.channels; c++)
        apply(&walk->all, c, line[c]);
    return true;
}

/* --- normalisation by stored numbers --- */

static bool
take_normalisation(const DcnPlan *plan, const PlanStep *step, Walk *walk)
{
    if (step->in[0] != walk->value || step->n_in < 5 ||
        (walk->all.channels == 3 && walk->axis != 1) ||
        dcn_node_int(step->node, "training_mode", 0) != 0)
        return false;
    const DcnTensor *part[4]; /* scale, bias, mean, variance */
    for (size_t i = 0; i < 4; i++) {
        if (!is_constant(plan, step, i + 1))
            return false;
        part[i] = &plan->values[step->in[i + 1]].tensor;
        if (dcn_shape_count(&part[i]->shape) != walk->all.channels)
            return false;
    }
    double epsilon = (double)dcn_node_float(step->node, "epsilon", 1e-5F);
    Line line[3];
    for (size_t c = 0; c < walk->all.channels; c++) {
        size_t element = (size_t)walk->place[c];
        double scale = dcn_tensor_number(part[0], element) /
                       sqrt(dcn_tensor_number(part[3], element) + epsilon);
        line[c] = (Line){scale, dcn_tensor_number(part[1], element) -
                                    scale * dcn_tensor_number(part[2], element)};
        if (!is_line(line[c]))
            return false;
    }
    for (size_t c = 0; c < walk->all.channels; c++)
        apply(&walk->all, c, line[c]);
    return true;
}

/* --- steps that move elements --- */

/* Finds where a channel lies in the output: the only axis on which the elements that it
 * can reach are one place. */
static bool
follow_channel(const DcnPlan *plan,
               const PlanStep *step,
               const Walk *walk,
               size_t channel,
               int *axis,
               int64_t *place)
{
    const DcnShape *from = &plan->values[walk->value].shape;
    const DcnShape *to = &plan->values[step->out[0]].shape;
    DcnBox in = {{0, 0, 0}, {1, 1, 1}}, out = in;
    for (int a = 1; a < 4; a++) {
        in.end[a - 1] = from->dim[a];
        out.end[a - 1] = to->dim[a];
    }
    in.begin[walk->axis - 1] = walk->place[channel];
    in.end[walk->axis - 1] = walk->place[channel] + 1;
    DcnOperand operands[2];
    dcn_plan_operand(plan, walk->value, &operands[0]);
    dcn_plan_operand(plan, step->out[0], &operands[1]);
    DcnCall call = {.params = step->params,
                    .batch = 1,
                    .n_in = 1,
                    .n_out = 1,
                    .in = &operands[0],
                    .out = &operands[1],
                    .element = sizeof(float)};
    dcn_op_reach_ahead(step->op, &call, 0, &in, 0, &out);
    int found = 0;
    for (int a = 1; a < 4; a++) {
        bool whole = out.begin[a - 1] == 0 && out.end[a - 1] == to->dim[a];
        if (!whole && out.end[a - 1] - out.begin[a - 1] != 1)
            return false;
        if (!whole) {
            *axis = a;
            *place = out.begin[a - 1];
            found++;
        }
    }
    return found == 1;
}

/* True if both shapes are the same but for axes of size 1, as C x H x W and 1 x C x H x
 * W: a step from one to the other leaves the order as it is. */
static bool
is_without_batch(const DcnShape *shorter, const DcnShape *longer)
{
    bool same = longer->dim[0] == 1;
    for (int a = 0; a < shorter->rank; a++)
        same = same && shorter->dim[a] == longer->dim[a + 1];
    return same;
}

static bool
take_move(const DcnPlan *plan, const PlanStep *step, Walk *walk)
{
    const PlanValue *from = &plan->values[walk->value];
    if (step->in[0] != walk->value || step->n_out < 1 || step->out[0] < 0)
        return false;
    const PlanValue *to = &plan->values[step->out[0]];
    if (to->count != from->count)
        return false;
    if (walk->all.channels == 1)
        return true; /* to any places */
    if (to->shape.rank != from->shape.rank) {
        int shift = to->shape.rank - from->shape.rank;
        walk->axis += shift;
        return (shift == 1 && is_without_batch(&from->shape, &to->shape)) ||
               (shift == -1 && is_without_batch(&to->shape, &from->shape));
    }
    if (to->shape.rank != 4)
        return false;
    int axis[3];
    int64_t place[3];
    for (size_t c = 0; c < 3; c++)
        if (!follow_channel(plan, step, walk, c, &axis[c], &place[c]) ||
            axis[c] != axis[0] || to->shape.dim[axis[c]] != 3)
            return false;
    walk->axis = axis[0];
    for (size_t c = 0; c < 3; c++)
        walk->place[c] = place[c];
    return true;
}

/* --- the walk --- */

static bool
take_step(const DcnPlan *plan, const PlanStep *step, Walk *walk)
{
    if (step->n_in < 1 || step->n_out < 1 || step->out[0] < 0 ||
        plan->values[step->out[0]].count != plan->values[walk->value].count)
        return false;
    if (step->op->pair.values)
        return step->n_in == 2 && take_pair(plan, step, walk);
    if (step->op->scales_channels)
        return take_normalisation(plan, step, walk);
    return (step->op->role == DCN_ROLE_HANDS_ON || step->op->constants.moves) &&
           take_move(plan, step, walk);
}

static bool
begin(const DcnPlan *plan, Walk *walk)
{
    if (plan->n_inputs == 0)
        return false;
    *walk = (Walk){.value = plan->inputs[0], .place = {0, 1, 2}};
    const DcnShape *shape = &plan->values[walk->value].shape;
    if (shape->rank != 4)
        return false;
    bool first = shape->dim[1] == 1 || shape->dim[1] == 3;
    walk->axis = first ? 1 : 3;
    if (shape->dim[walk->axis] != 1 && shape->dim[walk->axis] != 3)
        return false;
    walk->all.channels = (size_t)shape->dim[walk->axis];
    for (size_t c = 0; c < 3; c++)
        walk->all.scale[c] = 1;
    return true;
}

bool
dcn_plan_input_scale(const DcnPlan *plan, DcnInputScale *scale)
{
    Walk walk;
    if (!begin(plan, &walk))
        return false;
    const PlanStep *step;
    while ((step = dcn_graph_only_user(plan, walk.value)) && take_step(plan, step, &walk))
        walk.value = step->out[0];
    bool any = false;
    for (size_t c = 0; c < walk.all.channels; c++)
        any = any || walk.all.scale[c] != 1 || walk.all.offset[c] != 0;
    if (any)
        *scale = walk.all;
    return any;
}

/* --- levels --- */

static bool
range_of_type(DcnType type, DcnInputLevels *levels)
{
    int bits = type == DCN_UINT8 || type == DCN_INT8     ? 8
               : type == DCN_UINT16 || type == DCN_INT16 ? 16
                                                         : 0;
    bool below = type == DCN_INT8 || type == DCN_INT16;
    float count = (float)(1 << bits);
    levels->low = below ? -count / 2 : 0;
    levels->high = levels->low + count - 1;
    return bits > 0;
}

/* One number for all channels. */
static bool
single(const DcnPlan *plan, const PlanStep *step, size_t input, float *number)
{
    if (!is_constant(plan, step, input))
        return false;
    const DcnTensor *tensor = &plan->values[step->in[input]].tensor;
    *number = (float)dcn_tensor_number(tensor, 0);
    return dcn_shape_count(&tensor->shape) == 1 && isfinite(*number);
}

static bool
take_levels(const DcnPlan *plan, const PlanStep *step, DcnInputLevels *levels)
{
    bool says_zero = step->n_in > 2 && step->in[2] >= 0;
    int64_t type = dcn_node_int(step->node, "output_dtype", DCN_UINT8);
    *levels = (DcnInputLevels){.made = step->op->levels == DCN_LEVELS_MADE};
    if (!single(plan, step, 1, &levels->scale) || !(levels->scale > 0))
        return false;
    if (says_zero && !single(plan, step, 2, &levels->zero))
        return false;
    if (says_zero)
        type = plan->values[step->in[2]].tensor.type;
    return range_of_type((DcnType)type, levels);
}

bool
dcn_plan_input_levels(const DcnPlan *plan, DcnInputLevels *levels)
{
    int value = plan->n_inputs ? plan->inputs[0] : -1;
    const PlanStep *step;
    while (value >= 0 && (step = dcn_graph_only_user(plan, value)) &&
           step->in[0] == value) {
        if (step->op->levels != DCN_LEVELS_NOTHING)
            return take_levels(plan, step, levels);
        bool moves = step->op->role == DCN_ROLE_HANDS_ON || step->op->constants.moves;
        value = moves && step->n_out > 0 ? step->out[0] : -1;
    }
    return false;
}
