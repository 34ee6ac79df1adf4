/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd.h: convolutions of stride 1 or 2 with a fraction of the multiplications.
 *
 * F(m x m, r x r) of Lavin & Gray 2016, "Fast algorithms for convolutional neural
 * networks", with six points along each axis: tiles of m x m outputs (4 x 4 for kernels
 * of 3 x 3, 2 x 2 for 5 x 5) come from 36 products of matrices that were transformed
 * before. A stride of 2 is taken as four convolutions of stride 1, with half the taps
 * along each axis. Results differ from the direct sum by a few times more rounding. */
#ifndef DCN_OPS_WINOGRAD_H
#define DCN_OPS_WINOGRAD_H

#include "ops/conv/conv2d.h"

/* Whether a convolution is of that kind, and large enough to gain. */
bool dcn_winograd_fits(const DcnConv2d *conv);

/* Whether that many images have enough tiles: with fewer, reading the transformed
 * weights, which are more, takes longer than the multiplications that they save. */
bool dcn_winograd_pays(const DcnConv2d *conv, size_t images);

/* Floats of the transformed weights: 36 x maps x channels x stride x stride. */
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
