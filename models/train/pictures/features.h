/* SPDX-License-Identifier: GPL-3.0-or-later */
/* features.h: the output of a net's frozen layers for the pictures of a shelf, computed
 * once. Training reads it instead of the pictures. run/frozen.c makes them. */
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
