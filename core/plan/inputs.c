/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inputs.c: the inputs of a plan: their shapes for one image, and the picture among them.
 */
#include "base/error.h"
#include "base/shape.h"
#include "plan/build_private.h"
#include <string.h>

#define DEFAULT_SIDE 224
#define MAX_SIDE 65536

static const DcnShape *
named_shape(const DcnPlanOptions *options, const char *name)
{
    for (size_t i = 0; i < options->n_shapes; i++)
        if (strcmp(options->shapes[i].name, name) == 0)
            return &options->shapes[i].shape;
    return NULL;
}

static const DcnTensor *
named_binding(const DcnPlanOptions *options, const char *name)
{
    for (size_t i = 0; i < options->n_bindings; i++)
        if (strcmp(options->bindings[i].name, name) == 0)
            return &options->bindings[i].tensor;
    return NULL;
}

/* The picture's sizes, as they are asked for, as the file has them, or the usual ones. */
static bool
settle_sizes(DcnBuilder *builder, DcnInputLayout *layout)
{
    const DcnPlanOptions *options = builder->options;
    if (options->height > 0)
        layout->height = options->height;
    if (options->width > 0)
        layout->width = options->width;
    if (layout->height < 0)
        layout->height = DEFAULT_SIDE;
    if (layout->width < 0)
        layout->width = DEFAULT_SIDE;
    if (layout->channels < 0)
        layout->channels = 3;
    return (layout->height <= MAX_SIDE && layout->width <= MAX_SIDE) ||
           dcn_fail(builder->error, DCN_ERROR_VALUE,
                    "an input of %lld x %lld pixels: at most %d x %d are possible",
                    (long long)layout->width, (long long)layout->height, MAX_SIDE,
                    MAX_SIDE);
}

static DcnShape
picture_shape(const DcnInputLayout *l)
{
    return l->nhwc ? (DcnShape){4, {1, l->height, l->width, l->channels}}
                   : (DcnShape){4, {1, l->channels, l->height, l->width}};
}

/* The shape of one image: what the file says, the batch taken out, what it leaves open
 * filled in. layout: of a picture; else NULL. */
static bool
input_shape(DcnBuilder *builder, size_t index, DcnInputLayout *layout, DcnShape *shape)
{
    const char *name = dcn_model_input(builder->plan->model, index, NULL, shape);
    const DcnShape *given = named_shape(builder->options, name);
    if (given) {
        if (shape->rank == given->rank && shape->rank > 1 && shape->dim[0] > 1 &&
            given->dim[0] == 1)
            builder->file_batch = shape->dim[0];
        *shape = *given;
    } else if (layout && layout->rank == 4) {
        if (shape->rank == 4 && shape->dim[0] > 1)
            builder->file_batch = shape->dim[0];
        if (!settle_sizes(builder, layout))
            return false;
        *shape = picture_shape(layout);
    } else if (layout && layout->rank == 3) {
        if (!settle_sizes(builder, layout))
            return false;
        DcnShape picture = picture_shape(layout);
        *shape = (DcnShape){3, {picture.dim[1], picture.dim[2], picture.dim[3]}};
    } else if (shape->rank < 0) {
        return dcn_fail(builder->error, DCN_ERROR_SHAPE,
                        "the file says no shape for its input \"%.100s\"", name);
    } else if (layout && shape->rank == 1) {
        shape->dim[0] = layout->channels * layout->height * layout->width;
    } else if (shape->rank > 1) {
        if (shape->dim[0] > 1)
            builder->file_batch = shape->dim[0];
        shape->dim[0] = 1;
        if (layout && shape->rank == 2)
            shape->dim[1] = layout->channels * layout->height * layout->width;
    }
    size_t count;
    char text[128];
    if (!dcn_shape_elements(shape, &count))
        return dcn_fail(
            builder->error, DCN_ERROR_SHAPE,
            "input \"%.100s\" is %s: open sizes other than the batch and the picture's must be given",
            name, dcn_shape_print(shape, text));
    return true;
}

/* Adds a picture of four axes before an input of another shape, and a step that reshapes
 * it to what the file declares. Returns its number, or -1 and an error. */
static int
put_picture_before(DcnBuilder *builder, int number, const DcnShape *picture)
{
    DcnPlan *plan = builder->plan;
    const DcnShape declared = plan->values[number].shape;
    const char *name = plan->values[number].name;
    int before = dcn_plan_add_value(plan, name, builder->error);
    int sizes = before < 0 ? -1 : dcn_plan_add_value(plan, "", builder->error);
    DcnNode *node = dcn_builder_take(builder, sizeof *node);
    int *in = dcn_builder_take(builder, 2 * sizeof *in),
        *out = dcn_builder_take(builder, sizeof *out);
    int64_t *list = dcn_builder_take(builder, DCN_MAX_RANK * sizeof *list);
    if (sizes < 0 || !node || !in || !out || !list)
        return -1;
    PlanValue *value = &plan->values[before];
    value->state = DCN_IN_RUN;
    value->shape = *picture;
    value->count = dcn_shape_count(picture);
    for (int i = 0; i < declared.rank; i++)
        list[i] = declared.dim[i];
    DcnTensor tensor = {.type = DCN_INT64, .shape = {1, {declared.rank}}, .data = list};
    extern const DcnOp dcn_op_reshape;
    *node = (DcnNode){.name = "",
                      .label = name,
                      .type = dcn_op_reshape.name,
                      .domain = "",
                      .op = &dcn_op_reshape,
                      .opset = dcn_model_opset(plan->model)};
    in[0] = before;
    in[1] = sizes;
    out[0] = number;
    PlanStep step = {
        .op = node->op, .node = node, .n_in = 2, .n_out = 1, .in = in, .out = out};
    bool broken = true;
    DcnError reason = {0};
    if (!dcn_builder_set_constant(builder, sizes, &tensor) ||
        !dcn_builder_node(builder, node, &step, &broken, &reason) || broken) {
        if (builder->error && reason.code != DCN_OK)
            *builder->error = reason;
        return -1;
    }
    return before;
}

bool
dcn_builder_inputs(DcnBuilder *builder)
{
    DcnPlan *plan = builder->plan;
    const DcnGraph *graph = dcn_model_graph(plan->model);
    plan->inputs =
        dcn_builder_take(builder, (graph->n_inputs + 1) * sizeof *plan->inputs);
    if (!plan->inputs)
        return false;
    for (size_t i = 0; i < graph->n_inputs; i++) {
        int number = plan->of_model[graph->inputs[i]];
        const DcnTensor *binding =
            named_binding(builder->options, plan->values[number].name);
        if (binding) {
            if (!dcn_builder_set_constant(builder, number, binding))
                return false;
            continue;
        }
        DcnShape shape;
        DcnInputLayout layout;
        bool picture = i == 0 && dcn_model_input_layout(plan->model, &layout, NULL);
        if (!input_shape(builder, i, picture ? &layout : NULL, &shape))
            return false;
        PlanValue *value = &plan->values[number];
        value->state = DCN_IN_RUN;
        value->shape = shape;
        value->count = dcn_shape_count(&shape);
        if (picture && shape.rank != 4) {
            DcnShape four = picture_shape(&layout);
            if (shape.rank == 3)
                memcpy(four.dim + 1, shape.dim, 3 * sizeof *shape.dim);
            if ((size_t)dcn_shape_count(&four) == value->count)
                number = put_picture_before(builder, number, &four);
            if (number < 0)
                return false;
        }
        plan->inputs[plan->n_inputs++] = number;
    }
    return true;
}
