/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read_graph.c: nodes of a graph, and the graph around them.
 *
 * The scope of a function's body adds the body's nodes to the graph of the caller. */
#include "base/error.h"
#include "base/shape.h"
#include "onnx/reader.h"
#include "ops/op.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- nodes --- */

/* Nodes that converters put behind a classifier to name what it decided. Domain
 * ai.onnx.ml, https://onnx.ai/onnx/operators/ . */
static bool
makes_labels(const DcnNode *node)
{
    static const char *const types[] = {"ArrayFeatureExtractor", "CategoryMapper",
                                        "LabelEncoder", "ZipMap"};
    static const char *const around[] = {"Cast", "Identity", "Reshape", "Squeeze"};
    bool learned = strcmp(node->domain, "ai.onnx.ml") == 0;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(node->type, learned ? types[i] : around[i]) == 0)
            return true;
    return false;
}

/* Of the operators in a function's body, or in the file's graph. */
static int
opset_of(const DcnReader *reader, const DcnFunctionCall *call)
{
    return call ? call->function->opset : reader->model->opset;
}

DcnNode *
dcn_add_node(DcnReader *reader,
             DcnScope *scope,
             const char *name,
             const char *type,
             const char *domain)
{
    DcnGraph *graph = scope->graph;
    if (graph->n_nodes >= dcn_scope_home(scope)->room.nodes) {
        dcn_too_many_values(reader);
        return NULL;
    }
    DcnNode *node = &graph->nodes[graph->n_nodes];
    char full[512];
    bool inside = scope != dcn_scope_home(scope) && name && name[0];
    if (inside) {
        snprintf(full, sizeof full, "%.250s%.200s", scope->call->prefix, name);
        name = full;
    }
    node->name = dcn_reader_text(reader, name);
    node->type = dcn_reader_text(reader, type);
    node->domain = dcn_reader_text(reader, domain);
    if (!node->name || !node->type || !node->domain)
        return NULL;
    node->op = dcn_op_find_in(node->domain, node->type);
    node->labels_only = makes_labels(node);
    node->opset = opset_of(reader, scope->call);
    graph->n_nodes++;
    return node;
}

/* The name by which messages call a node: its own, or that of its first output. */
static void
label_node(const DcnGraph *graph, DcnNode *node)
{
    node->label = node->name;
    for (size_t i = 0; !node->label[0] && i < node->n_out; i++)
        if (node->out[i] >= 0)
            node->label = graph->values[node->out[i]].name;
}

static bool
read_attributes(DcnReader *reader,
                const Onnx__NodeProto *proto,
                DcnScope *scope,
                DcnNode *node,
                DcnAttribute *attributes)
{
    for (size_t i = 0; i < proto->n_attribute; i++) {
        bool there = false;
        DcnAttribute *attribute = &attributes[node->n_attributes];
        *attribute = (DcnAttribute){0};
        if (!dcn_read_attribute(reader, proto->attribute[i], scope, attribute, &there))
            return false;
        node->n_attributes += there;
    }
    return true;
}

static bool
read_node(DcnReader *reader,
          const Onnx__NodeProto *proto,
          DcnScope *scope,
          const char *refusal)
{
    int *in = dcn_reader_take(reader, proto->n_input, sizeof *in);
    int *out = dcn_reader_take(reader, proto->n_output, sizeof *out);
    DcnAttribute *attributes =
        dcn_reader_take(reader, proto->n_attribute, sizeof *attributes);
    if (!in || !out || !attributes)
        return false;
    for (size_t i = 0; i < proto->n_input; i++) {
        in[i] = proto->input[i][0] ? dcn_use_value(reader, scope, proto->input[i]) : -1;
        if (in[i] == -2)
            return false;
        if (in[i] == -1 && proto->input[i][0])
            return dcn_fail(
                reader->error, DCN_ERROR_FORMAT,
                "node \"%.100s\" (%.50s): input \"%.200s\" is made by no node",
                proto->name && proto->name[0] ? proto->name
                : proto->n_output             ? proto->output[0]
                                              : "",
                proto->op_type ? proto->op_type : "", proto->input[i]);
        if (in[i] == DCN_LEFT_OUT)
            in[i] = -1;
    }
    DcnNode *node =
        dcn_add_node(reader, scope, proto->name, proto->op_type, proto->domain);
    if (!node)
        return false;
    int number = (int)scope->graph->n_nodes - 1;
    node->attributes = attributes;
    node->refusal = refusal;
    if (!read_attributes(reader, proto, scope, node, attributes))
        return false;
    for (size_t i = 0; i < proto->n_output; i++) {
        out[i] = -1;
        if (!proto->output[i][0])
            continue;
        out[i] = dcn_define_value(reader, scope, proto->output[i], DCN_VALUE_NODE);
        if (out[i] < 0)
            return false;
        scope->graph->values[out[i]].node = number;
    }
    node->in = in;
    node->out = out;
    node->n_in = proto->n_input;
    node->n_out = proto->n_output;
    label_node(scope->graph, node);
    return true;
}

