/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shape.h: arithmetic on shapes that cannot overflow. */
#ifndef DCN_BASE_SHAPE_H
#define DCN_BASE_SHAPE_H

#include "dcn.h"

/* No tensor has more elements than this; so counts and byte counts fit size_t and
 * int64_t. */
#define DCN_MAX_COUNT ((int64_t)1 << 40)

/* Product of the dims; false if one is negative or the product passes DCN_MAX_COUNT. */
bool dcn_shape_elements(const DcnShape *shape, size_t *count);

bool dcn_shape_equal(const DcnShape *a, const DcnShape *b);

DcnShape dcn_shape(int rank, const int64_t *dim);

/* Product of dim[begin .. end - 1] of a shape that was checked. */
size_t dcn_shape_product(const DcnShape *shape, int begin, int end);

/* NumPy's rules, ONNX "Multidirectional broadcasting". False if the shapes do not fit. */
bool dcn_shape_broadcast(const DcnShape *a, const DcnShape *b, DcnShape *result);

/* The whole tensor as a box: axes 1, 2, 3. */
DcnBox dcn_shape_box(const DcnShape *shape);

#endif
