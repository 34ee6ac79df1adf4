/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sums_matrix.h: products of matrices of whole numbers less their zero points, exact:
 * MatMulInteger, QLinearMatMul, QGemm. */
#ifndef DCN_OPS_QUANT_SUMS_MATRIX_H
#define DCN_OPS_QUANT_SUMS_MATRIX_H

#include "ops/quant/sums.h"

typedef struct {
    DcnSumsResult result;
    size_t a, b, a_zero, b_zero; /* inputs; a is input 0 */
    size_t m, n, k;
    bool transpose_a, transpose_b;
    size_t matrices;                                   /* of y, in one image */
    int rank;                                          /* axes that count them */
    size_t dim[DCN_MAX_RANK];                          /* of y */
    size_t a_step[DCN_MAX_RANK], b_step[DCN_MAX_RANK]; /* in matrices; 0: broadcast */
    bool rows_merge; /* one b for all: rows of all images are one matrix */
} DcnSumsMatrix;

/* Shapes as MatMul has them: axes before the last two are broadcast, a vector is a matrix
 * of one row (a) or column (b). matrix: result, inputs and transpositions are set, the
 * last for matrices alone. Zero points: one for all, one for each row of a, one for each
 * column of b. */
bool dcn_sums_matrix_setup(DcnSetup *setup, DcnSumsMatrix *matrix);

/* Entries of DcnOp, for params that begin with a DcnSumsMatrix. */
void dcn_sums_matrix_forward(const DcnCall *call);
void dcn_sums_matrix_back(const DcnCall *call);

/* Rows stay rows of a, columns stay columns of b. */
void dcn_sums_matrix_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_sums_matrix_seen(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);

#endif
