/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inner_private.h: what the inner products of all processors share. Inside inner*.c only.
 */
#ifndef DCN_OPS_PRODUCT_INNER_PRIVATE_H
#define DCN_OPS_PRODUCT_INNER_PRIVATE_H

#include "ops/product/inner.h"

/* Weights come from far away, and are wanted as soon as this group's panels are through.
 */
#define DCN_FETCH(next, i)                                                               \
    __builtin_prefetch((const char *)((uintptr_t)(next) + (i)*DCN_ROWS * sizeof(float)), \
                       0, 2)

/* A sum of row r; before: what is there. NaN stays NaN. */
static inline float
dcn_finished(const DcnFinish *finish, size_t r, float sum, float before)
{
    float value = sum + (finish->bias ? finish->bias[r] : 0);
    value += finish->add ? before : 0;
    value = value < finish->low ? finish->low : value;
    return value > finish->high ? finish->high : value;
}

#if defined(__x86_64__)
DcnKernel dcn_kernel_avx2;
#endif

#endif
