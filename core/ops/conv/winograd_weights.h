/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd_weights.h: the gradient of the weights of 3x3 convolutions of stride 1 with a
 * quarter of the multiplications. */
#ifndef DCN_OPS_WINOGRAD_WEIGHTS_H
#define DCN_OPS_WINOGRAD_WEIGHTS_H

#include "ops/conv/conv2d.h"

/* Whether that many images have tiles enough; always false if the convolution is of
 * another kind. */
bool dcn_winograd_weights_pays(const DcnConv2d *conv, size_t images);

/* Scratch bytes of each thread. */
size_t dcn_winograd_weights_scratch(const DcnConv2d *conv);

/* dw += sum over images of dy * x', as dcn_conv2d_grad_weights(). */
void dcn_winograd_weights_gradient(const DcnConv2d *conv,
                                   DcnContext *context,
                                   size_t images,
                                   float *dw,
                                   const DcnImages *dy,
                                   const DcnImages *x);

#endif
