/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.c: where a classifier's answer is, and how probabilities are computed from it.
 *
 * The answer is the first output that is one number a class. An output that is computed
 * from another one by a step with weights is deeper and is preferred to it, because a net
 * may give its features first; so is one that a softmax ends, because a box may come
 * first, unless the other one is computed from it. Where an output is a decision
 * (ArgMax) or names of classes, the answer is what was decided about. */
#include "plan/answer.h"
#include "base/error.h"
#include "plan/graph.h"
#include <stdlib.h>
#include <string.h>

int
dcn_answer_behind_moves(const DcnPlan *plan, int value)
{
    const PlanStep *step;
    while ((step = dcn_graph_maker(plan, value)) && step->op->role == DCN_ROLE_HANDS_ON)
        value = dcn_graph_first_input(plan, step);
    return value;
}

static const PlanStep *
maker_with_end(const DcnPlan *plan, int value, DcnEnd end)
{
    const PlanStep *step = dcn_graph_maker(plan, dcn_answer_behind_moves(plan, value));
    return step && step->op->end == end ? step : NULL;
}

/* --- probabilities --- */

/* Softmax in pieces: exp(x) / sum(exp(x)), where x may be less its maximum. Returns x, or
 * -1. */
static int
softmax_in_pieces(const DcnPlan *plan, int value)
{
    const PlanStep *quotient = maker_with_end(plan, value, DCN_END_QUOTIENTS);
    if (!quotient || quotient->n_in != 2)
        return -1;
    const PlanStep *sum = maker_with_end(plan, quotient->in[1], DCN_END_SUMS);
    const PlanStep *power = maker_with_end(plan, quotient->in[0], DCN_END_EXPONENTIALS);
    if (!sum || !power ||
        dcn_answer_behind_moves(plan, dcn_graph_first_input(plan, sum)) !=
            dcn_answer_behind_moves(plan, quotient->in[0]))
        return -1;
    return power->in[0];
}

/* Sigmoid in pieces: 1 / (1 + exp(-x)). */
static bool
is_sigmoid_in_pieces(const DcnPlan *plan, int value)
{
    const PlanStep *quotient = maker_with_end(plan, value, DCN_END_QUOTIENTS);
    const PlanStep *inverse = maker_with_end(plan, value, DCN_END_RECIPROCALS);
    int below = inverse ? inverse->in[0]
                : quotient && dcn_graph_first_input(plan, quotient) != quotient->in[0]
                    ? quotient->in[1]
                    : -1;
    const PlanStep *sum = dcn_graph_maker(plan, dcn_answer_behind_moves(plan, below));
    return sum && sum->op->role == DCN_ROLE_ADDS &&
           maker_with_end(plan, dcn_graph_first_input(plan, sum), DCN_END_EXPONENTIALS);
}

/* True if the numbers are probabilities of classes that exclude each other, or a function
 * of each, such as the logarithm. */
static bool
ends_in_softmax(const DcnPlan *plan, int value)
{
    const PlanStep *step = dcn_graph_maker(plan, dcn_answer_behind_moves(plan, value));
    return step && (step->op->end == DCN_END_PROBABILITIES ||
                    step->op->end == DCN_END_LOG_PROBABILITIES ||
                    softmax_in_pieces(plan, value) >= 0 ||
                    (step->op->each.values &&
                     maker_with_end(plan, step->in[0], DCN_END_PROBABILITIES)));
}

/* --- candidates --- */

/* The only input of a step that is known in a run; -1: there are several. */
static int
only_input(const DcnPlan *plan, const PlanStep *step)
{
    int only = dcn_graph_first_input(plan, step);
    for (size_t i = 0; i < step->n_in; i++)
        if (step->in[i] >= 0 && step->in[i] != only &&
            plan->values[step->in[i]].state == DCN_IN_RUN)
            return -1;
    return only;
}

/* What a decision was made about; the value itself if it is none. Between the decision
 * and the value its number may be looked up among constants, or counted from 1. */
static int
behind_decision(const DcnPlan *plan, int value)
{
    enum { MOST_BETWEEN = 4 };
    int at = value;
    for (int i = 0; i < MOST_BETWEEN; i++) {
        const PlanStep *step = dcn_graph_maker(plan, dcn_answer_behind_moves(plan, at));
        if (step && step->op->role == DCN_ROLE_DECIDES)
            return dcn_graph_first_input(plan, step);
        int input = step ? only_input(plan, step) : -1;
        if (input < 0 || plan->values[input].count != plan->values[value].count)
            return value;
        at = input;
    }
    return value;
}

