/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factor.h: axes resized by factors, as Resize and Upsample state them. */
#ifndef DCN_OPS_RESIZE_FACTOR_H
#define DCN_OPS_RESIZE_FACTOR_H

#include "ops/resize/weighted.h"

/* Fills setup->params: all axes stay. */
void dcn_factor_start(DcnSetup *setup);

/* An axis by a factor: 5 places by 1.5 are 7. False and an error: there is no such
 * factor. */
bool dcn_factor_axis(DcnSetup *setup, int axis, float factor);

/* The numbers of a constant input, at most `most`. Returns how many, 0 if it is absent,
 * -1 and an error if it is not constant, no floats, or longer. */
int dcn_factor_floats(DcnSetup *setup, size_t input, float *values, int most);

#endif
