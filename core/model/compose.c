/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose.c: a model made by calls instead of from a file.
 *
 * The tables are those that onnx/read.c fills; they grow in the model's arena, by
 * doubling. */
#include "base/error.h"
#include "base/shape.h"
#include "edit.h"
#include "model/model_private.h"
#include "ops/op.h"
#include <string.h>

#define OPSET 13
#define IR_VERSION 8

DcnModel *
dcn_model_new(DcnError *error)
{
    DcnModel *model = dcn_model_empty(error);
    if (model) {
        model->opset = OPSET;
        model->ir_version = IR_VERSION;
    }
    return model;
}

/* An array with room for one more. */
static void *
grown(
    DcnModel *model, void *array, size_t used, size_t *room, size_t size, DcnError *error)
{
    if (used < *room)
        return array;
    size_t more = used < 16 ? 32 : 2 * used;
    char *larger = dcn_arena_alloc(model->arena, more * size);
    if (!larger) {
        dcn_fail_memory(error, "a model", more * size);
        return NULL;
    }
    if (used > 0)
        memcpy(larger, array, used * size);
    *room = more;
    return larger;
}

static int
add_value(DcnModel *model, const char *name, DcnValueKind kind, DcnError *error)
{
    DcnGraph *graph = &model->graph;
    if (!name[0] || dcn_names_get(&model->value_names, name) >= 0) {
        dcn_fail(error, DCN_ERROR_NAME, "the model has a tensor \"%.100s\" already",
                 name);
        return -1;
    }
    DcnValue *values = grown(model, graph->values, graph->n_values, &model->room_values,
                             sizeof *values, error);
    char *copy = dcn_arena_strdup(model->arena, name);
    if (!values || !copy ||
        !dcn_names_add(&model->value_names, copy, (int)graph->n_values)) {
        dcn_fail_memory(error, "a model", graph->n_values * sizeof *values);
        return -1;
    }
    graph->values = values;
    values[graph->n_values] =
        (DcnValue){.name = copy, .kind = kind, .node = -1, .shape = {.rank = -1}};
    return (int)graph->n_values++;
}

static bool
append(DcnModel *model, int **list, size_t *count, int number, DcnError *error)
{
    int *longer = dcn_arena_alloc(model->arena, (*count + 1) * sizeof *longer);
    if (!longer)
        return dcn_fail_memory(error, "a model", *count * sizeof *longer);
    if (*count > 0)
        memcpy(longer, *list, *count * sizeof *longer);
    longer[*count] = number;
    *list = longer;
    (*count)++;
    return true;
}

bool
dcn_model_add_input(DcnModel *model,
                    const char *name,
                    const DcnShape *shape,
                    DcnError *error)
{
    int number = add_value(model, name, DCN_VALUE_INPUT, error);
    if (number < 0)
        return false;
    model->graph.values[number].type = DCN_FLOAT;
    model->graph.values[number].shape = *shape;
    return append(model, &model->graph.inputs, &model->graph.n_inputs, number, error);
}

bool
dcn_model_add_output(DcnModel *model, const char *name, DcnError *error)
{
    int number = dcn_model_value(model, name);
    if (number < 0)
        return dcn_fail(error, DCN_ERROR_NAME, "the model has no tensor \"%.100s\"",
                        name);
    return append(model, &model->graph.outputs, &model->graph.n_outputs, number, error);
}

static bool
copy_attribute(DcnModel *model,
               const DcnNodeAttribute *from,
               DcnAttribute *to,
               DcnError *error)
{
    to->name = dcn_arena_strdup(model->arena, from->name);
    if (from->ints && from->list) {
        int64_t *ints = dcn_arena_alloc(model->arena, (from->n_ints + 1) * sizeof *ints);
        if (!ints)
            return dcn_fail_memory(error, "a model", from->n_ints * sizeof *ints);
        memcpy(ints, from->ints, from->n_ints * sizeof *ints);
        to->kind = DCN_ATTRIBUTE_INTS;
        to->ints = ints;
        to->count = from->n_ints;
    } else if (from->ints) {
        to->kind = DCN_ATTRIBUTE_INT;
        to->i = from->ints[0];
    } else if (from->text) {
        to->kind = DCN_ATTRIBUTE_STRING;
        to->string = dcn_arena_strdup(model->arena, from->text);
    } else {
        to->kind = DCN_ATTRIBUTE_FLOAT;
        to->f = from->number;
    }
    if (!to->name || (to->kind == DCN_ATTRIBUTE_STRING && !to->string))
        return dcn_fail_memory(error, "a model", strlen(from->name));
    return true;
}

