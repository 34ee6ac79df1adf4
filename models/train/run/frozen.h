/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frozen.h: the output of the last frozen layer for each picture, computed once. */
#ifndef TRAIN_RUN_FROZEN_H
#define TRAIN_RUN_FROZEN_H

#include "pictures/features.h"
#include "pictures/shelf.h"
#include "recipe/build.h"

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
