/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inner.c: 8 maps times 32 places, for AVX-512, and for vectors of 128 bits, as Arm's and
 * those of any other processor are. inner_avx2.c has AVX2's.
 *
 * All sums are kept in registers while k runs. For each k AVX-512 does 16 multiplications
 * of vectors with 10 loads, so that the units that multiply are what bounds it. */
#include "base/vector.h"
#include "ops/product/inner_private.h"
#include <math.h>
#include <stdint.h>
#include <string.h>
#if defined(__aarch64__)
#include <arm_neon.h>
#endif

size_t
dcn_packed_floats(size_t m, size_t k)
{
    return (m + DCN_ROWS - 1) / DCN_ROWS * DCN_ROWS * k;
}

void
dcn_pack(const float *w, size_t m, size_t k, size_t step, size_t stride, float *packed)
{
    for (size_t first = 0; first < m; first += DCN_ROWS) {
        size_t rows = m - first < DCN_ROWS ? m - first : DCN_ROWS;
        for (size_t i = 0; i < k; i++, packed += DCN_ROWS)
            for (size_t r = 0; r < DCN_ROWS; r++)
                packed[r] = r < rows ? w[(first + r) * step + i * stride] : 0;
    }
}

const DcnFinish dcn_finish_add = {.low = -INFINITY, .high = INFINITY, .add = true};

/* Writes a finished block of sums, DCN_COLUMNS a row. */
static inline void
write_block(const float *sums,
            size_t rows,
            size_t columns,
            float *y,
            size_t ldy,
            const DcnFinish *finish)
{
    for (size_t i = 0; i < rows; i++, sums += DCN_COLUMNS, y += ldy) {
        if (!finish) {
            memcpy(y, sums, columns * sizeof *y);
            continue;
        }
        float bias = finish->bias ? finish->bias[i] : 0, low = finish->low,
              high = finish->high;
        for (size_t j = 0; j < columns; j++) {
            float value = sums[j] + bias + (finish->add ? y[j] : 0); /* NaN stays NaN */
            value = value < low ? low : value;
            y[j] = value > high ? high : value;
        }
    }
}

__attribute__((always_inline)) static inline bool
row_is_nonzero(const float *row)
{
    uint32_t bits = 0, all = 0;
    for (size_t j = 0; j < DCN_COLUMNS; j++) {
        memcpy(&bits, &row[j], sizeof bits);
        all |= bits << 1; /* -0 is zero, too */
    }
    return all != 0;
}

/* n of so many rows, or all of them if n are nearly all. */
static size_t
nearly_all(size_t n, size_t rows)
{
    return n <= rows - rows / 16 ? n : rows;
}

DCN_VECTOR size_t
dcn_nonzero_rows(const float *panel, size_t rows, uint32_t *which)
{
    size_t n = 0;
    for (size_t i = 0; i < rows; i++) {
        which[n] = (uint32_t)i;
        n += row_is_nonzero(panel + i * DCN_COLUMNS);
    }
    return nearly_all(n, rows);
}

size_t
dcn_nonzero_list(const uint32_t *bits, size_t rows, uint32_t *which)
{
    size_t n = 0;
    for (size_t i = 0; i < rows; i++) {
        which[n] = (uint32_t)i;
        n += bits[i] != 0;
    }
    return nearly_all(n, rows);
}

#define UNROLL _Pragma("GCC unroll 8")

typedef float Four __attribute__((vector_size(16)));
typedef float FourAnywhere __attribute__((vector_size(16), aligned(4), may_alias));

/* C11 forbids GCC to make one instruction of a product and a sum. */
#if defined(__aarch64__)
#define MULTIPLY_ADD(sum, w, lane, x) vfmaq_laneq_f32(sum, x, w, lane)
#else
#define MULTIPLY_ADD(sum, w, lane, x) ((sum) + (w)[lane] * (x))
#endif

__attribute__((always_inline)) static inline void
add_four_rows(Four sums[4], Four w, Four x)
{
    sums[0] = MULTIPLY_ADD(sums[0], w, 0, x);
    sums[1] = MULTIPLY_ADD(sums[1], w, 1, x);
    sums[2] = MULTIPLY_ADD(sums[2], w, 2, x);
    sums[3] = MULTIPLY_ADD(sums[3], w, 3, x);
}

/* TALL rows by eight places. Arm has 32 registers: 16 sums, and for each k two loads of
 * places and two of weights for 16 multiplications. x86 without AVX2 has 16. */
#if defined(__aarch64__)
#define TALL 8
#else
#define TALL 4
#endif

