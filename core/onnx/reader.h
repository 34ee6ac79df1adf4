/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reader.h: what the parts of the reader share. */
#ifndef DCN_ONNX_READER_H
#define DCN_ONNX_READER_H

#include "model/model_private.h"
#include "onnx.pb-c.h"

typedef struct {
    DcnModel *model;
    const unsigned char *bytes;
    size_t size;
    const char *folder;
    DcnError *error;
} DcnReader;

/* Memory of the model, zeroed. NULL and an error if there is none. */
void *dcn_reader_take(DcnReader *reader, size_t count, size_t size);
const char *dcn_reader_text(DcnReader *reader, const char *text);

/* read_tensor.c: data stay where they are in the mapped file, or are copied from typed
 * fields. Of a type that nothing can use, data are NULL. */
bool dcn_read_tensor(DcnReader *reader,
                     const Onnx__TensorProto *proto,
                     const char *name,
                     DcnTensor *tensor);

#endif
