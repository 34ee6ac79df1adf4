/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copy_second.h: every second float of a row. */
#ifndef DCN_OPS_PRODUCT_COPY_SECOND_H
#define DCN_OPS_PRODUCT_COPY_SECOND_H

#include "base/vector.h"
#include <stddef.h>

#define DCN_SECOND_WIDTH ((size_t)16) /* floats of the widest vector */
#ifdef DCN_SHUFFLES
typedef float DcnWide __attribute__((vector_size(64), aligned(4), may_alias));
#endif

/* to[i] = from[2 * i], n of them. */
static inline void
dcn_copy_second(float *restrict to, const float *restrict from, size_t n)
{
    size_t i = 0;
#ifdef DCN_SHUFFLES
    /* The last vector would read one float behind the last that is wanted. */
    for (; i + DCN_SECOND_WIDTH < n; i += DCN_SECOND_WIDTH) {
        const DcnWide *pairs = (const DcnWide *)(const void *)(from + 2 * i);
        *(DcnWide *)(void *)(to + i) =
            __builtin_shufflevector(pairs[0], pairs[1], 0, 2, 4, 6, 8, 10, 12, 14, 16, 18,
                                    20, 22, 24, 26, 28, 30);
    }
    if (i + DCN_SECOND_WIDTH == n) {
        const DcnWide *low = (const DcnWide *)(const void *)(from + 2 * i),
                      *high = (const DcnWide *)(const void *)(from + 2 * i +
                                                              DCN_SECOND_WIDTH - 1);
        *(DcnWide *)(void *)(to + i) = __builtin_shufflevector(
            *low, *high, 0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31);
        return;
    }
#endif
    for (; i < n; i++)
        to[i] = from[2 * i];
}

#endif
