/* SPDX-License-Identifier: GPL-3.0-or-later */
/* max_rows.h: the largest element of each window of a plane, row by row in vectors, and
 * where it is. Inside core/ops/ only.
 *
 * Rows are taken apart by the stride: with padding around it, element i of a row lies in
 * phase i % stride at place i / stride. So what the windows of a row see as their element
 * kx lies one behind the other, whatever the stride.
 *
 * An example: a row of width 5, a kernel of 3, a stride of 2 and a padding of 1 at both
 * ends, which make three windows. Padding is NaN, which no comparison takes (-):
 *
 *     row        3 1 4 6 5            window 0 sees - 3 1
 *     padded     - 3 1 4 6 5 -        window 1 sees     1 4 6
 *     phase 0    - 1 6 -              window 2 sees         6 5 -
 *     phase 1    3 4 5
 *
 *     kx = 0     - 1 6                phase 0 from place 0 on
 *     kx = 1     3 4 5                phase 1 from place 0 on
 *     kx = 2     1 6 -                phase 0 from place 1 on
 *     y          3 6 6                the largest of each column
 *     found      1 2 0                the first kx at which it stands */
#ifndef DCN_OPS_POOL_MAX_ROWS_H
#define DCN_OPS_POOL_MAX_ROWS_H

#include "ops/kit/common.h"
#include "ops/kit/window.h"

typedef struct {
    DcnWindow window;
    size_t stride; /* along a row; 1 where it has one window */
    size_t places; /* of a phase: as many as it has, filled up to read in vectors */
    bool inside;   /* no window of a row sees padding */
} DcnMaxRows;

/* Fills in the rest, the window being there, and asks for scratch memory. */
bool dcn_max_rows(DcnSetup *setup, DcnMaxRows *p);

/* The scratch memory of a thread. */
typedef struct {
    float *padded;   /* stride x places floats; the input's row begins behind padding */
    float *phases;   /* the same taken apart */
    float *y;        /* places floats */
    int32_t *found;  /* places numbers */
    size_t begin, n; /* the part of the input's row that windows see, in `padded` */
} DcnMaxScratch;

DcnMaxScratch dcn_max_scratch(const DcnMaxRows *p, float *scratch);

/* x: a plane of the input, whose planes end at `end`; y: of the output. */
void dcn_max_plane(
    const DcnMaxRows *p, const float *x, const float *end, float *y, float *scratch);

/* r->found: where each window of output row (oz, oy) has its first maximum, from the
 * place where the window starts, in floats of the plane. y: the row's outputs. */
void dcn_max_find(const DcnMaxRows *p,
                  const DcnMaxScratch *r,
                  const float *x,
                  const float *end,
                  const float *y,
                  int64_t oz,
                  int64_t oy);

#endif
