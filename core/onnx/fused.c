/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fused.c: nodes in which ONNX Runtime's optimiser put several of ONNX's together, taken
 * apart again.
 *
 * Each is made a function of the file (function.c): FusedConv with activation Relu is
 * Conv, then Relu. So the rules of projection are those of the parts, and there is one
 * operator less to know. A node with options that are not known here is not taken apart,
 * and counts as an unknown operator. */
#include "base/error.h"
#include "onnx/reader.h"
#include <string.h>

#define MOST_NODES 8
#define MOST_PORTS 4 /* inputs of a node, and attributes beside those handed on */

typedef struct {
    DcnReader *reader;
    const Onnx__NodeProto *call;
    Onnx__FunctionProto *function;
    bool failed; /* no memory */
} Body;

static void *
take(Body *body, size_t count, size_t size)
{
    void *memory = body->failed ? NULL : dcn_reader_take(body->reader, count, size);
    body->failed = !memory;
    return memory;
}

/* Of string literals, which protobuf-c does not write to. */
static char *
text_of(const char *text)
{
    return (char *)(uintptr_t)text;
}

/* --- what the call says --- */

static const Onnx__AttributeProto *
attribute_of(const Body *body, const char *name)
{
    for (size_t i = 0; i < body->call->n_attribute; i++)
        if (body->call->attribute[i]->name &&
            strcmp(body->call->attribute[i]->name, name) == 0)
            return body->call->attribute[i];
    return NULL;
}

static float
number_of(const Body *body, const char *name, float fallback)
{
    const Onnx__AttributeProto *attribute = attribute_of(body, name);
    return attribute && attribute->has_f ? attribute->f : fallback;
}

static bool
is_set(const Body *body, const char *name)
{
    const Onnx__AttributeProto *attribute = attribute_of(body, name);
    return attribute && attribute->has_i && attribute->i != 0;
}

static bool
says(const Body *body, const char *name, const char *word)
{
    const Onnx__AttributeProto *attribute = attribute_of(body, name);
    return attribute && attribute->has_s && attribute->s.len == strlen(word) &&
           memcmp(attribute->s.data, word, attribute->s.len) == 0;
}

static bool
has_input(const Body *body, size_t input)
{
    return input < body->call->n_input && body->call->input[input][0];
}

/* --- the parts --- */

/* A node of one output; inputs: names, "" for one left out, NULL for no more. */
static Onnx__NodeProto *
add_node(Body *body, const char *type, const char *output, const char *const inputs[3])
{
    Onnx__NodeProto *node = take(body, 1, sizeof *node);
    char **names = take(body, MOST_PORTS, sizeof *names);
    if (!node || !names)
        return NULL;
    onnx__node_proto__init(node);
    node->op_type = text_of(type);
    node->input = names;
    while (node->n_input < 3 && inputs[node->n_input]) {
        names[node->n_input] = text_of(inputs[node->n_input]);
        node->n_input++;
    }
    node->output = names + 3;
    node->n_output = 1;
    names[3] = text_of(output);
    node->attribute = take(body, 12, sizeof *node->attribute);
    if (!node->attribute)
        return NULL;
    body->function->node[body->function->n_node++] = node;
    return node;
}

static Onnx__AttributeProto *
add_attribute(Body *body, Onnx__NodeProto *node, const char *name)
{
    Onnx__AttributeProto *attribute = node ? take(body, 1, sizeof *attribute) : NULL;
    if (!attribute)
        return NULL;
    onnx__attribute_proto__init(attribute);
    attribute->name = text_of(name);
    node->attribute[node->n_attribute++] = attribute;
    return attribute;
}

/* Attributes of the call, under the same name; names end with NULL. */
static void
hand_on(Body *body, Onnx__NodeProto *node, const char *const *names)
{
    for (; *names; names++) {
        Onnx__AttributeProto *attribute = add_attribute(body, node, *names);
        if (attribute)
            attribute->ref_attr_name = text_of(*names);
    }
}

static void
add_number(Body *body, Onnx__NodeProto *node, const char *name, float value)
{
    Onnx__AttributeProto *attribute = add_attribute(body, node, name);
    if (!attribute)
        return;
    attribute->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
    attribute->has_f = 1;
    attribute->f = value;
}

