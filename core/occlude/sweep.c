/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sweep.c: batches of positions on threads, and the cells they give.
 *
 * Other threads write cells while the caller looks on. It sees only those of finished
 * batches: a batch is marked when its cells are there, and the caller's thread alone
 * turns marks into DcnOcclusionMaps.known. */
#include "occlude/sweep.h"
#include "base/box.h"
#include "base/error.h"
#include "base/pages.h"
#include "base/shape.h"
#include "base/threads.h"
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* --- what comes out --- */

void
dcn_sweep_collect(const DcnClassifier *classifier,
                  const float *numbers,
                  float *score,
                  float *p,
                  uint32_t *best)
{
    dcn_classifier_read(classifier, numbers, score, p);
    *best = 0;
    for (size_t k = 1; k < classifier->classes; k++)
        if (p[k] > p[*best])
            *best = (uint32_t)k;
}

static const PlanValue *
layer_of(const DcnSweep *sweep)
{
    return &sweep->plan->values[sweep->layer];
}

double
dcn_sweep_base_activity(const DcnSweep *sweep, size_t channel)
{
    const DcnMaps *maps = &layer_of(sweep)->maps.at;
    const float *map = dcn_session_tensor(sweep->base, sweep->layer) + maps->first +
                       channel * maps->map_stride;
    double sum = 0;
    for (size_t i = 0; i < maps->height * maps->width; i++)
        sum += (double)map[i * maps->place_stride];
    return sum;
}

/* The units of a map that lie in a box of the layer: how many, and where they are among
 * the elements of the box and among those of the whole tensor. */
typedef struct {
    int64_t rows, columns;
    int64_t part, part_row, part_column; /* the first, and how far apart they are */
    int64_t whole, whole_row, whole_column;
} Units;

static Units
units_in(const PlanValue *layer, size_t channel, const DcnBox *box)
{
    DcnBox map = dcn_maps_box(&layer->maps, &layer->shape, channel);
    const DcnBox all = dcn_shape_box(&layer->shape);
    int64_t part = 1, whole = 1;
    Units units = {.rows = 1, .columns = 1};
    dcn_box_cut(&map, box);
    if (dcn_box_is_empty(&map))
        return (Units){0};
    for (int axis = 3; axis >= 1; axis--) {
        int i = axis - 1;
        units.part += (map.begin[i] - box->begin[i]) * part;
        units.whole += map.begin[i] * whole;
        if (axis == layer->maps.row) {
            units.rows = map.end[i] - map.begin[i];
            units.part_row = part;
            units.whole_row = whole;
        } else if (axis == layer->maps.column) {
            units.columns = map.end[i] - map.begin[i];
            units.part_column = part;
            units.whole_column = whole;
        }
        part *= box->end[i] - box->begin[i];
        whole *= all.end[i];
    }
    return units;
}

/* The base's sum, and the difference over the box that changed. changed: the sum of the
 * magnitudes of which the difference was made. */
static float
activity(const DcnSweep *sweep,
         const DcnOcclusionMaps *maps,
         const DcnBox *box,
         const float *data,
         double *changed)
{
    *changed = 0;
    if (!data)
        return maps->base_activity;
    const Units units = units_in(layer_of(sweep), maps->channel, box);
    const float *base = dcn_session_tensor(sweep->base, sweep->layer) + units.whole;
    double difference = 0;
    data += units.part;
    for (int64_t y = 0; y < units.rows; y++)
        for (int64_t x = 0; x < units.columns; x++) {
            double now = (double)data[y * units.part_row + x * units.part_column];
            double before = (double)base[y * units.whole_row + x * units.whole_column];
            difference += now - before;
            *changed += fabs(now) + fabs(before);
        }
    return (float)(sweep->base_activity + difference);
}

/* --- batches --- */

typedef struct {
    DcnSweep *sweep;
    DcnOcclusionMaps *maps;
    const DcnTask *tasks;
    size_t n_tasks, n_positions, n_workers, coarsest;
    atomic_bool *finished; /* by task */
    size_t seen;           /* tasks before this one are known */
    size_t begin;          /* first task of the ones that run now */
    DcnContext **contexts; /* one a worker, of one thread */
    float **memory;
    double *changed; /* by worker: the most that a cell's activity() added up */
    atomic_size_t done;
    atomic_bool stopped; /* nothing is to be kept */
    atomic_bool enough;  /* what is known is */
} Batches;

/* Caller's thread: cells of batches that were finished since. True if there are any. */
static bool
find_known(Batches *b)
{
    DcnOcclusionMaps *maps = b->maps;
    size_t before = maps->n_known;
    size_t gaps = 0; /* tasks may be finished behind some that are not, one a worker */
    for (size_t i = b->seen; i < b->n_tasks && gaps <= b->n_workers; i++) {
        const DcnTask *task = &b->tasks[i];
        if (!atomic_load(&b->finished[i])) {
            gaps++;
            continue;
        }
        for (size_t k = 0; k < task->n; k++) {
            const DcnPosition *p = &task->positions[k];
            bool *known = &maps->known[p->row * maps->columns + p->column];
            maps->n_known += !*known;
            *known = true;
        }
        b->seen = gaps > 0 ? b->seen : i + 1;
    }
    maps->grid = b->seen == b->n_tasks                   ? 1
                 : b->tasks[b->seen].grid == b->coarsest ? 0
                                                         : 2 * b->tasks[b->seen].grid;
    return maps->n_known > before;
}

