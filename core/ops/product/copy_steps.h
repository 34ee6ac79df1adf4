/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copy_steps.h: a phase of a plane: every float of some of its rows that is a step from the one before. */
#ifndef DCN_OPS_PRODUCT_COPY_STEPS_H
#define DCN_OPS_PRODUCT_COPY_STEPS_H

#include "ops/product/copy_rows.h"
#include "ops/product/copy_second.h"

/* to[r][i] = from[r][i * step] for n floats of each row; the rows are to_step and from_step
 * floats apart. Inlined, so that it is compiled for its caller's processor. */
__attribute__((always_inline)) static inline void
dcn_copy_steps(float *restrict to,
               size_t to_step,
               const float *restrict from,
               size_t from_step,
               size_t rows,
               size_t n,
               size_t step)
{
    if (step == 1) {
        dcn_copy_rows(to, to_step, from, from_step, rows, n);
        return;
    }
    for (size_t r = 0; r < rows; r++, to += to_step, from += from_step)
        if (step == 2)
            dcn_copy_second(to, from, n);
        else
            for (size_t i = 0; i < n; i++)
                to[i] = from[i * step];
}

#endif
