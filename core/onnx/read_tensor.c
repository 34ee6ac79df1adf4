/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read_tensor.c: the data of initialisers and of attributes: raw, typed or in another
 * file. */
#include "base/error.h"
#include "base/shape.h"
#include "onnx/onnx.h"
#include "onnx/reader.h"
#include <stdlib.h>
#include <string.h>

void *
dcn_reader_take(DcnReader *reader, size_t count, size_t size)
{
    void *memory = count > ((size_t)1 << 40) / size
                       ? NULL
                       : dcn_arena_alloc(reader->model->arena, count * size);
    if (!memory)
        dcn_fail_memory(reader->error, "reading the model", count * size);
    return memory;
}

const char *
dcn_reader_text(DcnReader *reader, const char *text)
{
    char *copy = dcn_arena_strdup(reader->model->arena, text ? text : "");
    if (!copy)
        dcn_fail_memory(reader->error, "reading the model", strlen(text));
    return copy;
}

static uint64_t
little_endian(const uint8_t *bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < 8; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

static bool
wrong_length(DcnReader *reader, const char *name, size_t has, size_t wants)
{
    return dcn_fail(reader->error, DCN_ERROR_FORMAT,
                    "tensor \"%.100s\" has %zu bytes of data and needs %zu", name, has,
                    wants);
}

static const char *
external_entry(const Onnx__TensorProto *proto, const char *key)
{
    for (size_t i = 0; i < proto->n_external_data; i++)
        if (proto->external_data[i]->key &&
            strcmp(proto->external_data[i]->key, key) == 0)
            return proto->external_data[i]->value;
    return NULL;
}

/* The mapped file of this location: one mapping a file. */
static const DcnFile *
external_file(DcnReader *reader, const char *location)
{
    DcnModel *model = reader->model;
    for (size_t i = 0; i < model->n_externals; i++)
        if (strcmp(model->externals[i].location, location) == 0)
            return &model->externals[i].file;
    enum { MOST = 1024 };
    if (!model->externals) {
        model->externals = dcn_reader_take(reader, MOST, sizeof *model->externals);
        if (!model->externals)
            return NULL;
    }
    if (model->n_externals == MOST) {
        dcn_fail(reader->error, DCN_ERROR_UNSUPPORTED,
                 "more than %d files of external data", MOST);
        return NULL;
    }
    DcnExternal *external = &model->externals[model->n_externals];
    external->location = dcn_reader_text(reader, location);
    external->file.copied = model->file.copied;
    if (!external->location ||
        !dcn_file_map_beside(reader->folder, model->linked, location, &external->file,
                             reader->error))
        return NULL;
    model->n_externals++;
    return &external->file;
}

static bool
read_external(DcnReader *reader,
              const Onnx__TensorProto *proto,
              const char *name,
              size_t wants,
              DcnTensor *tensor)
{
    const char *location = external_entry(proto, "location");
    const char *offset_text = external_entry(proto, "offset");
    const char *length_text = external_entry(proto, "length");
    if (!location)
        return dcn_fail(reader->error, DCN_ERROR_FORMAT,
                        "tensor \"%.100s\" has external data without a location", name);
    if (!reader->folder)
        return dcn_fail(
            reader->error, DCN_ERROR_UNSUPPORTED,
            "tensor \"%.100s\" has external data, and the model is not a file", name);
    const DcnFile *file = external_file(reader, location);
    if (!file)
        return false;
    unsigned long long offset = offset_text ? strtoull(offset_text, NULL, 10) : 0;
    unsigned long long length = length_text ? strtoull(length_text, NULL, 10) : wants;
    if (length != wants)
        return wrong_length(reader, name, (size_t)length, wants);
    if (offset > file->size || wants > file->size - offset)
        return dcn_fail(reader->error, DCN_ERROR_FORMAT,
                        "tensor \"%.100s\" lies behind the end of \"%.200s\" (%zu bytes)",
                        name, location, file->size);
    tensor->data = file->bytes + offset;
    return true;
}

/* Elements of 4 bits, two a byte: in memory each has a byte of its own. */
static bool
unpack_halves(DcnReader *reader, const uint8_t *packed, size_t count, DcnTensor *tensor)
{
    void *data = dcn_reader_take(reader, count, 1);
    if (!data)
        return false;
    dcn_halves_unpack(tensor->type, packed, count, data);
    tensor->data = data;
    return true;
}

/* Those in the typed field: one int32 holds a byte, thus two elements. */
static bool
read_typed_halves(DcnReader *reader,
                  const Onnx__TensorProto *proto,
                  const char *name,
                  size_t count,
                  DcnTensor *tensor)
{
    size_t wants = dcn_type_file_bytes(tensor->type, count);
    if (proto->n_int32_data != wants)
        return wrong_length(reader, name, proto->n_int32_data, wants);
    uint8_t *packed = dcn_reader_take(reader, wants, 1);
    if (!packed)
        return false;
    for (size_t i = 0; i < wants; i++)
        packed[i] = (uint8_t)proto->int32_data[i];
    return unpack_halves(reader, packed, count, tensor);
}

/* Data that stand in the typed fields, one element after another. */
static bool
read_typed(DcnReader *reader,
           const Onnx__TensorProto *proto,
           const char *name,
           size_t count,
           size_t wants,
           DcnTensor *tensor)
{
    size_t has;
    switch (tensor->type) {
    case DCN_FLOAT:
        has = proto->n_float_data;
        break;
    case DCN_DOUBLE:
        has = proto->n_double_data;
        break;
    case DCN_INT64:
        has = proto->n_int64_data;
        break;
    case DCN_UINT32:
    case DCN_UINT64:
        has = proto->n_uint64_data;
        break;
    default:
        has = proto->n_int32_data;
    }
    if (has != count)
        return wrong_length(reader, name, has * dcn_type_size(tensor->type), wants);
    void *data = dcn_reader_take(reader, wants, 1);
    if (!data)
        return false;
    for (size_t i = 0; i < count; i++) {
        switch (tensor->type) {
        case DCN_FLOAT:
            memcpy((char *)data + 4 * i, &proto->float_data[i], 4);
            break;
        case DCN_DOUBLE:
            memcpy((char *)data + 8 * i, &proto->double_data[i], 8);
            break;
        case DCN_INT64:
            dcn_element_set_integer(DCN_INT64, data, i, proto->int64_data[i]);
            break;
        case DCN_UINT32:
        case DCN_UINT64:
            dcn_element_set_integer(tensor->type, data, i,
                                    (int64_t)proto->uint64_data[i]);
            break;
        case DCN_FLOAT16:
        case DCN_BFLOAT16: /* bit patterns */
            dcn_element_set_integer(DCN_UINT16, data, i, proto->int32_data[i]);
            break;
        default:
            dcn_element_set_integer(tensor->type, data, i, proto->int32_data[i]);
        }
    }
    tensor->data = data;
    return true;
}

bool
dcn_read_tensor(DcnReader *reader,
                const Onnx__TensorProto *proto,
                const char *name,
                DcnTensor *tensor)
{
    *tensor = (DcnTensor){.type = (DcnType)proto->data_type};
    if (proto->n_dims > DCN_MAX_RANK)
        return dcn_fail(reader->error, DCN_ERROR_UNSUPPORTED,
                        "tensor \"%.100s\" has %zu axes: at most %d are supported", name,
                        proto->n_dims, DCN_MAX_RANK);
    tensor->shape = dcn_shape((int)proto->n_dims, proto->dims);
    size_t count, size = dcn_type_size(tensor->type);
    if (!dcn_shape_elements(&tensor->shape, &count)) {
        char text[128];
        return dcn_fail(reader->error, DCN_ERROR_FORMAT,
                        "tensor \"%.100s\" has an impossible shape, %s", name,
                        dcn_shape_print(&tensor->shape, text));
    }
    if (size == 0) { /* its type cannot be used: an error only if a step reads it */
        tensor->data = NULL;
        return true;
    }
    size_t wants = dcn_type_file_bytes(tensor->type, count);
    bool halves = dcn_type_is_half_byte(tensor->type);
    if (proto->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL)
        return read_external(reader, proto, name, wants, tensor) &&
               (!halves || unpack_halves(reader, tensor->data, count, tensor));
    if (!proto->has_raw_data && halves)
        return read_typed_halves(reader, proto, name, count, tensor);
    if (!proto->has_raw_data)
        return read_typed(reader, proto, name, count, wants, tensor);
    if (proto->raw_data.len != 16) /* scan.c makes them 16: see onnx.proto */
        return wrong_length(reader, name, proto->raw_data.len, wants);
    uint64_t offset = little_endian(proto->raw_data.data);
    uint64_t length = little_endian(proto->raw_data.data + 8);
    if (length != wants)
        return wrong_length(reader, name, (size_t)length, wants);
    if (offset > reader->size || length > reader->size - offset)
        return dcn_fail(reader->error, DCN_ERROR_FORMAT, "tensor \"%.100s\" is damaged",
                        name);
    tensor->data = reader->bytes + offset;
    return !halves || unpack_halves(reader, reader->bytes + offset, count, tensor);
}
