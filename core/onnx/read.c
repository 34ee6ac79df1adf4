/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.c: from ONNX's messages to a model.
 *
 * What is wrong with a file itself is found in this folder: names that nothing defines,
 * nodes that need their own results, tensors whose data do not fit their shape. What is
 * wrong with an operator's inputs or attributes is the operator's business, when a plan
 * is made. ONNX IR: https://onnx.ai/onnx/repo-docs/IR.html . */
#include "base/error.h"
#include "onnx/onnx.h"
#include "onnx/reader.h"
#include <stdlib.h>
#include <string.h>

#define OPSET_FIRST 1
#define OPSET_LAST 25

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

/* Files of the first two versions of the format have no list of opsets. */
static bool
without_list(const Onnx__ModelProto *proto)
{
    return proto->n_opset_import == 0 && proto->ir_version > 0 && proto->ir_version < 3;
}

/* The first that is not ONNX's own, or NULL. */
static const char *
other_domain(const Onnx__ModelProto *proto)
{
    for (size_t i = 0; i < proto->n_opset_import; i++) {
        const char *domain = proto->opset_import[i]->domain;
        if (domain && domain[0])
            return domain;
    }
    return NULL;
}

static bool
read_opset(DcnReader *reader, const Onnx__ModelProto *proto)
{
    int64_t opset = dcn_opset_of(proto->opset_import, proto->n_opset_import);
    if (without_list(proto))
        opset = 1;
    const char *other = other_domain(proto);
    if (opset == 0 && other)
        return dcn_fail(
            reader->error, DCN_ERROR_UNSUPPORTED,
            "the file has operators of \"%.60s\", and names no opset of ONNX's "
            "own, of which nets consist",
            other);
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

/* What people take for a model's file; NULL: it is nothing of that. */
static const char *
other_kind(const unsigned char *bytes, size_t size)
{
    static const struct {
        size_t at;
        const char *bytes;
        size_t length;
        const char *what;
    } kinds[] = {
        {0, "version https://git-lfs", 23,
         "a pointer of Git LFS: the model itself was not fetched"},
        {0, "PK\3\4", 4,
         "a ZIP archive, as PyTorch and Keras save models: export it to ONNX"},
        {0, "\x89HDF\r\n\x1a\n", 8, "HDF5, as Keras saves models: export it to ONNX"},
        {4, "TFL3", 4, "a model of TensorFlow Lite"},
        {3, "\0\0\0\0\0{\"", 7, "safetensors, which are weights without a network"},
        {0, "\x1f\x8b\x08", 3, "packed by gzip: unpack it"},
        {0, "<!DOCTYPE", 9, "a web page"},
        {0, "<!doctype", 9, "a web page"},
        {0, "<html", 5, "a web page"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].at + kinds[i].length <= size &&
            memcmp(bytes + kinds[i].at, kinds[i].bytes, kinds[i].length) == 0)
            return kinds[i].what;
    return NULL;
}

bool
dcn_read_model(DcnModel *model,
               const unsigned char *bytes,
               size_t size,
               const char *folder,
               DcnError *error)
{
    DcnReader reader = {
        .model = model, .bytes = bytes, .size = size, .folder = folder, .error = error};
    unsigned char *skeleton;
    size_t skeleton_size;
    const char *other = other_kind(bytes, size);
    if (other)
        return dcn_fail(error, DCN_ERROR_FORMAT, "this is not an ONNX file but %s",
                        other);
    if (!dcn_scan_model(bytes, size, &skeleton, &skeleton_size, error))
        return false;
    Onnx__ModelProto *proto = onnx__model_proto__unpack(NULL, skeleton_size, skeleton);
    free(skeleton);
    if (!proto)
        return dcn_fail(error, DCN_ERROR_FORMAT,
                        "this is not an ONNX file, or it is damaged");
    bool read = false;
    if (!proto->graph || (proto->n_opset_import == 0 && !without_list(proto))) {
        dcn_fail(error, DCN_ERROR_FORMAT, "this is not an ONNX file: it has no %s",
                 proto->graph ? "opset" : "graph");
    } else {
        model->ir_version = proto->ir_version;
        read = read_opset(&reader, proto) && read_properties(&reader, proto) &&
               dcn_read_functions(&reader, proto) &&
               dcn_read_graph(&reader, proto->graph, NULL, NULL, &model->graph,
                              &model->value_names) &&
               name_nodes(&reader);
        if (read)
            dcn_model_put_picture_first(model);
    }
    dcn_names_clear(&reader.function_names);
    onnx__model_proto__free_unpacked(proto, NULL);
    return read;
}
