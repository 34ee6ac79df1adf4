/* sweep.c: positions in classes, classes in batches, batches on threads.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of positions that change boxes of the same heights in every tensor are alike, and
 * so are columns: positions with the same alignment to the net's strides, but near the
 * edges. A class is alike rows by alike columns.
 */
#include "sweep.h"
#include "error.h"
#include "shape.h"
#include "threads.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Memory of one thread's batch, if a class has that many positions: what a core's share
 * of the last cache holds. */
#define BATCH_BYTES ((size_t)16 << 20)
#define MOST_BATCH 32

/* --- what comes out --- */

void
dcn_sweep_collect(size_t classes,
                  const float *score,
                  const float *p,
                  float *to_score,
                  float *to_p,
                  uint32_t *best)
{
    memcpy(to_score, score, classes * sizeof *score);
    if (p)
        memcpy(to_p, p, classes * sizeof *p);
    else
        dcn_softmax(score, classes, to_p);
    *best = 0;
    for (size_t k = 1; k < classes; k++)
        if (to_p[k] > to_p[*best])
            *best = (uint32_t)k;
}

static const float *
base_map(const DcnSweep *sweep, size_t channel, const DcnShape **shape)
{
    *shape = dcn_plan_shape(sweep->plan, sweep->layer);
    size_t area = (size_t)((*shape)->dim[2] * (*shape)->dim[3]);
    return dcn_session_tensor(sweep->base, sweep->layer) + channel * area;
}

float
dcn_sweep_base_activity(const DcnSweep *sweep, size_t channel)
{
    const DcnShape *shape;
    const float *map = base_map(sweep, channel, &shape);
    double sum = 0;
    for (int64_t i = 0; i < shape->dim[2] * shape->dim[3]; i++)
        sum += (double)map[i];
    return (float)sum;
}

/* The base's sum, and the difference over the box that changed. */
static float
activity(const DcnSweep *sweep,
         const DcnOcclusionMaps *maps,
         const DcnBox *box,
         const float *data)
{
    const DcnShape *shape;
    const float *map = base_map(sweep, maps->channel, &shape);
    int64_t height = box->end[1] - box->begin[1], width = box->end[2] - box->begin[2];
    double difference = 0;
    if (!data)
        return maps->base_activity;
    data += (int64_t)maps->channel * height * width;
    for (int64_t y = 0; y < height; y++)
        for (int64_t x = 0; x < width; x++)
            difference +=
                (double)data[y * width + x] -
                (double)map[(box->begin[1] + y) * shape->dim[3] + box->begin[2] + x];
    return (float)((double)maps->base_activity + difference);
}

/* --- classes --- */

