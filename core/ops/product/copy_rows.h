/* SPDX-License-Identifier: GPL-3.0-or-later */
/* copy_rows.h: rows of a few floats, from one plane to another.
 *
 * Boxes of occlusion and tiles of small planes have rows of 3 to 30 floats: too few for
 * memcpy(), whose call takes longer than the copy. */
#ifndef DCN_OPS_PRODUCT_COPY_ROWS_H
#define DCN_OPS_PRODUCT_COPY_ROWS_H

#include <stddef.h>
#include <string.h>

/* n rows of `width` floats, at least `step` and at most `width`: whole steps, and the
 * last ones once more where width is no multiple. */
#define DCN_COPY_STEPS(step)                                                             \
    for (size_t y = 0; y < n; y++, to += to_step, from += from_step) {                   \
        for (size_t x = 0; x + (step) <= width; x += (step))                             \
            memcpy(to + x, from + x, (step) * sizeof *to);                               \
        memcpy(to + width - (step), from + width - (step), (step) * sizeof *to);         \
    }

/* n rows, `to_step` and `from_step` floats from one to the next. They do not overlap. */
static inline void
dcn_copy_rows(float *restrict to,
              size_t to_step,
              const float *restrict from,
              size_t from_step,
              size_t n,
              size_t width)
{
    if (width == to_step && width == from_step) {
        memcpy(to, from, n * width * sizeof *to);
    } else if (width > 64) {
        for (size_t y = 0; y < n; y++)
            memcpy(to + y * to_step, from + y * from_step, width * sizeof *to);
    } else if (width >= 8) {
        DCN_COPY_STEPS(8)
    } else if (width >= 4) {
        DCN_COPY_STEPS(4)
    } else {
        for (size_t y = 0; y < n; y++, to += to_step, from += from_step)
            for (size_t x = 0; x < width; x++)
                to[x] = from[x];
    }
}

#undef DCN_COPY_STEPS
#endif