/* Caller's thread, between two batches. False: stop. */
static bool
tell(Batches *b)
{
    const DcnSweep *sweep = b->sweep;
    const DcnProgress *progress = sweep->progress;
    double done = (double)atomic_load(&b->done) / (double)b->n_positions;
    if (progress && !progress->report(done, progress->user)) {
        atomic_store(&b->stopped, true);
        return false;
    }
    if (sweep->options->cells && find_known(b) &&
        !sweep->options->cells(b->maps, sweep->options->cells_user)) {
        atomic_store(&b->enough, true);
        return false;
    }
    return true;
}

/* The head's input for one position of a task. */
static void
hand_to_head(const Batches *b, const DcnTask *task, size_t index, const float *memory)
{
    const DcnHead *head = &b->sweep->head;
    const DcnSession *base = b->sweep->base;
    size_t count = b->sweep->plan->values[head->input].count;
    /* positions lie one behind the other in the order of tasks */
    size_t row = (size_t)(task->positions - b->tasks[b->begin].positions) + index;
    DcnBox box;
    const float *data;
    dcn_patch_value(task->patches, task->positions, task->n, index, head->input, memory,
                    &box, &data);
    if (!data)
        data = base->values + base->plan->values[head->input].offset * base->plan->batch;
    memcpy(dcn_session_input(head->session, 0) + row * count, data, count * sizeof *data);
}

static void
run_task(void *user, size_t index, size_t worker)
{
    Batches *b = user;
    const DcnSweep *sweep = b->sweep;
    const DcnTask *task = &b->tasks[b->begin + index];
    if (atomic_load(&b->stopped) || atomic_load(&b->enough))
        return;
    if (worker == 0 && !tell(b))
        return;
    float *memory = b->memory[worker];
    dcn_patch_run(task->patches, sweep->base, b->contexts[worker], task->positions,
                  task->n, sweep->options->fill, memory);
    size_t classes = b->maps->classes;
    for (size_t i = 0; i < task->n; i++) {
        size_t cell =
            task->positions[i].row * b->maps->columns + task->positions[i].column;
        DcnBox box;
        const float *data, *numbers;
        if (sweep->layer >= 0) {
            double changed;
            dcn_patch_value(task->patches, task->positions, task->n, i, sweep->layer,
                            memory, &box, &data);
            b->maps->activity[cell] = activity(sweep, b->maps, &box, data, &changed);
            b->changed[worker] = fmax(b->changed[worker], changed);
        }
        if (sweep->head.input >= 0)
            hand_to_head(b, task, i, memory);
        if (classes == 0 || sweep->head.input >= 0)
            continue;
        dcn_patch_value(task->patches, task->positions, task->n, i, sweep->answer, memory,
                        &box, &numbers);
        if (!numbers)
            numbers = dcn_session_tensor(sweep->base, sweep->answer);
        dcn_sweep_collect(&sweep->classifier, numbers, b->maps->score + cell * classes,
                          b->maps->probability + cell * classes, &b->maps->best[cell]);
    }
    atomic_fetch_add(&b->done, task->n);
    if (sweep->head.input < 0)
        atomic_store(&b->finished[index], true);
}

/* --- the classifier's end, apart --- */

/* Positions that are gathered before the head runs. Many at once take less time
 * altogether; fewer let a caller with a `cells` callback see the first results sooner. */
#define HEAD_BATCH 1024
#define HEAD_BATCH_WATCHED 192
#define HEAD_BYTES ((size_t)128 << 20)

/* Counts the tasks from `begin` on whose positions the head runs at once. */
static size_t
head_tasks(const Batches *b, size_t begin, size_t *positions)
{
    const DcnSweep *sweep = b->sweep;
    size_t each = sweep->plan->values[sweep->head.input].count * sizeof(float);
    size_t most = sweep->options->cells ? HEAD_BATCH_WATCHED : HEAD_BATCH, end = begin;
    most = most * each > HEAD_BYTES ? HEAD_BYTES / each : most;
    for (*positions = 0; end < b->n_tasks; end++) {
        bool finer = sweep->options->cells && b->tasks[end].grid != b->tasks[begin].grid;
        if (finer || (end > begin && *positions + b->tasks[end].n > most))
            break;
        *positions += b->tasks[end].n;
    }
    return end;
}

