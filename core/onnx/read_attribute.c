/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read_attribute.c: reads a node's attributes: numbers, texts, tensors and branches, and
 * in a function's body references to attributes of its caller. */
#include "base/error.h"
#include "onnx/reader.h"
#include <string.h>

const char *
dcn_reader_bytes(DcnReader *reader, const ProtobufCBinaryData *bytes)
{
    char *copy = dcn_reader_take(reader, bytes->len + 1, 1);
    if (copy && bytes->len > 0)
        memcpy(copy, bytes->data, bytes->len);
    return copy;
}

static bool
read_strings(DcnReader *reader,
             const Onnx__AttributeProto *proto,
             DcnAttribute *attribute)
{
    const char **strings = dcn_reader_take(reader, proto->n_strings, sizeof *strings);
    if (!strings)
        return false;
    for (size_t i = 0; i < proto->n_strings; i++) {
        strings[i] = dcn_reader_bytes(reader, &proto->strings[i]);
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
    if (proto->sparse_tensor)
        return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__SPARSE_TENSOR;
    if (proto->n_floats)
        return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS;
    if (proto->n_ints)
        return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS;
    return ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED;
}

static const Onnx__AttributeProto *
find_attribute(Onnx__AttributeProto *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (list[i]->name && strcmp(list[i]->name, name) == 0)
            return list[i];
    return NULL;
}

/* What an attribute by reference refers to: the attribute of the function's caller, which
 * may refer to that of its own caller, or the function's default. *proto becomes NULL if
 * there is none. *scope becomes the one that the found attribute was written in. */
static bool
follow_reference(DcnReader *reader, const Onnx__AttributeProto **proto, DcnScope **scope)
{
    while (*proto && (*proto)->ref_attr_name && (*proto)->ref_attr_name[0]) {
        const char *name = (*proto)->ref_attr_name;
        const DcnFunctionCall *call = (*scope)->call;
        if (!call)
            return dcn_fail(
                reader->error, DCN_ERROR_FORMAT,
                "attribute \"%.100s\" refers to a function's attribute, but stands in no function",
                (*proto)->name ? (*proto)->name : "");
        const Onnx__FunctionProto *function = call->function->proto;
        *proto = find_attribute(call->node->attribute, call->node->n_attribute, name);
        if (*proto)
            *scope = call->caller;
        else /* a default is no reference: the function has nothing to refer to */
            *proto = find_attribute(function->attribute_proto,
                                    function->n_attribute_proto, name);
        if (*proto && *scope != call->caller && (*proto)->ref_attr_name &&
            (*proto)->ref_attr_name[0])
            return dcn_fail(reader->error, DCN_ERROR_FORMAT,
                            "the default of attribute \"%.100s\" is a reference", name);
    }
    return true;
}

bool
dcn_read_attribute(DcnReader *reader,
                   const Onnx__AttributeProto *proto,
                   DcnScope *scope,
                   DcnAttribute *attribute,
                   bool *there)
{
    attribute->name = dcn_reader_text(reader, proto->name);
    if (!attribute->name || !follow_reference(reader, &proto, &scope))
        return false;
    *there = proto != NULL;
    if (!proto)
        return true;
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
        attribute->string = dcn_reader_bytes(reader, &proto->s);
        return attribute->string != NULL;
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR:
        if (!proto->t)
            break;
        attribute->kind = DCN_ATTRIBUTE_TENSOR;
        return dcn_read_tensor(reader, proto->t, attribute->name, &attribute->tensor);
    case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__SPARSE_TENSOR:
        if (!proto->sparse_tensor)
            break;
        attribute->kind = DCN_ATTRIBUTE_TENSOR;
        return dcn_read_sparse(reader, proto->sparse_tensor, attribute->name,
                               &attribute->tensor);
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
        bool read =
            dcn_read_graph(reader, proto->g, scope, scope->call, inner, &inner_names);
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
