/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change.h: sums that change where a box of what they are taken of does. */
#ifndef DCN_OPS_KIT_CHANGE_H
#define DCN_OPS_KIT_CHANGE_H

#include "ops/kit/common.h"

/* y = the base's output + scale * what the box adds less what it takes the place of.
 * Element (c, y, x) of the input counts in element c * step[0] + y * step[1] + x *
 * step[2] of the output: {1, 0, 0} for the sums of planes, {0, W, 1} for those over
 * channels. */
void dcn_change_sums(const DcnCall *call,
                     const DcnChange *change,
                     const int64_t step[3],
                     float scale,
                     float *y);

#endif
