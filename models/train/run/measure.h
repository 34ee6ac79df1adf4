/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure.h: how good a net's answers are. */
#ifndef TRAIN_RUN_MEASURE_H
#define TRAIN_RUN_MEASURE_H

#include "pictures/data.h"

/* Collects answers, then gives, with one class a picture, the share of right answers over
 * all pictures and the mean of the classes' shares; with several classes a picture, the
 * mean average precision. */
typedef struct Measure Measure;

Measure *measure_new(gsize classes, gboolean several);
void measure_free(Measure *measure);

/* scores: one for each class, of one picture. */
void measure_add(Measure *measure, const Item *item, const float *scores);

typedef struct {
    gsize count;
    double accuracy, mean_class; /* 0 to 1; mean over the classes that had pictures */
    double precision;            /* mean average precision, with several classes */
} Figures;
Figures measure_tell(const Measure *measure);

#endif
