/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write.c: a model as an ONNX file.
 *
 * The message is a light skeleton whose strings and weights point into the model, and
 * protobuf-c hands the bytes over piece by piece, so that writing a file of half a
 * gigabyte takes no second half gigabyte of memory. The file is written beside its place
 * and moved there when it is whole. */
#include "base/error.h"
#include "base/shape.h"
#include "edit.h"
#include "model/model_private.h"
#include "onnx.pb-c.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of the IR version: before, initialisers had to stand among the inputs too. */
#define IR_FIRST 4

/* What is added to the name of a file that is not whole yet, and how long names may be. */
#define PART ".part"
#define LONGEST_NAME 255

typedef struct {
    const DcnModel *model;
    DcnArena *arena; /* of the skeleton */
    DcnPlan *plan;   /* shapes of outputs; NULL: unknown */
    DcnPlan *other;  /* the same for pictures of another size, if the size is open */
    DcnError *error;
} Writer;

static void *
take(Writer *writer, size_t count, size_t size)
{
    void *memory = dcn_arena_alloc(writer->arena, (count + 1) * size);
    if (!memory)
        dcn_fail_memory(writer->error, "writing a model", count * size);
    return memory;
}

static char *
text_of(const char *text)
{
    return (char *)(uintptr_t)text; /* protobuf-c does not write to it */
}

static Onnx__TensorProto *
tensor_proto(Writer *writer, const DcnTensor *tensor, const char *name)
{
    Onnx__TensorProto *proto = take(writer, 1, sizeof *proto);
    int64_t *dims = take(writer, (size_t)tensor->shape.rank, sizeof *dims);
    if (!proto || !dims)
        return NULL;
    size_t size = dcn_type_size(tensor->type), count;
    if (size == 0 || !dcn_shape_elements(&tensor->shape, &count)) {
        dcn_fail(writer->error, DCN_ERROR_UNSUPPORTED,
                 "tensor \"%.100s\" is of a type that cannot be written", name);
        return NULL;
    }
    onnx__tensor_proto__init(proto);
    memcpy(dims, tensor->shape.dim, (size_t)tensor->shape.rank * sizeof *dims);
    proto->n_dims = (size_t)tensor->shape.rank;
    proto->dims = dims;
    proto->has_data_type = 1;
    proto->data_type = (int32_t)tensor->type;
    proto->name = text_of(name);
    proto->has_raw_data = 1;
    proto->raw_data.len = dcn_type_file_bytes(tensor->type, count);
    proto->raw_data.data = (uint8_t *)(uintptr_t)tensor->data;
    if (dcn_type_is_half_byte(tensor->type)) {
        proto->raw_data.data = take(writer, proto->raw_data.len, 1);
        if (!proto->raw_data.data)
            return NULL;
        dcn_halves_pack(tensor->data, count, proto->raw_data.data);
    }
    return proto;
}

static bool
attribute_proto(Writer *writer,
                const DcnNode *node,
                const DcnAttribute *attribute,
                Onnx__AttributeProto *proto)
{
    onnx__attribute_proto__init(proto);
    proto->name = text_of(attribute->name);
    proto->has_type = 1;
    switch (attribute->kind) {
    case DCN_ATTRIBUTE_INT:
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
        proto->has_i = 1;
        proto->i = attribute->i;
        return true;
    case DCN_ATTRIBUTE_FLOAT:
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
        proto->has_f = 1;
        proto->f = attribute->f;
        return true;
    case DCN_ATTRIBUTE_STRING:
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING;
        proto->has_s = 1;
        proto->s.len = strlen(attribute->string);
        proto->s.data = (uint8_t *)text_of(attribute->string);
        return true;
    case DCN_ATTRIBUTE_TENSOR:
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR;
        proto->t = tensor_proto(writer, &attribute->tensor, "");
        return proto->t != NULL;
    case DCN_ATTRIBUTE_INTS:
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;
        proto->n_ints = attribute->count;
        proto->ints = (int64_t *)(uintptr_t)attribute->ints;
        return true;
    case DCN_ATTRIBUTE_FLOATS:
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS;
        proto->n_floats = attribute->count;
        proto->floats = (float *)(uintptr_t)attribute->floats;
        return true;
    case DCN_ATTRIBUTE_STRINGS:
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS;
        proto->strings = take(writer, attribute->count, sizeof *proto->strings);
        for (size_t i = 0; proto->strings && i < attribute->count; i++)
            proto->strings[i] = (ProtobufCBinaryData){
                strlen(attribute->strings[i]), (uint8_t *)text_of(attribute->strings[i])};
        proto->n_strings = attribute->count;
        return proto->strings != NULL;
    case DCN_ATTRIBUTE_GRAPH:
    case DCN_ATTRIBUTE_OTHER:
        break;
    }
    return dcn_fail(writer->error, DCN_ERROR_UNSUPPORTED,
                    "node \"%.100s\" (%.50s): attribute \"%.50s\" cannot be written",
                    node->name, node->type, attribute->name);
}

