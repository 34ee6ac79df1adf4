/* SPDX-License-Identifier: GPL-3.0-or-later */
/* schedule.c: positions in classes, classes in batches. */
#include "occlude/schedule.h"
#include "base/error.h"
#include <stdlib.h>

/* Memory of one thread's batch, if a class has that many positions: chosen so that it
 * fits in a core's share of the last cache. Where a position takes a large part of that, a
 * few are run at once all the same, as weights come from farther away than tensors. */
#define BATCH_BYTES ((size_t)16 << 20)
#define MOST_BYTES ((size_t)64 << 20)
#define LEAST_BATCH 4
#define MOST_BATCH 32

/* A line joins a class whose boxes are larger if that costs it no more than `waste`: batches
 * of few positions waste more, as weights are streamed for each. The class must not grow
 * by more than `growth`. Where lines are few, so are the positions of a class. */
typedef struct {
    double waste, growth;
} Slack;
static const Slack of_few = {0.3, 0.05}, of_many = {0.15, 0.02};
#define MANY_LINES 16

/* --- classes --- */

/* What a class or a line costs: sums over the tensors of the multiplications of a whole
 * one times the square of the part that is computed, as columns are cut as rows are. */
typedef struct {
    const DcnPlan *plan;
    double *whole; /* by value: multiplications; 0: not computed */
    int64_t *most; /* n_lines x n_values x 3: sizes of each class's boxes */
    Slack slack;
} Costs;

/* Multiplications for a whole tensor. */
static double
whole_cost(const DcnPlan *plan, size_t number)
{
    const PlanValue *value = &plan->values[number];
    if (!value->live || value->state != DCN_IN_RUN || value->shape.rank != 4)
        return 0;
    double each = 4; /* the time of a step without weights, in multiplications */
    const PlanStep *step = value->step < 0 ? NULL : &plan->steps[value->step];
    const PlanValue *w =
        step && step->n_in > 1 && step->in[1] >= 0 ? &plan->values[step->in[1]] : NULL;
    if (w && w->state == DCN_CONST && w->shape.rank == 4 && value->shape.dim[1] > 0)
        each = (double)w->count / (double)value->shape.dim[1];
    return each * (double)value->count;
}

static void
sizes_of(const DcnBox *box, int64_t size[3])
{
    for (int axis = 0; axis < 3; axis++)
        size[axis] = box->end[axis] - box->begin[axis];
}

static double
part_cost(const Costs *costs, size_t value, const int64_t size[3])
{
    double part = 1;
    for (int axis = 0; axis < 3; axis++)
        part *= (double)size[axis];
    part /= (double)costs->plan->values[value].count;
    return costs->whole[value] * part * part;
}

/* Of a class if this line joined it (NULL: none does). */
static double
class_cost(const Costs *costs, const int64_t *most, const DcnBox *line)
{
    double sum = 0;
    for (size_t v = 0; v < costs->plan->n_values; v++) {
        int64_t size[3] = {0};
        if (costs->whole[v] == 0)
            continue;
        if (line)
            sizes_of(&line[v], size);
        for (int axis = 0; axis < 3; axis++)
            size[axis] = most && most[3 * v + (size_t)axis] > size[axis]
                             ? most[3 * v + (size_t)axis]
                             : size[axis];
        sum += part_cost(costs, v, size);
    }
    return sum;
}

static void
join(const Costs *costs, int64_t *most, const DcnBox *line)
{
    for (size_t v = 0; v < costs->plan->n_values; v++) {
        int64_t size[3];
        sizes_of(&line[v], size);
        for (size_t axis = 0; axis < 3; axis++)
            if (size[axis] > most[3 * v + axis])
                most[3 * v + axis] = size[axis];
    }
}

