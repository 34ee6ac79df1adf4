/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor_file.h: ONNX TensorProto files (.pb), for tests. */
#ifndef TEST_CASES_TENSOR_FILE_H
#define TEST_CASES_TENSOR_FILE_H

#include "dcn.h"
#include <glib.h>

typedef struct {
    char *name;
    DcnTensor tensor; /* data: g_malloc'ed, aligned */
} TensorFile;

/* FALSE with error if there is no such file or it is no tensor of numbers. */
gboolean tensor_file_read(const char *path, TensorFile *file, GError **error);
void tensor_file_clear(TensorFile *file);

/* Floats of a tensor, g_malloc'ed. */
float *tensor_file_floats(const TensorFile *file, gsize *count);

#endif
