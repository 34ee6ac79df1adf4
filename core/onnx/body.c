/* SPDX-License-Identifier: GPL-3.0-or-later */
/* body.c: nodes and attributes of a function, in the structures of protobuf-c. */
#include "onnx/body.h"
#include "base/error.h"
#include <string.h>

#define MOST_NODES 20
#define MOST_ATTRIBUTES 12

static void *
take(DcnBody *body, size_t count, size_t size)
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

const Onnx__AttributeProto *
dcn_body_attribute(const DcnBody *body, const char *name)
{
    for (size_t i = 0; i < body->call->n_attribute; i++)
        if (body->call->attribute[i]->name &&
            strcmp(body->call->attribute[i]->name, name) == 0)
            return body->call->attribute[i];
    return NULL;
}

float
dcn_body_float(const DcnBody *body, const char *name, float fallback)
{
    const Onnx__AttributeProto *attribute = dcn_body_attribute(body, name);
    return attribute && attribute->has_f ? attribute->f : fallback;
}

bool
dcn_body_is_set(const DcnBody *body, const char *name)
{
    const Onnx__AttributeProto *attribute = dcn_body_attribute(body, name);
    return attribute && attribute->has_i && attribute->i != 0;
}

bool
dcn_body_says(const DcnBody *body, const char *name, const char *word)
{
    const Onnx__AttributeProto *attribute = dcn_body_attribute(body, name);
    return attribute && attribute->has_s && attribute->s.len == strlen(word) &&
           memcmp(attribute->s.data, word, attribute->s.len) == 0;
}

bool
dcn_body_has_input(const DcnBody *body, size_t input)
{
    return input < body->call->n_input && body->call->input[input][0];
}

bool
dcn_body_has_output(const DcnBody *body, size_t output)
{
    return output < body->call->n_output && body->call->output[output][0];
}

bool
dcn_body_refuse(DcnBody *body, const char *reason)
{
    body->refusal = reason;
    return false;
}

void
dcn_body_needs(DcnBody *body, int opset)
{
    if (body->opset < opset)
        body->opset = opset;
}

/* --- the parts --- */

/* A copy of a list, which the structures want to be able to write to. */
static char **
names_of(DcnBody *body, const char *const *names, size_t *n)
{
    for (*n = 0; names[*n]; ++*n)
        ;
    char **copy = take(body, *n + 1, sizeof *copy);
    for (size_t i = 0; copy && i < *n; i++)
        copy[i] = text_of(names[i]);
    return copy;
}

Onnx__NodeProto *
dcn_body_node(DcnBody *body,
              const char *type,
              const char *const *inputs,
              const char *const *outputs)
{
    Onnx__FunctionProto *function = body->function;
    if (!function->node)
        function->node = take(body, MOST_NODES, sizeof *function->node);
    Onnx__NodeProto *node = take(body, 1, sizeof *node);
    if (!node || function->n_node == MOST_NODES)
        return NULL;
    onnx__node_proto__init(node);
    node->op_type = text_of(type);
    node->input = names_of(body, inputs, &node->n_input);
    node->output = names_of(body, outputs, &node->n_output);
    node->attribute = take(body, MOST_ATTRIBUTES, sizeof *node->attribute);
    if (!node->attribute)
        return NULL;
    function->node[function->n_node++] = node;
    return node;
}

static Onnx__AttributeProto *
add_attribute(DcnBody *body, Onnx__NodeProto *node, const char *name)
{
    Onnx__AttributeProto *attribute = node ? take(body, 1, sizeof *attribute) : NULL;
    if (!attribute || node->n_attribute == MOST_ATTRIBUTES)
        return NULL;
    onnx__attribute_proto__init(attribute);
    attribute->name = text_of(name);
    node->attribute[node->n_attribute++] = attribute;
    return attribute;
}

void
dcn_body_give(DcnBody *body, Onnx__NodeProto *node, const char *name, const char *from)
{
    const Onnx__AttributeProto *given = dcn_body_attribute(body, from);
    Onnx__AttributeProto *attribute = given ? add_attribute(body, node, name) : NULL;
    if (!attribute)
        return;
    if (given->ref_attr_name && given->ref_attr_name[0]) {
        attribute->ref_attr_name = text_of(from); /* by way of a function around it */
        return;
    }
    *attribute = *given;
    attribute->name = text_of(name);
}

void
dcn_body_hand_on(DcnBody *body, Onnx__NodeProto *node, const char *const *names)
{
    for (; *names; names++)
        dcn_body_give(body, node, *names, *names);
}

void
dcn_body_set_float(DcnBody *body, Onnx__NodeProto *node, const char *name, float value)
{
    Onnx__AttributeProto *attribute = add_attribute(body, node, name);
    if (!attribute)
        return;
    attribute->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT;
    attribute->has_f = 1;
    attribute->f = value;
}

void
dcn_body_set_int(DcnBody *body, Onnx__NodeProto *node, const char *name, int64_t value)
{
    Onnx__AttributeProto *attribute = add_attribute(body, node, name);
    if (!attribute)
        return;
    attribute->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
    attribute->has_i = 1;
    attribute->i = value;
}

void
dcn_body_set_word(DcnBody *body,
                  Onnx__NodeProto *node,
                  const char *name,
                  const char *word)
{
    Onnx__AttributeProto *attribute = add_attribute(body, node, name);
    if (!attribute)
        return;
    attribute->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING;
    attribute->has_s = 1;
    attribute->s.data = (uint8_t *)(uintptr_t)word;
    attribute->s.len = strlen(word);
}

void
dcn_body_set_ints(DcnBody *body,
                  Onnx__NodeProto *node,
                  const char *name,
                  size_t n,
                  const int64_t *values)
{
    Onnx__AttributeProto *attribute = add_attribute(body, node, name);
    if (!attribute)
        return;
    attribute->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;
    attribute->n_ints = n;
    attribute->ints = (int64_t *)(uintptr_t)values;
}

void
dcn_body_set_floats(
    DcnBody *body, Onnx__NodeProto *node, const char *name, size_t n, const float *values)
{
    Onnx__AttributeProto *attribute = add_attribute(body, node, name);
    if (!attribute)
        return;
    attribute->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS;
    attribute->n_floats = n;
    attribute->floats = (float *)(uintptr_t)values;
}

void
dcn_body_constant(DcnBody *body, const char *output, float value)
{
    static const char *const none[] = {NULL};
    Onnx__NodeProto *node = dcn_body_node(body, "Constant", none, DCN_NAMES(output));
    dcn_body_set_float(body, node, "value_float", value);
}
