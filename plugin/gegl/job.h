/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/job.h: what an operation wants to be computed, and the turns in which it is.
 *
 * All operations of a process share the models that are open, and one turn: whoever
 * computes has it, so that together they use no more threads than GEGL is set to. */
#ifndef FEATURESCOPE_GEGL_JOB_H
#define FEATURESCOPE_GEGL_JOB_H

#include "photo/seen.h"

/* What a network was shown of an input, kept from one job to the next: the input need not
 * be read again for another map. */
typedef struct {
    Seen seen;
    gsize count;    /* values of seen.input */
    guint64 number; /* of all that were read in this process; from 1 on */
    char *of;       /* which input and how it is read; NULL: nothing is kept */
} JobInput;
void job_input_clear(JobInput *input);

typedef struct {
    const ParamValues *values; /* of the action's whole table */
    double x, y;               /* the parameter "point", 0 to 1 over rect */
    HostPixels *pixels;        /* of the input; NULL: they cannot be read now */
    GeglRectangle rect;        /* where these lie */
    JobInput *input;           /* what is kept of it */
    const char *of;            /* as in there: what is wanted */

    /* FALSE: nobody wants it any more. In any thread; asked again and again. */
    gboolean (*wanted)(void *user);
    void *user;
    gint64 until; /* after this time of the monotonic clock what is known has to do; 0: no
                     such time */
} Job;

/* A picture to be laid over the input, in its coordinates. Errors as of actions. */
typedef HostLayer *(*JobCompute)(const Job *job, GError **error);
HostLayer *project_compute(const Job *job, GError **error);
HostLayer *occlude_compute(const Job *job, GError **error);

/* For the core's functions: lets others have their turns, and stops what is not wanted. */
DcnProgress job_progress(const Job *job);

/* The input as a network sees it: what is kept, or read now and kept. Fails as if stopped
 * if it would have to be read and cannot be. */
const Seen *job_seen(const Job *job, const Net *net, GError **error);

/* Calls compute when it is this job's turn. Models are forgotten a minute after the last
 * turn, if the program has a main loop. */
HostLayer *job_run(JobCompute compute, const Job *job, GError **error);

#endif
