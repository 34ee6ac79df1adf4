/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure.c: the net run on all pictures, as they are and with each part covered, in
 * batches; what is kept of a run is which values rose and which fell. */

#include "actions/correspondence/correspondence.h"
#include "base/busy.h"
#include "base/fail.h"
#include "photo/part.h"
#include "probe/runner.h"
#include <math.h>
#include <string.h>

#define BATCH 8

/* The picture as it is, in the place of a part. */
#define ORIGINAL G_MAXSIZE

/* A change below this part of a layer's largest value is rounding, and counts as none. */
#define ROUNDING 1e-5f

typedef struct {
    gsize subject, which; /* a part, a draw, or ORIGINAL */
} Job;

typedef struct {
    Correspondence *all;
    Runner runner;
    float *original[NET_MOST_LAYERS];
    float least[NET_MOST_LAYERS]; /* that counts as a change */
    float *mask, *rgb, *input;
    Job jobs[BATCH];
    gsize filled, batch, done, runs;
    DcnProgress progress;
} Measure;

/* Rows of signs for each picture. */
static gsize
rows_of(const Correspondence *all)
{
    return all->n_parts + all->draws;
}

static gboolean
make_room(Measure *measure)
{
    Correspondence *all = measure->all;
    gsize pixels = net_pixels(all->net), rows = all->n_subjects * rows_of(all);
    gboolean ok = TRUE;
    for (gsize k = 0; ok && k < all->layers.count; k++) {
        gsize bytes;
        all->count[k] = dcn_shape_count(
            dcn_plan_shape(measure->runner.plan, measure->runner.tensor[k]));
        measure->original[k] = g_try_new(float, all->count[k]);
        all->signs[k] =
            g_size_checked_mul(&bytes, rows, all->count[k]) ? g_try_malloc(bytes) : NULL;
        ok = measure->original[k] && all->signs[k];
    }
    measure->mask = g_try_new(float, pixels);
    measure->rgb = g_try_new(float, pixels * 3);
    measure->input = g_try_new(float, net_input_count(all->net));
    return ok && measure->mask && measure->rgb && measure->input;
}

static void
measure_clear(Measure *measure)
{
    for (gsize k = 0; k < NET_MOST_LAYERS; k++)
        g_free(measure->original[k]);
    g_free(measure->mask);
    g_free(measure->rgb);
    g_free(measure->input);
    runner_close(&measure->runner);
}

/* --- what came out --- */

static void
keep_original(Measure *measure, gsize layer, const float *values)
{
    gsize count = measure->all->count[layer];
    float largest = 0;
    memcpy(measure->original[layer], values, count * sizeof *values);
    for (gsize i = 0; i < count; i++)
        largest = fmaxf(largest, fabsf(values[i]));
    measure->least[layer] = ROUNDING * largest;
}

static void
keep_signs(const Measure *measure, Job job, gsize layer, const float *values)
{
    const Correspondence *all = measure->all;
    const float *original = measure->original[layer];
    float least = measure->least[layer];
    gint8 *signs =
        all->signs[layer] + (job.subject * rows_of(all) + job.which) * all->count[layer];
    for (gsize i = 0; i < all->count[layer]; i++) {
        float change = original[i] - values[i];
        signs[i] = (gint8)((change > least) - (change < -least));
    }
}

static gboolean
run_batch(Measure *measure, GError **error)
{
    if (!measure->filled)
        return TRUE;
    if (!runner_run(&measure->runner, NULL, error))
        return FALSE;
    for (gsize slot = 0; slot < measure->filled; slot++)
        for (gsize k = 0; k < measure->all->layers.count; k++) {
            const float *values = runner_values(&measure->runner, (int)k, slot);
            if (measure->jobs[slot].which == ORIGINAL)
                keep_original(measure, k, values);
            else
                keep_signs(measure, measure->jobs[slot], k, values);
        }
    measure->done += measure->filled;
    measure->filled = 0;
    measure->progress.report((double)measure->done / (double)measure->runs,
                             measure->progress.user);
    return TRUE;
}

/* --- what goes in --- */

static gboolean
put(Measure *measure, Job job, GError **error)
{
    const Correspondence *all = measure->all;
    const Subject *subject = &all->subjects[job.subject];
    const float *rgb = subject->rgb;
    if (job.which != ORIGINAL) {
        const float *mask =
            correspondence_mask(all, job.subject, job.which, measure->mask);
        part_cover(subject->rgb, subject->fill, mask, net_pixels(all->net), measure->rgb);
        rgb = measure->rgb;
    }
    net_input(all->net, rgb, measure->input);
    runner_put(&measure->runner, measure->filled, measure->input);
    measure->jobs[measure->filled++] = job;
    return measure->filled < measure->batch || run_batch(measure, error);
}

gboolean
correspondence_measure(Correspondence *all, GError **error)
{
    Measure measure = {.all = all, .runs = all->n_subjects * (1 + rows_of(all))};
    Busy busy = {.text = _("Running the network: picture"),
                 .count = measure.runs,
                 .rate = TRUE,
                 .from = 0.1,
                 .to = 0.9};
    measure.batch = MIN(measure.runs, BATCH);
    RunnerPart part = {.batch = measure.batch,
                       .purpose = RUNNER_MANY,
                       .threads = param_int(all->run->values, "threads")};
    for (gsize k = 0; k < all->layers.count; k++)
        part.targets[k] = all->layers.layers[k].tensor;
    gboolean ok = runner_open(&measure.runner, all->net, &part, error);
    ok = ok && (make_room(&measure) ||
                fail_run(error, _("There is not enough memory for so many pictures, "
                                  "parts and values.")));
    if (ok)
        measure.progress = busy_start(&busy);
    for (gsize s = 0; ok && s < all->n_subjects; s++) {
        ok = put(&measure, (Job){s, ORIGINAL}, error);
        for (gsize which = 0; ok && which < rows_of(all); which++)
            ok = put(&measure, (Job){s, which}, error);
    }
    ok = ok && run_batch(&measure, error);
    measure_clear(&measure);
    return ok;
}
