/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shuffles.h: small blocks of floats turned round, by shuffles of vectors of eight. */
#ifndef DCN_OPS_PRODUCT_SHUFFLES_H
#define DCN_OPS_PRODUCT_SHUFFLES_H

#include "base/vector.h"
#include <stddef.h>

#define DCN_EIGHT 8

#ifdef DCN_SHUFFLES
typedef float DcnEight __attribute__((vector_size(32), aligned(4), may_alias));
typedef float DcnFour __attribute__((vector_size(16), aligned(4), may_alias));
/* at any byte, as weights may lie in a file */
typedef float DcnEightLoose __attribute__((vector_size(32), aligned(1), may_alias));
#define DCN_EIGHT_AT(p) ((DcnEight)(*(const DcnEightLoose *)(const void *)(p)))
#define DCN_PUT_EIGHT(p, value) (*(DcnEight *)(void *)(p) = (value))
/* of both halves: 0 and 1, or 2 and 3, in turn; and two each */
#define DCN_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define DCN_HIGH(a, b) __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define DCN_LOW_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define DCN_HIGH_PAIRS(a, b) __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
/* the first or the second halves */
#define DCN_FIRST(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define DCN_SECOND(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15)
#endif

typedef float DcnLoose __attribute__((aligned(1), may_alias));
#define DCN_FLOAT_AT(p) (*(const DcnLoose *)(const void *)(p))

/* to[x * to_step + y] = from[y * from_step + x] for x, y < 8; from may lie at any byte. Always inlined, so that it
 * is compiled for the processor that its caller is compiled for. */
__attribute__((always_inline)) static inline void
dcn_turn_block(const float *from, size_t from_step, float *to, size_t to_step)
{
#ifdef DCN_SHUFFLES
    DcnEight r0 = DCN_EIGHT_AT(from), r1 = DCN_EIGHT_AT(from + from_step);
    DcnEight r2 = DCN_EIGHT_AT(from + 2 * from_step);
    DcnEight r3 = DCN_EIGHT_AT(from + 3 * from_step);
    DcnEight r4 = DCN_EIGHT_AT(from + 4 * from_step);
    DcnEight r5 = DCN_EIGHT_AT(from + 5 * from_step);
    DcnEight r6 = DCN_EIGHT_AT(from + 6 * from_step);
    DcnEight r7 = DCN_EIGHT_AT(from + 7 * from_step);
    DcnEight a = DCN_LOW(r0, r1), b = DCN_LOW(r2, r3), c = DCN_LOW(r4, r5),
             d = DCN_LOW(r6, r7);
    DcnEight e = DCN_LOW_PAIRS(a, b), f = DCN_LOW_PAIRS(c, d);
    DcnEight g = DCN_HIGH_PAIRS(a, b), h = DCN_HIGH_PAIRS(c, d);
    DCN_PUT_EIGHT(to, DCN_FIRST(e, f));
    DCN_PUT_EIGHT(to + to_step, DCN_FIRST(g, h));
    DCN_PUT_EIGHT(to + 4 * to_step, DCN_SECOND(e, f));
    DCN_PUT_EIGHT(to + 5 * to_step, DCN_SECOND(g, h));
    a = DCN_HIGH(r0, r1), b = DCN_HIGH(r2, r3), c = DCN_HIGH(r4, r5),
    d = DCN_HIGH(r6, r7);
    e = DCN_LOW_PAIRS(a, b), f = DCN_LOW_PAIRS(c, d);
    g = DCN_HIGH_PAIRS(a, b), h = DCN_HIGH_PAIRS(c, d);
    DCN_PUT_EIGHT(to + 2 * to_step, DCN_FIRST(e, f));
    DCN_PUT_EIGHT(to + 3 * to_step, DCN_FIRST(g, h));
    DCN_PUT_EIGHT(to + 6 * to_step, DCN_SECOND(e, f));
    DCN_PUT_EIGHT(to + 7 * to_step, DCN_SECOND(g, h));
#else
    for (size_t y = 0; y < DCN_EIGHT; y++)
        for (size_t x = 0; x < DCN_EIGHT; x++)
            to[x * to_step + y] = DCN_FLOAT_AT(from + y * from_step + x);
#endif
}

/* The same for rows x columns. */
__attribute__((always_inline)) static inline void
dcn_turn(const float *from,
         size_t from_step,
         size_t rows,
         size_t columns,
         float *to,
         size_t to_step)
{
    size_t whole_rows = rows / DCN_EIGHT * DCN_EIGHT,
           whole = columns / DCN_EIGHT * DCN_EIGHT;
    for (size_t x = 0; x < whole; x += DCN_EIGHT)
        for (size_t y = 0; y < whole_rows; y += DCN_EIGHT)
            dcn_turn_block(from + y * from_step + x, from_step, to + x * to_step + y,
                           to_step);
    for (size_t x = 0; x < columns; x++)
        for (size_t y = x < whole ? whole_rows : 0; y < rows; y++)
            to[x * to_step + y] = DCN_FLOAT_AT(from + y * from_step + x);
}

#endif
