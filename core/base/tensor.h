/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor.h: constants of every ONNX type. */
#ifndef DCN_BASE_TENSOR_H
#define DCN_BASE_TENSOR_H

#include "dcn.h"

/* Bytes an element in memory; 0 for types that the core does not read (strings). */
size_t dcn_type_size(DcnType type);

/* Bytes of `count` elements in a file, where two of 4 bits share one: the first is the
 * low half. 0, 1, 2 as uint4 are 10 02. */
size_t dcn_type_file_bytes(DcnType type, size_t count);
void dcn_halves_unpack(DcnType type, const uint8_t *packed, size_t count, void *data);
void dcn_halves_pack(const void *data, size_t count, uint8_t *packed);
bool dcn_type_is_half_byte(DcnType type);

bool dcn_type_is_float(DcnType type);   /* float16, bfloat16, float, double */
bool dcn_type_is_integer(DcnType type); /* bool among them */

/* One element. Data may be unaligned. */
double dcn_tensor_number(const DcnTensor *tensor, size_t index);
int64_t dcn_tensor_integer(const DcnTensor *tensor, size_t index);

/* Writes one element, rounding floats to the type, wrapping integers; from doubles
 * integers are cut off towards 0. */
void dcn_element_set_number(DcnType type, void *data, size_t index, double value);
void dcn_element_set_integer(DcnType type, void *data, size_t index, int64_t value);

/* All elements as floats. out: count floats. */
void dcn_tensor_to_floats(const DcnTensor *tensor, float *out);

#endif
