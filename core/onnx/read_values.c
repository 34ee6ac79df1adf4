/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read_values.c: tensors of a graph: names become numbers, initialisers and inputs values.
 *
 * A scope maps names to values. The scope of a branch captures what the branch uses from
 * the graphs around it, level by level. */
#include "base/error.h"
#include "onnx/reader.h"
#include <stdio.h>
#include <string.h>

DcnScope *
dcn_scope_home(DcnScope *scope)
{
    while (scope->call && scope->call->caller->graph == scope->graph)
        scope = scope->call->caller;
    return scope;
}

bool
dcn_too_many_values(DcnReader *reader)
{
    return dcn_fail(reader->error, DCN_ERROR_UNSUPPORTED,
                    "the graph has more than %d tensors", DCN_MOST_VALUES);
}

static bool
name_value(DcnReader *reader, DcnNames *names, const char *name, int number)
{
    return dcn_names_add(names, name, number) ||
           dcn_fail_memory(reader->error, "a table of names", names->used * 32);
}

/* A new value of the graph, under this name. */
static int
add_value(DcnReader *reader, DcnScope *home, const char *name, DcnValueKind kind)
{
    DcnGraph *graph = home->graph;
    if (dcn_names_get(home->names, name) >= 0) {
        dcn_fail(reader->error, DCN_ERROR_FORMAT, "two tensors have the name \"%.200s\"",
                 name);
        return -1;
    }
    if (graph->n_values >= home->room.values) {
        dcn_too_many_values(reader);
        return -1;
    }
    int number = (int)graph->n_values;
    DcnValue *value = &graph->values[number];
    value->name = dcn_reader_text(reader, name);
    if (!value->name || !name_value(reader, home->names, value->name, number))
        return -1;
    graph->n_values++;
    value->kind = kind;
    value->node = -1;
    value->shape.rank = -1;
    return number;
}

int
dcn_use_value(DcnReader *reader, DcnScope *scope, const char *name)
{
    int number = dcn_names_get(scope->names, name);
    if (number >= 0 || !scope->outer)
        return number;
    int outer = dcn_use_value(reader, scope->outer, name);
    if (outer < 0 || outer == DCN_LEFT_OUT)
        return outer;
    number = add_value(reader, scope, name, DCN_VALUE_INPUT);
    if (number < 0)
        return -2;
    ((int *)(uintptr_t)scope->graph->captured)[number] = outer;
    return number;
}

/* The name that the caller has for an output of its function; NULL: it is none, or the
 * caller does not use it. */
static const char *
name_at_caller(const DcnFunctionCall *call, const char *name)
{
    const Onnx__FunctionProto *function = call->function->proto;
    for (size_t i = 0; i < function->n_output && i < call->node->n_output; i++)
        if (strcmp(function->output[i], name) == 0 && call->node->output[i][0])
            return call->node->output[i];
    return NULL;
}

int
dcn_define_value(DcnReader *reader, DcnScope *scope, const char *name, DcnValueKind kind)
{
    DcnScope *home = dcn_scope_home(scope);
    if (scope == home)
        return add_value(reader, scope, name, kind);
    if (dcn_names_get(scope->names, name) >= 0) {
        dcn_fail(reader->error, DCN_ERROR_FORMAT,
                 "function \"%.100s\": two tensors have the name \"%.100s\"",
                 scope->call->function->proto->name, name);
        return -1;
    }
    const char *outside = name_at_caller(scope->call, name);
    int number;
    if (outside) {
        number = dcn_define_value(reader, scope->call->caller, outside, kind);
    } else {
        char inside[512];
        snprintf(inside, sizeof inside, "%.250s%.200s", scope->call->prefix, name);
        if (dcn_names_get(home->names, inside) >= 0)
            snprintf(inside, sizeof inside, "%.250s%.200s#%zu", scope->call->prefix, name,
                     home->graph->n_values);
        number = add_value(reader, home, inside, kind);
    }
    const char *own = number < 0 ? NULL : dcn_reader_text(reader, name);
    return own && name_value(reader, scope->names, own, number) ? number : -1;
}

/* dense or sparse: one of them. */
static bool
read_initialiser(DcnReader *reader,
                 DcnScope *scope,
                 const Onnx__TensorProto *dense,
                 const Onnx__SparseTensorProto *sparse)
{
    const Onnx__TensorProto *named = sparse ? sparse->values : dense;
    int number = dcn_define_value(reader, scope, named && named->name ? named->name : "",
                                  DCN_VALUE_INITIALISER);
    if (number < 0)
        return false;
    DcnValue *value = &scope->graph->values[number];
    value->shape = (DcnShape){.rank = -1};
    return sparse ? dcn_read_sparse(reader, sparse, value->name, &value->tensor)
                  : dcn_read_tensor(reader, dense, value->name, &value->tensor);
}

bool
dcn_read_initialisers(DcnReader *reader, const Onnx__GraphProto *proto, DcnScope *scope)
{
    for (size_t i = 0; i < proto->n_initializer; i++)
        if (!read_initialiser(reader, scope, proto->initializer[i], NULL))
            return false;
    for (size_t i = 0; i < proto->n_sparse_initializer; i++)
        if (!read_initialiser(reader, scope, NULL, proto->sparse_initializer[i]))
            return false;
    return true;
}

bool
dcn_read_inputs(DcnReader *reader, const Onnx__GraphProto *proto, DcnScope *scope)
{
    DcnGraph *graph = scope->graph;
    graph->inputs = dcn_reader_take(reader, proto->n_input, sizeof *graph->inputs);
    if (!graph->inputs)
        return false;
    for (size_t i = 0; i < proto->n_input; i++) {
        const Onnx__ValueInfoProto *info = proto->input[i];
        const char *name = info->name ? info->name : "";
        int existing = dcn_names_get(scope->names, name);
        if (existing >= 0 && graph->values[existing].kind == DCN_VALUE_INITIALISER)
            continue; /* IR version 3: initialisers stand among the inputs */
        int number = dcn_define_value(reader, scope, name, DCN_VALUE_INPUT);
        if (number < 0)
            return false;
        DcnValue *value = &graph->values[number];
        graph->inputs[graph->n_inputs++] = number;
        const Onnx__TypeProto__Tensor *type = info->type ? info->type->tensor_type : NULL;
        if (!type)
            continue;
        value->type = (DcnType)type->elem_type;
        if (!type->shape)
            continue;
        if (type->shape->n_dim > DCN_MAX_RANK)
            return dcn_fail(reader->error, DCN_ERROR_UNSUPPORTED,
                            "input \"%.100s\" has %zu axes: at most %d are supported",
                            name, type->shape->n_dim, DCN_MAX_RANK);
        value->shape.rank = (int)type->shape->n_dim;
        for (int d = 0; d < value->shape.rank; d++) {
            const Onnx__TensorShapeProto__Dimension *dim = type->shape->dim[d];
            value->shape.dim[d] =
                dim->has_dim_value && dim->dim_value > 0 ? dim->dim_value : -1;
        }
    }
    return true;
}
