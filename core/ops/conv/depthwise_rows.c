/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depthwise_rows.c: four rows by one vector of places, for AVX-512, for AVX2 with FMA,
 * and for any processor.
 *
 * The sums stay in registers until they are finished. A kernel of 3 x 3 takes 18 loads of
 * vectors for 36 multiplications. */
#include "ops/conv/depthwise_rows.h"
#include "ops/product/copy_rows.h"
#include <stdint.h>
#include <string.h>

#define ROWS ((size_t)4)
_Static_assert(DCN_ROWS_BEHIND == ROWS - 1, "rows that a block reads");
#define UNROLL _Pragma("GCC unroll 8")

#define LANES 4
#define TARGET
#define NAME(x) x##_any
#define MULADD(a, b, c) ((a) * (b) + (c))
#define LOW(a, b) choose((b) > (a), a, b)
#define HIGH(a, b) choose((b) < (a), a, b)

typedef float Four __attribute__((vector_size(16)));
typedef int32_t FourTruths __attribute__((vector_size(16)));

static inline Four
choose(FourTruths which, Four a, Four b)
{
    return (Four)((which & (FourTruths)a) | (~which & (FourTruths)b));
}

#include "ops/conv/depthwise_block.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define LANES 8
#define TARGET __attribute__((target("avx2,fma")))
#define NAME(x) x##_avx2
#define MULADD(a, b, c) _mm256_fmadd_ps(a, b, c)
#define LOW(a, b) _mm256_min_ps(a, b)
#define HIGH(a, b) _mm256_max_ps(a, b)
#include "ops/conv/depthwise_block.h"

#define LANES 16
#define TARGET __attribute__((target("avx512f")))
#define NAME(x) x##_avx512
#define MULADD(a, b, c) _mm512_fmadd_ps(a, b, c)
#define LOW(a, b) _mm512_min_ps(a, b)
#define HIGH(a, b) _mm512_max_ps(a, b)
#include "ops/conv/depthwise_block.h"

/* Half a vector or less at a row's end is left to the narrow ones. */
static void
rows_both(const DcnRows *r)
{
    size_t rest = r->columns % 16;
    if (rest == 0 || rest > 8) {
        rows_avx512(r);
        return;
    }
    DcnRows part = *r;
    part.columns = rest;
    part.from += r->columns - rest;
    part.to += r->columns - rest;
    rows_avx2(&part);
    part = *r;
    part.columns -= rest;
    rows_avx512(&part);
}
#endif

DcnRowsLoop *
dcn_rows_loop(size_t columns)
{
#if defined(__x86_64__)
    bool narrow = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (narrow && columns > 8 && __builtin_cpu_supports("avx512f"))
        return rows_both;
    if (narrow)
        return rows_avx2;
#endif
    (void)columns;
    return rows_any;
}
