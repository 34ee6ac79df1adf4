/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build_private.h: what build.c, inputs.c and lists.c share while a plan is built. */
#ifndef DCN_PLAN_BUILD_PRIVATE_H
#define DCN_PLAN_BUILD_PRIVATE_H

#include "plan/plan_private.h"

typedef struct {
    DcnPlan *plan;
    const DcnPlanOptions *options;
    DcnContext *context; /* one thread, for folding */
    DcnError *error;
    int64_t file_batch;
    int depth;
} DcnBuilder;

/* Zeroed memory of the plan; NULL and an error if there is none. */
void *dcn_builder_take(DcnBuilder *builder, size_t bytes);

/* False: no memory. A type that the core does not read breaks the value. */
bool dcn_builder_set_constant(DcnBuilder *builder, int number, const DcnTensor *tensor);

/* Sets a step up, and adds it to the plan or folds it. False: no memory. What is wrong
 * with the node goes to reason and *broken. */
bool dcn_builder_node(DcnBuilder *builder,
                      const DcnNode *node,
                      PlanStep *step,
                      bool *broken,
                      DcnError *reason);

/* lists.c: nodes that have to do with lists of tensors, as dcn_builder_node(); and the
 * list that an Identity hands on, if it is one. */
bool dcn_builder_lists(DcnBuilder *builder,
                       const DcnNode *node,
                       const PlanStep *step,
                       bool *broken,
                       DcnError *reason);
void dcn_builder_hands_list_on(DcnBuilder *builder,
                               const DcnNode *node,
                               const PlanStep *step);

/* inputs.c: the inputs of the model's graph. */
bool dcn_builder_inputs(DcnBuilder *builder);

#endif