static void
add_word(Body *body, Onnx__NodeProto *node, const char *name, const char *word)
{
    Onnx__AttributeProto *attribute = add_attribute(body, node, name);
    if (!attribute)
        return;
    attribute->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING;
    attribute->has_s = 1;
    attribute->s.data = (uint8_t *)(uintptr_t)word;
    attribute->s.len = strlen(word);
}

static void
add_constant(Body *body, const char *output, float value)
{
    static const char *const none[3] = {NULL};
    add_number(body, add_node(body, "Constant", output, none), "value_float", value);
}

#define INPUTS(...) ((const char *const[3]){__VA_ARGS__})
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Parameters of an activation: FusedConv has a list, FusedGemm has names. */
static float
parameter_of(const Body *body, size_t index, const char *name, float fallback)
{
    const Onnx__AttributeProto *list = attribute_of(body, "activation_params");
    if (list && index < list->n_floats)
        return list->floats[index];
    return number_of(body, name, fallback);
}

/* Y = activation(from). False: it is not one of those known. */
static bool
add_activation(Body *body, const char *from)
{
    static const char *const plain[] = {"Relu", "Sigmoid", "Tanh"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (says(body, "activation", plain[i])) {
            add_node(body, plain[i], "Y", INPUTS(from));
            return true;
        }
    if (says(body, "activation", "LeakyRelu")) {
        add_number(body, add_node(body, "LeakyRelu", "Y", INPUTS(from)), "alpha",
                   parameter_of(body, 0, "activation_alpha", 0.01F));
        return true;
    }
    if (says(body, "activation", "HardSigmoid")) {
        Onnx__NodeProto *node = add_node(body, "HardSigmoid", "Y", INPUTS(from));
        add_number(body, node, "alpha", parameter_of(body, 0, "activation_alpha", 0.2F));
        add_number(body, node, "beta", parameter_of(body, 1, "activation_beta", 0.5F));
        return true;
    }
    const Onnx__AttributeProto *list = attribute_of(body, "activation_params");
    if (!says(body, "activation", "Clip") || !list || list->n_floats != 2)
        return false;
    if (body->reader->model->opset < 11) {
        Onnx__NodeProto *node = add_node(body, "Clip", "Y", INPUTS(from));
        add_number(body, node, "min", list->floats[0]);
        add_number(body, node, "max", list->floats[1]);
        return true;
    }
    add_constant(body, "low", list->floats[0]);
    add_constant(body, "high", list->floats[1]);
    add_node(body, "Clip", "Y", INPUTS(from, "low", "high"));
    return true;
}

/* --- the nodes; inputs are A, B, C, D, E, outputs Y, and what else is said --- */

/* Y = activation(conv(A, B, C) + D) */
static bool
fused_conv(Body *body)
{
    bool sum = has_input(body, 3), active = attribute_of(body, "activation") != NULL;
    const char *result = sum ? "conv" : active ? "sum" : "Y";
    Onnx__NodeProto *conv =
        add_node(body, "Conv", result, INPUTS("A", "B", has_input(body, 2) ? "C" : NULL));
    hand_on(body, conv,
            NAMES("auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"));
    if (sum)
        add_node(body, "Add", active ? "sum" : "Y", INPUTS("conv", "D"));
    return !active || add_activation(body, "sum");
}

/* Y = activation(gemm(A, B, C)) */
static bool
fused_gemm(Body *body)
{
    Onnx__NodeProto *gemm =
        add_node(body, "Gemm", "sum", INPUTS("A", "B", has_input(body, 2) ? "C" : NULL));
    hand_on(body, gemm, NAMES("alpha", "beta", "transA", "transB"));
    return add_activation(body, "sum");
}

/* Y = alpha * A' B', the last two axes of each turned if it is said */
static bool
fused_matmul(Body *body)
{
    float alpha = number_of(body, "alpha", 1);
    const char *product = alpha == 1 ? "Y" : "product";
    bool turn_a = is_set(body, "transA"), turn_b = is_set(body, "transB");
    if (is_set(body, "transBatchA") || is_set(body, "transBatchB"))
        return false;
    if (!turn_a && !turn_b)
        add_node(body, "MatMul", product, INPUTS("A", "B"));
    else
        add_word(body, add_node(body, "Einsum", product, INPUTS("A", "B")), "equation",
                 turn_a && turn_b ? "...ki,...jk->...ij"
                 : turn_a         ? "...ki,...kj->...ij"
                                  : "...ik,...jk->...ij");
    if (alpha != 1) {
        add_constant(body, "alpha", alpha);
        add_node(body, "Mul", "Y", INPUTS("product", "alpha"));
    }
    return true;
}

/* Y = gelu(A + B), B may be left out */
static bool
gelu(Body *body)
{
    if (has_input(body, 1))
        add_node(body, "Add", "sum", INPUTS("A", "B"));
    Onnx__NodeProto *node =
        add_node(body, "Gelu", "Y", INPUTS(has_input(body, 1) ? "sum" : "A"));
    if (strcmp(body->call->op_type, "FastGelu") == 0)
        add_word(body, node, "approximate", "tanh");
    return true;
}

/* Y = A * sigmoid(alpha * A) */
static bool
quick_gelu(Body *body)
{
    add_constant(body, "alpha", number_of(body, "alpha", 1.702F));
    add_node(body, "Mul", "scaled", INPUTS("A", "alpha"));
    add_node(body, "Sigmoid", "gate", INPUTS("scaled"));
    add_node(body, "Mul", "Y", INPUTS("A", "gate"));
    return true;
}

/* Y = normalised(A + B + E) * C + D; the fourth output is the sum */
static bool
skip_layer_normalization(Body *body)
{
    const Onnx__NodeProto *call = body->call;
    for (size_t i = 1; i < 3 && i < call->n_output; i++)
        if (call->output[i][0])
            return false; /* mean and deviation */
    bool bias = has_input(body, 4);
    add_node(body, "Add", bias ? "first" : "sum", INPUTS("A", "B"));
    if (bias)
        add_node(body, "Add", "sum", INPUTS("first", "E"));
    Onnx__NodeProto *node = add_node(body, "LayerNormalization", "Y",
                                     INPUTS("sum", "C", has_input(body, 3) ? "D" : NULL));
    add_number(body, node, "epsilon", number_of(body, "epsilon", 1e-12F));
    return true;
}

static const struct {
    const char *type;
    bool (*write)(Body *body);
} fused[] = {
    {"FusedConv", fused_conv},
    {"FusedGemm", fused_gemm},
    {"FusedMatMul", fused_matmul},
    {"TransposeMatMul", fused_matmul},
    {"Gelu", gelu},
    {"BiasGelu", gelu},
    {"FastGelu", gelu},
    {"QuickGelu", quick_gelu},
    {"SkipLayerNormalization", skip_layer_normalization},
};

bool
dcn_fused_function(DcnReader *reader, const Onnx__NodeProto *node, DcnFunction **function)
{
    static const char *const inputs[] = {"A", "B", "C", "D", "E"};
    static const char *const outputs[] = {"Y", "mean", "deviation", "sum"};
    size_t i = 0, count = sizeof fused / sizeof *fused;
    *function = NULL;
    if (!node->domain || !node->op_type || strcmp(node->domain, "com.microsoft") != 0)
        return true;
    while (i < count && strcmp(fused[i].type, node->op_type) != 0)
        i++;
    if (i == count)
        return true;
    Body body = {reader, node, NULL, false};
    Onnx__FunctionProto *proto = body.function = take(&body, 1, sizeof *proto);
    DcnFunction *made = take(&body, 1, sizeof *made);
    if (!made)
        return false;
    onnx__function_proto__init(proto);
    proto->name = text_of(fused[i].type);
    proto->domain = text_of("com.microsoft");
    proto->input = (char **)(uintptr_t)inputs;
    proto->n_input = sizeof inputs / sizeof *inputs;
    proto->output = (char **)(uintptr_t)outputs;
    proto->n_output = sizeof outputs / sizeof *outputs;
    proto->node = take(&body, MOST_NODES, sizeof *proto->node);
    bool known = proto->node && fused[i].write(&body);
    *made = (DcnFunction){.proto = proto, .opset = reader->model->opset, .next = -1};
    *function = known ? made : NULL;
    return !body.failed;
}
