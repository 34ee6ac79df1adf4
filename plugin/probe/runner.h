/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runner.h: a part of a network, opened once and run on many inputs.
 *
 *     the picture, or a tensor ---> the part that the targets need ---> the targets
 *     runner_put()                  runner_run()                        runner_values()
 *
 * A plan and its session are made here and nowhere else in the plug-in. Nothing here
 * talks to the host, so a runner may belong to a thread beside the main loop. */
#ifndef FEATURESCOPE_PROBE_RUNNER_H
#define FEATURESCOPE_PROBE_RUNNER_H

#include "net/net.h"

#define RUNNER_TARGETS 5 /* NET_MOST_LAYERS of picks.h, and the answer */

/* What the runs are for decides what is prepared. */
typedef enum {
    RUNNER_FEW,    /* a run or two: nothing is prepared that pays with many runs only */
    RUNNER_MANY,   /* run after run */
    RUNNER_PROJECT /* RUNNER_FEW, and dcn_project() works on the session */
} RunnerPurpose;

/* Which part. Zeroes are the defaults. */
typedef struct {
    const char *targets[RUNNER_TARGETS]; /* tensors to read; NULL: none */
    gsize batch;                         /* images a run; 0 is 1 */
    RunnerPurpose purpose;

    /* Where the part begins, by the name of a tensor; NULL: at the picture. Where a
     * target depends on the picture also by a path around this tensor, as in a residual
     * block, the part needs the picture too. Borrowed. */
    const char *start;
    const float *picture;

    /* Threads of its own, as in dcn_context_new(), or another runner's, which lives
     * longer. */
    int threads;
    DcnContext *context;
} RunnerPart;

typedef struct {
    const Net *net;
    DcnContext *context, *own_context;
    DcnPlan *plan, *own_plan;
    DcnSession *session;
    int tensor[RUNNER_TARGETS];
    gsize batch;
    gsize count;          /* values of one input */
    const float *picture; /* that leads around the start; NULL: none does */
    gsize pixels;         /* its values */
} Runner;

/* The runner is zero after a failure. */
gboolean runner_open(Runner *runner,
                     const Net *net,
                     const RunnerPart *part,
                     GError **error);
void runner_close(Runner *runner);

/* The same part once more, for another thread: the plan is the other's, which lives
 * longer; session and threads are its own. */
gboolean runner_open_beside(Runner *runner,
                            const Runner *other,
                            int threads,
                            GError **error);

/* Sets the input of an image of the batch and returns it; values NULL: zeroes. An input
 * does not outlive a run: its memory is used for other tensors. */
float *runner_put(Runner *runner, gsize slot, const float *values);

/* Another picture that leads around the start. Borrowed. */
void runner_picture(Runner *runner, const float *picture);

/* Computes all images; images that were not put give undefined values and no error. */
gboolean runner_run(Runner *runner, const DcnProgress *progress, GError **error);

/* Values of a target after a run, of one image. */
const float *runner_values(const Runner *runner, int target, gsize slot);

#endif
