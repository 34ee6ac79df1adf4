/* SPDX-License-Identifier: GPL-3.0-or-later */
/* augment.h: random variation of a training picture, which prevents overfitting. */
#ifndef TRAIN_PICTURES_AUGMENT_H
#define TRAIN_PICTURES_AUGMENT_H

#include "pictures/picture.h"
#include "recipe/recipe.h"
#include "trainer.h"

/* A random part of the picture, perhaps mirrored, its colours changed, as side x side x 3
 * values R'G'B' of 0..1. The number of random numbers that it takes does not depend on
 * the recipe's settings for colours. */
void augment_picture(const Recipe *recipe,
                     const Picture *picture,
                     DcnRandom *random,
                     int side,
                     float *rgb,
                     Scratch *scratch);

/* The share of an image in its mixture with another: from the symmetric beta distribution
 * of this parameter, above 0, at most 1 (Zhang et al. 2018, "mixup"). */
double augment_share(double parameter, DcnRandom *random);

#endif
