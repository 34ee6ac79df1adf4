/* build_model.c: small ONNX models, written with the schema's own code.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "build_model.h"
#include "onnx.pb-c.h"
#include <string.h>

struct NewModel {
    GPtrArray *nodes, *initialisers, *inputs, *outputs, *properties;
    int opset;
    guint8 *bytes;
    gsize size;
    GPtrArray *memory; /* everything that is freed at the end */
};

static void *
keep(NewModel *net, gsize bytes)
{
    void *memory = g_malloc0(bytes ? bytes : 1);
    g_ptr_array_add(net->memory, memory);
    return memory;
}

static char *
keep_text(NewModel *net, const char *text)
{
    char *copy = g_strdup(text);
    g_ptr_array_add(net->memory, copy);
    return copy;
}

/* The numbers of "1,-2,3". */
static gint64 *
numbers(NewModel *net, const char *text, gsize *count)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    *count = text[0] ? g_strv_length(parts) : 0;
    gint64 *values = keep(net, *count * sizeof *values);
    for (gsize i = 0; i < *count; i++)
        values[i] = g_ascii_strtoll(parts[i], NULL, 10);
    return values;
}

NewModel *
new_model(int opset)
{
    NewModel *net = g_new0(NewModel, 1);
    net->opset = opset;
    net->nodes = g_ptr_array_new();
    net->initialisers = g_ptr_array_new();
    net->inputs = g_ptr_array_new();
    net->outputs = g_ptr_array_new();
    net->properties = g_ptr_array_new();
    net->memory = g_ptr_array_new_with_free_func(g_free);
    return net;
}

void
new_model_free(NewModel *net)
{
    g_ptr_array_unref(net->nodes);
    g_ptr_array_unref(net->initialisers);
    g_ptr_array_unref(net->inputs);
    g_ptr_array_unref(net->outputs);
    g_ptr_array_unref(net->properties);
    g_ptr_array_unref(net->memory);
    g_free(net->bytes);
    g_free(net);
}

static Onnx__ValueInfoProto *
value_info(NewModel *net, const char *name, const char *shape)
{
    Onnx__ValueInfoProto *info = keep(net, sizeof *info);
    onnx__value_info_proto__init(info);
    info->name = keep_text(net, name);
    if (!shape)
        return info;
    gsize rank;
    gint64 *dims = numbers(net, shape, &rank);
    info->type = keep(net, sizeof *info->type);
    onnx__type_proto__init(info->type);
    Onnx__TypeProto__Tensor *tensor = info->type->tensor_type = keep(net, sizeof *tensor);
    onnx__type_proto__tensor__init(tensor);
    tensor->has_elem_type = TRUE;
    tensor->elem_type = DCN_FLOAT;
    tensor->shape = keep(net, sizeof *tensor->shape);
    onnx__tensor_shape_proto__init(tensor->shape);
    tensor->shape->n_dim = rank;
    tensor->shape->dim = keep(net, rank * sizeof *tensor->shape->dim);
    for (gsize i = 0; i < rank; i++) {
        Onnx__TensorShapeProto__Dimension *dim = keep(net, sizeof *dim);
        onnx__tensor_shape_proto__dimension__init(dim);
        dim->has_dim_value = dims[i] >= 0;
        dim->dim_value = dims[i];
        if (dims[i] < 0)
            dim->dim_param = keep_text(net, "N");
        tensor->shape->dim[i] = dim;
    }
    return info;
}

void
new_input(NewModel *net, const char *name, const char *shape)
{
    g_ptr_array_add(net->inputs, value_info(net, name, shape));
}

void
new_output(NewModel *net, const char *name)
{
    g_ptr_array_add(net->outputs, value_info(net, name, NULL));
}

static char **
names(NewModel *net, const char *text, gsize *count)
{
    g_auto(GStrv) parts = g_strsplit(text, ";", -1);
    *count = text[0] ? g_strv_length(parts) : 0;
    char **list = keep(net, (*count + 1) * sizeof *list);
    for (gsize i = 0; i < *count; i++)
        list[i] = keep_text(net, parts[i]);
    return list;
}

/* The numbers of "1.5,-2". */
static float *
float_numbers(NewModel *net, const char *text, gsize *count)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    *count = g_strv_length(parts);
    float *values = keep(net, *count * sizeof *values);
    for (gsize i = 0; i < *count; i++)
        values[i] = (float)g_ascii_strtod(parts[i], NULL);
    return values;
}

static void
texts(NewModel *net, const char *text, Onnx__AttributeProto *proto)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS;
    proto->n_strings = g_strv_length(parts);
    proto->strings = keep(net, proto->n_strings * sizeof *proto->strings);
    for (gsize i = 0; i < proto->n_strings; i++)
        proto->strings[i] =
            (ProtobufCBinaryData){strlen(parts[i]), (guint8 *)keep_text(net, parts[i])};
}

