/* SPDX-License-Identifier: GPL-3.0-or-later */
/* max_phases.h: rows taken apart and put together again, for max_rows.c and
 * max_back.c. */
#ifndef DCN_OPS_POOL_MAX_PHASES_H
#define DCN_OPS_POOL_MAX_PHASES_H

#include "ops/pool/max_rows.h"
#include "ops/product/copy_second.h"

#define DCN_MAX_WIDTH DCN_SECOND_WIDTH

static inline void
take_pairs_apart(const float *restrict row,
                 float *restrict even,
                 float *restrict odd,
                 size_t n)
{
    for (size_t i = 0; i < n; i += DCN_MAX_WIDTH) {
#ifdef DCN_SHUFFLES
        if (!dcn_wide_vectors()) {
            for (size_t j = i; j < i + DCN_MAX_WIDTH; j += DCN_EIGHT) {
                DcnEight x = DCN_EIGHT_AT(row + 2 * j),
                         y = DCN_EIGHT_AT(row + 2 * j + DCN_EIGHT);
                DCN_PUT_EIGHT(even + j,
                              __builtin_shufflevector(x, y, 0, 2, 4, 6, 8, 10, 12, 14));
                DCN_PUT_EIGHT(odd + j,
                              __builtin_shufflevector(x, y, 1, 3, 5, 7, 9, 11, 13, 15));
            }
            continue;
        }
        const DcnWide *pairs = (const DcnWide *)(const void *)(row + 2 * i);
        DcnWide a = pairs[0], b = pairs[1];
        *(DcnWide *)(void *)(even + i) = __builtin_shufflevector(
            a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        *(DcnWide *)(void *)(odd + i) = __builtin_shufflevector(
            a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
#else
        for (size_t j = i; j < i + DCN_MAX_WIDTH; j++) {
            even[j] = row[2 * j];
            odd[j] = row[2 * j + 1];
        }
#endif
    }
}

/* The phases of a row of stride x places floats. */
static inline const float *
take_apart(const DcnMaxRows *p, const DcnMaxScratch *r, const float *row)
{
    size_t stride = p->stride, places = p->places;
    if (stride == 1)
        return row;
    if (stride == 2)
        take_pairs_apart(row, r->phases, r->phases + places, places);
    for (size_t s = 0; stride > 2 && s < stride; s++)
        for (size_t i = 0; i < places; i++)
            r->phases[s * places + i] = row[i * stride + s];
    return r->phases;
}

/* What the windows of a row see as their element kx. */
static inline const float *
seen_as(const DcnMaxRows *p, const float *phases, int64_t kx)
{
    size_t at = (size_t)(kx * p->window.dilation[2]);
    return phases + at % p->stride * p->places + at / p->stride;
}

/* The row of the input that windows of output row (oz, oy) see as their row (kz, ky). */
static const float *
input_row(
    const DcnWindow *w, const float *x, int64_t oz, int64_t oy, int64_t kz, int64_t ky)
{
    int64_t z = oz * w->stride[0] - w->begin[0] + kz * w->dilation[0];
    int64_t y = oy * w->stride[1] - w->begin[1] + ky * w->dilation[1];
    return x + (z * w->in[1] + y) * w->in[2];
}

/* Floats of the row that may be read at once: in vectors where no window sees padding;
 * what lies behind the row does no harm. end: of the planes. */
static size_t
readable(const DcnMaxRows *p, const DcnMaxScratch *r, const float *row, const float *end)
{
    size_t floats = p->stride * p->places;
    return p->inside && (size_t)(end - row) >= floats ? floats : r->n;
}

#endif
