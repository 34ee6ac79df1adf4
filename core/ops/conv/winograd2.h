/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winograd2.h: 3x3 convolutions of stride 1 over a few small planes, with 4 of 9
 * multiplications.
 *
 * F(2x2, 3x3) of Lavin & Gray 2016, section 4.1. Where a run has a single image and the
 * planes are small, the tiles of winograd.h fit them badly and are so few that reading
 * weights takes most of the time; these are a quarter as large, their weights less than
 * half as many, and they round hardly more than the direct sum. */
#ifndef DCN_OPS_WINOGRAD2_H
#define DCN_OPS_WINOGRAD2_H

#include "ops/conv/conv2d.h"

/* Whether a convolution of so many images is of that kind, and gains over packed.h. */
bool dcn_winograd2_pays(const DcnConv2d *conv, size_t images);

/* Floats of the transformed weights: 16 x maps x channels. */
size_t dcn_winograd2_weights(const DcnConv2d *conv);
void dcn_winograd2_prepare(const DcnConv2d *conv, const float *w, float *transformed);

/* Scratch bytes of each thread for so many images. */
size_t dcn_winograd2_scratch(const DcnConv2d *conv, size_t images);

/* y = clamp(w * x + bias), or with add clamp(y + w * x + bias). bias: maps floats, or
 * NULL. */
void dcn_winograd2_forward(const DcnConv2d *conv,
                           DcnContext *context,
                           size_t images,
                           const DcnImages *y,
                           const DcnImages *x,
                           const float *transformed,
                           const float *bias,
                           DcnClamp clamp,
                           bool add);

#endif