/* Inlined for both values of `some`, as below. */
__attribute__((always_inline)) static inline void
tile_any(size_t k,
         bool some,
         const uint32_t *which,
         const float *packed,
         const float *next,
         const float *panel,
         float *sums)
{
    Four a[TALL], b[TALL];
    UNROLL for (int r = 0; r < TALL; r++) a[r] = b[r] = (Four){0};
    for (size_t i = 0; i < k; i++) {
        size_t row = some ? which[i] : i;
        const float *x = panel + row * DCN_COLUMNS;
        if (next)
            DCN_FETCH(next, row);
        Four p = *(const FourAnywhere *)x, q = *(const FourAnywhere *)(x + 4);
        UNROLL for (int r = 0; r < TALL; r += 4)
        {
            Four w = *(const FourAnywhere *)(packed + row * DCN_ROWS + r);
            add_four_rows(a + r, w, p);
            add_four_rows(b + r, w, q);
        }
    }
    UNROLL for (int r = 0; r < TALL; r++)
    {
        *(FourAnywhere *)(sums + r * DCN_COLUMNS) = a[r];
        *(FourAnywhere *)(sums + r * DCN_COLUMNS + 4) = b[r];
    }
}

/* For vectors of 128 bits: NEON's, SSE's, or what the compiler makes of them elsewhere. */
static void
kernel_any(size_t k,
           const uint32_t *which,
           const float *packed,
           const float *next,
           const float *panel,
           size_t rows,
           size_t columns,
           float *y,
           size_t ldy,
           const DcnFinish *finish)
{
    float sums[DCN_ROWS * DCN_COLUMNS];
    for (size_t r = 0; r < rows; r += TALL)
        for (size_t j = 0; j < columns; j += 8) {
            const float *fetch = r + j == 0 ? next : NULL, *w = packed + r,
                        *x = panel + j;
            float *to = sums + r * DCN_COLUMNS + j;
            if (which)
                tile_any(k, true, which, w, fetch, x, to);
            else
                tile_any(k, false, NULL, w, fetch, x, to);
        }
    write_block(sums, rows, columns, y, ldy, finish);
}

#if defined(__x86_64__)
#include <immintrin.h>

/* One row of two vectors, finished and written; where the block is cut off, by masks. */
__attribute__((target("avx512f"))) static inline void
write_row_avx512(__m512 a,
                 __m512 b,
                 size_t columns,
                 float *y,
                 float bias,
                 float low,
                 float high,
                 bool add)
{
    __m512 more = _mm512_set1_ps(bias), l = _mm512_set1_ps(low), h = _mm512_set1_ps(high);
    unsigned mask = columns >= 32 ? ~0u : (1u << columns) - 1;
    a = _mm512_add_ps(a, more);
    b = _mm512_add_ps(b, more);
    if (add) {
        a = _mm512_add_ps(a, _mm512_maskz_loadu_ps((__mmask16)mask, y));
        if (columns > 16)
            b = _mm512_add_ps(b, _mm512_maskz_loadu_ps((__mmask16)(mask >> 16), y + 16));
    }
    /* the second operand is what comes out if one is NaN */
    a = _mm512_min_ps(h, _mm512_max_ps(l, a));
    b = _mm512_min_ps(h, _mm512_max_ps(l, b));
    _mm512_mask_storeu_ps(y, (__mmask16)mask, a);
    if (columns > 16)
        _mm512_mask_storeu_ps(y + 16, (__mmask16)(mask >> 16), b);
}

/* Inlined for both values of `some`: whether there is a list of rows; and for all rows of
 * a group and half of them. */
__attribute__((target("avx512f"), always_inline)) static inline void
sum_avx512(size_t k,
           bool some,
           const uint32_t *which,
           const float *packed,
           const float *next,
           const float *panel,
           bool half,
           int rows,
           __m512 a[DCN_ROWS],
           __m512 b[DCN_ROWS])
{
    for (size_t i = 0; i < k; i++) {
        size_t row = some ? which[i] : i;
        const float *w = packed + row * DCN_ROWS, *x = panel + row * DCN_COLUMNS;
        __m512 p = _mm512_load_ps(x), q = half ? p : _mm512_load_ps(x + 16);
        DCN_FETCH(next, row);
        UNROLL for (int r = 0; r < rows; r++)
        {
            __m512 each = _mm512_set1_ps(w[r]);
            a[r] = _mm512_fmadd_ps(each, p, a[r]);
            if (!half)
                b[r] = _mm512_fmadd_ps(each, q, b[r]);
        }
    }
}

#define SINGLES 4

/* Sixteen places or none, and up to SINGLES more: a vector of these would be nearly empty,
 * so that each is a vector of eight rows. A plane of 7 x 7 is 32, 16 and one place. */
__attribute__((target("avx512f,avx2,fma"), always_inline)) static inline void
sum_singles(size_t k,
            const uint32_t *which,
            const float *packed,
            const float *next,
            const float *panel,
            bool sixteen,
            int singles,
            __m512 a[DCN_ROWS],
            __m256 columns[SINGLES])
{
    for (size_t i = 0; i < k; i++) {
        size_t row = which ? which[i] : i;
        const float *w = packed + row * DCN_ROWS, *x = panel + row * DCN_COLUMNS;
        __m512 p = _mm512_load_ps(x);
        __m256 all = _mm256_loadu_ps(w);
        DCN_FETCH(next, row);
        if (sixteen) {
            UNROLL for (int r = 0; r < DCN_ROWS; r++) a[r] =
                _mm512_fmadd_ps(_mm512_set1_ps(w[r]), p, a[r]);
        }
        UNROLL for (int c = 0; c < singles; c++) columns[c] =
            _mm256_fmadd_ps(all, _mm256_set1_ps(x[c + (sixteen ? 16 : 0)]), columns[c]);
    }
}

