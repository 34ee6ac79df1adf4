/* SPDX-License-Identifier: GPL-3.0-or-later */
/* walk.h: the state of a projection on its way down: what it crosses, where signals are
 * defined, which have begun.
 *
 *     project.c  the walk itself
 *     bounds.c   the parts of signals that the seed can reach
 *     rectify.c  rectifiers that the step above them does
 *
 * A session for projection has room for one walk, so that dcn_project() allocates
 * nothing. */
#ifndef DCN_RUN_WALK_H
#define DCN_RUN_WALK_H

#include "run/session_private.h"

typedef struct DcnWalk {
    DcnArena *arena; /* of all that follows */
    size_t image;
    DcnMethod method;

    /* By value of the plan. */
    bool *below;          /* the seed depends on it */
    bool *path;           /* of these: it depends on the input */
    bool *begun;          /* its signal has been written to */
    bool *for_rectifiers; /* see rectify.c */
    bool *rectified;
    size_t *last_step; /* that adds to its signal */

    /* The box outside of which its signal is not defined; an empty one where it is
     * defined everywhere. */
    DcnBox *bounds;

    DcnOperand *operands; /* of any one step, for questions of reach */
} DcnWalk;

DcnWalk *dcn_walk_new(const DcnPlan *plan, DcnError *error);
void dcn_walk_free(DcnWalk *walk);

/* bounds.c: fills walk->bounds. */
void dcn_walk_find_bounds(const DcnPlan *plan, const DcnSeed *seed, DcnWalk *walk);

/* rectify.c: fills walk->for_rectifiers. */
void dcn_walk_find_rectified(const DcnPlan *plan, DcnWalk *walk);

/* True if the step is to rectify the signal of its first input when it has added to it.
 * Notes then that the signal is rectified. */
bool dcn_walk_rectifies(const DcnPlan *plan, DcnWalk *walk, size_t index);

#endif
