/* SPDX-License-Identifier: GPL-3.0-or-later */
/* taps.h: the way back to the image of convolutions with strides or with few
 * channels.
 *
 * With a stride the way back is no convolution, and with three channels one of eight maps
 * would do nothing most of the time (turned.h). Here each tap of each channel is a
 * map of a 1x1 convolution over the signal, and what these give is folded: added up where
 * the tap has its place. */
#ifndef DCN_OPS_CONV_FOLD_H
#define DCN_OPS_CONV_FOLD_H

#include "ops/conv/conv2d.h"

/* Whether it is of that kind. */
bool dcn_fold_fits(const DcnConv2d *conv);

/* Floats of the weights in its form. */
size_t dcn_fold_floats(const DcnConv2d *conv);
void dcn_fold_prepare(const DcnConv2d *conv, const float *w, float *prepared);

/* Scratch bytes of each thread. */
size_t dcn_fold_scratch(const DcnConv2d *conv);

/* dx = clamp(w' * dy); with add, dx = clamp(dx + w' * dy). */
void dcn_fold_back(const DcnConv2d *conv,
                   DcnContext *context,
                   size_t images,
                   const DcnImages *dx,
                   const DcnImages *dy,
                   const float *prepared,
                   DcnClamp clamp,
                   bool add);

#endif
