/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sums.h: sums of products of whole numbers, exact.
 *
 * A product of two levels of 8 bits needs 17 bits, and a float has 24: it would round
 * sums of more than some hundred of them, and a quantised net then rounds to another
 * level. Doubles have 53, so BLAS adds them in any order without rounding. Tiles are
 * converted as they are needed: at 32 rows by 64 columns that is little beside the
 * product. */
#ifndef DCN_OPS_QUANT_SUMS_H
#define DCN_OPS_QUANT_SUMS_H

#include "ops/kit/common.h"

/* `products` products of a rows x inner matrix (left) and an inner x columns one (right),
 * both given as functions:
 *
 * left   the elements from .. from + n - 1 of one row
 * right  n x columns elements: rows from `from` on, columns from `column` on
 * done   takes the sums of one row, columns from `column` on
 *
 * They are called by several threads, never for the same sums twice. */
typedef struct {
    const void *user;
    size_t products, rows, columns, inner;
    void (*left)(
        const void *user, size_t product, size_t row, size_t from, size_t n, double *to);
    void (*right)(const void *user,
                  size_t product,
                  size_t column,
                  size_t columns,
                  size_t from,
                  size_t n,
                  double *to);
    void (*done)(const void *user,
                 size_t product,
                 size_t row,
                 size_t column,
                 size_t columns,
                 const double *sums);
} DcnSums;

void dcn_sums(DcnContext *context, const DcnSums *sums);

/* Scratch bytes that it takes of each thread. */
size_t dcn_sums_scratch(size_t inner);

/* What an operator makes of the exact sums of row `row` of an image (of a convolution: of
 * a map), that belong to the elements at .. at + n - 1 of its output. column: of the
 * first. */
typedef void (*DcnSumsFinish)(const DcnCall *call,
                              size_t image,
                              size_t row,
                              size_t column,
                              size_t at,
                              size_t n,
                              const double *sums);

/* How much an output that is y changes with its sum. */
typedef float (*DcnSumsSlope)(
    const DcnCall *call, size_t image, size_t row, size_t column, float y);

/* The first member of the params of an operator that makes its output of exact sums. */
typedef struct {
    DcnSumsFinish finish;
    DcnSumsSlope slope;
    DcnType type; /* of the output */
} DcnSumsResult;

/* The sums are the output, as whole numbers. */
extern const DcnSumsResult dcn_sums_result_whole;

DcnType dcn_sums_type(const void *params, size_t output);

#endif
