/* conv_training.h: what a trainer's plan prepares for a convolution, at each pass anew.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way back to the image of a convolution of stride 1 is a convolution too: over the
 * signal, with the kernels turned round and maps and channels exchanged. So it takes the
 * quick ways forward (packed.h, winograd.h).
 */
#ifndef DCN_OPS_CONV_TRAINING_H
#define DCN_OPS_CONV_TRAINING_H

#include "conv2d.h"

/* Whether the way back is such a convolution, worth it. */
bool dcn_turned_fits(const DcnConv2d *conv);

/* Scratch bytes of each thread. */
size_t dcn_turned_scratch(const DcnConv2d *conv);

/* Floats for the turned weights in all forms. */
size_t dcn_turned_floats(const DcnConv2d *conv);
void dcn_turned_prepare(const DcnConv2d *conv, const float *w, float *prepared);

/* dx = w' * dy: dx is written, not added to. */
void dcn_turned_back(const DcnConv2d *conv,
                     DcnContext *context,
                     size_t images,
                     const DcnImages *dx,
                     const DcnImages *dy,
                     const float *prepared);

#endif
