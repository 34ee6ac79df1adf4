/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe.h: what is trained and how: a text file of groups and keys.
 *
 * docs/training.md explains the keys for users; the table in recipe.c declares each once,
 * with its range and its default. */
#ifndef TRAIN_RECIPE_RECIPE_H
#define TRAIN_RECIPE_RECIPE_H

#include "recipe/layer.h"

typedef enum { SCHEDULE_COSINE, SCHEDULE_STEP } ScheduleKind;
typedef enum { FIT_SQUARE, FIT_WHOLE } Fitting;
typedef enum { HEAD_KEEP, HEAD_NEW } Head;

typedef struct {
    /* [model] */
    char *name, *init, *freeze; /* init, freeze: NULL if not said */
    char *from;                 /* the tensor of init that layers go on from, or NULL */
    int input;                  /* side; 0: that of init */
    int head;                   /* Head */
    int fit;                    /* Fitting: how a picture becomes a square */
    double mean[3], std[3];     /* R G B, of values 0 to 1; of a net made of layers */
    gboolean fold;              /* BatchNormalization into the weights on writing */

    /* [layers]; none: init's */
    Layer *layers;
    gsize n_layers;

    /* [augment] */
    double crop[2]; /* share of the picture's area */
    double
        ratio[2]; /* width to height of the crop; with FIT_WHOLE against the picture's */
    double flip, gray;
    double brightness, contrast, saturation; /* factors of up to 1 +- this */
    double mixup;                            /* the beta distribution's parameter */
    double plain;                            /* so many last epochs are without mixup */

    /* [training] */
    int epochs, batch;
    double rate, momentum, decay;
    gboolean nesterov, decay_weights_only;
    double warmup; /* epochs */
    int schedule;  /* ScheduleKind */
    int step_epochs;
    double step_factor;
    double smoothing;
    double rms_limit; /* of filters; 0: none */
    double average;   /* what a step leaves of the averaged weights; 0: no average */
    int checkpoints;  /* an ONNX file each so many epochs; 0: none but the result */

    /* [teacher] */
    char *teacher; /* NULL: none */
    double temperature, teacher_weight;
    int teacher_input; /* side; 0: the teacher's own */

    char *text; /* all of it, as it counts: for metadata, and to compare */
} Recipe;

/* settings: NULL, or "group.key=value" strings that overrule the file, ended by NULL. */
Recipe *recipe_read(const char *path, const char *const *settings, GError **error);
void recipe_free(Recipe *recipe);

#endif
