/* SPDX-License-Identifier: GPL-3.0-or-later */
/* average.h: weights averaged over the steps of a training.
 *
 * The average moves towards the weights by 1 - keep at each step (Polyak & Juditsky 1992,
 * with an exponential window). Running statistics of BatchNormalization are averaged like
 * weights, so that they belong to them. At first the window is shorter, so that the
 * random weights of the start are soon forgotten. */
#ifndef TRAIN_RUN_AVERAGE_H
#define TRAIN_RUN_AVERAGE_H

#include "trainer.h"
#include <glib.h>

typedef struct {
    double keep;    /* 0: the average is the weights themselves */
    guint64 steps;  /* so far */
    gsize n_values; /* parameters */
    float **values; /* one array for each parameter of the trainer */
} Average;

Average *average_new(const DcnTrainer *trainer, double keep);
void average_free(Average *average);

/* After each step. */
void average_step(Average *average, const DcnTrainer *trainer);

/* Writes the averages into a model that has initialisers of these names. */
gboolean average_store(const Average *average,
                       const DcnTrainer *trainer,
                       DcnModel *model,
                       GError **error);

#endif