/* The tensor that an output is made of: itself, or, where nodes that make names of
 * classes stand at the end, the one before them. -1 if none can be computed. */
static int
told_of(const DcnPlan *plan, int output, bool *seen)
{
    const DcnGraph *graph = dcn_model_graph(plan->model);
    int value = plan->of_model[output];
    if (value >= 0 && plan->values[value].state == DCN_IN_RUN)
        return behind_decision(plan, value);
    int number = graph->values[output].node;
    if (number < 0 || seen[output] || !graph->nodes[number].labels_only)
        return -1;
    seen[output] = true;
    const DcnNode *node = &graph->nodes[number];
    for (size_t i = 0; i < node->n_in; i++) {
        int found = node->in[i] >= 0 ? told_of(plan, node->in[i], seen) : -1;
        if (found >= 0)
            return found;
    }
    return -1;
}

/* True if a step with weights lies on a way from one value to the other. */
static bool
comes_by_weights(const DcnPlan *plan, int from, int to, unsigned char *marks)
{
    enum { BEHIND = 1, BY_WEIGHTS = 2 };
    memset(marks, 0, plan->n_values);
    marks[from] = BEHIND;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const PlanStep *step = &plan->steps[i];
        unsigned char mark = 0;
        for (size_t k = 0; k < step->n_in; k++)
            mark |= step->in[k] >= 0 ? marks[step->in[k]] : 0;
        if (mark && step->op->role == DCN_ROLE_WEIGHTED)
            mark |= BY_WEIGHTS;
        for (size_t k = 0; k < step->n_out; k++)
            if (step->out[k] >= 0)
                marks[step->out[k]] |= mark;
    }
    return marks[to] & BY_WEIGHTS;
}

/* True if `value` is rather the answer than `answer`, which stands before it. */
static bool
is_better(const DcnPlan *plan, int value, int answer, unsigned char *marks)
{
    return answer < 0 || comes_by_weights(plan, answer, value, marks) ||
           (ends_in_softmax(plan, value) && !ends_in_softmax(plan, answer) &&
            !comes_by_weights(plan, value, answer, marks));
}

/* Chooses among what the outputs are. other: one that is none and tells most, or -1. */
static int
choose(const DcnPlan *plan, const int *told, size_t n, unsigned char *marks, int *other)
{
    int answer = -1;
    bool rows = false;
    *other = -1;
    for (size_t i = 0; i < n; i++)
        rows = rows || (told[i] >= 0 && dcn_answer_tells_of_rows(plan, told, n, told[i]));
    for (size_t i = 0; i < n; i++) {
        int value = told[i];
        if (value < 0)
            continue;
        bool one_a_class = dcn_answer_is_one_a_class(&plan->values[value]);
        /* Where there are rows, one number is how many. */
        bool of_rows = rows && (plan->values[value].count == 1 ||
                                dcn_answer_tells_of_rows(plan, told, n, value));
        if (!one_a_class || of_rows || dcn_answer_has_fixed_length(plan, value))
            *other = *other < 0 && !of_rows ? value : *other;
        else if (is_better(plan, value, answer, marks))
            answer = value;
    }
    return answer;
}

int
dcn_plan_answer(const DcnPlan *plan, DcnError *error)
{
    const DcnGraph *graph = dcn_model_graph(plan->model);
    bool *seen = calloc(graph->n_values + 1, sizeof *seen);
    unsigned char *marks = calloc(plan->n_values + 1, 1);
    int *told = calloc(graph->n_outputs + 1, sizeof *told);
    if (!seen || !marks || !told) {
        free(seen);
        free(marks);
        free(told);
        dcn_fail_memory(error, "a plan", graph->n_values);
        return -1;
    }
    const DcnError *broken = NULL;
    for (size_t i = 0; i < graph->n_outputs; i++) {
        const PlanValue *output = &plan->values[plan->of_model[graph->outputs[i]]];
        told[i] = told_of(plan, graph->outputs[i], seen);
        if (!broken && output->state == DCN_BROKEN)
            broken = output->reason;
    }
    int other, answer = choose(plan, told, graph->n_outputs, marks, &other);
    if (answer < 0 && other >= 0)
        dcn_answer_fail(plan, other, error);
    else if (answer < 0 && broken && error)
        *error = *broken;
    else if (answer < 0)
        dcn_fail(
            error, DCN_ERROR_SHAPE,
            "this net has no output that can be computed and depends on the picture");
    free(seen);
    free(marks);
    free(told);
    return answer;
}

/* --- what it is --- */

