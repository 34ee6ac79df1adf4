/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inner_avx2.c: the inner product for AVX2 with FMA. Its sixteen registers hold a part of
 * a block: six or four maps by two vectors of eight places, four by three, or eight by
 * one.
 *
 * A place that is alone behind whole vectors, as the last of a plane with odd sides is,
 * would be an eighth of one. Its sums are a vector of eight maps instead. */
#include "ops/product/inner_private.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define LANES 8
#define TARGET __attribute__((target("avx2,fma")))
#define INLINE __attribute__((target("avx2,fma"), always_inline)) static inline
#define UNROLL _Pragma("GCC unroll 8")

typedef struct {
    size_t k;
    const uint32_t *which;
    const float *packed, *next, *panel;
    size_t rows, columns;
    float *y;
    size_t ldy;
    const DcnFinish *finish;
} Block;

/* --- what is written --- */

/* The first n < 8 floats. A masked store takes many times as long on AMD's processors. */
INLINE void
put_some(float *y, __m256 sum, size_t n)
{
    __m128 half = _mm256_castps256_ps128(sum);
    if (n & 4) {
        _mm_storeu_ps(y, half);
        half = _mm256_extractf128_ps(sum, 1);
        y += 4;
    }
    if (n & 2) {
        _mm_storel_pi((__m64 *)(void *)y, half);
        half = _mm_movehl_ps(half, half);
        y += 2;
    }
    if (n & 1)
        _mm_store_ss(y, half);
}

INLINE __m256
get_some(const float *y, size_t n)
{
    __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_maskload_ps(y, _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), lanes));
}

/* The sums of row r at the n places from `at` on, in so many vectors. */
INLINE void
put_row(const Block *b, size_t r, size_t at, size_t n, int vectors, const __m256 *sums)
{
    const DcnFinish *finish = b->finish;
    float *y = b->y + r * b->ldy + at;
    UNROLL for (int v = 0; v < vectors; v++, y += LANES)
    {
        size_t left = n - (size_t)v * LANES;
        __m256 sum = sums[v];
        if (finish == &dcn_finish_add) {
            sum = _mm256_add_ps(sum,
                                left >= LANES ? _mm256_loadu_ps(y) : get_some(y, left));
        } else if (finish) {
            sum = _mm256_add_ps(sum, _mm256_set1_ps(finish->bias ? finish->bias[r] : 0));
            if (finish->add)
                sum = _mm256_add_ps(sum, left >= LANES ? _mm256_loadu_ps(y)
                                                       : get_some(y, left));
            /* the second operand is what comes out if one is NaN */
            sum = _mm256_max_ps(_mm256_set1_ps(finish->low), sum);
            sum = _mm256_min_ps(_mm256_set1_ps(finish->high), sum);
        }
        if (left >= LANES)
            _mm256_storeu_ps(y, sum);
        else
            put_some(y, sum, left);
    }
}

/* The sums of all rows at one place. */
INLINE void
put_column(const Block *b, size_t at, __m256 sum)
{
    float sums[DCN_ROWS];
    _mm256_storeu_ps(sums, sum);
    for (size_t r = 0; r < b->rows; r++) {
        float *y = b->y + r * b->ldy + at;
        *y = b->finish ? dcn_finished(b->finish, r, sums[r], *y) : sums[r];
    }
}

/* --- sums --- */

/* `rows` rows from `first` on, `vectors` vectors from place `at` on, and the place behind
 * these of all rows if `single`. All of that but `first` and `at` are constants where it
 * is inlined, as is `some`: whether there is a list of rows. */
INLINE void
part(const Block *b,
     bool some,
     size_t first,
     size_t at,
     int rows,
     int vectors,
     bool single)
{
    const float *packed = b->packed + first, *panel = b->panel + at;
    __m256 sums[8][3], column = _mm256_setzero_ps();
    UNROLL for (int r = 0; r < rows; r++) UNROLL for (int v = 0; v < vectors; v++)
        sums[r][v] = _mm256_setzero_ps();
    for (size_t i = 0; i < b->k; i++) {
        size_t row = some ? b->which[i] : i;
        const float *w = packed + row * DCN_ROWS, *x = panel + row * DCN_COLUMNS;
        __m256 seen[3];
        UNROLL for (int v = 0; v < vectors; v++) seen[v] = _mm256_load_ps(x + v * LANES);
        DCN_FETCH(b->next, row);
        UNROLL for (int r = 0; r < rows; r++)
        {
            __m256 each = _mm256_broadcast_ss(w + r);
            UNROLL for (int v = 0; v < vectors; v++) sums[r][v] =
                _mm256_fmadd_ps(each, seen[v], sums[r][v]);
        }
        if (single)
            column = _mm256_fmadd_ps(_mm256_loadu_ps(w),
                                     _mm256_broadcast_ss(x + vectors * LANES), column);
    }
    size_t places = b->columns - at, most = (size_t)vectors * LANES;
    UNROLL for (int r = 0; r < rows; r++)
    {
        if (first + (size_t)r >= b->rows)
            break;
        put_row(b, first + (size_t)r, at, places < most ? places : most, vectors,
                sums[r]);
    }
    if (single)
        put_column(b, at + most, column);
}

/* With a list of rows or without: two loops. */
#define PART(name, rows, vectors, single)                                                \
    TARGET static void name(const Block *b, size_t first, size_t at)                     \
    {                                                                                    \
        if (b->which)                                                                    \
            part(b, true, first, at, rows, vectors, single);                             \
        else                                                                             \
            part(b, false, first, at, rows, vectors, single);                            \
    }

PART(eight_rows, 8, 1, false)
PART(eight_rows_and_place, 8, 1, true)
PART(six_rows, 6, 2, false)
PART(two_vectors, 4, 2, false)
PART(two_vectors_and_place, 4, 2, true)
PART(three_vectors, 4, 3, false)

/* All rows of the places from `at` on; returns how many of these were done. */
static size_t
run_of_places(const Block *b, size_t at)
{
    size_t left = b->columns - at;
    if (left <= LANES) {
        eight_rows(b, 0, at);
    } else if (b->rows == 5 || b->rows == 6) {
        six_rows(b, 0, at);
        return 2 * LANES;
    } else if (left == LANES + 1) {
        eight_rows_and_place(b, 0, at);
    } else {
        bool three = left > 2 * LANES + 1 && left <= 3 * LANES;
        bool place = left == 2 * LANES + 1;
        (three ? three_vectors : place ? two_vectors_and_place : two_vectors)(b, 0, at);
        if (b->rows > 4)
            (three ? three_vectors : two_vectors)(b, 4, at);
        return three ? 3 * LANES : 2 * LANES + place;
    }
    return left;
}

void
dcn_kernel_avx2(size_t k,
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
    Block b = {k, which, packed, next, panel, rows, columns, y, ldy, finish};
    for (size_t r = 0; r < rows; r++) { /* is there when the sums are */
        __builtin_prefetch(y + r * ldy, 1);
        __builtin_prefetch(y + r * ldy + columns - 1, 1);
    }
    for (size_t at = 0; at < columns;)
        at += run_of_places(&b, at);
}
#endif
