/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depthwise_block.h: the loop of depthwise_rows.h for one width of vectors. It is
 * included once for each, with
 *
 * LANES              floats of a vector
 * TARGET             attribute of functions that may use such vectors
 * NAME(x)            x with a suffix
 * MULADD(a, b, c)    a b + c
 * LOW(a, b)          the smaller ones; b where one is NaN
 * HIGH(a, b)         the larger ones; b where one is NaN */

typedef float NAME(Floats) __attribute__((vector_size(LANES * 4)));
typedef float NAME(Somewhere)
    __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
#define FLOATS NAME(Floats)
#define AT(p) (*(const NAME(Somewhere) *)(const void *)(p))
#define ALL(x) ((x) - (FLOATS){0}) /* a vector of one number */

/* Taps one below the other, for ROWS rows of places. */
TARGET __attribute__((always_inline)) static inline void
NAME(add_taps)(const float *from,
               size_t width,
               const float *weights,
               ptrdiff_t next,
               size_t height,
               FLOATS sums[ROWS])
{
    FLOATS w[DCN_TALLEST];
    UNROLL for (size_t k = 0; k < height; k++) w[k] = ALL(weights[(ptrdiff_t)k * next]);
    UNROLL for (size_t i = 0; i < height + ROWS - 1; i++)
    {
        FLOATS x = AT(from + i * width);
        UNROLL for (size_t k = 0; k < height; k++) if (i >= k && i - k < ROWS)
            sums[i - k] = MULADD(x, w[k], sums[i - k]);
    }
}

/* n floats; those behind them, up to a whole vector, may be written if `over`. */
TARGET __attribute__((always_inline)) static inline void
NAME(put)(const DcnRows *r, FLOATS sum, float *to, size_t n, bool over)
{
    if (r->add) {
        float before[LANES] = {0};
        memcpy(before, to, n * sizeof *to);
        sum += AT(before);
    }
    sum = LOW(ALL(r->high), HIGH(ALL(r->low), sum));
    if (over && !r->add) {
        *(NAME(Somewhere) *)(void *)to = sum;
        return;
    }
    float sums[LANES];
    memcpy(sums, &sum, sizeof sums);
    dcn_copy_rows(to, n, sums, n, 1, n);
}

/* The last columns come first: what is written behind a row's end is the beginning of
 * rows that follow. */
TARGET static void
NAME(rows)(const DcnRows *r)
{
    const float *end = r->to + (r->rows - 1) * r->step + r->columns;
    for (size_t y = 0; y < r->rows; y += ROWS)
        for (size_t x = (r->columns + LANES - 1) / LANES * LANES; x > 0;) {
            x -= LANES;
            FLOATS sums[ROWS];
            UNROLL for (size_t k = 0; k < ROWS; k++) sums[k] = ALL(r->start);
            const float *from = r->from + y * r->width + x;
            for (size_t t = 0; t < r->n_taps; t++) {
                const float *at = from + r->taps[t].at,
                            *weights = r->weights + r->taps[t].weight;
                ptrdiff_t next = r->taps[t].next;
                switch (r->taps[t].height) {
                case 1:
                    NAME(add_taps)(at, r->width, weights, next, 1, sums);
                    break;
                case 2:
                    NAME(add_taps)(at, r->width, weights, next, 2, sums);
                    break;
                case 3:
                    NAME(add_taps)(at, r->width, weights, next, 3, sums);
                    break;
                case 4:
                    NAME(add_taps)(at, r->width, weights, next, 4, sums);
                    break;
                default:
                    NAME(add_taps)(at, r->width, weights, next, 5, sums);
                }
            }
            size_t n = r->columns - x < LANES ? r->columns - x : LANES;
            float *to = r->to + y * r->step + x;
            UNROLL for (size_t k = 0; k < ROWS; k++) if (y + k < r->rows) NAME(put)(
                r, sums[k], to + k * r->step, n, to + k * r->step + LANES <= end);
        }
}

#undef LANES
#undef TARGET
#undef NAME
#undef MULADD
#undef LOW
#undef HIGH
#undef FLOATS
#undef AT
#undef ALL
