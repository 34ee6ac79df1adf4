/* SPDX-License-Identifier: GPL-3.0-or-later */
/* direct_kernel.h: the inner product of direct.c: up to 8 maps times vectors of 16 places
 * that are read where they are. Inside direct*.c only.
 *
 * What a kernel element (a tap of a channel) sees at neighbouring places are neighbouring
 * floats, at a distance from the place that is the same for all places. So instead of
 * panels (product/inner.h) there is a list of these distances. */
#ifndef DCN_OPS_CONV_DIRECT_KERNEL_H
#define DCN_OPS_CONV_DIRECT_KERNEL_H

#include "ops/product/inner.h"

#define DCN_PLACES 16 /* of a vector, on all processors */

typedef struct {
    uint32_t from;   /* floats from the place to what the tap sees there */
    uint32_t weight; /* number of the tap among the weights of a map */
} DcnTap;

/* Floats between the weights of two taps in the form of `maps` <= 8 maps: weights of a
 * block lie tap by tap, as dcn_pack() puts them; blocks of at most four maps are half as
 * wide. */
static inline size_t
dcn_direct_step(size_t maps)
{
    return maps <= DCN_ROWS / 2 ? DCN_ROWS / 2 : DCN_ROWS;
}

/* For each map i < maps and vector v < vectors, with 16 places j of each:
 *
 *     y[i * ldy + 16 v + j] = finish(sum over taps of w[tap.weight * step + i]
 *                                                     * x[starts[v] + tap.from + j])
 *
 * finish->add is not looked at; its bias begins with the first of these maps. */
typedef void DcnDirectKernel(const DcnTap *taps,
                             size_t n_taps,
                             const float *w,
                             size_t maps,
                             const float *x,
                             const uint32_t *starts,
                             size_t vectors,
                             float *y,
                             size_t ldy,
                             const DcnFinish *finish);

/* The best one for this processor. */
DcnDirectKernel *dcn_direct_kernel(void);

#endif
