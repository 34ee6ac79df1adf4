/* SPDX-License-Identifier: GPL-3.0-or-later */
/* product.h: matrix products, tiles of them over the context's threads. */
#ifndef DCN_OPS_PRODUCT_PRODUCT_H
#define DCN_OPS_PRODUCT_PRODUCT_H

#include "ops/kit/common.h"

/* c[m x n] = beta * c + alpha * a' b', row-major; a' is a[m x k], or a[k x m] transposed;
 * b' is b[k x n], or b[n x k] transposed. No size passes INT32_MAX, see dcn_setup_matrix.
 */
typedef struct {
    bool transpose_a, transpose_b;
    size_t m, n, k;
    float alpha, beta;
    const float *a, *b;
    const float
        *panels; /* of b', by dcn_panels_make(), which are read in its place where a
                            is not transposed; NULL: there are none */
    size_t lda, ldb, ldc;
    float *c;
    void *work;       /* of dcn_product(): DcnCall.work; NULL: none was asked for */
    size_t work_rows; /* what dcn_setup_product() said */
    float *room; /* of dcn_product_here(): DCN_PRODUCT_SCRATCH bytes, 64-byte aligned;
                         NULL: BLAS computes it */
} DcnProduct;

/* Asks for the memory with which dcn_product() passes over zeroes of a, if sizes are such
 * that it may gain (sparse_product.h): of products of at most m rows of that many images.
 * a is not transposed, and an activation or a signal, so that zeroes are worth looking
 * for. Returns what has to be in DcnProduct.work_rows: 0 if nothing is asked for, as with
 * 0 images. Without that memory products are as good, but slower. Asks for scratch too. */
size_t dcn_setup_product(DcnSetup *setup, size_t images, size_t m, size_t n, size_t k);

/* Scratch of each thread with which our own loops may compute a product (product.c). */
#define DCN_PRODUCT_SCRATCH ((size_t)1 << 20)

/* The operator's setup has asked for DCN_PRODUCT_SCRATCH, as dcn_setup_product() does. */
void dcn_product(DcnContext *context, const DcnProduct *product);

/* On the calling thread, inside a dcn_parallel(). */
void dcn_product_here(const DcnProduct *product);

/* Sizes that BLAS can take. */
bool dcn_setup_matrix(DcnSetup *setup, int64_t size);

#endif
