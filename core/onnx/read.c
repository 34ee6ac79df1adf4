/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.c: from ONNX's messages to a model: names become numbers, tensors are checked.
 *
 * What is wrong with a file itself is found here: names that nothing defines, nodes out
 * of order, tensors whose data do not fit their shape. What is wrong with an operator's
 * inputs or attributes is the operator's business, when a plan is made. ONNX IR:
 * https://onnx.ai/onnx/repo-docs/IR.html . */
#include "base/error.h"
#include "base/shape.h"
#include "onnx/onnx.h"
#include "onnx/reader.h"
#include "ops/op.h"
#include <stdlib.h>
#include <string.h>

#define OPSET_FIRST 7
#define OPSET_LAST 25
#define MAX_VALUES 100000

static const char *
take_bytes(DcnReader *reader, const ProtobufCBinaryData *bytes)
{
    char *copy = dcn_reader_take(reader, bytes->len + 1, 1);
    if (copy && bytes->len > 0)
        memcpy(copy, bytes->data, bytes->len);
    return copy;
}

/* --- attributes and nodes --- */

static bool read_graph(DcnReader *reader,
                       const Onnx__GraphProto *proto,
                       const DcnGraph *outer,
                       const DcnNames *outer_names,
                       DcnGraph *graph,
                       DcnNames *names);

static bool
read_strings(DcnReader *reader,
             const Onnx__AttributeProto *proto,
             DcnAttribute *attribute)
{
    const char **strings = dcn_reader_take(reader, proto->n_strings, sizeof *strings);
    if (!strings)
        return false;
    for (size_t i = 0; i < proto->n_strings; i++) {
        strings[i] = take_bytes(reader, &proto->strings[i]);
        if (!strings[i])
            return false;
    }
    attribute->strings = strings;
    attribute->count = proto->n_strings;
    return true;
}

/* The kind that the file states; files of IR version 1 and 2 may leave it out. */
static int
attribute_type(const Onnx__AttributeProto *proto)
{
    if (proto->type != ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED)
        return proto->type;
    if (proto->has_f)
        return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
    if (proto->has_i)
        return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
    if (proto->has_s)
        return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING;
    if (proto->t)
        return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR;
    if (proto->n_floats)
        return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS;
    if (proto->n_ints)
        return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;
    return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED;
}

static bool
read_attribute(DcnReader *reader,
               const Onnx__AttributeProto *proto,
               const DcnGraph *graph,
               const DcnNames *names,
               DcnAttribute *attribute)
{
    attribute->name = dcn_reader_text(reader, proto->name);
    if (!attribute->name)
        return false;
    if (proto->ref_attr_name && proto->ref_attr_name[0])
        return dcn_fail(reader->error, DCN_ERROR_UNSUPPORTED,
                        "attribute \"%.100s\" refers to a function's attribute",
                        attribute->name);
    attribute->kind = DCN_ATTRIBUTE_OTHER;
    switch (attribute_type(proto)) {
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT:
        attribute->kind = DCN_ATTRIBUTE_FLOAT;
        attribute->f = proto->f;
        break;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT:
        attribute->kind = DCN_ATTRIBUTE_INT;
        attribute->i = proto->i;
        break;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING:
        attribute->kind = DCN_ATTRIBUTE_STRING;
        attribute->string = take_bytes(reader, &proto->s);
        return attribute->string != NULL;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR:
        if (!proto->t)
            break;
        attribute->kind = DCN_ATTRIBUTE_TENSOR;
        return dcn_read_tensor(reader, proto->t, attribute->name, &attribute->tensor);
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS: {
        float *floats = dcn_reader_take(reader, proto->n_floats, sizeof *floats);
        if (!floats)
            return false;
        if (proto->n_floats)
            memcpy(floats, proto->floats, proto->n_floats * sizeof *floats);
        attribute->kind = DCN_ATTRIBUTE_FLOATS;
        attribute->floats = floats;
        attribute->count = proto->n_floats;
        break;
    }
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS: {
        int64_t *ints = dcn_reader_take(reader, proto->n_ints, sizeof *ints);
        if (!ints)
            return false;
        if (proto->n_ints)
            memcpy(ints, proto->ints, proto->n_ints * sizeof *ints);
        attribute->kind = DCN_ATTRIBUTE_INTS;
        attribute->ints = ints;
        attribute->count = proto->n_ints;
        break;
    }
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS:
        attribute->kind = DCN_ATTRIBUTE_STRINGS;
        return read_strings(reader, proto, attribute);
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH: {
        DcnGraph *inner = proto->g ? dcn_reader_take(reader, 1, sizeof *inner) : NULL;
        if (!inner)
            return proto->g == NULL;
        DcnNames inner_names = {0};
        bool read = read_graph(reader, proto->g, graph, names, inner, &inner_names);
        dcn_names_clear(&inner_names);
        attribute->kind = DCN_ATTRIBUTE_GRAPH;
        attribute->graph = inner;
        return read;
    }
    default:
        break;
    }
    return true;
}