/* What comes out of the head, for the tasks begin .. end - 1. */
static void
collect_head(Batches *b, size_t begin, size_t end)
{
    const DcnHead *head = &b->sweep->head;
    DcnOcclusionMaps *maps = b->maps;
    size_t classes = maps->classes;
    const DcnClassifier *classifier = &b->sweep->classifier;
    const float *numbers = dcn_session_tensor(head->session, head->answer);
    for (size_t i = begin; i < end; i++) {
        for (size_t k = 0; k < b->tasks[i].n; k++, numbers += classifier->numbers) {
            const DcnPosition *at = &b->tasks[i].positions[k];
            size_t cell = at->row * maps->columns + at->column;
            dcn_sweep_collect(classifier, numbers, maps->score + cell * classes,
                              maps->probability + cell * classes, &maps->best[cell]);
        }
        atomic_store(&b->finished[i], true);
    }
}

static bool
run_with_head(Batches *b)
{
    DcnSweep *sweep = b->sweep;
    DcnHead *head = &sweep->head;
    for (size_t end, n; b->begin < b->n_tasks; b->begin = end) {
        end = head_tasks(b, b->begin, &n);
        if (!dcn_head_open(head, n, sweep->error))
            return false;
        dcn_parallel(sweep->context, end - b->begin, run_task, b);
        if (atomic_load(&b->stopped) || atomic_load(&b->enough))
            break;
        if (!dcn_forward(head->session, NULL, sweep->error))
            return false;
        collect_head(b, b->begin, end);
    }
    return true;
}

/* A context of one thread and the memory of a batch, for each worker. */
static bool
make_workers(DcnSweep *sweep, const DcnSchedule *s, size_t workers, Batches *b)
{
    b->contexts = calloc(workers, sizeof(DcnContext *));
    b->memory = calloc(workers, sizeof(float *));
    b->changed = calloc(workers, sizeof *b->changed);
    b->finished = calloc(s->n_tasks + 1, sizeof *b->finished);
    if (!b->contexts || !b->memory || !b->changed || !b->finished)
        return dcn_fail_memory(sweep->error, "the occlusion maps", workers * 16);
    for (size_t i = 0; i < workers; i++) {
        b->contexts[i] = dcn_context_new(1, sweep->error);
        if (!b->contexts[i] ||
            !dcn_context_reserve(b->contexts[i], s->scratch, sweep->error))
            return false;
        b->memory[i] = dcn_pages_alloc(s->memory);
        if (!b->memory[i])
            return dcn_fail_memory(sweep->error, "a batch of positions", s->memory);
    }
    return true;
}

/* Where the square changes nothing, the results are those without a square. */
static void
settle_idle(const DcnSweep *sweep, DcnOcclusionMaps *maps)
{
    for (size_t cell = 0; cell < maps->rows * maps->columns; cell++) {
        if (!sweep->squares.idle[cell])
            continue;
        if (maps->activity)
            maps->activity[cell] = maps->base_activity;
        maps->known[cell] = true;
        maps->n_known++;
        if (maps->classes == 0)
            continue;
        size_t bytes = maps->classes * sizeof(float);
        memcpy(maps->score + cell * maps->classes, maps->base_score, bytes);
        memcpy(maps->probability + cell * maps->classes, maps->base_probability, bytes);
        maps->best[cell] = maps->base_best;
    }
}

/* Positions whose head was not run any more have an activity; they are not known. */
static void
finish(Batches *b)
{
    find_known(b);
    for (size_t i = 0; i < b->n_workers; i++)
        b->maps->changed = fmax(b->maps->changed, b->changed[i]);
    for (size_t i = 0; b->maps->activity && i < b->maps->rows * b->maps->columns; i++)
        if (!b->maps->known[i])
            b->maps->activity[i] = 0;
}

bool
dcn_sweep_plan(DcnSweep *sweep)
{
    return dcn_schedule_new(sweep->plan, sweep->head.input, &sweep->squares,
                            sweep->options->batch, sweep->options->cells != NULL,
                            &sweep->schedule, sweep->error);
}

void
dcn_sweep_needs(const DcnSweep *sweep, bool *needed)
{
    dcn_schedule_needs(&sweep->schedule, needed);
    if (sweep->head.input >= 0)
        needed[sweep->head.input] = true;
}

bool
dcn_sweep_run(DcnSweep *sweep, DcnOcclusionMaps *maps)
{
    const DcnSchedule *schedule = &sweep->schedule;
    size_t workers = (size_t)dcn_context_threads(sweep->context);
    Batches b = {.sweep = sweep, .maps = maps, .n_workers = workers};
    bool done = make_workers(sweep, schedule, workers, &b);
    if (done) {
        b.tasks = schedule->tasks;
        b.n_tasks = schedule->n_tasks;
        b.n_positions = schedule->n_positions;
        b.coarsest = schedule->coarsest;
        settle_idle(sweep, maps);
        if (sweep->head.input >= 0)
            done = run_with_head(&b);
        else
            dcn_parallel(sweep->context, schedule->n_tasks, run_task, &b);
        if (atomic_load(&b.stopped))
            done = dcn_fail(sweep->error, DCN_CANCELLED, "stopped");
        else
            finish(&b);
    }
    for (size_t i = 0; i < workers; i++) {
        if (b.contexts)
            dcn_context_free(b.contexts[i]);
        if (b.memory)
            free(b.memory[i]);
    }
    free(b.contexts);
    free(b.memory);
    free(b.changed);
    free(b.finished);
    return done;
}