static Onnx__TensorProto *
float_tensor(NewModel *net, const char *text)
{
    Onnx__TensorProto *tensor = keep(net, sizeof *tensor);
    onnx__tensor_proto__init(tensor);
    tensor->has_data_type = TRUE;
    tensor->data_type = DCN_FLOAT;
    tensor->float_data = float_numbers(net, text, &tensor->n_float_data);
    tensor->dims = keep(net, sizeof *tensor->dims);
    tensor->dims[0] = (gint64)tensor->n_float_data;
    tensor->n_dims = 1;
    return tensor;
}

static Onnx__AttributeProto *
attribute(NewModel *net, const char *text)
{
    Onnx__AttributeProto *proto = keep(net, sizeof *proto);
    onnx__attribute_proto__init(proto);
    g_auto(GStrv) parts = g_strsplit(text, "=", 2);
    proto->name = keep_text(net, parts[0]);
    proto->has_type = TRUE;
    if (parts[1][0] == ':') {
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING;
        proto->has_s = TRUE;
        proto->s.data = (guint8 *)keep_text(net, parts[1] + 1);
        proto->s.len = strlen(parts[1] + 1);
    } else if (parts[1][0] == '.') {
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
        proto->has_f = TRUE;
        proto->f = (float)g_ascii_strtod(parts[1] + 1, NULL);
    } else if (parts[1][0] == '~') {
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS;
        proto->floats = float_numbers(net, parts[1] + 1, &proto->n_floats);
    } else if (parts[1][0] == '\'') {
        texts(net, parts[1] + 1, proto);
    } else if (parts[1][0] == '#') {
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR;
        proto->t = float_tensor(net, parts[1] + 1);
    } else if (parts[1][0] == '[' || strchr(parts[1], ',')) {
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;
        proto->ints = numbers(net, parts[1] + (parts[1][0] == '['), &proto->n_ints);
    } else {
        proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
        proto->has_i = TRUE;
        proto->i = g_ascii_strtoll(parts[1], NULL, 10);
    }
    return proto;
}

static Onnx__NodeProto *
make_node(NewModel *net,
          const char *type,
          const char *name,
          const char *inputs,
          const char *outputs,
          const char *attributes)
{
    Onnx__NodeProto *node = keep(net, sizeof *node);
    onnx__node_proto__init(node);
    node->op_type = keep_text(net, type);
    node->name = keep_text(net, name);
    node->input = names(net, inputs, &node->n_input);
    node->output = names(net, outputs, &node->n_output);
    g_auto(GStrv) parts = g_strsplit(attributes ? attributes : "", ";", -1);
    node->attribute = keep(net, (g_strv_length(parts) + 1) * sizeof *node->attribute);
    for (char **part = parts; *part; part++)
        if (**part)
            node->attribute[node->n_attribute++] = attribute(net, *part);
    return node;
}

void
new_node(NewModel *net,
         const char *type,
         const char *name,
         const char *inputs,
         const char *outputs,
         const char *attributes)
{
    g_ptr_array_add(net->nodes, make_node(net, type, name, inputs, outputs, attributes));
}

static Onnx__TensorProto *
initialiser(NewModel *net, const char *name, const char *shape, DcnType type)
{
    Onnx__TensorProto *tensor = keep(net, sizeof *tensor);
    onnx__tensor_proto__init(tensor);
    tensor->name = keep_text(net, name);
    tensor->has_data_type = TRUE;
    tensor->data_type = (int)type;
    tensor->dims = numbers(net, shape, &tensor->n_dims);
    g_ptr_array_add(net->initialisers, tensor);
    return tensor;
}

static gsize
elements(const Onnx__TensorProto *tensor)
{
    gsize count = 1;
    for (gsize i = 0; i < tensor->n_dims; i++)
        count *= (gsize)tensor->dims[i];
    return count;
}

void
new_floats(NewModel *net, const char *name, const char *shape, const float *values)
{
    Onnx__TensorProto *tensor = initialiser(net, name, shape, DCN_FLOAT);
    gsize bytes = elements(tensor) * sizeof(float);
    tensor->has_raw_data = TRUE;
    tensor->raw_data.data = keep(net, bytes);
    tensor->raw_data.len = bytes;
    memcpy(tensor->raw_data.data, values, bytes);
}

void
new_weights(NewModel *net, const char *name, const char *shape, guint32 seed)
{
    gsize rank, count = 1;
    gint64 *dims = numbers(net, shape, &rank);
    for (gsize i = 0; i < rank; i++)
        count *= (gsize)dims[i];
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    g_autofree float *values = g_new(float, count + 1);
    for (gsize i = 0; i < count; i++)
        values[i] = (float)g_rand_double_range(random, -1, 1);
    new_floats(net, name, shape, values);
}

void
new_ints(NewModel *net, const char *name, const char *values)
{
    gsize count;
    gint64 *list = numbers(net, values, &count);
    g_autofree char *shape = g_strdup_printf("%zu", count);
    Onnx__TensorProto *tensor = initialiser(net, name, shape, DCN_INT64);
    tensor->int64_data = list;
    tensor->n_int64_data = count;
}

