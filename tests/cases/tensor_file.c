/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor_file.c: reads ONNX TensorProto files with the schema's own code. */
#include "cases/tensor_file.h"
#include "base/shape.h"
#include "base/tensor.h"
#include "onnx.pb-c.h"
#include <string.h>

static gboolean
fail(GError **error, const char *path, const char *what)
{
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: %s", path, what);
    return FALSE;
}

static gsize
typed_count(const Onnx__TensorProto *proto)
{
    return proto->n_float_data + proto->n_int32_data + proto->n_int64_data +
           proto->n_double_data + proto->n_uint64_data;
}

static void
copy_typed(const Onnx__TensorProto *proto, DcnType type, void *data)
{
    DcnType stored = type == DCN_FLOAT16 || type == DCN_BFLOAT16 ? DCN_UINT16 : type;
    for (gsize i = 0; i < proto->n_float_data; i++)
        dcn_element_set_number(type, data, i, (double)proto->float_data[i]);
    for (gsize i = 0; i < proto->n_double_data; i++)
        dcn_element_set_number(type, data, i, proto->double_data[i]);
    for (gsize i = 0; i < proto->n_int32_data; i++)
        dcn_element_set_integer(stored, data, i, proto->int32_data[i]);
    for (gsize i = 0; i < proto->n_int64_data; i++)
        dcn_element_set_integer(stored, data, i, proto->int64_data[i]);
    for (gsize i = 0; i < proto->n_uint64_data; i++)
        dcn_element_set_integer(stored, data, i, (int64_t)proto->uint64_data[i]);
}

gboolean
tensor_file_read(const char *path, TensorFile *file, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize size, count;
    if (!g_file_get_contents(path, &bytes, &size, error))
        return FALSE;
    Onnx__TensorProto *proto =
        onnx__tensor_proto__unpack(NULL, size, (const uint8_t *)bytes);
    if (!proto)
        return fail(error, path, "not a tensor");
    DcnType type = (DcnType)proto->data_type;
    gsize element = dcn_type_size(type);
    const char *problem = NULL;
    if (element == 0 || proto->n_dims > DCN_MAX_RANK)
        problem = type == DCN_STRING ? "a tensor of strings" : "not a tensor of numbers";
    DcnShape shape = {0};
    if (!problem) {
        shape = dcn_shape((int)proto->n_dims, proto->dims);
        if (!dcn_shape_elements(&shape, &count) ||
            (proto->has_raw_data ? proto->raw_data.len != count * element
                                 : typed_count(proto) != count))
            problem = "data and shape do not fit";
    }
    if (!problem) {
        void *data = g_malloc0(count * element + 8);
        if (proto->has_raw_data && proto->raw_data.len > 0)
            memcpy(data, proto->raw_data.data, proto->raw_data.len);
        else if (!proto->has_raw_data)
            copy_typed(proto, type, data);
        file->name = g_strdup(proto->name ? proto->name : "");
        file->tensor = (DcnTensor){.type = type, .shape = shape, .data = data};
    }
    onnx__tensor_proto__free_unpacked(proto, NULL);
    return problem ? fail(error, path, problem) : TRUE;
}

void
tensor_file_clear(TensorFile *file)
{
    g_free(file->name);
    g_free((void *)(gsize)file->tensor.data);
    *file = (TensorFile){0};
}

float *
tensor_file_floats(const TensorFile *file, gsize *count)
{
    *count = dcn_shape_count(&file->tensor.shape);
    float *floats = g_new(float, *count + 1);
    dcn_tensor_to_floats(&file->tensor, floats);
    return floats;
}
