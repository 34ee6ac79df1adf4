/* SPDX-License-Identifier: GPL-3.0-or-later */
/* loader.h: batches, made by threads while the training computes.
 *
 *     loader_begin(loader, epoch)
 *     while ((batch = loader_next(loader, &error))) ...
 *
 * The random numbers of an image depend on the seed, the epoch and the image only, so the
 * number of threads does not change the result. */
#ifndef TRAIN_PICTURES_LOADER_H
#define TRAIN_PICTURES_LOADER_H

#include "dcn.h"
#include "pictures/features.h"
#include "pictures/shelf.h"
#include "recipe/recipe.h"

typedef struct {
    gsize count;          /* images; less than the batch at the end of a plain pass */
    float *input;         /* batch x channels x side x side, or x features */
    float *target;        /* batch x classes; NULL in a plain pass */
    const guint32 *index; /* batch: which image of the shelf */
} Batch;

typedef struct Loader Loader;

typedef struct {
    const Shelf *shelf;
    const Recipe *recipe; /* NULL: a plain pass, the centred square of each in order */
    const Features *features; /* NULL, or the features of the shelf's pictures, which are
                                 used instead */
    DcnPreprocessing how;
    int side, channels, fit; /* as in Pupil */
    gboolean mirror;         /* of a plain pass: all pictures are mirrored */
    gsize batch;
    guint64 seed;
    int threads;
} LoaderOptions;

Loader *loader_new(const LoaderOptions *options);
void loader_free(Loader *loader);

/* Batches of an epoch. In training the images that are left over at the end are left out;
 * another shuffle leaves out others. */
gsize loader_batches(const Loader *loader);

/* mix: the recipe's mixup is done in this epoch. */
void loader_begin(Loader *loader, gsize epoch, gboolean mix);

/* The next batch; the one before is lost. NULL at the end, or with an error. */
const Batch *loader_next(Loader *loader, GError **error);

#endif