/* Lines (rows or columns) by the class they belong to. */
typedef struct {
    size_t n_classes;
    size_t *class_of; /* by line */
    size_t *members;  /* lines, class after class */
    size_t *first;    /* n_classes + 1: where each class begins in members */
} Lines;

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
lines_new(const DcnPlan *plan, const DcnBox *boxes, size_t n, Lines *lines)
{
    *lines = (Lines){0};
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
lines_free(Lines *lines)
{
    free(lines->class_of);
    free(lines->members);
    free(lines->first);
}

/* --- batches --- */

typedef struct {
    const DcnPatchPlan *patches;
    const DcnPosition *positions;
    size_t n;
} Task;

typedef struct {
    DcnSweep *sweep;
    DcnOcclusionMaps *maps;
    const Task *tasks;
    size_t n_positions;
    DcnContext **contexts; /* one a worker, of one thread */
    float **memory;
    atomic_size_t done;
    atomic_bool stopped;
} Batches;

static void
run_task(void *user, size_t index, size_t worker)
{
    Batches *b = user;
    const DcnSweep *sweep = b->sweep;
    const DcnProgress *progress = sweep->progress;
    const Task *task = &b->tasks[index];
    if (atomic_load(&b->stopped))
        return;
    if (worker == 0 && progress) { /* the caller's thread */
        double done = (double)atomic_load(&b->done) / (double)b->n_positions;
        if (!progress->report(done, progress->user)) {
            atomic_store(&b->stopped, true);
            return;
        }
    }
    float *memory = b->memory[worker];
    dcn_patch_run(task->patches, b->contexts[worker], task->positions, task->n,
                  sweep->options->fill, memory);
    size_t classes = b->maps->classes;
    for (size_t i = 0; i < task->n; i++) {
        size_t cell =
            task->positions[i].row * b->maps->columns + task->positions[i].column;
        DcnBox box;
        const float *data, *score, *p = NULL;
        dcn_patch_value(task->patches, task->positions, task->n, i, sweep->layer, memory,
                        &box, &data);
        b->maps->activity[cell] = activity(sweep, b->maps, &box, data);
        if (classes == 0)
            continue;
        dcn_patch_value(task->patches, task->positions, task->n, i, sweep->score, memory,
                        &box, &score);
        if (!score)
            score = dcn_session_tensor(sweep->base, sweep->score);
        if (sweep->probability >= 0) {
            dcn_patch_value(task->patches, task->positions, task->n, i,
                            sweep->probability, memory, &box, &p);
            if (!p)
                p = dcn_session_tensor(sweep->base, sweep->probability);
        }
        dcn_sweep_collect(classes, score, p, b->maps->score + cell * classes,
                          b->maps->probability + cell * classes, &b->maps->best[cell]);
    }
    atomic_fetch_add(&b->done, task->n);
}

typedef struct {
    Lines rows, columns;
    DcnPatchPlan **classes; /* rows.n_classes x columns.n_classes */
    DcnPosition *positions;
    Task *tasks;
    size_t n_tasks, memory, scratch;
} Schedule;

static size_t
batch_of(const DcnSweep *sweep, const DcnPatchPlan *patches, size_t positions)
{
    size_t each = dcn_patch_memory(patches, 1), batch = sweep->options->batch;
    if (batch == 0) {
        batch = BATCH_BYTES / each;
        batch = batch < 1 ? 1 : batch > MOST_BATCH ? MOST_BATCH : batch;
    }
    size_t batches = (positions - 1) / batch + 1;
    return (positions - 1) / batches + 1; /* even ones */
}

static bool
schedule_class(
    DcnSweep *sweep, Schedule *s, size_t row_class, size_t column_class, size_t *used)
{
    const size_t *rows = s->rows.members + s->rows.first[row_class];
    const size_t *columns = s->columns.members + s->columns.first[column_class];
    size_t n_rows = s->rows.first[row_class + 1] - s->rows.first[row_class];
    size_t n_columns =
        s->columns.first[column_class + 1] - s->columns.first[column_class];
    DcnPatchPlan *patches = dcn_patch_plan_new(sweep->base, &sweep->squares, rows, n_rows,
                                               columns, n_columns, sweep->error);
    s->classes[row_class * s->columns.n_classes + column_class] = patches;
    if (!patches)
        return false;
    DcnPosition *positions = s->positions + *used;
    size_t n = n_rows * n_columns, batch = batch_of(sweep, patches, n);
    for (size_t i = 0; i < n; i++)
        positions[i] = (DcnPosition){rows[i / n_columns], columns[i % n_columns]};
    for (size_t i = 0; i < n; i += batch) {
        Task *task = &s->tasks[s->n_tasks++];
        *task = (Task){patches, positions + i, n - i < batch ? n - i : batch};
        size_t memory = dcn_patch_memory(patches, task->n);
        s->memory = memory > s->memory ? memory : s->memory;
    }
    size_t scratch = dcn_patch_scratch(patches);
    s->scratch = scratch > s->scratch ? scratch : s->scratch;
    *used += n;
    return true;
}

static bool
make_schedule(DcnSweep *sweep, Schedule *s)
{
    const DcnPlan *plan = sweep->plan;
    size_t cells = sweep->squares.n_rows * sweep->squares.n_columns, used = 0;
    if (!lines_new(plan, sweep->squares.rows, sweep->squares.n_rows, &s->rows) ||
        !lines_new(plan, sweep->squares.columns, sweep->squares.n_columns, &s->columns))
        return dcn_fail_memory(sweep->error, "the occlusion maps",
                               cells * sizeof *s->positions);
    s->classes =
        calloc(s->rows.n_classes * s->columns.n_classes + 1, sizeof(DcnPatchPlan *));
    s->positions = calloc(cells + 1, sizeof *s->positions);
    s->tasks = calloc(cells + 1, sizeof *s->tasks);
    if (!s->classes || !s->positions || !s->tasks)
        return dcn_fail_memory(sweep->error, "the occlusion maps",
                               cells * sizeof *s->positions);
    for (size_t r = 0; r < s->rows.n_classes; r++)
        for (size_t c = 0; c < s->columns.n_classes; c++)
            if (!schedule_class(sweep, s, r, c, &used))
                return false;
    return true;
}

static void
free_schedule(Schedule *s)
{
    for (size_t i = 0; s->classes && i < s->rows.n_classes * s->columns.n_classes; i++)
        dcn_patch_plan_free(s->classes[i]);
    lines_free(&s->rows);
    lines_free(&s->columns);
    free(s->classes);
    free(s->positions);
    free(s->tasks);
}

/* A context of one thread and the memory of a batch, for each worker. */
static bool
make_workers(DcnSweep *sweep, const Schedule *s, size_t workers, Batches *b)
{
    b->contexts = calloc(workers, sizeof(DcnContext *));
    b->memory = calloc(workers, sizeof(float *));
    if (!b->contexts || !b->memory)
        return dcn_fail_memory(sweep->error, "the occlusion maps", workers * 16);
    for (size_t i = 0; i < workers; i++) {
        b->contexts[i] = dcn_context_new(1, sweep->error);
        if (!b->contexts[i] ||
            !dcn_context_reserve(b->contexts[i], s->scratch, sweep->error))
            return false;
        b->memory[i] = aligned_alloc(64, (s->memory + 127) / 64 * 64);
        if (!b->memory[i])
            return dcn_fail_memory(sweep->error, "a batch of positions", s->memory);
    }
    return true;
}

bool
dcn_sweep_run(DcnSweep *sweep, DcnOcclusionMaps *maps)
{
    Schedule schedule = {0};
    size_t workers = (size_t)dcn_context_threads(sweep->context);
    Batches b = {.sweep = sweep, .maps = maps, .n_positions = maps->rows * maps->columns};
    bool done =
        make_schedule(sweep, &schedule) && make_workers(sweep, &schedule, workers, &b);
    if (done) {
        b.tasks = schedule.tasks;
        dcn_parallel(sweep->context, schedule.n_tasks, run_task, &b);
        if (atomic_load(&b.stopped))
            done = dcn_fail(sweep->error, DCN_CANCELLED, "stopped");
    }
    for (size_t i = 0; i < workers; i++) {
        if (b.contexts)
            dcn_context_free(b.contexts[i]);
        if (b.memory)
            free(b.memory[i]);
    }
    free(b.contexts);
    free(b.memory);
    free_schedule(&schedule);
    return done;
}
