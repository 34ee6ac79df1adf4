/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frozen.h: what a net makes of each picture up to a frozen layer, computed once. */
#ifndef FROZEN_H
#define FROZEN_H

#include "pictures/shelf.h"
#include "recipe/build.h"

typedef struct {
    char *tensor;   /* the frozen layer's */
    gsize count;    /* values of one picture */
    gsize mirrored; /* where values of the mirrored pictures begin; 0: there are none */
    float *values;  /* pictures of the shelf x count, then those mirrored */
} Features;

/* layer: a tensor, node or short name. Of what the net sees of each picture, unvaried;
 * with `mirrored` also of its mirror image.
 * room: bytes that may be taken. stop: asked between batches. */
Features *features_new(const Pupil *pupil,
                       const char *layer,
                       const Shelf *shelf,
                       gboolean mirrored,
                       DcnContext *context,
                       int loaders,
                       gsize room,
                       gboolean (*stop)(void),
                       GError **error);
void features_free(Features *features);

#endif
