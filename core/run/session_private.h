/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_private.h: the inside of DcnSession. */
#ifndef DCN_SESSION_PRIVATE_H
#define DCN_SESSION_PRIVATE_H

#include "plan/plan_private.h"

struct DcnSession {
    const DcnPlan *plan;
    DcnContext *context;
    float *values;        /* batch x plan->value_floats */
    char *kept;           /* batch x plan->kept_bytes */
    void *work;           /* plan->work bytes, of whichever call runs; NULL: none */
    float *signals;       /* plan->value_floats: what comes back, for one image; plans for
                             projection. In training batch x plan->signal_floats */
    DcnCall *calls;       /* one a step of the plan */
    DcnOperand *operands; /* of all calls */
    struct DcnWalk *walk; /* room for dcn_project(), in plans for projection; walk.h */
    bool ran;
};

#endif
