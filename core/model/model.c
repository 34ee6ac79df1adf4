/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model.c: looking things up in a model. What fills it is onnx/read.c. */
#include "base/error.h"
#include "base/shape.h"
#include "model/model_private.h"
#include "ops/op.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

DcnModel *
dcn_model_empty(DcnError *error)
{
    DcnModel *model = calloc(1, sizeof *model);
    if (model)
        model->arena = dcn_arena_new();
    if (!model || !model->arena) {
        free(model);
        dcn_fail_memory(error, "a model", sizeof *model);
        return NULL;
    }
    return model;
}

void
dcn_model_free(DcnModel *model)
{
    if (!model)
        return;
    for (size_t i = 0; i < model->n_externals; i++)
        dcn_file_unmap(&model->externals[i].file);
    dcn_file_unmap(&model->file);
    dcn_names_clear(&model->value_names);
    dcn_names_clear(&model->node_names);
    dcn_arena_free(model->arena);
    free(model->folder);
    free(model->linked);
    free(model);
}

const char *
dcn_model_metadata(const DcnModel *model, const char *key)
{
    for (size_t i = 0; i < model->n_properties; i++)
        if (strcmp(model->properties[i].key, key) == 0)
            return model->properties[i].value;
    return NULL;
}

size_t
dcn_model_input_count(const DcnModel *model)
{
    return model->graph.n_inputs;
}

const char *
dcn_model_input(const DcnModel *model, size_t index, DcnType *type, DcnShape *shape)
{
    const DcnValue *value = &model->graph.values[model->graph.inputs[index]];
    if (type)
        *type = value->type;
    if (shape)
        *shape = value->shape;
    return value->name;
}

size_t
dcn_model_output_count(const DcnModel *model)
{
    return model->graph.n_outputs;
}

const char *
dcn_model_output(const DcnModel *model, size_t index)
{
    return model->graph.values[model->graph.outputs[index]].name;
}

size_t
dcn_model_external_count(const DcnModel *model)
{
    return model->n_externals;
}

const char *
dcn_model_external(const DcnModel *model, size_t index)
{
    return index < model->n_externals ? model->externals[index].location : NULL;
}

size_t
dcn_model_node_count(const DcnModel *model)
{
    return model->graph.n_nodes;
}

size_t
dcn_model_parameter_count(const DcnModel *model)
{
    size_t count = 0;
    for (size_t i = 0; i < model->graph.n_values; i++) {
        const DcnValue *value = &model->graph.values[i];
        if (value->kind == DCN_VALUE_INITIALISER && dcn_type_is_float(value->tensor.type))
            count += dcn_shape_count(&value->tensor.shape);
    }
    return count;
}

bool
dcn_node_is_planned(const DcnNode *node)
{
    static const char *const types[] = {
        "ConcatFromSequence", "If",
        "SequenceAt",         "SequenceConstruct",
        "SequenceEmpty",      "SequenceErase",
        "SequenceInsert",     "SequenceLength",
        "SplitToSequence",
    };
    bool planned = false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        planned = planned || (!node->domain[0] && strcmp(node->type, types[i]) == 0);
    return planned;
}

const char *
dcn_model_unsupported(const DcnModel *model)
{
    for (size_t i = 0; i < model->graph.n_nodes; i++) {
        const DcnNode *node = &model->graph.nodes[i];
        if (!node->op && !dcn_node_is_planned(node))
            return node->type;
    }
    return NULL;
}

void
dcn_model_let_go(const DcnModel *model, const void *part, size_t size)
{
    dcn_file_let_go(&model->file, part, size);
    for (size_t i = 0; i < model->n_externals; i++)
        dcn_file_let_go(&model->externals[i].file, part, size);
}

const DcnGraph *
dcn_model_graph(const DcnModel *model)
{
    return &model->graph;
}

int
dcn_model_opset(const DcnModel *model)
{
    return model->opset;
}

int
dcn_model_value(const DcnModel *model, const char *name)
{
    int number = dcn_names_get(&model->value_names, name);
    const DcnValue *value = number < 0 ? NULL : &model->graph.values[number];
    bool gone = value && value->kind == DCN_VALUE_NODE && value->node < 0;
    return gone ? -1 : number;
}

int
dcn_model_node(const DcnModel *model, const char *name)
{
    return dcn_names_get(&model->node_names, name);
}

const DcnAttribute *
dcn_node_attribute(const DcnNode *node, const char *name)
{
    for (size_t i = 0; i < node->n_attributes; i++)
        if (strcmp(node->attributes[i].name, name) == 0)
            return &node->attributes[i];
    return NULL;
}

static const DcnAttribute *
attribute_of_kind(const DcnNode *node, const char *name, DcnAttributeKind kind)
{
    const DcnAttribute *attribute = dcn_node_attribute(node, name);
    return attribute && attribute->kind == kind ? attribute : NULL;
}

int64_t
dcn_node_int(const DcnNode *node, const char *name, int64_t fallback)
{
    const DcnAttribute *attribute = attribute_of_kind(node, name, DCN_ATTRIBUTE_INT);
    return attribute ? attribute->i : fallback;
}

float
dcn_node_float(const DcnNode *node, const char *name, float fallback)
{
    const DcnAttribute *attribute = attribute_of_kind(node, name, DCN_ATTRIBUTE_FLOAT);
    return attribute ? attribute->f : fallback;
}

const char *
dcn_node_string(const DcnNode *node, const char *name, const char *fallback)
{
    const DcnAttribute *attribute = attribute_of_kind(node, name, DCN_ATTRIBUTE_STRING);
    return attribute ? attribute->string : fallback;
}

int
dcn_node_ints(const DcnNode *node, const char *name, int64_t *values, int most)
{
    const DcnAttribute *attribute = attribute_of_kind(node, name, DCN_ATTRIBUTE_INTS);
    if (!attribute)
        return 0;
    if (attribute->count > (size_t)most)
        return -1;
    for (size_t i = 0; i < attribute->count; i++)
        values[i] = attribute->ints[i];
    return (int)attribute->count;
}
