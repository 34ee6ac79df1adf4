/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view.h: one tensor seen as a regular pattern of places of another: Transpose, Slice,
 * Expand, sums over axes.
 *
 * The element with indices i of the view is element offset + sum of i[k] * step[k] of the
 * other tensor. step may be 0 (the element is repeated) or negative. */
#ifndef DCN_OPS_KIT_VIEW_H
#define DCN_OPS_KIT_VIEW_H

#include "ops/kit/common.h"

typedef struct {
    DcnShape shape;
    int64_t step[DCN_MAX_RANK];
    int64_t offset;
} DcnView;

/* The view that is the whole tensor. */
DcnView dcn_view_whole(const DcnShape *shape);

/* y[i] = x[view(i)] for elements of `element` bytes. y is dense. */
void dcn_view_gather(const DcnView *view, const void *x, void *y, size_t element);

/* x[view(i)] += y[i]. */
void dcn_view_scatter_add(const DcnView *view, const float *y, float *x);

/* y[i] += x[view(i)] * scale. */
void dcn_view_gather_add(const DcnView *view, const float *x, float scale, float *y);

/* Operators that are nothing but a view of their first input, image by image. */
void dcn_view_forward(const DcnCall *call, const DcnView *view);
void dcn_view_back(const DcnCall *call, const DcnView *view);

#endif
