/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build.h: makes a model that can be trained out of a recipe. */
#ifndef TRAIN_RECIPE_BUILD_H
#define TRAIN_RECIPE_BUILD_H

#include "dcn.h"
#include "recipe/recipe.h"

/* A model, and how pictures become its input. */
typedef struct {
    DcnModel *model;
    DcnPreprocessing how;
    int side;     /* of its square input, in pixels */
    int channels; /* 1 or 3 */
    int fit;      /* Fitting */
} Pupil;

/* names: of the classes, ended by NULL. several: a picture may show several of them,
 * which no Softmax can tell. seed: of the first weights, which are normal with
 * the variance 2 / inputs of a unit (He et al. 2015, "Delving deep into rectifiers"), but
 * for the head's, whose standard deviation is 0.01. data: the folder of models/. */
gboolean build_pupil(Pupil *pupil,
                     const Recipe *recipe,
                     const char *const *names,
                     gboolean several,
                     guint64 seed,
                     const char *data,
                     GError **error);

/* Opens a net from a file with the preprocessing of its card or metadata; also for a
 * teacher. */
gboolean build_open(
    Pupil *pupil, const char *path, int side, const char *data, GError **error);

void pupil_clear(Pupil *pupil);

#endif
