/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transform.h: small changes of a picture, by steps (Zeiler & Fergus 2014, figure 5, has
 * the vertical shift, scale and rotation). */
#ifndef FEATURESCOPE_PHOTO_TRANSFORM_H
#define FEATURESCOPE_PHOTO_TRANSFORM_H

#include "photo/around.h"

typedef enum {
    TRANSFORM_DOWN,     /* pixels of the network's input; negative: up */
    TRANSFORM_RIGHT,    /* the same; negative: to the left */
    TRANSFORM_SCALE,    /* ratio about the middle; above 1: larger */
    TRANSFORM_TURN,     /* degrees about the middle, clockwise */
    TRANSFORM_MIRROR,   /* 0: not; 1: left and right; 2: top and bottom; 3: both */
    TRANSFORM_EXPOSURE, /* stops: linear light times 2 to the power of it */
    TRANSFORM_BLUR,     /* standard deviation in pixels of the network's input; the edge
                           of what is seen goes on outside */
    TRANSFORM_NOISE,    /* standard deviation of what is added to encoded values */
    TRANSFORM_KINDS
} TransformKind;

/* The amount that changes nothing. */
double transform_none(TransformKind kind);

/* What the amount brings in from beside a picture of this size. */
AroundMargin transform_margin(TransformKind kind, double amount, int width, int height);

/* The larger of both, on each side. */
AroundMargin transform_larger(AroundMargin a, AroundMargin b);

/* rgb: height x width x 3, R'G'B' of 0 to 1. noise: as many values of mean 0 and variance
 * 1, for all amounts the same; NULL unless kind is TRANSFORM_NOISE. FALSE without memory.
 */
gboolean transform_show(const Around *around,
                        TransformKind kind,
                        double amount,
                        const float *noise,
                        float *rgb);

/* Seeded values of mean 0 and variance 1. */
void transform_noise(guint32 seed, float *noise, gsize count);

#endif