/* --- graphs --- */

static int
add_value(DcnReader *reader,
          DcnGraph *graph,
          DcnNames *names,
          const char *name,
          DcnValueKind kind)
{
    if (dcn_names_get(names, name) >= 0) {
        dcn_fail(reader->error, DCN_ERROR_FORMAT, "two tensors have the name \"%.200s\"",
                 name);
        return -1;
    }
    int number = (int)graph->n_values;
    DcnValue *value = &graph->values[number];
    value->name = dcn_reader_text(reader, name);
    if (!value->name)
        return -1;
    if (!dcn_names_add(names, value->name, number)) {
        dcn_fail_memory(reader->error, "a table of names", graph->n_values * 32);
        return -1;
    }
    graph->n_values++;
    value->kind = kind;
    value->node = -1;
    value->shape.rank = -1;
    return number;
}

/* The number of a name that a node or output uses: of this graph, or captured from the
 * graphs around it. -1 and no error: nothing has this name. -2: no memory. */
static int
use_value(DcnReader *reader,
          DcnGraph *graph,
          DcnNames *names,
          const DcnNames *outer_names,
          const char *name)
{
    int number = dcn_names_get(names, name);
    if (number >= 0 || !outer_names)
        return number;
    int outer = dcn_names_get(outer_names, name);
    if (outer < 0)
        return -1;
    number = add_value(reader, graph, names, name, DCN_VALUE_INPUT);
    if (number < 0)
        return -2;
    ((int *)(uintptr_t)graph->captured)[number] = outer;
    return number;
}

static bool
read_initialisers(DcnReader *reader,
                  const Onnx__GraphProto *proto,
                  DcnGraph *graph,
                  DcnNames *names)
{
    for (size_t i = 0; i < proto->n_initializer; i++) {
        const Onnx__TensorProto *tensor = proto->initializer[i];
        int value = add_value(reader, graph, names, tensor->name ? tensor->name : "",
                              DCN_VALUE_INITIALISER);
        if (value < 0)
            return false;
        graph->values[value].shape = (DcnShape){.rank = -1};
        if (!dcn_read_tensor(reader, tensor, graph->values[value].name,
                             &graph->values[value].tensor))
            return false;
    }
    return true;
}