__attribute__((target("avx512f,avx2,fma"))) static void
kernel_singles(size_t k,
               const uint32_t *which,
               const float *packed,
               const float *next,
               const float *panel,
               size_t rows,
               size_t columns,
               float *y,
               size_t ldy,
               const DcnFinish *finish)
{
    __m512 a[DCN_ROWS];
    __m256 single[SINGLES];
    UNROLL for (int r = 0; r < DCN_ROWS; r++) a[r] = _mm512_setzero_ps();
    UNROLL for (int c = 0; c < SINGLES; c++) single[c] = _mm256_setzero_ps();
    if (columns == 17)
        sum_singles(k, which, packed, next, panel, true, 1, a, single);
    else if (columns > 16)
        sum_singles(k, which, packed, next, panel, true, SINGLES, a, single);
    else if (columns == 1)
        sum_singles(k, which, packed, next, panel, false, 1, a, single);
    else
        sum_singles(k, which, packed, next, panel, false, SINGLES, a, single);
    DcnFinish open = {.low = -INFINITY, .high = INFINITY};
    finish = finish ? finish : &open;
    size_t whole = columns > 16 ? 16 : 0;
    UNROLL for (int r = 0; r < DCN_ROWS; r++) if (whole > 0 && (size_t)r < rows)
        write_row_avx512(a[r], a[r], whole, y + (size_t)r * ldy,
                         finish->bias ? finish->bias[r] : 0, finish->low, finish->high,
                         finish->add);
    float sums[SINGLES][DCN_ROWS];
    UNROLL for (int c = 0; c < SINGLES; c++) _mm256_storeu_ps(sums[c], single[c]);
    for (size_t r = 0; r < rows; r++, y += ldy)
        for (size_t j = whole; j < columns; j++)
            y[j] = dcn_finished(finish, r, sums[j - whole][r], y[j]);
}

__attribute__((target("avx512f"))) static void
kernel_avx512(size_t k,
              const uint32_t *which,
              const float *packed,
              const float *next,
              const float *panel,
              size_t rows,
              size_t columns,
              float *y,
              size_t ldy,
              const DcnFinish *finish)
{
    size_t rest = columns % 16;
    if (rest > 0 && rest <= SINGLES && __builtin_cpu_supports("fma")) {
        kernel_singles(k, which, packed, next, panel, rows, columns, y, ldy, finish);
        return;
    }
    __m512 a[DCN_ROWS], b[DCN_ROWS];
    UNROLL for (int r = 0; r < DCN_ROWS; r++) a[r] = b[r] = _mm512_setzero_ps();
    for (size_t r = 0; r < rows; r++) { /* is there when the sums are */
        __builtin_prefetch(y + r * ldy, 1);
        __builtin_prefetch(y + r * ldy + columns - 1, 1);
    }
    if (columns <= 16 && which)
        sum_avx512(k, true, which, packed, next, panel, true, 8, a, b);
    else if (columns <= 16)
        sum_avx512(k, false, NULL, packed, next, panel, true, 8, a, b);
    else if (which)
        sum_avx512(k, true, which, packed, next, panel, false, 8, a, b);
    else if (rows <= 4)
        sum_avx512(k, false, NULL, packed, next, panel, false, 4, a, b);
    else
        sum_avx512(k, false, NULL, packed, next, panel, false, 8, a, b);
    float low = finish ? finish->low : -INFINITY, high = finish ? finish->high : INFINITY;
    UNROLL for (int r = 0; r < DCN_ROWS; r++)
    {
        float bias = finish && finish->bias && (size_t)r < rows ? finish->bias[r] : 0;
        if ((size_t)r < rows)
            write_row_avx512(a[r], b[r], columns, y + (size_t)r * ldy, bias, low, high,
                             finish && finish->add);
    }
}

static bool
has_avx512(void)
{
    return __builtin_cpu_supports("avx512f");
}

static bool
has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

static bool
has_any(void)
{
    return true;
}

const DcnInner dcn_inners[] = {
#if defined(__x86_64__)
    {"AVX-512", has_avx512, kernel_avx512, 0, 8},
    {"AVX2", has_avx2, dcn_kernel_avx2, 128, 6},
#endif
    {"128 bits", has_any, kernel_any, 128, 8},
    {0},
};

const DcnInner *
dcn_inner(void)
{
    const DcnInner *inner = dcn_inners;
    while (!inner->fits())
        inner++;
    return inner;
}

DcnKernel *
dcn_kernel(void)
{
    return dcn_inner()->run;
}