static char **
names_of(Writer *writer, const int *values, size_t count)
{
    char **names = take(writer, count, sizeof *names);
    for (size_t i = 0; names && i < count; i++)
        names[i] = values[i] < 0 ? text_of("")
                                 : text_of(writer->model->graph.values[values[i]].name);
    return names;
}

static Onnx__NodeProto *
node_proto(Writer *writer, const DcnNode *node)
{
    if (node->domain[0] && strcmp(node->domain, "ai.onnx") != 0) {
        dcn_fail(writer->error, DCN_ERROR_UNSUPPORTED,
                 "node \"%.100s\" (%.50s): operators of \"%.50s\" cannot be written",
                 node->name, node->type, node->domain);
        return NULL;
    }
    if (node->opset != writer->model->opset) {
        dcn_fail(
            writer->error, DCN_ERROR_UNSUPPORTED,
            "node \"%.100s\" (%.50s): it is of opset %d, the rest of opset %d: this cannot be written",
            node->label, node->type, node->opset, writer->model->opset);
        return NULL;
    }
    Onnx__NodeProto *proto = take(writer, 1, sizeof *proto);
    Onnx__AttributeProto *attributes =
        take(writer, node->n_attributes, sizeof *attributes);
    if (!proto || !attributes)
        return NULL;
    onnx__node_proto__init(proto);
    proto->n_input = node->n_in;
    proto->input = names_of(writer, node->in, node->n_in);
    proto->n_output = node->n_out;
    proto->output = names_of(writer, node->out, node->n_out);
    proto->name = node->name[0] ? text_of(node->name) : NULL;
    proto->op_type = text_of(node->type);
    proto->attribute = take(writer, node->n_attributes, sizeof *proto->attribute);
    if (!proto->input || !proto->output || !proto->attribute)
        return NULL;
    for (size_t i = 0; i < node->n_attributes; i++) {
        if (!attribute_proto(writer, node, &node->attributes[i], &attributes[i]))
            return NULL;
        proto->attribute[proto->n_attribute++] = &attributes[i];
    }
    return proto;
}

/* batch: the first axis has any size, and is called N. */
static Onnx__ValueInfoProto *
info_proto(
    Writer *writer, const char *name, DcnType type, const DcnShape *shape, bool batch)
{
    static const char *const open[] = {"N", "C", "H", "W"};
    Onnx__ValueInfoProto *info = take(writer, 1, sizeof *info);
    Onnx__TypeProto *type_proto = take(writer, 1, sizeof *type_proto);
    Onnx__TypeProto__Tensor *tensor = take(writer, 1, sizeof *tensor);
    Onnx__TensorShapeProto *axes = take(writer, 1, sizeof *axes);
    size_t rank = shape && shape->rank > 0 ? (size_t)shape->rank : 0;
    Onnx__TensorShapeProto__Dimension *dims = take(writer, rank, sizeof *dims);
    Onnx__TensorShapeProto__Dimension **list = take(writer, rank, sizeof *list);
    if (!info || !type_proto || !tensor || !axes || !dims || !list)
        return NULL;
    onnx__value_info_proto__init(info);
    onnx__type_proto__init(type_proto);
    onnx__type_proto__tensor__init(tensor);
    onnx__tensor_shape_proto__init(axes);
    info->name = text_of(name);
    info->type = type_proto;
    type_proto->tensor_type = tensor;
    tensor->has_elem_type = 1;
    tensor->elem_type = (int32_t)(type ? type : DCN_FLOAT);
    if (!shape || shape->rank < 0)
        return info;
    tensor->shape = axes;
    axes->n_dim = rank;
    axes->dim = list;
    for (size_t d = 0; d < rank; d++) {
        list[d] = &dims[d];
        onnx__tensor_shape_proto__dimension__init(&dims[d]);
        if (shape->dim[d] < 0 || (d == 0 && batch)) {
            dims[d].dim_param = text_of(open[d < 4 ? d : 3]);
        } else {
            dims[d].has_dim_value = 1;
            dims[d].dim_value = shape->dim[d];
        }
    }
    return info;
}

