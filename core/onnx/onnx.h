/* SPDX-License-Identifier: GPL-3.0-or-later */
/* onnx.h: from the bytes of a file to a model.
 *
 * No file outside of this folder uses protobuf or the types Onnx__*. */
#ifndef DCN_ONNX_ONNX_H
#define DCN_ONNX_ONNX_H

#include "dcn.h"

/* open.c has dcn_model_open() and dcn_model_parse() of dcn.h. */

/* --- scan.c: before unpacking --- */

/* A copy of a ModelProto in which each TensorProto.raw_data is 16 bytes: offset and
 * length, so that unpacking does not copy weights. Refuses what would make protobuf-c
 * recurse or allocate without bound. *skeleton: free(). */
bool dcn_scan_model(const unsigned char *bytes,
                    size_t size,
                    unsigned char **skeleton,
                    size_t *skeleton_size,
                    DcnError *error);

/* --- read.c --- */

/* Fills a model. bytes stay borrowed; folder (NULL: none) is where external data may lie.
 */
bool dcn_read_model(DcnModel *model,
                    const unsigned char *bytes,
                    size_t size,
                    const char *folder,
                    DcnError *error);

#endif
