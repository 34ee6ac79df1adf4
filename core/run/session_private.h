/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_private.h: the inside of DcnSession. */
#ifndef DCN_RUN_SESSION_PRIVATE_H
#define DCN_RUN_SESSION_PRIVATE_H

#include "plan/plan_private.h"

struct DcnSession {
    const DcnPlan *plan;
    DcnContext *context;

    float *values; /* batch x plan->value_floats */
    char *kept;    /* batch x plan->kept_bytes */
    void *work;    /* plan->work bytes, of whichever call runs; NULL: none */

    /* What comes back, in plans with a way back: plan->value_floats of one image, or
     * batch x plan->signal_floats in training. */
    float *signals;

    DcnCall *calls;       /* one a step of the plan */
    DcnOperand *operands; /* of all calls */

    /* Room for dcn_project(), in plans for projection; run/walk.h. */
    struct DcnWalk *walk;

    bool ran;
};

#endif