static bool
is_used(const DcnGraph *graph, int number)
{
    for (size_t i = 0; i < graph->n_nodes; i++)
        for (size_t k = 0; k < graph->nodes[i].n_in; k++)
            if (graph->nodes[i].in[k] == number)
                return true;
    for (size_t i = 0; i < graph->n_outputs; i++)
        if (graph->outputs[i] == number)
            return true;
    return false;
}

/* An output's shape; axes that change with the size of the picture are open. */
static DcnShape
output_shape(const Writer *writer, size_t index)
{
    DcnShape shape = {.rank = -1};
    if (!writer->plan)
        return shape;
    shape = *dcn_plan_shape(writer->plan, dcn_plan_output(writer->plan, index));
    if (!writer->other)
        return shape;
    const DcnShape *other =
        dcn_plan_shape(writer->other, dcn_plan_output(writer->other, index));
    if (other->rank != shape.rank)
        return (DcnShape){.rank = -1};
    for (int d = 0; d < shape.rank; d++)
        if (shape.dim[d] != other->dim[d])
            shape.dim[d] = -1;
    return shape;
}

static Onnx__GraphProto *
graph_proto(Writer *writer)
{
    const DcnGraph *graph = &writer->model->graph;
    Onnx__GraphProto *proto = take(writer, 1, sizeof *proto);
    if (!proto)
        return NULL;
    onnx__graph_proto__init(proto);
    proto->name = text_of("net");
    proto->node = take(writer, graph->n_nodes, sizeof *proto->node);
    proto->initializer = take(writer, graph->n_values, sizeof *proto->initializer);
    proto->input = take(writer, graph->n_inputs, sizeof *proto->input);
    proto->output = take(writer, graph->n_outputs, sizeof *proto->output);
    if (!proto->node || !proto->initializer || !proto->input || !proto->output)
        return NULL;
    for (size_t i = 0; i < graph->n_nodes; i++)
        if (!(proto->node[proto->n_node++] = node_proto(writer, &graph->nodes[i])))
            return NULL;
    double bytes = 0;
    for (size_t i = 0; i < graph->n_values; i++) {
        const DcnValue *value = &graph->values[i];
        if (value->kind != DCN_VALUE_INITIALISER || !is_used(graph, (int)i))
            continue;
        Onnx__TensorProto *tensor = tensor_proto(writer, &value->tensor, value->name);
        if (!tensor)
            return NULL;
        bytes += (double)tensor->raw_data.len;
        proto->initializer[proto->n_initializer++] = tensor;
    }
    if (bytes > 2e9) {
        dcn_fail(writer->error, DCN_ERROR_UNSUPPORTED,
                 "%.0f MB of weights: an ONNX file of one piece holds 2000 MB",
                 bytes / 1e6);
        return NULL;
    }
    bool batch = false;
    for (size_t i = 0; i < graph->n_inputs; i++) {
        const DcnValue *value = &graph->values[graph->inputs[i]];
        batch |= value->shape.rank > 0 && value->shape.dim[0] < 0;
        if (!(proto->input[proto->n_input++] =
                  info_proto(writer, value->name, value->type, &value->shape, false)))
            return NULL;
    }
    for (size_t i = 0; i < graph->n_outputs; i++) {
        DcnShape shape = output_shape(writer, i);
        if (!(proto->output[proto->n_output++] =
                  info_proto(writer, graph->values[graph->outputs[i]].name, DCN_FLOAT,
                             &shape, batch)))
            return NULL;
    }
    return proto;
}

static bool
model_proto(Writer *writer, Onnx__ModelProto *proto)
{
    const DcnModel *model = writer->model;
    onnx__model_proto__init(proto);
    Onnx__OperatorSetIdProto *opset = take(writer, 1, sizeof *opset);
    proto->opset_import = take(writer, 1, sizeof *proto->opset_import);
    Onnx__StringStringEntryProto *entries =
        take(writer, model->n_properties, sizeof *entries);
    proto->metadata_props =
        take(writer, model->n_properties, sizeof *proto->metadata_props);
    if (!opset || !proto->opset_import || !entries || !proto->metadata_props)
        return false;
    onnx__operator_set_id_proto__init(opset);
    opset->domain = text_of("");
    opset->has_version = 1;
    opset->version = model->opset;
    proto->n_opset_import = 1;
    proto->opset_import[0] = opset;
    proto->has_ir_version = 1;
    proto->ir_version = model->ir_version < IR_FIRST ? IR_FIRST : model->ir_version;
    proto->producer_name = text_of("featurescope");
    for (size_t i = 0; i < model->n_properties; i++) {
        onnx__string_string_entry_proto__init(&entries[i]);
        entries[i].key = text_of(model->properties[i].key);
        entries[i].value = text_of(model->properties[i].value);
        proto->metadata_props[proto->n_metadata_props++] = &entries[i];
    }
    proto->graph = graph_proto(writer);
    return proto->graph != NULL;
}

