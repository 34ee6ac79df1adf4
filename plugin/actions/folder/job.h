/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job.h: what is done with each picture of a folder. */
#ifndef FEATURESCOPE_ACTIONS_FOLDER_JOB_H
#define FEATURESCOPE_ACTIONS_FOLDER_JOB_H

#include "base/procedure.h"
#include "base/save.h"

typedef struct {
    const Procedure *procedure; /* that is run on each picture */
    ParamValues *values;        /* with these */
    char *output;               /* folder of results */
    const char *part;     /* a file there without suffix, this run's own: what a picture's
                             results are called until they are whole */
    Save *labels;         /* where labels go; NULL: the procedure makes layers */
    GHashTable *profiles; /* that the host's images had until now, as 64-bit numbers */
} Job;

/* The procedure that a nick of the parameter "action" stands for. */
const Procedure *job_procedure(const char *action);

/* An example of its arguments, as param_line.h has them. */
const char *job_example(const char *action);

/* Values of an action from a model and the line of arguments; NULL with an error. */
ParamValues *job_values(const char *action,
                        const char *model,
                        const char *arguments,
                        GError **error);

/* Opens a picture, runs the procedure, and saves what comes of it: OUTPUT/NAME.xcf and
 * .png, or a line of labels. FALSE with the reason. */
gboolean job_do(const Job *job, const char *path, const char *name, GError **error);

#endif
