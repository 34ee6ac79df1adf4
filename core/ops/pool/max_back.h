/* SPDX-License-Identifier: GPL-3.0-or-later */
/* max_back.h: the way back of a max-pool over pictures, by whole rows. Inside core/ops/
 * only. */
#ifndef DCN_OPS_POOL_MAX_BACK_H
#define DCN_OPS_POOL_MAX_BACK_H

#include "ops/pool/max_rows.h"

/* True if windows are flat and not too high for it; also the scratch bytes that it takes
 * behind those of dcn_max_rows(). */
bool dcn_max_back_fits(const DcnMaxRows *p);
size_t dcn_max_back_scratch(const DcnMaxRows *p);

/* One plane. */
typedef struct {
    const float *x, *end; /* of the input, whose planes end at `end` */
    const float *y, *dy;  /* of the output */
    int64_t rows[2];      /* of the output that are looked at */
    float *dx;
    bool fresh;   /* dx holds nothing yet: it is written, not added to */
    bool rectify; /* with fresh: below zero is nothing */
} DcnMaxBack;

void dcn_max_back(const DcnMaxRows *p, const DcnMaxBack *back, float *scratch);

/* The loops that this processor can run, the best one first; returns how many. */
typedef void DcnMaxBackLoop(const DcnMaxRows *p, const DcnMaxBack *back, float *scratch);
#define DCN_MAX_BACK_LOOPS 3
size_t dcn_max_back_loops(DcnMaxBackLoop *loops[DCN_MAX_BACK_LOOPS]);

#endif
