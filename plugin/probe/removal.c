/* SPDX-License-Identifier: GPL-3.0-or-later */
/* removal.c: each map of a layer removed in turn. */

#include "probe/removal.h"
#include "base/fail.h"
#include <math.h>

#define BATCH 16

/* The part of the network behind the layer. */
typedef struct {
    Runner runner;
    gsize classes;
    const DcnMaps *layout; /* of the layer */
    const DcnClassifier *classifier;
} Tail;

static gboolean
tail_open(Tail *tail,
          const Probe *probe,
          const float *input,
          const DcnClassifier *classifier,
          gsize batch,
          RunnerPurpose purpose,
          GError **error)
{
    RunnerPart part = {
        .targets = {dcn_plan_name(probe->net->survey, classifier->tensor)},
        .batch = batch,
        .purpose = purpose,
        .start = probe->layer.tensor,
        .picture = input,
        .context = probe->runner.context,
    };
    *tail = (Tail){.classes = classifier->classes,
                   .classifier = classifier,
                   .layout = &probe->layout};
    return runner_open(&tail->runner, probe->net, &part, error);
}

/* One copy of the layer's values, with a map set to zero, if there is one of this
 * number. */
static void
put_copy(Tail *tail, gsize slot, const float *values, gsize map)
{
    float *copy = runner_put(&tail->runner, slot, values);
    if (map < tail->layout->maps)
        dcn_maps_clear(tail->layout, map, copy);
}

/* --- the estimate --- */

/* Scores of a run, written to room for all classes. */
static void
scores_of(const Tail *tail, gsize slot, float *scores)
{
    dcn_classifier_read(tail->classifier, runner_values(&tail->runner, 0, slot), scores,
                        NULL);
}

static gsize
most_probable(const Tail *tail, const float *scores)
{
    gsize best = 0;
    for (gsize k = 1; k < tail->classes; k++)
        if (scores[k] > scores[best])
            best = k;
    return best;
}

/* dcn_project() starts from the score's own value, so what comes down is that many times
 * the gradient. class_index: -1: the most probable one's. */
static gboolean
estimate(Tail *tail,
         const float *values,
         gint64 *class_index,
         double *estimates,
         GError **error)
{
    DcnError core = {0};
    const DcnMaps *layout = tail->layout;
    float *signal = g_try_new(float, tail->runner.count + tail->classes);
    if (!signal)
        return fail_run(error, _("There is not enough memory for a gradient."));
    float *scores = signal + tail->runner.count;
    put_copy(tail, 0, values, layout->maps);
    gboolean ok = runner_run(&tail->runner, NULL, error);
    if (ok)
        scores_of(tail, 0, scores);
    if (ok && *class_index < 0)
        *class_index = (gint64)most_probable(tail, scores);
    /* A single score is for class 1, and its negative for class 0. */
    gsize number = tail->classifier->numbers == 1 ? 0 : (gsize)*class_index;
    double score = ok ? (double)runner_values(&tail->runner, 0, 0)[number] : 0;
    double sign = tail->classifier->numbers == 1 && *class_index == 0 ? -1 : 1;
    DcnSeed seed = {.tensor = tail->runner.tensor[0], .unit = {.channel = number}};
    if (ok &&
        !dcn_project(tail->runner.session, &seed, DCN_GRADIENT, signal, NULL, &core))
        ok = fail_core(error, &core);
    for (gsize c = 0; ok && c < layout->maps; c++) {
        gsize first = layout->first + c * layout->map_stride;
        double sum = 0;
        for (gsize i = 0; i < layout->height * layout->width; i++) {
            gsize at = first + i * layout->place_stride;
            sum += (double)signal[at] * (double)values[at];
        }
        estimates[c] = score != 0 ? 0 - sign * sum / score : NAN;
    }
    g_free(signal);
    return ok;
}

gboolean
removal_estimate(const Probe *probe,
                 const float *input,
                 const DcnClassifier *classifier,
                 gint64 *class_index,
                 double *estimates,
                 GError **error)
{
    Tail tail;
    const float *values = probe_tensor(probe);
    gboolean ok = tail_open(&tail, probe, input, classifier, 1, RUNNER_PROJECT, error) &&
                  estimate(&tail, values, class_index, estimates, error);
    runner_close(&tail.runner);
    return ok;
}