static bool
read_inputs(DcnReader *reader,
            const Onnx__GraphProto *proto,
            DcnGraph *graph,
            DcnNames *names)
{
    graph->inputs = dcn_reader_take(reader, proto->n_input, sizeof *graph->inputs);
    if (!graph->inputs)
        return false;
    for (size_t i = 0; i < proto->n_input; i++) {
        const Onnx__ValueInfoProto *info = proto->input[i];
        const char *name = info->name ? info->name : "";
        int existing = dcn_names_get(names, name);
        if (existing >= 0 && graph->values[existing].kind == DCN_VALUE_INITIALISER)
            continue; /* IR version 3: initialisers stand among the inputs */
        int number = add_value(reader, graph, names, name, DCN_VALUE_INPUT);
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

static bool
read_node(DcnReader *reader,
          const Onnx__NodeProto *proto,
          DcnGraph *graph,
          DcnNames *names,
          const DcnNames *outer_names,
          int number)
{
    DcnNode *node = &graph->nodes[number];
    int *in = dcn_reader_take(reader, proto->n_input, sizeof *in);
    int *out = dcn_reader_take(reader, proto->n_output, sizeof *out);
    DcnAttribute *attributes =
        dcn_reader_take(reader, proto->n_attribute, sizeof *attributes);
    node->name = dcn_reader_text(reader, proto->name);
    node->type = dcn_reader_text(reader, proto->op_type);
    node->domain = dcn_reader_text(reader, proto->domain);
    if (!in || !out || !attributes || !node->name || !node->type || !node->domain)
        return false;
    bool ours = node->domain[0] == '\0' || strcmp(node->domain, "ai.onnx") == 0;
    node->op = ours ? dcn_op_find(node->type) : NULL;
    for (size_t i = 0; i < proto->n_input; i++) {
        in[i] = proto->input[i][0]
                    ? use_value(reader, graph, names, outer_names, proto->input[i])
                    : -1;
        if (in[i] == -2)
            return false;
        if (in[i] == -1 && proto->input[i][0])
            return dcn_fail(
                reader->error, DCN_ERROR_FORMAT,
                "node \"%.100s\" (%.50s): input \"%.200s\" is made by no node before it",
                node->name, node->type, proto->input[i]);
    }
    node->attributes = attributes;
    for (size_t i = 0; i < proto->n_attribute; i++) {
        if (!read_attribute(reader, proto->attribute[i], graph, names, &attributes[i]))
            return false;
        node->n_attributes++;
    }
    for (size_t i = 0; i < proto->n_output; i++) {
        out[i] = -1;
        if (!proto->output[i][0])
            continue;
        out[i] = add_value(reader, graph, names, proto->output[i], DCN_VALUE_NODE);
        if (out[i] < 0)
            return false;
        graph->values[out[i]].node = number;
    }
    node->in = in;
    node->out = out;
    node->n_in = proto->n_input;
    node->n_out = proto->n_output;
    return true;
}

/* An upper bound for the values of a graph; 0 if there are too many. */
static size_t
count_values(const Onnx__GraphProto *proto)
{
    size_t count = proto->n_initializer + proto->n_input + proto->n_output;
    for (size_t i = 0; i < proto->n_node; i++)
        count += proto->node[i]->n_output + proto->node[i]->n_input;
    return count > MAX_VALUES ? 0 : count + 1;
}

static bool
read_graph(DcnReader *reader,
           const Onnx__GraphProto *proto,
           const DcnGraph *outer,
           const DcnNames *outer_names,
           DcnGraph *graph,
           DcnNames *names)
{
    size_t most = count_values(proto);
    if (most == 0)
        return dcn_fail(reader->error, DCN_ERROR_UNSUPPORTED,
                        "the graph has more than %d tensors", MAX_VALUES);
    graph->outer = outer;
    graph->values = dcn_reader_take(reader, most, sizeof *graph->values);
    graph->nodes = dcn_reader_take(reader, proto->n_node, sizeof *graph->nodes);
    graph->outputs = dcn_reader_take(reader, proto->n_output, sizeof *graph->outputs);
    if (!graph->values || !graph->nodes || !graph->outputs)
        return false;
    if (outer) {
        int *captured = dcn_reader_take(reader, most, sizeof *captured);
        if (!captured)
            return false;
        for (size_t i = 0; i < most; i++)
            captured[i] = -1;
        graph->captured = captured;
    }
    if (!read_initialisers(reader, proto, graph, names) ||
        !read_inputs(reader, proto, graph, names))
        return false;
    for (size_t i = 0; i < proto->n_node; i++) {
        if (!read_node(reader, proto->node[i], graph, names, outer_names, (int)i))
            return false;
        graph->n_nodes++;
    }
    for (size_t i = 0; i < proto->n_output; i++) {
        const char *name = proto->output[i]->name ? proto->output[i]->name : "";
        int value = use_value(reader, graph, names, outer_names, name);
        if (value == -2)
            return false;
        if (value < 0)
            return dcn_fail(reader->error, DCN_ERROR_FORMAT,
                            "the graph's output \"%.200s\" is made by no node", name);
        graph->outputs[graph->n_outputs++] = value;
    }
    return true;
}

/* --- the model --- */

static bool
read_properties(DcnReader *reader, const Onnx__ModelProto *proto)
{
    DcnModel *model = reader->model;
    model->properties =
        dcn_reader_take(reader, proto->n_metadata_props, sizeof *model->properties);
    if (!model->properties)
        return false;
    for (size_t i = 0; i < proto->n_metadata_props; i++) {
        DcnProperty *property = &model->properties[i];
        property->key = dcn_reader_text(reader, proto->metadata_props[i]->key);
        property->value = dcn_reader_text(reader, proto->metadata_props[i]->value);
        if (!property->key || !property->value)
            return false;
        model->n_properties++;
    }
    return true;
}

static bool
read_opset(DcnReader *reader, const Onnx__ModelProto *proto)
{
    int64_t opset = 0;
    for (size_t i = 0; i < proto->n_opset_import; i++) {
        const char *domain = proto->opset_import[i]->domain;
        if (!domain || !domain[0] || strcmp(domain, "ai.onnx") == 0)
            opset = proto->opset_import[i]->version;
    }
    /* Files older than the list of opsets are opset 1; operator tests come with any
     * opset. */
    if (opset > OPSET_LAST || opset < 1)
        return dcn_fail(reader->error, DCN_ERROR_UNSUPPORTED,
                        "the file has opset %lld: %d to %d are supported",
                        (long long)opset, OPSET_FIRST, OPSET_LAST);
    reader->model->opset = (int)opset;
    return true;
}

static bool
name_nodes(DcnReader *reader)
{
    DcnModel *model = reader->model;
    for (size_t i = 0; i < model->graph.n_nodes; i++)
        if (model->graph.nodes[i].name[0] &&
            !dcn_names_add(&model->node_names, model->graph.nodes[i].name, (int)i))
            return dcn_fail_memory(reader->error, "a table of names", i * 32);
    return true;
}

bool
dcn_read_model(DcnModel *model,
               const unsigned char *bytes,
               size_t size,
               const char *folder,
               DcnError *error)
{
    DcnReader reader = {model, bytes, size, folder, error};
    unsigned char *skeleton;
    size_t skeleton_size;
    if (!dcn_scan_model(bytes, size, &skeleton, &skeleton_size, error))
        return false;
    Onnx__ModelProto *proto = onnx__model_proto__unpack(NULL, skeleton_size, skeleton);
    free(skeleton);
    if (!proto)
        return dcn_fail(error, DCN_ERROR_FORMAT,
                        "this is not an ONNX file, or it is damaged");
    bool read = false;
    if (!proto->graph || proto->n_opset_import == 0) {
        dcn_fail(error, DCN_ERROR_FORMAT, "this is not an ONNX file: it has no %s",
                 proto->graph ? "opset" : "graph");
    } else {
        model->ir_version = proto->ir_version;
        read = read_opset(&reader, proto) && read_properties(&reader, proto) &&
               read_graph(&reader, proto->graph, NULL, NULL, &model->graph,
                          &model->value_names) &&
               name_nodes(&reader);
    }
    onnx__model_proto__free_unpacked(proto, NULL);
    return read;
}
