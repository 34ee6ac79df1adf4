/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copy_second.h: every second float of a row. */
#ifndef DCN_OPS_PRODUCT_COPY_SECOND_H
#define DCN_OPS_PRODUCT_COPY_SECOND_H

#include "base/vector.h"
#include "ops/product/shuffles.h"
#include <stdbool.h>
#include <stddef.h>

#define DCN_SECOND_WIDTH ((size_t)16) /* floats of the widest vector */
#ifdef DCN_SHUFFLES
typedef float DcnWide __attribute__((vector_size(64), aligned(4), may_alias));

/* to[i] = from[2 * i] for as many as a vector holds. ends: there is no float behind the
 * last of these. */
#define DCN_EACH_SECOND(Vector, lanes, ...)                                              \
    static inline void dcn_second_##lanes(float *to, const float *from, bool ends)       \
    {                                                                                    \
        const Vector *low = (const void *)from,                                          \
                     *high = (const void *)(from + lanes - ends);                        \
        Vector *out = (void *)to;                                                        \
        *out = ends ? __builtin_shufflevector(*low, *high, DCN_SECOND_ENDS_##lanes)      \
                    : __builtin_shufflevector(*low, *high, __VA_ARGS__);                 \
    }
#define DCN_SECOND_ENDS_16 0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31
#define DCN_SECOND_ENDS_8 0, 2, 4, 6, 9, 11, 13, 15
#define DCN_SECOND_ENDS_4 0, 2, 5, 7
DCN_EACH_SECOND(DcnWide, 16, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
DCN_EACH_SECOND(DcnEight, 8, 0, 2, 4, 6, 8, 10, 12, 14)
DCN_EACH_SECOND(DcnFour, 4, 0, 2, 4, 6)

/* n >= lanes: whole vectors, and the last ones once more where n is no multiple. */
#define DCN_SECOND_STEPS(lanes)                                                          \
    for (size_t i = 0; i + (lanes) < n; i += (lanes))                                    \
        dcn_second_##lanes(to + i, from + 2 * i, false);                                 \
    dcn_second_##lanes(to + n - (lanes), from + 2 * (n - (lanes)), true);
#endif

/* to[i] = from[2 * i], n of them. */
static inline void
dcn_copy_second(float *restrict to, const float *restrict from, size_t n)
{
#ifdef DCN_SHUFFLES
    if (n >= 16) {
        DCN_SECOND_STEPS(16)
        return;
    }
    if (n >= 8) {
        DCN_SECOND_STEPS(8)
        return;
    }
    if (n >= 4) {
        DCN_SECOND_STEPS(4)
        return;
    }
#endif
    for (size_t i = 0; i < n; i++)
        to[i] = from[2 * i];
}

#endif
