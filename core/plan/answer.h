/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.h: what the files that find a classifier's answer share.
 *
 *     answer.c     among the outputs; how probabilities come of it
 *     no_answer.c  outputs that are not scores of classes */
#ifndef DCN_PLAN_ANSWER_H
#define DCN_PLAN_ANSWER_H

#include "plan/plan_private.h"

/* Goes back over operators that only hand elements on. */
int dcn_answer_behind_moves(const DcnPlan *plan, int value);

/* True for 1 x 1000, 1 x 1000 x 1 x 1 and the like. */
bool dcn_answer_is_one_a_class(const PlanValue *value);

/* told: what the net's outputs are, n values or -1. True if the value has a number for
 * each row of one of them, as the scores of boxes have. */
bool dcn_answer_tells_of_rows(const DcnPlan *plan, const int *told, size_t n, int value);

/* True if the last step divides by the length, so that the value says a direction. */
bool dcn_answer_has_fixed_length(const DcnPlan *plan, int value);

/* Says why the value is no answer. */
void dcn_answer_fail(const DcnPlan *plan, int value, DcnError *error);

#endif