static Onnx__StringStringEntryProto *
entry(NewModel *net, const char *key, const char *value)
{
    Onnx__StringStringEntryProto *proto = keep(net, sizeof *proto);
    onnx__string_string_entry_proto__init(proto);
    proto->key = keep_text(net, key);
    proto->value = keep_text(net, value);
    return proto;
}

void
new_external(NewModel *net,
             const char *name,
             const char *shape,
             const char *location,
             const char *offset)
{
    Onnx__TensorProto *tensor = initialiser(net, name, shape, DCN_FLOAT);
    tensor->has_data_location = TRUE;
    tensor->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
    tensor->external_data = keep(net, 2 * sizeof *tensor->external_data);
    tensor->external_data[0] = entry(net, "location", location);
    tensor->external_data[1] = entry(net, "offset", offset);
    tensor->n_external_data = 2;
}

void
new_metadata(NewModel *net, const char *key, const char *value)
{
    g_ptr_array_add(net->properties, entry(net, key, value));
}

static Onnx__AttributeProto *
branch(NewModel *net, const char *name, Onnx__NodeProto *node, const char *output)
{
    Onnx__GraphProto *graph = keep(net, sizeof *graph);
    onnx__graph_proto__init(graph);
    graph->node = keep(net, sizeof *graph->node);
    graph->node[0] = node;
    graph->n_node = 1;
    graph->output = keep(net, sizeof *graph->output);
    graph->output[0] = value_info(net, output, NULL);
    graph->n_output = 1;
    Onnx__AttributeProto *proto = keep(net, sizeof *proto);
    onnx__attribute_proto__init(proto);
    proto->name = keep_text(net, name);
    proto->has_type = TRUE;
    proto->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH;
    proto->g = graph;
    return proto;
}

static Onnx__NodeProto *
if_node(NewModel *net,
        const char *condition,
        const char *output,
        Onnx__NodeProto *yes,
        Onnx__NodeProto *no)
{
    Onnx__NodeProto *node = make_node(net, "If", "choice", condition, output, "");
    node->attribute = keep(net, 2 * sizeof *node->attribute);
    node->attribute[0] = branch(net, "then_branch", yes, yes->output[0]);
    node->attribute[1] = branch(net, "else_branch", no, no->output[0]);
    node->n_attribute = 2;
    return node;
}

void
new_if(NewModel *net,
       const char *condition,
       const char *then_type,
       const char *else_type,
       const char *input,
       const char *output)
{
    Onnx__NodeProto *yes = make_node(net, then_type, "yes", input, "inner_yes", "");
    Onnx__NodeProto *no = make_node(net, else_type, "no", input, "inner_no", "");
    g_ptr_array_add(net->nodes, if_node(net, condition, output, yes, no));
}

void
new_nested(NewModel *net, int depth)
{
    Onnx__NodeProto *node = make_node(net, "Relu", "core", "x", "deep0", "");
    for (int i = 1; i <= depth; i++) {
        g_autofree char *output = g_strdup_printf("deep%d", i);
        g_autofree char *other = g_strdup_printf("other%d", i);
        node = if_node(net, "condition", output, node,
                       make_node(net, "Relu", "other", "x", other, ""));
    }
    g_ptr_array_add(net->nodes, node);
}

const guint8 *
new_model_bytes(NewModel *net, gsize *size)
{
    Onnx__ModelProto model = ONNX__MODEL_PROTO__INIT;
    Onnx__GraphProto graph = ONNX__GRAPH_PROTO__INIT;
    Onnx__OperatorSetIdProto opset = ONNX__OPERATOR_SET_ID_PROTO__INIT,
                             *opsets[] = {&opset};
    opset.has_version = TRUE;
    opset.version = net->opset;
    model.has_ir_version = TRUE;
    model.ir_version = 8;
    model.graph = &graph;
    model.n_opset_import = 1;
    model.opset_import = opsets;
    model.n_metadata_props = net->properties->len;
    model.metadata_props = (Onnx__StringStringEntryProto **)net->properties->pdata;
    graph.n_node = net->nodes->len;
    graph.node = (Onnx__NodeProto **)net->nodes->pdata;
    graph.n_initializer = net->initialisers->len;
    graph.initializer = (Onnx__TensorProto **)net->initialisers->pdata;
    graph.n_input = net->inputs->len;
    graph.input = (Onnx__ValueInfoProto **)net->inputs->pdata;
    graph.n_output = net->outputs->len;
    graph.output = (Onnx__ValueInfoProto **)net->outputs->pdata;
    g_free(net->bytes);
    net->size = onnx__model_proto__get_packed_size(&model);
    net->bytes = g_malloc(net->size + 1);
    onnx__model_proto__pack(&model, net->bytes);
    *size = net->size;
    return net->bytes;
}

DcnModel *
new_model_open(NewModel *net, DcnError *error)
{
    gsize size;
    const guint8 *bytes = new_model_bytes(net, &size);
    return dcn_model_parse(bytes, size, error);
}