/* --- removing --- */

typedef struct {
    double score, probability;
} Answer;

/* scratch: room for twice the classes. */
static Answer
answer_of(const Tail *tail, gsize slot, gsize class_index, float *scratch)
{
    float *p = scratch + tail->classes;
    dcn_classifier_read(tail->classifier, runner_values(&tail->runner, 0, slot), scratch,
                        p);
    return (Answer){(double)scratch[class_index], (double)p[class_index]};
}

static gboolean
is_zero(const DcnMaps *layout, const float *values, gsize map)
{
    values += layout->first + map * layout->map_stride;
    for (gsize i = 0; i < layout->height * layout->width; i++)
        if (values[i * layout->place_stride] != 0)
            return FALSE;
    return TRUE;
}

/* The whole picture as slot 0 of the first batch, so that it is computed as the others
 * are. A map that is zero anyway changes nothing. */
static gboolean
remove_all(Tail *tail,
           const float *values,
           gint64 wanted,
           Removal *removal,
           Busy *busy,
           GError **error)
{
    gsize maps = tail->layout->maps, queued = 0, batch = tail->runner.batch;
    gsize *queue = g_new(gsize, maps + 1);
    float *scratch = g_new(float, 2 * tail->classes);
    gboolean ok = TRUE;
    queue[queued++] = maps;
    for (gsize c = 0; c < maps; c++)
        if (!is_zero(tail->layout, values, c))
            queue[queued++] = c;
    DcnProgress progress = busy_start(busy);
    for (gsize first = 0; ok && first < queued; first += batch) {
        gsize count = MIN(batch, queued - first);
        for (gsize i = 0; i < batch; i++)
            put_copy(tail, i, values, queue[first + MIN(i, count - 1)]);
        ok = runner_run(&tail->runner, NULL, error);
        for (gsize i = 0; ok && i < count; i++) {
            gsize map = queue[first + i];
            if (map == maps) {
                scores_of(tail, i, scratch);
                removal->class_index =
                    wanted >= 0 ? (gsize)wanted : most_probable(tail, scratch);
                Answer whole = answer_of(tail, i, removal->class_index, scratch);
                removal->score = whole.score;
                removal->probability = whole.probability;
                continue;
            }
            Answer less = answer_of(tail, i, removal->class_index, scratch);
            removal->maps[map].score = less.score - removal->score;
            removal->maps[map].probability = less.probability - removal->probability;
        }
        progress.report((double)(first + count) / (double)queued, progress.user);
    }
    g_free(scratch);
    g_free(queue);
    return ok;
}

static void
rank(const Probe *probe, Removal *removal)
{
    DcnUnit *units = g_new(DcnUnit, probe->maps);
    gsize count = probe_rank(probe, probe->maps, units);
    for (gsize i = 0; i < count; i++) {
        RemovedMap *map = &removal->maps[units[i].channel];
        map->map = units[i].channel;
        map->unit = units[i];
        map->rank = i + 1;
    }
    g_free(units);
}

gboolean
removal_run(Removal *removal,
            const Probe *probe,
            const float *input,
            const DcnClassifier *classifier,
            gint64 class_index,
            Busy *busy,
            GError **error)
{
    Tail tail;
    const float *values = probe_tensor(probe);
    *removal = (Removal){.maps = g_new0(RemovedMap, probe->maps), .count = probe->maps};
    rank(probe, removal);
    gsize batch = MIN(BATCH, probe->maps + 1);
    gboolean ok = tail_open(&tail, probe, input, classifier, batch, RUNNER_MANY, error) &&
                  remove_all(&tail, values, class_index, removal, busy, error);
    runner_close(&tail.runner);
    if (ok) {
        double *estimates = g_new(double, probe->maps);
        gint64 chosen = (gint64)removal->class_index;
        ok = removal_estimate(probe, input, classifier, &chosen, estimates, error);
        for (gsize c = 0; ok && c < probe->maps; c++)
            removal->maps[c].estimate = estimates[c];
        g_free(estimates);
    }
    if (!ok)
        removal_clear(removal);
    return ok;
}

void
removal_clear(Removal *removal)
{
    g_free(removal->maps);
    *removal = (Removal){0};
}
