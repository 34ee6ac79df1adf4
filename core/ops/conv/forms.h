/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forms.h: a convolution whose weights were prepared once a plan, by whichever way
 * is the quickest for its size and for so many images.
 *
 * Weights are packed for the inner loop (packed.h) and, if asked for, transformed: for
 * large tiles (winograd.h) or for a few small ones (winograd2.h). A plan says how many
 * images a run will have, or 0: any number, as with patches of occlusion. */
#ifndef DCN_OPS_CONV_FORMS_H
#define DCN_OPS_CONV_FORMS_H

#include "ops/conv/conv2d.h"

/* Whether any way fits. Without, the others must not be called. */
bool dcn_forms_fit(const DcnConv2d *conv);

/* Floats of all forms. */
size_t dcn_forms_floats(const DcnConv2d *conv, size_t planned, bool transform);
void dcn_forms_prepare(const DcnConv2d *conv,
                       size_t planned,
                       const float *w,
                       bool transform,
                       float *prepared);

/* Scratch bytes of each thread. */
size_t dcn_forms_scratch(const DcnConv2d *conv, size_t planned);

/* y = clamp(w * x + bias), or with add clamp(y + w * x + bias). bias: maps floats, or
 * NULL. transformed: so it was prepared. */
void dcn_forms_forward(const DcnConv2d *conv,
                       size_t planned,
                       DcnContext *context,
                       size_t images,
                       const DcnImages *y,
                       const DcnImages *x,
                       const float *prepared,
                       bool transformed,
                       const float *bias,
                       DcnClamp clamp,
                       bool add);

#endif
