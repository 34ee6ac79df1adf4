/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse_product.h: products of many rows that pass over what is zero in all of them.
 *
 * Behind a rectifier a good part of the features is zero in all the rows of a batch whose
 * pictures are much alike, as those of occlusion are: the weights that wait for these
 * features need not be multiplied. */
#ifndef DCN_OPS_PRODUCT_SPARSE_PRODUCT_H
#define DCN_OPS_PRODUCT_SPARSE_PRODUCT_H

#include "ops/product/product.h"

/* Rows of a that are taken at once; 0: a product of these sizes does not gain. */
size_t dcn_sparse_rows(size_t m, size_t n, size_t k);

/* Bytes that so many rows take. */
typedef struct {
    size_t work, scratch; /* DcnSetup.work, DcnSetup.scratch */
} DcnProductMemory;

DcnProductMemory dcn_sparse_memory(size_t rows, size_t k);

/* The first rows of c = beta * c + alpha * a b', as dcn_product() has them: how many are
 * done. 0: a product of another kind, or too little is zero to gain. */
size_t dcn_sparse_product(DcnContext *context, const DcnProduct *product);

#endif