/* The class that a line joins: the one that costs it least, or a new one. */
static size_t
choose_class(const Costs *costs, const DcnLines *lines, const DcnBox *line)
{
    double own = class_cost(costs, NULL, line), least = 0;
    size_t best = lines->n_classes, each = 3 * costs->plan->n_values;
    for (size_t c = 0; c < lines->n_classes; c++) {
        const int64_t *most = costs->most + c * each;
        double joined = class_cost(costs, most, line);
        if (joined > own * (1 + costs->slack.waste) ||
            joined > class_cost(costs, most, NULL) * (1 + costs->slack.growth))
            continue;
        if (best == lines->n_classes || joined < least) {
            best = c;
            least = joined;
        }
    }
    return best;
}

static bool
lines_new(
    const DcnPlan *plan, const DcnBox *boxes, size_t n, size_t coarsest, DcnLines *lines)
{
    size_t n_values = plan->n_values, used = 0;
    Costs costs = {plan, calloc(n_values + 1, sizeof *costs.whole),
                   calloc(n * n_values + 1, 3 * sizeof *costs.most),
                   n / coarsest < MANY_LINES ? of_few : of_many};
    *lines = (DcnLines){0};
    lines->class_of = calloc(n + 1, sizeof *lines->class_of);
    lines->members = calloc(n + 1, sizeof *lines->members);
    lines->first = calloc(n + 2, sizeof *lines->first);
    bool made =
        costs.whole && costs.most && lines->class_of && lines->members && lines->first;
    for (size_t v = 0; made && v < n_values; v++)
        costs.whole[v] = whole_cost(plan, v);
    for (size_t k = 0; made && k < n; k++) {
        size_t i = (k + n / 2) % n; /* from the middle, where boxes are largest */
        size_t c = choose_class(&costs, lines, boxes + i * n_values);
        lines->n_classes += c == lines->n_classes;
        lines->class_of[i] = c;
        join(&costs, costs.most + c * 3 * n_values, boxes + i * n_values);
    }
    for (size_t c = 0; made && c < lines->n_classes; c++) {
        lines->first[c] = used;
        for (size_t i = 0; i < n; i++)
            if (lines->class_of[i] == c)
                lines->members[used++] = i;
    }
    if (made)
        lines->first[lines->n_classes] = used;
    free(costs.whole);
    free(costs.most);
    return made;
}

static void
lines_free(DcnLines *lines)
{
    free(lines->class_of);
    free(lines->members);
    free(lines->first);
}

/* --- batches --- */

static size_t
coarsest_grid(const DcnSquares *squares)
{
    size_t n =
        squares->n_rows < squares->n_columns ? squares->n_rows : squares->n_columns;
    return n > 3 * DCN_COARSEST ? DCN_COARSEST : DCN_COARSEST / 2;
}

/* The coarsest grid that a cell is part of. */
static size_t
grid_of(size_t coarsest, size_t row, size_t column)
{
    size_t grid = coarsest;
    while (row % grid != 0 || column % grid != 0)
        grid /= 2;
    return grid;
}

static size_t
batch_of(const DcnPatchPlan *patches, size_t positions, size_t batch)
{
    if (batch == 0) {
        size_t each = dcn_patch_memory(patches, 1), most = MOST_BYTES / each;
        batch = BATCH_BYTES / each;
        batch = batch < LEAST_BATCH ? LEAST_BATCH : batch;
        batch = batch > most ? most : batch;
        batch = batch < 1 ? 1 : batch > MOST_BATCH ? MOST_BATCH : batch;
    }
    size_t batches = (positions - 1) / batch + 1;
    return (positions - 1) / batches + 1; /* even ones */
}

