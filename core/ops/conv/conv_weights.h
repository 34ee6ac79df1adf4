/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conv_weights.h: the gradient of a convolution's weights by the inner loop of inner.h. */
#ifndef DCN_OPS_CONV_WEIGHTS_H
#define DCN_OPS_CONV_WEIGHTS_H

#include "ops/conv/conv2d.h"

/* Whether it is the quick way: stride 1, one group, channels that fill its blocks. */
bool dcn_conv_weights_fits(const DcnConv2d *conv);

/* Scratch bytes of each thread. */
size_t dcn_conv_weights_scratch(const DcnConv2d *conv);

/* dw += sum over images of dy * x', as dcn_conv2d_grad_weights(). */
void dcn_conv_weights(const DcnConv2d *conv,
                      DcnContext *context,
                      size_t images,
                      float *dw,
                      const DcnImages *dy,
                      const DcnImages *x);

#endif
