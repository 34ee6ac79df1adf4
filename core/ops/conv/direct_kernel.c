/* SPDX-License-Identifier: GPL-3.0-or-later */
/* direct_kernel.c: maps times places without panels, for AVX-512, for AVX2 with FMA, and
 * for any processor.
 *
 * All sums of a block of maps and vectors are kept in registers while the taps run. */
#include "ops/conv/direct_kernel.h"
#include <string.h>

/* --- any processor --- */

#define LANES 4 /* 128 bits */
typedef float Lanes __attribute__((vector_size(16), aligned(4), may_alias));

static inline Lanes
read_lanes(const float *x)
{
    return *(const Lanes *)(const void *)x;
}

/* Four maps by eight places: what sixteen registers of 128 bits hold. */
static void
quarter_any(const DcnTap *taps,
            size_t n_taps,
            const float *w,
            size_t step,
            const float *x,
            float sums[4][2 * LANES])
{
    Lanes a[4] = {{0}}, b[4] = {{0}};
    for (size_t t = 0; t < n_taps; t++) {
        const float *weights = w + taps[t].weight * step, *from = x + taps[t].from;
        Lanes p = read_lanes(from), q = read_lanes(from + LANES);
        for (int r = 0; r < 4; r++) {
            a[r] += weights[r] * p;
            b[r] += weights[r] * q;
        }
    }
    for (int r = 0; r < 4; r++) {
        memcpy(sums[r], &a[r], sizeof a[r]);
        memcpy(sums[r] + LANES, &b[r], sizeof b[r]);
    }
}

static void
kernel_any(const DcnTap *taps,
           size_t n_taps,
           const float *w,
           size_t maps,
           const float *x,
           const uint32_t *starts,
           size_t vectors,
           float *y,
           size_t ldy,
           const DcnFinish *finish)
{
    size_t step = dcn_direct_step(maps);
    for (size_t first = 0; first < maps; first += 4)
        for (size_t at = 0; at < vectors * DCN_PLACES; at += 2 * LANES) {
            float sums[4][2 * LANES];
            quarter_any(taps, n_taps, w + first, step,
                        x + starts[at / DCN_PLACES] + at % DCN_PLACES, sums);
            for (size_t r = 0; r < 4 && first + r < maps; r++) {
                float bias = finish->bias ? finish->bias[first + r] : 0;
                for (size_t j = 0; j < 2 * LANES; j++) {
                    float value = sums[r][j] + bias; /* NaN stays NaN */
                    value = value < finish->low ? finish->low : value;
                    y[(first + r) * ldy + at + j] =
                        value > finish->high ? finish->high : value;
                }
            }
        }
}

#if defined(__x86_64__)
#include <immintrin.h>

#define UNROLL _Pragma("GCC unroll 8")

/* `rows` x `n` sums: 8 x 2 or 4 x 4 at most. Both are known where this is inlined. */
__attribute__((target("avx512f"), always_inline)) static inline void
block_avx512(int rows,
             int n,
             const DcnTap *taps,
             size_t n_taps,
             const float *w,
             size_t maps,
             const float *x,
             const uint32_t *starts,
             float *y,
             size_t ldy,
             const DcnFinish *finish)
{
    __m512 sums[8][4];
    const float *from[4];
    UNROLL for (int v = 0; v < n; v++)
    {
        from[v] = x + starts[v];
        UNROLL for (int r = 0; r < rows; r++) sums[r][v] = _mm512_setzero_ps();
    }
    for (size_t t = 0; t < n_taps; t++) {
        const float *weights = w + (size_t)taps[t].weight * (size_t)rows;
        __m512 seen[4];
        UNROLL for (int v = 0; v < n; v++) seen[v] =
            _mm512_loadu_ps(from[v] + taps[t].from);
        UNROLL for (int r = 0; r < rows; r++)
        {
            __m512 each = _mm512_set1_ps(weights[r]);
            UNROLL for (int v = 0; v < n; v++) sums[r][v] =
                _mm512_fmadd_ps(each, seen[v], sums[r][v]);
        }
    }
    __m512 low = _mm512_set1_ps(finish->low), high = _mm512_set1_ps(finish->high);
    UNROLL for (int r = 0; r < rows; r++)
    {
        if ((size_t)r >= maps)
            break;
        __m512 bias = _mm512_set1_ps(finish->bias ? finish->bias[r] : 0);
        UNROLL for (int v = 0; v < n; v++)
        {
            /* the second operand is what comes out if one is NaN */
            __m512 sum = _mm512_max_ps(low, _mm512_add_ps(sums[r][v], bias));
            _mm512_storeu_ps(y + (size_t)r * ldy + (size_t)v * DCN_PLACES,
                             _mm512_min_ps(high, sum));
        }
    }
}

