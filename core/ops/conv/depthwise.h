/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depthwise.h: convolutions of one input channel a group, without matrix products. */
#ifndef DCN_OPS_DEPTHWISE_H
#define DCN_OPS_DEPTHWISE_H

#include "ops/conv/conv2d.h"

/* Is it one, with so few maps a channel that a matrix product would not pay? */
bool dcn_depthwise_fits(const DcnConv2d *conv);

/* Scratch bytes that any of the three take of each thread. */
size_t dcn_depthwise_scratch(const DcnConv2d *conv);

/* The three of conv2d.h. */
void dcn_depthwise_forward(const DcnConv2d *conv,
                           DcnContext *context,
                           size_t images,
                           const DcnImages *y,
                           const DcnImages *x,
                           const float *w,
                           const float *bias,
                           DcnClamp clamp,
                           bool add);
void dcn_depthwise_back(const DcnConv2d *conv,
                        DcnContext *context,
                        size_t images,
                        const DcnImages *dx,
                        const DcnImages *dy,
                        const float *w);
void dcn_depthwise_grad_weights(const DcnConv2d *conv,
                                DcnContext *context,
                                size_t images,
                                float *dw,
                                const DcnImages *dy,
                                const DcnImages *x);

#endif
