/* SPDX-License-Identifier: GPL-3.0-or-later */
/* function.c: functions of the file itself, written out where they are called.
 *
 * A function (ONNX IR, "Functions") is a list of nodes with formal inputs, outputs and
 * attributes. A call becomes these nodes in the caller's graph. What the body makes is
 * called "CALL/name", but for the function's outputs, which have the caller's names: from
 * outside a call is one node. */
#include "base/error.h"
#include "onnx/reader.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define MAX_CALLS 64 /* calls inside of calls */

static const char *
domain_of(const char *domain)
{
    return !domain || strcmp(domain, "ai.onnx") == 0 ? "" : domain;
}

int64_t
dcn_opset_of(Onnx__OperatorSetIdProto *const *imports, size_t n_imports)
{
    int64_t opset = 0;
    for (size_t i = 0; i < n_imports; i++)
        if (!domain_of(imports[i]->domain)[0])
            opset = imports[i]->version;
    return opset;
}

bool
dcn_read_functions(DcnReader *reader, const Onnx__ModelProto *proto)
{
    reader->functions =
        dcn_reader_take(reader, proto->n_functions, sizeof *reader->functions);
    if (!reader->functions)
        return false;
    for (size_t i = 0; i < proto->n_functions && i < INT_MAX; i++) {
        const Onnx__FunctionProto *function = proto->functions[i];
        if (!function->name || !function->name[0])
            return dcn_fail(reader->error, DCN_ERROR_FORMAT,
                            "a function of the file has no name");
        int64_t opset = dcn_opset_of(function->opset_import, function->n_opset_import);
        int first = dcn_names_get(&reader->function_names, function->name);
        reader->functions[i] = (DcnFunction){
            .proto = function,
            .opset = opset > 0 && opset <= 10000 ? (int)opset : reader->model->opset,
            .next = first < 0 ? -1 : reader->functions[first].next};
        if (first >= 0)
            reader->functions[first].next = (int)i;
        else if (!dcn_names_add(&reader->function_names, function->name, (int)i))
            return dcn_fail_memory(reader->error, "a table of names", i * 32);
        reader->n_functions++;
    }
    return true;
}

DcnFunction *
dcn_find_function(const DcnReader *reader, const Onnx__NodeProto *node)
{
    int i = node->op_type ? dcn_names_get(&reader->function_names, node->op_type) : -1;
    for (; i >= 0; i = reader->functions[i].next) {
        const Onnx__FunctionProto *proto = reader->functions[i].proto;
        if (strcmp(domain_of(proto->domain), domain_of(node->domain)) == 0 &&
            strcmp(proto->overload ? proto->overload : "",
                   node->overload ? node->overload : "") == 0)
            return &reader->functions[i];
    }
    return NULL;
}

bool
dcn_count_function(DcnReader *reader, DcnFunction *function, DcnCounts *counts)
{
    const Onnx__FunctionProto *proto = function->proto;
    if (function->state == DCN_COUNTING)
        return dcn_fail(reader->error, DCN_ERROR_FORMAT,
                        "the file's function \"%.100s\" calls itself", proto->name);
    if (function->state == DCN_NOT_COUNTED) {
        function->state = DCN_COUNTING;
        /* an output that is an input as it is becomes a node */
        function->counts = (DcnCounts){proto->n_output, proto->n_output};
        if (!dcn_count_nodes(reader, proto->node, proto->n_node, function->opset,
                             &function->counts))
            return false;
        function->state = DCN_COUNTED;
    }
    *counts = function->counts;
    return true;
}

/* An output of the function that is one of its inputs, or another output, as it is. */
static bool
hand_on(DcnReader *reader, DcnScope *body, const char *formal, const char *actual)
{
    int from = dcn_use_value(reader, body, formal);
    if (from < 0 || from == DCN_LEFT_OUT)
        return from == -2 ||
               dcn_fail(reader->error, DCN_ERROR_FORMAT,
                        "function \"%.100s\": output \"%.100s\" is made by no node",
                        body->call->function->proto->name, formal);
    int *in = dcn_reader_take(reader, 1, sizeof *in);
    int *out = dcn_reader_take(reader, 1, sizeof *out);
    DcnNode *node = in && out ? dcn_add_node(reader, body, "", "Identity", "") : NULL;
    if (!node)
        return false;
    in[0] = from;
    out[0] = dcn_define_value(reader, body->call->caller, actual, DCN_VALUE_NODE);
    if (out[0] < 0)
        return false;
    body->graph->values[out[0]].node = (int)body->graph->n_nodes - 1;
    node->in = in;
    node->out = out;
    node->n_in = node->n_out = 1;
    node->label = body->graph->values[out[0]].name;
    return true;
}

static bool
give_inputs(DcnReader *reader, DcnScope *scope, DcnScope *body)
{
    const Onnx__FunctionProto *function = body->call->function->proto;
    const Onnx__NodeProto *node = body->call->node;
    for (size_t i = 0; i < function->n_input; i++) {
        int number = DCN_LEFT_OUT;
        if (i < node->n_input && node->input[i][0])
            number = dcn_use_value(reader, scope, node->input[i]);
        if (number == -2)
            return false;
        if (number < 0)
            return dcn_fail(
                reader->error, DCN_ERROR_FORMAT,
                "node \"%.100s\" (%.50s): input \"%.200s\" is made by no node",
                node->name ? node->name : "", node->op_type, node->input[i]);
        if (!dcn_names_add(body->names, function->input[i], number))
            return dcn_fail_memory(reader->error, "a table of names", 32);
    }
    return true;
}

bool
dcn_read_call(DcnReader *reader,
              DcnScope *scope,
              const DcnFunction *function,
              const Onnx__NodeProto *node)
{
    const Onnx__FunctionProto *proto = function->proto;
    size_t depth = 0;
    for (const DcnFunctionCall *call = scope->call; call; call = call->caller->call)
        depth++;
    if (depth >= MAX_CALLS)
        return dcn_fail(reader->error, DCN_ERROR_UNSUPPORTED,
                        "functions of the file call each other more than %d deep",
                        MAX_CALLS);
    char prefix[256];
    snprintf(prefix, sizeof prefix, "%.120s%.120s/",
             scope->call ? scope->call->prefix : "",
             node->name && node->name[0] ? node->name
             : node->n_output            ? node->output[0]
                                         : proto->name);
    DcnFunctionCall call = {function, node, scope, prefix};
    DcnNames names = {0};
    DcnScope body = {.graph = scope->graph, .names = &names, .call = &call};
    bool read = give_inputs(reader, scope, &body) &&
                dcn_read_nodes(reader, &body, proto->node, proto->n_node);
    for (size_t i = 0; read && i < proto->n_output && i < node->n_output; i++)
        if (node->output[i][0] && dcn_names_get(scope->names, node->output[i]) < 0)
            read = hand_on(reader, &body, proto->output[i], node->output[i]);
    dcn_names_clear(&names);
    return read;
}
