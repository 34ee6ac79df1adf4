/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depthwise_rows.h: rows of places, each a sum of a few taps: the inner loop of depthwise
 * convolutions, forward and back.
 *
 * A tap is a float of the source at a fixed distance from the place's own, times its
 * weight. Taps that lie one row below the other are given together, so that a row of the
 * source is loaded once for several rows of places. A kernel of 3 x 3 is three times
 * three taps, the weights of which are three floats apart:
 *
 *     source, width 6     taps {at 0, height 3, weight 0, next 3}, {1, 3, 1, 3}, ...
 *     a b c . . .         place 0 of row 0: w0 a + w3 d + w6 g + w1 b + w4 e + ...
 *     d e f . . .         place 1 of row 0: w0 b + w3 e + w6 h + w1 c + w4 f + ...
 *     g h i . . .                                                                   */
#ifndef DCN_OPS_CONV_DEPTHWISE_ROWS_H
#define DCN_OPS_CONV_DEPTHWISE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#define DCN_TALLEST ((size_t)5) /* taps given together */

/* Floats behind the source that are read too, and rows of it; what they are counts for
 * nothing. */
#define DCN_BEHIND ((size_t)16)
#define DCN_ROWS_BEHIND ((size_t)3)

typedef struct {
    size_t at;              /* the first one, from the place's own float of the source */
    size_t height;          /* how many, 1 .. DCN_TALLEST */
    ptrdiff_t weight, next; /* the first one's weight, and how far the next one's is */
} DcnTaps;

/* to[y][x] = min(high, max(low, start + sum over taps + to[y][x])), the last with add
 * only. */
typedef struct {
    const DcnTaps *taps;
    size_t n_taps;
    const float *weights;
    const float *from;
    size_t width; /* floats from one row of the source to the next */
    float *to;
    size_t step; /* the same of the places' rows; `columns` or more */
    size_t rows, columns;
    float start, low, high;
    bool add;
} DcnRows;

typedef void DcnRowsLoop(const DcnRows *rows);

/* The best one for this processor and rows of so many places. */
DcnRowsLoop *dcn_rows_loop(size_t columns);

#endif