bool
dcn_model_add_node(DcnModel *model,
                   const char *type,
                   const char *output,
                   const char *const *inputs,
                   size_t n_inputs,
                   const DcnNodeAttribute *attributes,
                   size_t n_attributes,
                   DcnError *error)
{
    DcnGraph *graph = &model->graph;
    const DcnOp *op = dcn_op_find(type);
    if (!op)
        return dcn_fail(error, DCN_ERROR_UNSUPPORTED, "there is no operator \"%.50s\"",
                        type);
    int *in = dcn_arena_alloc(model->arena, (n_inputs + 1) * sizeof *in);
    int *out = dcn_arena_alloc(model->arena, sizeof *out);
    DcnAttribute *copies =
        dcn_arena_alloc(model->arena, (n_attributes + 1) * sizeof *copies);
    if (!in || !out || !copies)
        return dcn_fail_memory(error, "a model", n_inputs * sizeof *in);
    for (size_t i = 0; i < n_inputs; i++) {
        in[i] = inputs[i][0] ? dcn_model_value(model, inputs[i]) : -1;
        if (inputs[i][0] && in[i] < 0)
            return dcn_fail(
                error, DCN_ERROR_NAME,
                "node \"%.100s\" (%.50s): nothing before it makes its input \"%.100s\"",
                output, type, inputs[i]);
    }
    for (size_t i = 0; i < n_attributes; i++)
        if (!copy_attribute(model, &attributes[i], &copies[i], error))
            return false;
    DcnNode *nodes = grown(model, graph->nodes, graph->n_nodes, &model->room_nodes,
                           sizeof *nodes, error);
    char *own_type = dcn_arena_strdup(model->arena, type);
    if (!nodes || !own_type)
        return dcn_fail_memory(error, "a model", graph->n_nodes * sizeof *nodes);
    graph->nodes = nodes;
    out[0] = add_value(model, output, DCN_VALUE_NODE, error);
    if (out[0] < 0)
        return false;
    graph->values[out[0]].node = (int)graph->n_nodes;
    nodes[graph->n_nodes] = (DcnNode){
        .name = graph->values[out[0]].name,
        .label = graph->values[out[0]].name,
        .type = own_type,
        .domain = "",
        .op = op,
        .opset = model->opset,
        .n_in = n_inputs,
        .n_out = 1,
        .in = in,
        .out = out,
        .n_attributes = n_attributes,
        .attributes = copies,
    };
    if (!dcn_names_add(&model->node_names, nodes[graph->n_nodes].name,
                       (int)graph->n_nodes))
        return dcn_fail_memory(error, "a model", graph->n_nodes * sizeof *nodes);
    graph->n_nodes++;
    return true;
}

bool
dcn_model_set_weights(DcnModel *model,
                      const char *name,
                      const DcnShape *shape,
                      const float *values,
                      DcnError *error)
{
    size_t count;
    char text[128];
    if (!dcn_shape_elements(shape, &count))
        return dcn_fail(error, DCN_ERROR_SHAPE, "weights \"%.100s\" of %s", name,
                        dcn_shape_print(shape, text));
    int number = dcn_model_value(model, name);
    if (number >= 0 && model->graph.values[number].kind != DCN_VALUE_INITIALISER)
        return dcn_fail(error, DCN_ERROR_NAME, "\"%.100s\" is computed, not stored",
                        name);
    if (number < 0)
        number = add_value(model, name, DCN_VALUE_INITIALISER, error);
    if (number < 0)
        return false;
    DcnValue *value = &model->graph.values[number];
    float *data = value->own && value->tensor.type == DCN_FLOAT &&
                          dcn_shape_count(&value->tensor.shape) == count
                      ? (float *)(uintptr_t)value->tensor.data
                      : dcn_arena_alloc(model->arena, (count + 1) * sizeof *data);
    if (!data)
        return dcn_fail_memory(error, "weights", count * sizeof *data);
    if (values)
        memcpy(data, values, count * sizeof *data);
    else
        memset(data, 0, count * sizeof *data);
    value->tensor = (DcnTensor){DCN_FLOAT, *shape, data};
    value->own = true;
    return true;
}

bool
dcn_model_weights(const DcnModel *model, const char *name, DcnTensor *tensor)
{
    int number = dcn_model_value(model, name);
    if (number < 0 || model->graph.values[number].kind != DCN_VALUE_INITIALISER)
        return false;
    *tensor = model->graph.values[number].tensor;
    return true;
}

bool
dcn_model_set_metadata(DcnModel *model,
                       const char *key,
                       const char *value,
                       DcnError *error)
{
    size_t at = 0;
    while (at < model->n_properties && strcmp(model->properties[at].key, key) != 0)
        at++;
    if (!value) {
        if (at < model->n_properties)
            model->properties[at] = model->properties[--model->n_properties];
        return true;
    }
    DcnProperty *properties = grown(model, model->properties, model->n_properties,
                                    &model->room_properties, sizeof *properties, error);
    char *own_key = dcn_arena_strdup(model->arena, key);
    char *own_value = dcn_arena_strdup(model->arena, value);
    if (!properties || !own_key || !own_value)
        return dcn_fail_memory(error, "a model", strlen(value));
    model->properties = properties;
    properties[at] = (DcnProperty){own_key, own_value};
    model->n_properties += at == model->n_properties;
    return true;
}
