/* SPDX-License-Identifier: GPL-3.0-or-later */
/* no_answer.c: outputs that are not scores of classes, by their shapes and by how they
 * are made: boxes and maps, a number for each box, embeddings of a fixed length.
 *
 * An embedding that is not scaled has the shape of scores, and so has a regression. They
 * are taken for scores; DcnClassifier.told is false then. */
#include "base/error.h"
#include "base/shape.h"
#include "plan/answer.h"
#include "plan/graph.h"

#define MOST_IN_A_ROW 32 /* numbers: a box, key points; class maps have more places */
#define MOST_STEPS 8     /* from a length to what it is the length of */

bool
dcn_answer_is_one_a_class(const PlanValue *value)
{
    int64_t largest = 1;
    for (int i = 0; i < value->shape.rank; i++)
        largest = value->shape.dim[i] > largest ? value->shape.dim[i] : largest;
    return value->state == DCN_IN_RUN && value->count > 0 &&
           (size_t)largest == value->count;
}

/* --- a number for each row --- */

/* True if the shape is that of more than k rows of k numbers, as 100 boxes of 4, and has
 * `rows` of them. */
static bool
has_rows(const DcnShape *shape, int64_t rows)
{
    int64_t axes[2] = {1, 1};
    int n = 0;
    for (int i = 0; i < shape->rank; i++) {
        if (shape->dim[i] == 1)
            continue;
        if (n == 2)
            return false;
        axes[n++] = shape->dim[i];
    }
    int64_t each = axes[0] == rows ? axes[1] : axes[0];
    return n == 2 && (axes[0] == rows || axes[1] == rows) && each < rows &&
           each <= MOST_IN_A_ROW;
}

bool
dcn_answer_tells_of_rows(const DcnPlan *plan, const int *told, size_t n, int value)
{
    for (size_t i = 0; i < n; i++)
        if (told[i] >= 0 &&
            has_rows(&plan->values[told[i]].shape, (int64_t)plan->values[value].count))
            return true;
    return false;
}

/* --- an embedding of a fixed length --- */

/* True if `length` is made of x by a sum over its elements and a root, whatever lies
 * between them. */
static bool
is_length(const DcnPlan *plan, int length, int x)
{
    bool root = false, one = false;
    x = dcn_answer_behind_moves(plan, x);
    for (int i = 0; i < MOST_STEPS; i++) {
        length = dcn_answer_behind_moves(plan, length);
        if (length == x)
            return root && one;
        const PlanStep *step = dcn_graph_maker(plan, length);
        if (!step)
            return false;
        root = root || step->op->end == DCN_END_LENGTHS;
        one = one || plan->values[length].count == 1;
        length = dcn_graph_first_input(plan, step);
    }
    return false;
}

bool
dcn_answer_has_fixed_length(const DcnPlan *plan, int value)
{
    const PlanStep *step = dcn_graph_maker(plan, dcn_answer_behind_moves(plan, value));
    if (!step || plan->values[value].count < 2)
        return false;
    if (step->op->end == DCN_END_FIXED_LENGTH)
        return dcn_node_int(step->node, "p", 2) == 2;
    if (step->op->end == DCN_END_QUOTIENTS)
        return step->n_in == 2 && is_length(plan, step->in[1], step->in[0]);
    for (size_t k = 0; step->op->pair.values && step->n_in == 2 && k < 2; k++) {
        const PlanStep *inverse =
            dcn_graph_maker(plan, dcn_answer_behind_moves(plan, step->in[k]));
        if (inverse && inverse->op->end == DCN_END_RECIPROCALS &&
            is_length(plan, inverse->in[0], step->in[1 - k]))
            return true;
    }
    return false;
}

/* --- in words --- */

/* True for a map over the picture: one of its proportions, in the last two axes. */
static bool
is_map(const DcnPlan *plan, const DcnShape *shape)
{
    const DcnShape *picture =
        plan->n_inputs > 0 ? &plan->values[plan->inputs[0]].shape : NULL;
    int r = shape->rank;
    return r >= 3 && shape->dim[r - 2] > 1 && shape->dim[r - 1] > 1 && picture &&
           picture->rank == 4 &&
           (shape->dim[r - 2] * picture->dim[3] == shape->dim[r - 1] * picture->dim[2] ||
            shape->dim[r - 2] * picture->dim[2] == shape->dim[r - 1] * picture->dim[1]);
}

void
dcn_answer_fail(const DcnPlan *plan, int value, DcnError *error)
{
    const PlanValue *output = &plan->values[value];
    char text[128];
    const char *kind = dcn_answer_is_one_a_class(output)
                           ? "scaled to a fixed length, as an embedding is"
                       : is_map(plan, &output->shape)
                           ? "not one number a class, but maps over the picture, as of "
                             "segmentation or depth"
                           : "not one number a class, but rows of numbers, as of boxes "
                             "or key points";
    dcn_fail(error, DCN_ERROR_SHAPE,
             "the net looks like no classifier: its output \"%.100s\" is %s, %s",
             output->name, dcn_shape_print(&output->shape, text), kind);
}
