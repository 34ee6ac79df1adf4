/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depthwise_rows.c: seven or four rows by one vector of places, for AVX-512, for AVX2 with
 * FMA, and for any processor.
 *
 * The sums stay in registers until they are finished. A kernel of 3 x 3 takes 27 loads of
 * vectors for 63 multiplications. Planes have 7, 14, 28 ... rows in most nets. */
#include "ops/conv/depthwise_rows.h"
#include "ops/product/copy_rows.h"
#include <stdint.h>
#include <string.h>

#define TALL ((size_t)7)
#define SHORT ((size_t)4)
_Static_assert(DCN_ROWS_BEHIND == SHORT - 1 && TALL - SHORT - 1 <= DCN_ROWS_BEHIND,
               "rows behind the last that a block reads");
#define UNROLL _Pragma("GCC unroll 16")

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
    if (part.columns > 0)
        rows_avx512(&part);
}
#endif

size_t
dcn_rows_loops(DcnRowsLoop *loops[DCN_ROWS_LOOPS])
{
    size_t n = 0;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        if (__builtin_cpu_supports("avx512f"))
            loops[n++] = rows_both;
        loops[n++] = rows_avx2;
    }
#endif
    loops[n++] = rows_any;
    return n;
}

DcnRowsLoop *
dcn_rows_loop(size_t columns)
{
    DcnRowsLoop *loops[DCN_ROWS_LOOPS];
    size_t n = dcn_rows_loops(loops);
    return loops[n == DCN_ROWS_LOOPS && columns <= 8 ? 1 : 0];
}