/* True if an output is a decision about the value, or names what it is about. */
static bool
is_decided_on(const DcnPlan *plan, int value)
{
    const DcnGraph *graph = dcn_model_graph(plan->model);
    bool decided = dcn_model_class_names(plan->model, &(size_t){0}) != NULL;
    for (size_t i = 0; i < graph->n_outputs; i++) {
        int output = plan->of_model[graph->outputs[i]];
        decided = decided || (output >= 0 && output != value &&
                              behind_decision(plan, output) == value);
    }
    return decided;
}

/* True if the step changes numbers, or maps of them, by constants, or as a rectifier or a
 * pool does: scores stay scores. */
static bool
keeps_scores(const DcnPlan *plan, const PlanStep *step)
{
    size_t known_in_a_run = 0;
    for (size_t i = 0; i < step->n_in; i++)
        known_in_a_run +=
            step->in[i] >= 0 && plan->values[step->in[i]].state == DCN_IN_RUN;
    return known_in_a_run == 1 &&
           (step->op->role == DCN_ROLE_ADDS || step->op->role == DCN_ROLE_POOLS ||
            step->op->pair.values || step->op->scales_channels || step->op->fuse.clamp);
}

/* True if a value comes of weights and hardly anything else: then it is scores. Weights
 * behind a softmax mix probabilities, and may give some again. */
static bool
is_made_by_weights(const DcnPlan *plan, int value)
{
    const PlanStep *step;
    while ((step = dcn_graph_maker(plan, dcn_answer_behind_moves(plan, value))) &&
           keeps_scores(plan, step))
        value = dcn_graph_first_input(plan, step);
    if (!step || step->op->role != DCN_ROLE_WEIGHTED)
        return false;
    const PlanStep *before = dcn_graph_maker(
        plan, dcn_answer_behind_moves(plan, dcn_graph_first_input(plan, step)));
    return !before || before->op->end != DCN_END_PROBABILITIES;
}

bool
dcn_plan_classifier(const DcnPlan *plan,
                    const char *output,
                    DcnClassifier *classifier,
                    DcnError *error)
{
    int answer =
        output ? dcn_plan_find(plan, output, error) : dcn_plan_answer(plan, error);
    if (answer < 0)
        return false;
    const PlanValue *value = &plan->values[answer];
    if (!dcn_answer_is_one_a_class(value)) {
        dcn_answer_fail(plan, answer, error);
        return false;
    }
    size_t count = value->count;
    const PlanStep *step = dcn_graph_maker(plan, dcn_answer_behind_moves(plan, answer));
    DcnEnd end = step ? step->op->end : DCN_END_OTHER;
    int pieces = softmax_in_pieces(plan, answer);
    *classifier = (DcnClassifier){.classes = count > 1 ? count : 2,
                                  .numbers = count,
                                  .tensor = answer,
                                  .output = answer};
    if (count == 1)
        classifier->answer = DCN_ANSWER_ONE;
    if (end == DCN_END_PROBABILITIES || end == DCN_END_EACH_PROBABILITY)
        classifier->tensor = step->in[0];
    else if (pieces >= 0)
        classifier->tensor = pieces;
    if (end == DCN_END_EACH_PROBABILITY && count > 1)
        classifier->answer = DCN_ANSWER_EACH;
    else if (is_sigmoid_in_pieces(plan, answer))
        classifier->answer =
            count > 1 ? DCN_ANSWER_PROBABILITIES : DCN_ANSWER_ONE_PROBABILITY;
    classifier->told = end == DCN_END_EACH_PROBABILITY || ends_in_softmax(plan, answer) ||
                       is_sigmoid_in_pieces(plan, answer) || is_decided_on(plan, answer);
    classifier->softmax = end == DCN_END_PROBABILITIES || pieces >= 0;
    classifier->unsure = classifier->answer == DCN_ANSWER_SCORES &&
                         !classifier->softmax && end != DCN_END_LOG_PROBABILITIES &&
                         !is_made_by_weights(plan, answer);
    return true;
}

bool
dcn_plan_is_whole(const DcnPlan *plan, DcnError *reason)
{
    const DcnGraph *graph = dcn_model_graph(plan->model);
    for (size_t i = 0; i < graph->n_outputs; i++) {
        const DcnValue *output = &graph->values[graph->outputs[i]];
        const PlanValue *value = &plan->values[plan->of_model[graph->outputs[i]]];
        bool names = output->node >= 0 && graph->nodes[output->node].labels_only;
        if (value->state != DCN_BROKEN || names)
            continue;
        if (reason)
            *reason = *value->reason;
        return false;
    }
    return true;
}
