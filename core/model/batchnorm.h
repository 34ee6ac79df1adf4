/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batchnorm.h: a BatchNormalization taken into the convolution before it. */
#ifndef DCN_MODEL_BATCHNORM_H
#define DCN_MODEL_BATCHNORM_H

#include <stddef.h>

/* The stored numbers of the normalisation, one of each for every channel, and its
 * attribute. */
typedef struct {
    const float *scale, *shift, *mean, *variance;
    float epsilon;
} DcnNormalisation;

/* y = (conv(x) - mean) * scale / sqrt(variance + epsilon) + shift is a convolution with
 * other numbers. weights: maps x each, bias: maps; both are changed in place. */
void dcn_batchnorm_take_in(
    const DcnNormalisation *norm, size_t maps, size_t each, float *weights, float *bias);

#endif