__attribute__((target("avx512f"))) static void
kernel_avx512(const DcnTap *taps,
              size_t n_taps,
              const float *w,
              size_t maps,
              const float *x,
              const uint32_t *starts,
              size_t vectors,
              float *y,
              size_t ldy,
              const DcnFinish *finish)
{
#define BLOCK(rows, n)                                                                   \
    block_avx512(rows, n, taps, n_taps, w, maps, x, starts + v, y + v * DCN_PLACES, ldy, \
                 finish)
    size_t v = 0;
    if (maps <= 4) {
        for (; v + 4 <= vectors; v += 4)
            BLOCK(4, 4);
        if (v + 2 <= vectors) {
            BLOCK(4, 2);
            v += 2;
        }
        if (v < vectors)
            BLOCK(4, 1);
        return;
    }
    for (; v + 2 <= vectors; v += 2)
        BLOCK(8, 2);
    if (v < vectors)
        BLOCK(8, 1);
#undef BLOCK
}

/* Four maps by sixteen places, over some of the taps; starts: they are the first ones,
 * ends: the last ones. */
__attribute__((target("avx2,fma"))) static inline void
block_avx2(const DcnTap *taps,
           size_t n_taps,
           bool starts,
           bool ends,
           const float *w,
           size_t step,
           size_t maps,
           const float *x,
           float *y,
           size_t ldy,
           const float *biases,
           const DcnFinish *finish)
{
    __m256 a[4], b[4];
    UNROLL for (int r = 0; r < 4; r++) a[r] = b[r] = _mm256_setzero_ps();
    for (size_t t = 0; t < n_taps; t++) {
        const float *weights = w + taps[t].weight * step, *from = x + taps[t].from;
        __m256 p = _mm256_loadu_ps(from), q = _mm256_loadu_ps(from + 8);
        UNROLL for (int r = 0; r < 4; r++)
        {
            __m256 each = _mm256_broadcast_ss(weights + r);
            a[r] = _mm256_fmadd_ps(each, p, a[r]);
            b[r] = _mm256_fmadd_ps(each, q, b[r]);
        }
    }
    __m256 low = _mm256_set1_ps(finish->low), high = _mm256_set1_ps(finish->high);
    UNROLL for (int r = 0; r < 4; r++)
    {
        if ((size_t)r >= maps)
            break;
        float *to = y + (size_t)r * ldy;
        if (!starts) {
            a[r] = _mm256_add_ps(a[r], _mm256_loadu_ps(to));
            b[r] = _mm256_add_ps(b[r], _mm256_loadu_ps(to + 8));
        }
        if (ends) {
            __m256 bias = _mm256_set1_ps(biases ? biases[r] : 0);
            a[r] = _mm256_min_ps(high, _mm256_max_ps(low, _mm256_add_ps(a[r], bias)));
            b[r] = _mm256_min_ps(high, _mm256_max_ps(low, _mm256_add_ps(b[r], bias)));
        }
        _mm256_storeu_ps(to, a[r]);
        _mm256_storeu_ps(to + 8, b[r]);
    }
}

#define TAPS ((size_t)256) /* whose weights and places stay in the nearest cache */

__attribute__((target("avx2,fma"))) static void
kernel_avx2(const DcnTap *taps,
            size_t n_taps,
            const float *w,
            size_t maps,
            const float *x,
            const uint32_t *starts,
            size_t vectors,
            float *y,
            size_t ldy,
            const DcnFinish *finish)
{
    size_t step = dcn_direct_step(maps);
    for (size_t t = 0; t == 0 || t < n_taps; t += TAPS) {
        size_t n = n_taps - t < TAPS ? n_taps - t : TAPS;
        for (size_t v = 0; v < vectors; v++)
            for (size_t first = 0; first < maps; first += 4)
                block_avx2(taps + t, n, t == 0, t + n == n_taps, w + first, step,
                           maps - first, x + starts[v], y + first * ldy + v * DCN_PLACES,
                           ldy, finish->bias ? finish->bias + first : NULL, finish);
    }
}
#endif

DcnDirectKernel *
dcn_direct_kernel(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f"))
        return kernel_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return kernel_avx2;
#endif
    return kernel_any;
}
