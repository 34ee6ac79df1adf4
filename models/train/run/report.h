/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h: what a training prints while it runs: a line and a CSV row for each epoch. */
#ifndef TRAIN_RUN_REPORT_H
#define TRAIN_RUN_REPORT_H

#include "run/measure.h"

typedef struct {
    gsize epoch, epochs; /* from 1; of all */
    double rate, loss;
    Figures train;             /* on the varied pictures, as they were learned from */
    const Figures *validation; /* NULL: none */
    gboolean several;
    double images_a_second, seconds, seconds_left;
} Report;

void report_head(const Report *report, gboolean validation);
void report_epoch(const Report *report);

/* A line on the error stream; on a terminal the next one is written over it. */
void report_progress(const char *text);

/* While an epoch runs; only now and then, and on a terminal on one line. */
void report_step(gsize epoch, gsize done, gsize all, double loss, double seconds);

/* Takes away rows of epochs that will be run again. */
gboolean report_csv_keep(const char *path, gsize epochs, GError **error);
gboolean report_csv_add(const char *path, const Report *report, GError **error);

/* "81.2 % of 1882 pictures, 73.4 % as the mean of classes"; in English for files.
 * g_free()
 */
char *report_figures(const Figures *figures, gboolean several, gboolean translated);

#endif
