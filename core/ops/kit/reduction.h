/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reduction.h: operators that make one number of all elements of a row, and are no sums:
 * ReduceMax and its like. What they take and keep is that of sums: reduce.h.
 *
 * With noop_with_empty_axes and no axes each element is a row: ReduceL2 of -3 is then 3.
 */
#ifndef DCN_OPS_KIT_REDUCTION_H
#define DCN_OPS_KIT_REDUCTION_H

#include "ops/kit/reduce.h"

/* The number that n elements become. */
typedef float (*DcnReduceValue)(const float *x, size_t n);

/* dx[i] += dy * dy/dx[i] */
typedef void (*DcnReduceSlopes)(
    const float *x, size_t n, float y, float dy, float *restrict dx);

/* Integers are joined one after another, exactly, from `start` on. */
typedef struct {
    int64_t start;
    int64_t (*join)(int64_t y, int64_t x);
} DcnReduceIntegers;

/* dcn_reduce_setup(), and memory for rows that do not lie together. */
bool dcn_reduction_setup(DcnSetup *setup);
void dcn_reduction_forward(const DcnCall *call, DcnReduceValue value);
void dcn_reduction_back(const DcnCall *call, DcnReduceSlopes slopes);

/* integers: NULL, or of constants that are integers; all others become floats and back.
 */
bool dcn_reduction_fold(DcnFold *fold,
                        DcnReduceValue value,
                        const DcnReduceIntegers *integers);

#endif
