/* SPDX-License-Identifier: GPL-3.0-or-later */
/* train.h: a training from its first step, or from where it stopped, to its end.
 *
 * Files beside OUT.onnx, which holds the averaged weights of the last whole epoch:
 *
 *     OUT.state                   to go on (state.h)
 *     OUT-unfolded.onnx           the same net with its BatchNormalization, for `init`
 *     OUT.csv                     a row an epoch
 *     OUT-epochs/epoch-001.onnx   for the action that shows evolution */
#ifndef TRAIN_RUN_TRAIN_H
#define TRAIN_RUN_TRAIN_H

#include "pictures/shelf.h"
#include "recipe/build.h"

typedef struct {
    const Recipe *recipe;
    const char *data;                           /* the folder of models/ */
    const Shelf *train, *validation, *held_out; /* the last two may be NULL */
    guint64 seed;
    int threads, loaders;
    gsize room; /* bytes that frozen features may take */
    gboolean resume;
    const char *out;
    gboolean (*stop)(void); /* asked between steps */
} TrainOptions;

/* FALSE with an error also if it was stopped. */
gboolean train(const TrainOptions *options, GError **error);

#endif
