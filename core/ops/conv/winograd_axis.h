/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd_axis.h: Winograd's transforms along one axis.
 *
 * F(m, r) multiplies polynomials by their values at points (Lavin & Gray 2016, section
 * 4): a tile of m outputs and r taps takes m + r - 1 of them. The points are 0, 1, -1, 2,
 * -2 and infinity, in this order, for all m and r; tiles of five leave -2 out, tiles of
 * four 2 as well. So a tile that is cut short needs fewer products, of the same
 * transformed weights. Rows of transformed tensors are counted by the six, whether all
 * are used or not: infinity is row 5. */
#ifndef DCN_OPS_CONV_WINOGRAD_AXIS_H
#define DCN_OPS_CONV_WINOGRAD_AXIS_H

#include "base/vector.h"
#include <stddef.h>

#define DCN_POINTS 6
#define DCN_LEAST_POINTS 4
#define DCN_INFINITY (DCN_POINTS - 1)

/* True if a tile of so many points has that row. */
static inline int
dcn_winograd_has(size_t points, size_t row)
{
    return row + 1 < points || row == DCN_INFINITY;
}

/* The functions below are always inlined, so that they are compiled for the processor
 * that their caller is compiled for. Rows of n floats are `step` apart, those of the
 * result `out_step`. */
#define DCN_AXIS __attribute__((always_inline)) static inline void

/* B' times six rows: the values at the points, but for the factors that the weights have
 * (dcn_winograd_prepare()). */
DCN_AXIS
dcn_winograd_input_axis(
    const float *restrict d, size_t step, size_t n, float *restrict out, size_t out_step)
{
    DCN_INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        float d0 = d[i], d1 = d[step + i], d2 = d[2 * step + i];
        float d3 = d[3 * step + i], d4 = d[4 * step + i], d5 = d[5 * step + i];
        float even = d4 - 4 * d2, odd = d3 - 4 * d1, even2 = d4 - d2,
              odd2 = 2 * (d3 - d1);
        out[i] = 4 * d0 - 5 * d2 + d4;
        out[out_step + i] = even + odd;
        out[2 * out_step + i] = even - odd;
        out[3 * out_step + i] = even2 + odd2;
        out[4 * out_step + i] = even2 - odd2;
        out[5 * out_step + i] = 4 * d1 - 5 * d3 + d5;
    }
}

/* B' of five points times five rows. */
DCN_AXIS
dcn_winograd_input_axis5(
    const float *restrict d, size_t step, size_t n, float *restrict out, size_t out_step)
{
    DCN_INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        float d0 = d[i], d1 = d[step + i], d2 = d[2 * step + i];
        float d3 = d[3 * step + i], d4 = d[4 * step + i], outer = d3 - d1;
        out[i] = 4 * (d0 - d2) + 2 * outer;
        out[out_step + i] = 3 * (d3 - d2) - 6 * d1;
        out[2 * out_step + i] = 2 * d1 - 3 * d2 + d3;
        out[3 * out_step + i] = 4 * outer;
        out[5 * out_step + i] = d4 - d2 - 2 * outer;
    }
}

/* B' of four points times four rows. */
DCN_AXIS
dcn_winograd_input_axis4(
    const float *restrict d, size_t step, size_t n, float *restrict out, size_t out_step)
{
    DCN_INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        float d0 = d[i], d1 = d[step + i], d2 = d[2 * step + i], d3 = d[3 * step + i];
        out[i] = 4 * (d0 - d2);
        out[out_step + i] = -3 * (d1 + d2);
        out[2 * out_step + i] = 3 * (d1 - d2);
        out[5 * out_step + i] = d3 - d1;
    }
}

/* A' of so many points and outputs (both known where it is inlined): the first `outputs`
 * rows of the result. */
DCN_AXIS
dcn_winograd_sum(size_t points,
                 size_t outputs,
                 const float *restrict m,
                 size_t step,
                 size_t n,
                 float *restrict out,
                 size_t out_step)
{
    DCN_INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        float m0 = m[i], m1 = m[step + i], m2 = m[2 * step + i], last = m[5 * step + i];
        float sum = m1 + m2, difference = m1 - m2, sum2 = 0, difference2 = 0;
        if (points == 5)
            sum2 = difference2 = m[3 * step + i];
        if (points == 6) {
            sum2 = m[3 * step + i] + m[4 * step + i];
            difference2 = m[3 * step + i] - m[4 * step + i];
        }
        out[i] = m0 + sum + sum2 + (outputs == 1 ? last : 0);
        if (outputs > 1)
            out[out_step + i] = difference + 2 * difference2 + (outputs == 2 ? last : 0);
        if (outputs > 2)
            out[2 * out_step + i] = sum + 4 * sum2 + (outputs == 3 ? last : 0);
        if (outputs > 3)
            out[3 * out_step + i] =
                difference + 8 * difference2 + (outputs == 4 ? last : 0);
        if (outputs > 4)
            out[4 * out_step + i] = sum + 16 * sum2 + last;
    }
}

#undef DCN_AXIS
#endif
