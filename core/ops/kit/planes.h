/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planes.h: parallel loops over the planes of a tensor: all images of the batch, and of
 * each its axes 0 and 1 (N x C); a plane is what lies behind them. */
#ifndef DCN_OPS_KIT_PLANES_H
#define DCN_OPS_KIT_PLANES_H

#include "ops/kit/common.h"

/* Elements of one plane of an operand. */
static inline size_t
dcn_plane_size(const DcnOperand *operand)
{
    return dcn_shape_product(&operand->shape, 2, operand->shape.rank);
}

/* Plane `plane` of image `image`. */
typedef void (*DcnPlaneWork)(const DcnCall *call, size_t image, size_t plane);

/* plane_size: elements that one call of work treats, to know how many to hand out at a
 * time. */
void dcn_each_plane(const DcnCall *call, size_t plane_size, DcnPlaneWork work);

/* Reach of what makes one number of each plane: the channel. */
void dcn_reach_planes(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_reach_back_planes(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);

#endif
