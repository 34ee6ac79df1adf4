/* SPDX-License-Identifier: GPL-3.0-or-later */
/* removal.c: each map of a layer removed in turn. */

#include "probe/removal.h"
#include "base/fail.h"
#include "probe/tail.h"
#include <math.h>

#define BATCH 16

/* --- the estimate --- */

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
    tail_put(tail, 0, values, NULL, 0);
    gboolean ok = runner_run(&tail->runner, NULL, error);
    if (ok && *class_index < 0)
        *class_index = (gint64)tail_read(tail, 0, scores, NULL);
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
    tail_close(&tail);
    return ok;
}

/* --- removing --- */

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
    float *scores = g_new(float, 2 * tail->classes), *p = scores + tail->classes;
    gboolean ok = TRUE;
    queue[queued++] = maps;
    for (gsize c = 0; c < maps; c++)
        if (!is_zero(tail->layout, values, c))
            queue[queued++] = c;
    DcnProgress progress = busy_start(busy);
    for (gsize first = 0; ok && first < queued; first += batch) {
        gsize count = MIN(batch, queued - first);
        for (gsize i = 0; i < batch; i++) {
            const gsize *map = &queue[first + MIN(i, count - 1)];
            tail_put(tail, i, values, map, *map < maps);
        }
        ok = runner_run(&tail->runner, NULL, error);
        for (gsize i = 0; ok && i < count; i++) {
            gsize map = queue[first + i], best = tail_read(tail, i, scores, p);
            if (map == maps) {
                removal->predicted = best;
                removal->class_index = wanted >= 0 ? (gsize)wanted : best;
            }
            double score = (double)scores[removal->class_index];
            double probability = (double)p[removal->class_index];
            if (map == maps) {
                removal->score = score;
                removal->probability = probability;
            } else {
                removal->maps[map].score = score - removal->score;
                removal->maps[map].probability = probability - removal->probability;
            }
        }
        progress.report((double)(first + count) / (double)queued, progress.user);
    }
    g_free(scores);
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
    tail_close(&tail);
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
