/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense_end.h: the end of a classifier, run for many positions at once.
 *
 * The first fully connected layer of AlexNet has 38 million weights: to stream them takes
 * as long as the convolutions of a batch of patches. So patches end at its input, inputs
 * of some hundred positions are gathered, and what follows is a plan of its own that
 * starts there. */
#ifndef DCN_OCCLUDE_DENSE_END_H
#define DCN_OCCLUDE_DENSE_END_H

#include "plan/plan_private.h"

typedef struct {
    /* to be filled before; the plan and its tensors, -1 if the net has none */
    const DcnPlan *whole;
    int whole_answer;
    DcnPlanOptions options; /* size of the picture, limit of memory */
    DcnContext *context;

    int input; /* value of the whole plan where the head begins; -1: there is none */
    size_t batch;
    DcnPlan *plan; /* for that batch, or NULL */
    DcnSession *session;
    int answer; /* the tensor of its plan */
} DcnHead;

/* Looks for a fully connected layer whose input is the only way from the picture to the
 * classifier's end, and which `layer` (-1: none) does not depend on. False if there is no memory. */
bool dcn_head_find(DcnHead *head, int layer, DcnError *error);

/* Gets it ready for a batch. */
bool dcn_head_open(DcnHead *head, size_t batch, DcnError *error);
void dcn_head_close(DcnHead *head);

#endif