/* The positions of a class; coarse_first: those in this grid and in no coarser one. */
static void
schedule_class(DcnSchedule *s,
               const DcnSquares *squares,
               size_t row_class,
               size_t column_class,
               size_t grid,
               size_t batch,
               size_t *used)
{
    const DcnPatchPlan *patches =
        s->classes[row_class * s->columns.n_classes + column_class];
    DcnPosition *positions = s->positions + *used;
    size_t n = 0;
    for (size_t r = s->rows.first[row_class]; r < s->rows.first[row_class + 1]; r++)
        for (size_t c = s->columns.first[column_class];
             c < s->columns.first[column_class + 1]; c++) {
            size_t row = s->rows.members[r], column = s->columns.members[c];
            if (squares->idle[row * squares->n_columns + column])
                continue;
            if (!s->coarse_first || grid_of(s->coarsest, row, column) == grid)
                positions[n++] = (DcnPosition){row, column};
        }
    if (n == 0)
        return;
    batch = batch_of(patches, n, batch);
    for (size_t i = 0; i < n; i += batch) {
        DcnTask *task = &s->tasks[s->n_tasks++];
        *task = (DcnTask){patches, positions + i, n - i < batch ? n - i : batch, grid};
        size_t memory = dcn_patch_memory(patches, task->n);
        s->memory = memory > s->memory ? memory : s->memory;
    }
    size_t scratch = dcn_patch_scratch(patches);
    s->scratch = scratch > s->scratch ? scratch : s->scratch;
    *used += n;
}

static bool
make_classes(const DcnPlan *plan,
             int end,
             const DcnSquares *squares,
             DcnSchedule *s,
             DcnError *error)
{
    for (size_t r = 0; r < s->rows.n_classes; r++)
        for (size_t c = 0; c < s->columns.n_classes; c++) {
            size_t row = s->rows.first[r], column = s->columns.first[c];
            DcnPatchPlan *patches = dcn_patch_plan_new(
                plan, end, squares, s->rows.members + row, s->rows.first[r + 1] - row,
                s->columns.members + column, s->columns.first[c + 1] - column, error);
            s->classes[r * s->columns.n_classes + c] = patches;
            if (!patches)
                return false;
        }
    return true;
}

bool
dcn_schedule_new(const DcnPlan *plan,
                 int end,
                 const DcnSquares *squares,
                 size_t batch,
                 bool coarse_first,
                 DcnSchedule *s,
                 DcnError *error)
{
    size_t cells = squares->n_rows * squares->n_columns, used = 0;
    *s = (DcnSchedule){.coarse_first = coarse_first, .coarsest = coarsest_grid(squares)};
    size_t apart = coarse_first ? s->coarsest : 1;
    if (!lines_new(plan, squares->rows, squares->n_rows, apart, &s->rows) ||
        !lines_new(plan, squares->columns, squares->n_columns, apart, &s->columns))
        return dcn_fail_memory(error, "the occlusion maps", cells * sizeof *s->positions);
    s->classes =
        calloc(s->rows.n_classes * s->columns.n_classes + 1, sizeof(DcnPatchPlan *));
    s->positions = calloc(cells + 1, sizeof *s->positions);
    s->tasks = calloc(cells + 1, sizeof *s->tasks);
    if (!s->classes || !s->positions || !s->tasks)
        return dcn_fail_memory(error, "the occlusion maps", cells * sizeof *s->positions);
    if (!make_classes(plan, end, squares, s, error))
        return false;
    for (size_t grid = s->coarsest; grid > 0; grid = coarse_first ? grid / 2 : 0)
        for (size_t r = 0; r < s->rows.n_classes; r++)
            for (size_t c = 0; c < s->columns.n_classes; c++)
                schedule_class(s, squares, r, c, grid, batch, &used);
    s->n_positions = used;
    return true;
}

void
dcn_schedule_needs(const DcnSchedule *s, bool *needed)
{
    for (size_t i = 0; i < s->rows.n_classes * s->columns.n_classes; i++)
        dcn_patch_needs(s->classes[i], needed);
}

void
dcn_schedule_free(DcnSchedule *s)
{
    for (size_t i = 0; s->classes && i < s->rows.n_classes * s->columns.n_classes; i++)
        dcn_patch_plan_free(s->classes[i]);
    lines_free(&s->rows);
    lines_free(&s->columns);
    free(s->classes);
    free(s->positions);
    free(s->tasks);
}