/* --- the file --- */

typedef struct {
    ProtobufCBuffer base;
    FILE *file;
    bool failed;
} FileBuffer;

static void
append(ProtobufCBuffer *buffer, size_t size, const uint8_t *bytes)
{
    FileBuffer *to = (FileBuffer *)(void *)buffer;
    if (!to->failed && size > 0 && fwrite(bytes, 1, size, to->file) != size)
        to->failed = true;
}

/* "net.onnx.part"; of a name that is too long for that, the beginning. NULL: no memory. */
static char *
name_of_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) + 1 : 0, length = strlen(path);
    if (length - folder > LONGEST_NAME - strlen(PART))
        length = folder + LONGEST_NAME - strlen(PART);
    char *part = malloc(length + sizeof PART);
    if (part) {
        memcpy(part, path, length);
        memcpy(part + length, PART, sizeof PART);
    }
    return part;
}

/* Renaming would put a file in the place of a device or a FIFO. */
static bool
may_be_replaced(const char *path)
{
    struct stat is;
    if (stat(path, &is) != 0 || S_ISREG(is.st_mode))
        return true;
    errno = S_ISDIR(is.st_mode) ? EISDIR : ENOTSUP;
    return false;
}

static bool
write_file(const Onnx__ModelProto *proto, const char *path, DcnError *error)
{
    char *part = name_of_part(path);
    if (!part)
        return dcn_fail_memory(error, "a path", strlen(path));
    FileBuffer to = {.base = {append}};
    if (may_be_replaced(path))
        to.file = fopen(part, "wb");
    bool written = to.file != NULL;
    if (written) {
        protobuf_c_message_pack_to_buffer(&proto->base, &to.base);
        written = !to.failed && fflush(to.file) == 0 && fsync(fileno(to.file)) == 0;
        int problem = errno;
        written = fclose(to.file) == 0 && written;
        errno = written ? 0 : problem;
        written = written && rename(part, path) == 0;
    }
    if (!written) {
        dcn_fail(error, DCN_ERROR_FILE, "%.300s cannot be written: %s", path,
                 strerror(errno));
        if (to.file)
            remove(part);
    }
    free(part);
    return written;
}

/* A plan, or none if the model has no shapes here. False: no memory. */
static bool
plan_for(Writer *writer, const DcnPlanOptions *options, DcnPlan **plan)
{
    DcnError problem = {0};
    *plan = dcn_plan_new(writer->model, options, &problem);
    if (problem.code != DCN_ERROR_MEMORY)
        return true;
    if (writer->error)
        *writer->error = problem;
    return false;
}

/* Plans to take shapes from. What has none here may have them elsewhere: then they are
 * left out. */
static bool
plan_shapes(Writer *writer)
{
    DcnPlanOptions options = {.passes_off = DCN_PASS_ALL, .memory_limit = SIZE_MAX};
    DcnInputLayout layout;
    if (!plan_for(writer, &options, &writer->plan))
        return false;
    if (!writer->plan || !dcn_model_input_layout(writer->model, &layout, NULL) ||
        (layout.height > 0 && layout.width > 0))
        return true;
    /* so much larger than what a plan takes that any stride tells the two apart */
    options.height = layout.height > 0 ? 0 : 992;
    options.width = layout.width > 0 ? 0 : 1056;
    if (!plan_for(writer, &options, &writer->other))
        return false;
    if (writer->other)
        return true;
    dcn_plan_free(writer->plan);
    writer->plan = NULL;
    return true;
}

bool
dcn_model_write(const DcnModel *model, const char *path, DcnError *error)
{
    Writer writer = {.model = model, .arena = dcn_arena_new(), .error = error};
    if (!writer.arena)
        return dcn_fail_memory(error, "writing a model", sizeof *model);
    Onnx__ModelProto proto;
    bool done = plan_shapes(&writer) && model_proto(&writer, &proto) &&
                write_file(&proto, path, error);
    dcn_plan_free(writer.other);
    dcn_plan_free(writer.plan);
    dcn_arena_free(writer.arena);
    return done;
}
