/* SPDX-License-Identifier: GPL-3.0-or-later */
/* turned.h: what a plan with a way back prepares for a convolution: a trainer's at
 * each pass anew.
 *
 * The way back to the image of a convolution of stride 1 is a convolution too: over the
 * signal, with the kernels turned round and maps and channels exchanged. So it takes the
 * quick ways forward (forms.h). */
#ifndef DCN_OPS_CONV_TRAINING_H
#define DCN_OPS_CONV_TRAINING_H

#include "ops/conv/conv2d.h"

/* Whether the way back is such a convolution, worth it. */
bool dcn_turned_fits(const DcnConv2d *conv);

/* Scratch bytes of each thread. planned: images, see forms.h. */
size_t dcn_turned_scratch(const DcnConv2d *conv, size_t planned);

/* Floats for the turned weights in all forms; transform: also for Winograd's algorithm.
 */
size_t dcn_turned_floats(const DcnConv2d *conv, size_t planned, bool transform);
void dcn_turned_prepare(const DcnConv2d *conv,
                        size_t planned,
                        const float *w,
                        bool transform,
                        float *prepared);

/* dx = clamp(w' * dy); with add, dx = clamp(dx + w' * dy). */
void dcn_turned_back(const DcnConv2d *conv,
                     size_t planned,
                     DcnContext *context,
                     size_t images,
                     const DcnImages *dx,
                     const DcnImages *dy,
                     const float *prepared,
                     bool transformed,
                     DcnClamp clamp,
                     bool add);

#endif
