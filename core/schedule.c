/* schedule.c: positions in classes, classes in batches.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "schedule.h"
#include "error.h"
#include <stdlib.h>

/* Memory of one thread's batch, if a class has that many positions: what a core's share
 * of the last cache holds. */
#define BATCH_BYTES ((size_t)16 << 20)
#define MOST_BATCH 32

/* --- classes --- */

static bool
alike(const DcnPlan *plan, const DcnBox *a, const DcnBox *b)
{
    for (size_t i = 0; i < plan->n_values; i++)
        for (int axis = 0; axis < 3; axis++)
            if (a[i].end[axis] - a[i].begin[axis] != b[i].end[axis] - b[i].begin[axis])
                return false;
    return true;
}

static bool
lines_new(const DcnPlan *plan, const DcnBox *boxes, size_t n, DcnLines *lines)
{
    *lines = (DcnLines){0};
    lines->class_of = calloc(n + 1, sizeof *lines->class_of);
    lines->members = calloc(n + 1, sizeof *lines->members);
    lines->first = calloc(n + 2, sizeof *lines->first);
    if (!lines->class_of || !lines->members || !lines->first)
        return false;
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        size_t c = 0;
        while (c < lines->n_classes)
            if (alike(plan, boxes + i * plan->n_values,
                      boxes + lines->first[c] * plan->n_values))
                break;
            else
                c++;
        if (c == lines->n_classes)
            lines->first[lines->n_classes++] = i; /* for now: a member to compare with */
        lines->class_of[i] = c;
    }
    for (size_t c = 0; c < lines->n_classes; c++) {
        lines->first[c] = used;
        for (size_t i = 0; i < n; i++)
            if (lines->class_of[i] == c)
                lines->members[used++] = i;
    }
    lines->first[lines->n_classes] = used;
    return true;
}

static void
lines_free(DcnLines *lines)
{
    free(lines->class_of);
    free(lines->members);
    free(lines->first);
}

/* --- batches --- */

size_t
dcn_schedule_grid(size_t row, size_t column)
{
    size_t grid = DCN_COARSEST;
    while (row % grid != 0 || column % grid != 0)
        grid /= 2;
    return grid;
}

static size_t
batch_of(const DcnPatchPlan *patches, size_t positions, size_t batch)
{
    if (batch == 0) {
        batch = BATCH_BYTES / dcn_patch_memory(patches, 1);
        batch = batch < 1 ? 1 : batch > MOST_BATCH ? MOST_BATCH : batch;
    }
    size_t batches = (positions - 1) / batch + 1;
    return (positions - 1) / batches + 1; /* even ones */
}

/* The positions of a class that are in this grid and in no coarser one. */
static void
schedule_class(DcnSchedule *s,
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
            if (dcn_schedule_grid(row, column) == grid)
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
make_classes(const DcnSession *base,
             int end,
             const DcnSquares *squares,
             DcnSchedule *s,
             DcnError *error)
{
    for (size_t r = 0; r < s->rows.n_classes; r++)
        for (size_t c = 0; c < s->columns.n_classes; c++) {
            size_t row = s->rows.first[r], column = s->columns.first[c];
            DcnPatchPlan *patches = dcn_patch_plan_new(
                base, end, squares, s->rows.members + row, s->rows.first[r + 1] - row,
                s->columns.members + column, s->columns.first[c + 1] - column, error);
            s->classes[r * s->columns.n_classes + c] = patches;
            if (!patches)
                return false;
        }
    return true;
}

bool
dcn_schedule_new(const DcnSession *base,
                 int end,
                 const DcnSquares *squares,
                 size_t batch,
                 DcnSchedule *s,
                 DcnError *error)
{
    const DcnPlan *plan = base->plan;
    size_t cells = squares->n_rows * squares->n_columns, used = 0;
    *s = (DcnSchedule){0};
    if (!lines_new(plan, squares->rows, squares->n_rows, &s->rows) ||
        !lines_new(plan, squares->columns, squares->n_columns, &s->columns))
        return dcn_fail_memory(error, "the occlusion maps", cells * sizeof *s->positions);
    s->classes =
        calloc(s->rows.n_classes * s->columns.n_classes + 1, sizeof(DcnPatchPlan *));
    s->positions = calloc(cells + 1, sizeof *s->positions);
    s->tasks = calloc(cells + 1, sizeof *s->tasks);
    if (!s->classes || !s->positions || !s->tasks)
        return dcn_fail_memory(error, "the occlusion maps", cells * sizeof *s->positions);
    if (!make_classes(base, end, squares, s, error))
        return false;
    for (size_t grid = DCN_COARSEST; grid > 0; grid /= 2)
        for (size_t r = 0; r < s->rows.n_classes; r++)
            for (size_t c = 0; c < s->columns.n_classes; c++)
                schedule_class(s, r, c, grid, batch, &used);
    return true;
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
