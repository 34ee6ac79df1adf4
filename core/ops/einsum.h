/* SPDX-License-Identifier: GPL-3.0-or-later */
/* einsum.h: a sum of products as a walk through tensors, and how it is computed. */
#ifndef DCN_OPS_EINSUM_H
#define DCN_OPS_EINSUM_H

#include "ops/product/product.h"

#define DCN_EINSUM_OPERANDS 8
#define DCN_EINSUM_AXES 16 /* of the walk */

/* Steps through the tensors: operands first, the output last. */
typedef struct {
    int rank; /* axes; the first ones are the output's */
    size_t dim[DCN_EINSUM_AXES];
    size_t step[DCN_EINSUM_OPERANDS + 1][DCN_EINSUM_AXES];
    size_t operands;
} DcnEinsum;

/* Tensor `to` of one image gets, added, the sums of products of all the others. data: of
 * each tensor, the output's last; that of `to` is not read. Setup has asked for
 * DCN_PRODUCT_SCRATCH. */
void dcn_einsum_add(DcnContext *context,
                    const DcnEinsum *einsum,
                    const float *data[DCN_EINSUM_OPERANDS + 1],
                    size_t to,
                    float *sums);

#endif
