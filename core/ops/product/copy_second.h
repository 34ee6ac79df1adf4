/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copy_second.h: every second float of a row. */
#ifndef DCN_OPS_PRODUCT_COPY_SECOND_H
#define DCN_OPS_PRODUCT_COPY_SECOND_H

#include "base/vector.h"
#include "ops/product/shuffles.h"
#include <stddef.h>

#define DCN_SECOND_WIDTH ((size_t)16) /* floats of the widest vector */
#ifdef DCN_SHUFFLES
typedef float DcnWide __attribute__((vector_size(64), aligned(4), may_alias));

/* One vector of results, from two of `width` floats: the second begins a float early, so
 * that nothing is read behind the last float that is wanted. */
#define DCN_TAKE_SECOND(Vector, width, i, ...)                                           \
    *(Vector *)(void *)(to + (i)) = __builtin_shufflevector(                             \
        *(const Vector *)(const void *)(from + 2 * (i)),                                 \
        *(const Vector *)(const void *)(from + 2 * (i) + (width)-1), __VA_ARGS__)

/* n >= width: whole vectors, and the last floats once more where n is no multiple. */
#define DCN_TAKE_ALL(Vector, width, ...)                                                 \
    do {                                                                                 \
        for (size_t i = 0; i + (width) <= n; i += (width))                               \
            DCN_TAKE_SECOND(Vector, width, i, __VA_ARGS__);                              \
        DCN_TAKE_SECOND(Vector, width, n - (width), __VA_ARGS__);                        \
    } while (0)
#endif

/* to[i] = from[2 * i], n of them. Always inlined, so that it is compiled for the processor
 * that its caller is compiled for. */
__attribute__((always_inline)) static inline void
dcn_copy_second(float *restrict to, const float *restrict from, size_t n)
{
#ifdef DCN_SHUFFLES
    if (n >= DCN_SECOND_WIDTH && dcn_wide_vectors())
        DCN_TAKE_ALL(DcnWide, DCN_SECOND_WIDTH, 0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23,
                     25, 27, 29, 31);
    else if (n >= 8)
        DCN_TAKE_ALL(DcnEight, 8, 0, 2, 4, 6, 9, 11, 13, 15);
    else if (n >= 4)
        DCN_TAKE_ALL(DcnFour, 4, 0, 2, 5, 7);
    else
#endif
        for (size_t i = 0; i < n; i++)
            to[i] = from[2 * i];
}

#ifdef DCN_SHUFFLES
#undef DCN_TAKE_ALL
#undef DCN_TAKE_SECOND
#endif
#endif
