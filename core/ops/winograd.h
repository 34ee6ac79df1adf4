/* winograd.h: 3x3 convolutions of stride 1 with a quarter of the multiplications.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * F(4x4, 3x3) of Lavin & Gray 2016, "Fast algorithms for convolutional neural networks":
 * tiles of 4 x 4 outputs come from 36 products of matrices that were transformed before.
 * Results differ from the direct sum by a few times more rounding.
 */
#ifndef DCN_OPS_WINOGRAD_H
#define DCN_OPS_WINOGRAD_H

#include "conv2d.h"

/* Whether a convolution is of that kind, and large enough to gain. */
bool dcn_winograd_fits(const DcnConv2d *conv);

/* Whether that many images have enough tiles: with fewer, reading the transformed
 * weights, four times as many, takes longer than the multiplications that they save. */
bool dcn_winograd_pays(const DcnConv2d *conv, size_t images);

/* Floats of the transformed weights: 36 x maps x channels. */
size_t dcn_winograd_weights(const DcnConv2d *conv);
void dcn_winograd_prepare(const DcnConv2d *conv, const float *w, float *transformed);

/* Scratch bytes of each thread. */
size_t dcn_winograd_scratch(const DcnConv2d *conv);

/* y = clamp(w * x + bias), or with add clamp(y + w * x + bias). bias: maps floats, or
 * NULL. */
void dcn_winograd_forward(const DcnConv2d *conv,
                          DcnContext *context,
                          size_t images,
                          const DcnImages *y,
                          const DcnImages *x,
                          const float *transformed,
                          const float *bias,
                          DcnClamp clamp,
                          bool add);

#endif