bool
dcn_read_nodes(DcnReader *reader,
               DcnScope *scope,
               Onnx__NodeProto *const *nodes,
               size_t n_nodes)
{
    size_t *order = calloc(n_nodes + 1, sizeof *order);
    if (!order)
        return dcn_fail_memory(reader->error, "sorting the nodes",
                               n_nodes * sizeof *order);
    bool read = dcn_order_nodes(reader, nodes, n_nodes, order);
    for (size_t i = 0; read && i < n_nodes; i++) {
        const Onnx__NodeProto *node = nodes[order[i]];
        DcnFunction *function = dcn_find_function(reader, node);
        const char *refusal = NULL;
        if (!function)
            read = dcn_fused_function(reader, node, opset_of(reader, scope->call),
                                      &function, &refusal);
        if (read)
            read = function ? dcn_read_call(reader, scope, function, node)
                            : read_node(reader, node, scope, refusal);
    }
    free(order);
    return read;
}

/* --- counting --- */

static void
add_counts(DcnCounts *counts, size_t nodes, size_t values)
{
    counts->nodes += nodes > DCN_MOST_VALUES ? DCN_MOST_VALUES + 1 : nodes;
    counts->values += values > DCN_MOST_VALUES ? DCN_MOST_VALUES + 1 : values;
}

/* Names that a branch may capture: all that its nodes and outputs use. */
static size_t
count_uses(const Onnx__GraphProto *graph)
{
    size_t count = graph->n_output;
    for (size_t i = 0; i < graph->n_node; i++) {
        const Onnx__NodeProto *node = graph->node[i];
        count += node->n_input;
        for (size_t k = 0; k < node->n_attribute; k++)
            if (node->attribute[k]->g)
                count += count_uses(node->attribute[k]->g);
    }
    return count;
}

bool
dcn_count_nodes(DcnReader *reader,
                Onnx__NodeProto *const *nodes,
                size_t n_nodes,
                int opset,
                DcnCounts *counts)
{
    for (size_t i = 0; i < n_nodes; i++) {
        const Onnx__NodeProto *node = nodes[i];
        DcnFunction *function = dcn_find_function(reader, node);
        const char *refusal;
        if (!function && !dcn_fused_function(reader, node, opset, &function, &refusal))
            return false;
        add_counts(counts, 1, node->n_input + node->n_output);
        for (size_t k = 0; k < node->n_attribute; k++)
            if (node->attribute[k]->g)
                add_counts(counts, 0, count_uses(node->attribute[k]->g));
        DcnCounts inside = {0};
        if (function && !dcn_count_function(reader, function, &inside))
            return false;
        add_counts(counts, inside.nodes, inside.values);
        if (counts->nodes > DCN_MOST_VALUES || counts->values > DCN_MOST_VALUES)
            return dcn_too_many_values(reader);
    }
    return true;
}

/* --- the graph --- */

bool
dcn_read_graph(DcnReader *reader,
               const Onnx__GraphProto *proto,
               DcnScope *outer,
               const DcnFunctionCall *call,
               DcnGraph *graph,
               DcnNames *names)
{
    DcnScope scope = {.graph = graph, .names = names, .outer = outer, .call = call};
    if (!dcn_count_nodes(reader, proto->node, proto->n_node, opset_of(reader, call),
                         &scope.room))
        return false;
    add_counts(&scope.room, 0,
               proto->n_initializer + proto->n_sparse_initializer + proto->n_input +
                   proto->n_output);
    if (scope.room.values > DCN_MOST_VALUES)
        return dcn_too_many_values(reader);
    graph->outer = outer ? outer->graph : NULL;
    graph->values = dcn_reader_take(reader, scope.room.values, sizeof *graph->values);
    graph->nodes = dcn_reader_take(reader, scope.room.nodes, sizeof *graph->nodes);
    graph->outputs = dcn_reader_take(reader, proto->n_output, sizeof *graph->outputs);
    if (!graph->values || !graph->nodes || !graph->outputs)
        return false;
    if (outer) {
        int *captured = dcn_reader_take(reader, scope.room.values, sizeof *captured);
        if (!captured)
            return false;
        for (size_t i = 0; i < scope.room.values; i++)
            captured[i] = -1;
        graph->captured = captured;
    }
    if (!dcn_read_initialisers(reader, proto, &scope) ||
        !dcn_read_inputs(reader, proto, &scope) ||
        !dcn_read_nodes(reader, &scope, proto->node, proto->n_node))
        return false;
    for (size_t i = 0; i < proto->n_output; i++) {
        const char *name = proto->output[i]->name ? proto->output[i]->name : "";
        int value = dcn_use_value(reader, &scope, name);
        if (value == -2)
            return false;
        if (value < 0 || value == DCN_LEFT_OUT)
            return dcn_fail(reader->error, DCN_ERROR_FORMAT,
                            "the graph's output \"%.200s\" is made by no node", name);
        graph->outputs[graph->n_outputs++] = value;
    }
    return true;
}
