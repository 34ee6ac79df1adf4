/* SPDX-License-Identifier: GPL-3.0-or-later */
/* features.h: what stands for the pictures of a shelf where the first layers of a net are
 * frozen: their values, computed once. run/frozen.c makes them. */
#ifndef TRAIN_PICTURES_FEATURES_H
#define TRAIN_PICTURES_FEATURES_H

#include <glib.h>

typedef struct {
    char *tensor;   /* the frozen layer's */
    gsize count;    /* values of one picture */
    gsize mirrored; /* where values of the mirrored pictures begin; 0: there are none */
    float *values;  /* pictures of the shelf x count, then those mirrored */
} Features;

#endif
