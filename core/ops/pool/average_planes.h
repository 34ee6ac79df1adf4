/* SPDX-License-Identifier: GPL-3.0-or-later */
/* average_planes.h: means over small planes (planes.h). Inside core/ops/pool/ only. */
#ifndef DCN_OPS_POOL_AVERAGE_PLANES_H
#define DCN_OPS_POOL_AVERAGE_PLANES_H

#include "ops/pool/planes.h"

typedef struct {
    const DcnWindow *window;
    const float *counts[2]; /* of elements that the divisor counts: by row, by column */
    bool even;              /* all windows have as many */
} DcnAveragePlanes;

/* Scratch bytes of a thread, for dcn_planes_fit(), forward or back. */
size_t dcn_average_planes_scratch(const DcnWindow *w);

/* n planes; a DcnPlanesTask whose user is a DcnAveragePlanes. */
void dcn_average_planes(
    const void *planes, size_t n, const float *x, float *y, float *scratch);

/* The way back of one plane with strides of 1: the rows begin .. end - 1 of dy. fresh: dx
 * is written, not added to. */
void dcn_average_planes_back(const DcnAveragePlanes *planes,
                             const float *dy,
                             int64_t begin,
                             int64_t end,
                             bool fresh,
                             float *dx,
                             float *scratch);

#endif
