/* winograd_axis.h: the transform of inputs along one axis, for both directions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef DCN_OPS_WINOGRAD_AXIS_H
#define DCN_OPS_WINOGRAD_AXIS_H

#include "vector.h"
#include <stddef.h>

/* B' (Lavin & Gray 2016, section 4.2) times six rows of n floats, `step` apart; results
 * are `out_step` apart. Always inlined, so that it is compiled for the processor that its
 * caller is compiled for. */
__attribute__((always_inline)) static inline void
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

#endif
