/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph.h: questions about the graph of steps: which step reads which value, and which
 * values depend on which.
 *
 * Only live steps count. `marked` has a bool for each value of the plan. */
#ifndef DCN_PLAN_GRAPH_H
#define DCN_PLAN_GRAPH_H

#include "plan/plan_private.h"

/* True if the step reads, or makes, a marked value, and if exactly one of its inputs is
 * this value. */
bool dcn_step_reads(const PlanStep *step, const bool *marked);
bool dcn_step_makes(const PlanStep *step, const bool *marked);
bool dcn_step_reads_once(const PlanStep *step, int value);

/* The step that makes a value; NULL: it is an input, a constant, or negative. */
const PlanStep *dcn_graph_maker(const DcnPlan *plan, int value);

/* The first input of a step that is known in a run only; -1: there is none. */
int dcn_graph_first_input(const DcnPlan *plan, const PlanStep *step);

/* Marks what depends on marked values too, or what marked values depend on. */
void dcn_graph_mark_ahead(const DcnPlan *plan, bool *marked);
void dcn_graph_mark_back(const DcnPlan *plan, bool *marked);

/* Marks the values that depend on `value`, itself not among them. */
void dcn_graph_behind(const DcnPlan *plan, int value, bool *behind);

/* The only step that reads a value; NULL if several do, or none. */
const PlanStep *dcn_graph_only_user(const DcnPlan *plan, int value);

/* Counts for each value the steps that read it, twice where one reads it twice. */
void dcn_graph_count_users(DcnPlan *plan);

#endif
