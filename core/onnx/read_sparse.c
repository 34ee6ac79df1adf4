/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read_sparse.c: tensors of which the file has only the elements that are not zero
 * (ONNX IR, "SparseTensorProto"). They become whole: weights that were pruned are read by
 * the same steps as others. */
#include "base/error.h"
#include "base/shape.h"
#include "onnx/reader.h"
#include <string.h>

/* Of all of a file: a few bytes of it could ask for any number. */
#define MOST_ELEMENTS ((size_t)1 << 27)

/* Where the element number i belongs, row-major; SIZE_MAX: nowhere. Indices are one
 * number an element, or one for each axis. */
static size_t
place_of(const DcnTensor *indices, size_t i, const DcnShape *shape, size_t count)
{
    int64_t place = 0;
    if (indices->shape.rank == 1) {
        place = dcn_tensor_integer(indices, i);
        return place < 0 || (uint64_t)place >= count ? SIZE_MAX : (size_t)place;
    }
    for (int axis = 0; axis < shape->rank; axis++) {
        int64_t at = dcn_tensor_integer(indices, i * (size_t)shape->rank + (size_t)axis);
        if (at < 0 || at >= shape->dim[axis])
            return SIZE_MAX;
        place = place * shape->dim[axis] + at;
    }
    return (size_t)place;
}

static bool
damaged(DcnReader *reader, const char *name)
{
    return dcn_fail(reader->error, DCN_ERROR_FORMAT,
                    "sparse tensor \"%.100s\": its indices do not fit its values or its "
                    "shape",
                    name);
}

bool
dcn_read_sparse(DcnReader *reader,
                const Onnx__SparseTensorProto *proto,
                const char *name,
                DcnTensor *tensor)
{
    DcnTensor values, indices;
    size_t count, n;
    if (!proto->values || !proto->indices || proto->n_dims > DCN_MAX_RANK)
        return damaged(reader, name);
    if (!dcn_read_tensor(reader, proto->values, name, &values) ||
        !dcn_read_tensor(reader, proto->indices, name, &indices))
        return false;
    *tensor = (DcnTensor){.type = values.type,
                          .shape = dcn_shape((int)proto->n_dims, proto->dims)};
    if (!values.data)
        return true; /* a type that cannot be used: an error only if a step reads it */
    if (!dcn_shape_elements(&tensor->shape, &count) ||
        count > MOST_ELEMENTS - reader->sparse)
        return dcn_fail(
            reader->error, DCN_ERROR_UNSUPPORTED,
            "sparse tensor \"%.100s\": the file's have more than %zu elements", name,
            MOST_ELEMENTS);
    reader->sparse += count;
    n = dcn_shape_count(&values.shape);
    if (values.shape.rank != 1 || indices.type != DCN_INT64 || indices.shape.rank < 1 ||
        indices.shape.rank > 2 || indices.shape.dim[0] != values.shape.dim[0] ||
        (indices.shape.rank == 2 && indices.shape.dim[1] != tensor->shape.rank))
        return damaged(reader, name);
    size_t size = dcn_type_size(values.type);
    char *data = dcn_reader_take(reader, count + 1, size);
    if (!data)
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t place = place_of(&indices, i, &tensor->shape, count);
        if (place == SIZE_MAX)
            return damaged(reader, name);
        memcpy(data + place * size, (const char *)values.data + i * size, size);
    }
    tensor->data = data;
    return true;
}
