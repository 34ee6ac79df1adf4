/* SPDX-License-Identifier: GPL-3.0-or-later */
/* elementwise.h: operators of one input that treat each element alone. */
#ifndef DCN_OPS_ELEMENTWISE_H
#define DCN_OPS_ELEMENTWISE_H

#include "ops/kit/common.h"

/* y[i] = f(x[i]) */
typedef void (*DcnValues)(const void *params, const float *x, float *y, size_t n);

/* dx[i] += dy[i] * f'(x[i]), or the rule of a projection; y are the forward's values. */
typedef void (*DcnSlopes)(const void *params,
                          const float *x,
                          const float *y,
                          const float *dy,
                          float *dx,
                          size_t n);

void dcn_each_forward(const DcnCall *call, DcnValues values);
void dcn_each_back(const DcnCall *call, DcnSlopes slopes);

/* What is below zero in n floats of a signal becomes zero. */
void dcn_rectify(float *signal, size_t n);

/* The same for the signal of an input, where it is defined: see DcnOp.rectifies. */
void dcn_rectify_input(const DcnCall *call, size_t input);

#endif
