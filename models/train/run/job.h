/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job.h: the options of the command line. */
#ifndef TRAIN_RUN_JOB_H
#define TRAIN_RUN_JOB_H

#include "recipe/recipe.h"

typedef struct {
    char *data_folder, *val_folder; /* pictures; val_folder may be NULL */
    char *out, *init, *teacher;     /* models; the last two may be NULL */
    char **settings;                /* "group.key=value", or NULL */
    char **arguments;               /* the recipe's path */
    double split;                   /* share that is held out */
    int train_a_class, test_a_class;
    gint64 seed;
    int threads, loaders;
    int memory; /* megabytes */
    gboolean choose, resume;
} Job;

/* Reads the options and checks them. --help ends the program. */
gboolean job_parse(Job *job, int argc, char **argv, GError **error);
void job_clear(Job *job);

/* Reads the recipe and applies the settings of the command line to it. */
Recipe *job_recipe(const Job *job, GError **error);

#endif
