/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packed.h: convolution forward with weights that were packed before (inner.h). */
#ifndef DCN_OPS_PACKED_H
#define DCN_OPS_PACKED_H

#include "ops/conv/conv2d.h"

/* Whether it gains over what else there is: all but depthwise convolutions. */
bool dcn_packed_fits(const DcnConv2d *conv);

size_t dcn_packed_weights(const DcnConv2d *conv); /* floats */
void dcn_packed_prepare(const DcnConv2d *conv, const float *w, float *packed);

/* Scratch bytes of each thread. */
size_t dcn_packed_scratch(const DcnConv2d *conv);

/* y = clamp(w * x + bias), or with add clamp(y + w * x + bias). bias: maps floats, or
 * NULL. */
void dcn_packed_forward(const DcnConv2d *conv,
                        DcnContext *context,
                        size_t images,
                        const DcnImages *y,
                        const DcnImages *x,
                        const float *packed,
                        const float *bias,
                        DcnClamp clamp,
                        bool add);

#endif
