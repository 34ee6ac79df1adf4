/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure.c: the net run on all steps of all pictures, in batches.
 *
 * Of a picture the original comes first, then each step that changes something. Batches go
 * on from one picture to the next. What comes out is taken in the same order, so that the
 * original's values are there when its steps come. */

#include "actions/invariance/invariance.h"
#include "base/busy.h"
#include "base/fail.h"
#include "pixels/scale.h"
#include "probe/runner.h"
#include <math.h>
#include <string.h>

#define BATCH 8

/* The original, in the place of a step. */
#define ORIGINAL G_MAXSIZE

typedef struct {
    gsize curve, step;
} Job;

typedef struct {
    Invariance *invariance;
    Runner runner;
    int targets[NET_MOST_LAYERS], answer; /* which target of the runner; -1: none */
    gsize count[NET_MOST_LAYERS];         /* values of a layer */
    float *original[NET_MOST_LAYERS];     /* of the picture whose steps are taken */
    float *rgb, *noise, *input, *probability;
    Job jobs[BATCH];
    gsize filled, batch;
    gsize done, all; /* runs */
    DcnProgress progress;
} Measure;

/* --- room --- */

static gboolean
open_runner(Measure *measure, gsize batch, GError **error)
{
    const Invariance *invariance = measure->invariance;
    RunnerPart part = {.batch = batch,
                       .purpose = RUNNER_MANY,
                       .threads = param_int(invariance->run->values, "threads")};
    int n_targets = 0;
    for (gsize k = 0; k < invariance->layers.count; k++) {
        measure->targets[k] = n_targets;
        part.targets[n_targets++] = invariance->layers.layers[k].tensor;
    }
    measure->answer = -1;
    if (invariance->classifies) {
        measure->answer = n_targets;
        part.targets[n_targets] =
            dcn_plan_name(invariance->net->survey, invariance->classifier.tensor);
    }
    measure->batch = batch;
    return runner_open(&measure->runner, invariance->net, &part, error);
}

static gboolean
make_room(Measure *measure)
{
    const Invariance *invariance = measure->invariance;
    gsize pixels = net_pixels(invariance->net);
    gboolean ok = TRUE;
    for (gsize k = 0; ok && k < invariance->layers.count; k++) {
        int tensor = measure->runner.tensor[measure->targets[k]];
        measure->count[k] = dcn_shape_count(dcn_plan_shape(measure->runner.plan, tensor));
        measure->original[k] = g_try_new(float, measure->count[k]);
        ok = measure->original[k] != NULL;
    }
    measure->rgb = g_try_new(float, pixels * 3);
    measure->noise = g_try_new(float, pixels * 3);
    measure->input = g_try_new(float, net_input_count(invariance->net));
    measure->probability = g_try_new(float, MAX(invariance->classifier.classes, 1));
    return ok && measure->rgb && measure->noise && measure->input && measure->probability;
}

static void
measure_clear(Measure *measure)
{
    for (gsize k = 0; k < NET_MOST_LAYERS; k++)
        g_free(measure->original[k]);
    g_free(measure->rgb);
    g_free(measure->noise);
    g_free(measure->input);
    g_free(measure->probability);
    runner_close(&measure->runner);
}

static void
curve_clear(Curve *curve, gsize steps)
{
    g_free(curve->name);
    g_free(curve->label);
    g_free(curve->probability);
    for (gsize k = 0; k < NET_MOST_LAYERS; k++) {
        g_free(curve->distance[k]);
        g_free(curve->cosine[k]);
    }
    for (gsize i = 0; curve->tiles && i < steps; i++)
        g_free(curve->tiles[i]);
    g_free(curve->tiles);
}

void
invariance_clear_curves(Invariance *invariance)
{
    for (gsize i = 0; i < invariance->n_curves; i++)
        curve_clear(&invariance->curves[i], invariance->steps);
    g_free(invariance->curves);
    invariance->curves = NULL;
    invariance->n_curves = 0;
}

/* FALSE without memory. */
static gboolean
curve_new(const Invariance *invariance, Curve *curve, const char *name, gboolean shown)
{
    gsize steps = invariance->steps;
    *curve = (Curve){.name = g_strdup(name)};
    curve->probability = g_try_new0(double, steps);
    curve->tiles = shown ? g_try_new0(float *, steps) : NULL;
    gboolean ok = curve->probability && (!shown || curve->tiles);
    for (gsize k = 0; ok && k < invariance->layers.count; k++) {
        curve->distance[k] = g_try_new0(double, steps);
        curve->cosine[k] = g_try_new0(double, steps);
        ok = curve->distance[k] && curve->cosine[k];
    }
    return ok;
}

/* --- what came out --- */

/* Distance and angle of a layer's values from the original's. */
static void
compare(const float *x, const float *y, gsize count, double *distance, double *cosine)
{
    double square = 0, product = 0, x_square = 0, y_square = 0;
    for (gsize i = 0; i < count; i++) {
        double a = (double)x[i], b = (double)y[i];
        square += (a - b) * (a - b);
        product += a * b;
        x_square += a * a;
        y_square += b * b;
    }
    *distance = sqrt(square);
    *cosine = square == 0 ? 0 : 1 - product / sqrt(x_square * y_square);
}

static double
read_probability(Measure *measure, gsize slot)
{
    const Invariance *invariance = measure->invariance;
    const Curve *curve = &invariance->curves[measure->jobs[slot].curve];
    if (!invariance->classifies)
        return NAN;
    dcn_classifier_read(&invariance->classifier,
                        runner_values(&measure->runner, measure->answer, slot), NULL,
                        measure->probability);
    return (double)measure->probability[curve->class_index];
}

static void
settle_label(Measure *measure, Curve *curve, gsize slot)
{
    const Invariance *invariance = measure->invariance;
    gint64 class_index = invariance->class_index;
    if (!invariance->classifies)
        return;
    if (class_index < 0) {
        dcn_classifier_read(&invariance->classifier,
                            runner_values(&measure->runner, measure->answer, slot), NULL,
                            measure->probability);
        class_index = 0;
        for (gsize c = 1; c < invariance->classifier.classes; c++)
            if (measure->probability[c] > measure->probability[class_index])
                class_index = (gint64)c;
    }
    curve->class_index = (gsize)class_index;
    curve->label = labels_name(&invariance->labels, curve->class_index);
}

/* Steps that change nothing have its probability, and distance 0. */
static void
take_original(Measure *measure, Curve *curve, gsize slot)
{
    const Invariance *invariance = measure->invariance;
    settle_label(measure, curve, slot);
    double probability = read_probability(measure, slot);
    for (gsize s = 0; s < invariance->n_sweeps; s++)
        curve->probability[invariance->sweeps[s].first + invariance->sweeps[s].none] =
            probability;
    for (gsize k = 0; k < invariance->layers.count; k++) {
        const float *values = runner_values(&measure->runner, measure->targets[k], slot);
        memcpy(measure->original[k], values, measure->count[k] * sizeof *values);
        double square = 0;
        for (gsize i = 0; i < measure->count[k]; i++)
            square += (double)values[i] * (double)values[i];
        curve->length[k] = sqrt(square);
    }
}

static void
take(Measure *measure, gsize slot)
{
    const Invariance *invariance = measure->invariance;
    Job job = measure->jobs[slot];
    Curve *curve = &invariance->curves[job.curve];
    if (job.step == ORIGINAL) {
        take_original(measure, curve, slot);
        return;
    }
    curve->probability[job.step] = read_probability(measure, slot);
    for (gsize k = 0; k < invariance->layers.count; k++)
        compare(measure->original[k],
                runner_values(&measure->runner, measure->targets[k], slot),
                measure->count[k], &curve->distance[k][job.step],
                &curve->cosine[k][job.step]);
}

static gboolean
run_batch(Measure *measure, GError **error)
{
    if (!measure->filled)
        return TRUE;
    if (!runner_run(&measure->runner, NULL, error))
        return FALSE;
    for (gsize slot = 0; slot < measure->filled; slot++)
        take(measure, slot);
    measure->done += measure->filled;
    measure->filled = 0;
    if (measure->done < measure->all)
        measure->progress.report((double)measure->done / (double)measure->all,
                                 measure->progress.user);
    return TRUE;
}

/* --- what goes in --- */

typedef struct {
    float *rgba;
    gsize row; /* floats */
} Tile;

static gboolean
take_rows(void *user, int y, int n_rows, const float *rows, GError **error)
{
    const Tile *tile = user;
    (void)error;
    memcpy(tile->rgba + (gsize)y * tile->row, rows,
           (gsize)n_rows * tile->row * sizeof *rows);
    return TRUE;
}

/* The picture that is in measure->rgb, small. */
static float *
make_tile(const Measure *measure, GError **error)
{
    const Net *net = measure->invariance->net;
    int width = measure->invariance->tile_width,
        height = measure->invariance->tile_height;
    gsize pixels = net_pixels(net), row = (gsize)width * 4;
    float *rgba = g_try_new(float, pixels * 4);
    Tile tile = {g_try_new(float, (gsize)height *row), row};
    gboolean ok = (rgba && tile.rgba) ||
                  fail_run(error, _("There is not enough memory for the result."));
    for (gsize i = 0; ok && i < pixels; i++) {
        memcpy(rgba + 4 * i, measure->rgb + 3 * i, 3 * sizeof *rgba);
        rgba[4 * i + 3] = 1;
    }
    ok = ok && scale_pixels(rgba, net->width, net->height, 4, width, height, FALSE,
                            take_rows, &tile, error);
    g_free(rgba);
    if (!ok)
        g_clear_pointer(&tile.rgba, g_free);
    return tile.rgba;
}

static gboolean
put(Measure *measure,
    const Around *around,
    gsize curve,
    const Sweep *sweep,
    gsize i,
    gboolean original,
    GError **error)
{
    Invariance *invariance = measure->invariance;
    gsize step = sweep->first + i;
    float **tiles = invariance->curves[curve].tiles;
    if (!transform_show(around, sweep->kind, sweep->amounts[i], measure->noise,
                        measure->rgb))
        return fail_run(error, _("There is not enough memory for the network's input."));
    if (tiles && !tiles[step] && !(tiles[step] = make_tile(measure, error)))
        return FALSE;
    if (i == sweep->none && !original)
        return TRUE;
    net_input(invariance->net, measure->rgb, measure->input);
    runner_put(&measure->runner, measure->filled, measure->input);
    measure->jobs[measure->filled++] = (Job){curve, original ? ORIGINAL : step};
    return measure->filled < measure->batch || run_batch(measure, error);
}

static gboolean
put_steps(Measure *measure, const Around *around, gsize curve, GError **error)
{
    const Invariance *invariance = measure->invariance;
    const Sweep *first = &invariance->sweeps[0];
    gboolean ok = put(measure, around, curve, first, first->none, TRUE, error);
    for (gsize s = 0; ok && s < invariance->n_sweeps; s++)
        for (gsize i = 0; ok && i < invariance->sweeps[s].count; i++)
            ok = put(measure, around, curve, &invariance->sweeps[s], i, FALSE, error);
    return ok;
}

static AroundMargin
margin_of(const Invariance *invariance)
{
    AroundMargin margin = {0};
    for (gsize s = 0; s < invariance->n_sweeps; s++) {
        const Sweep *sweep = &invariance->sweeps[s];
        for (gsize i = 0; i < sweep->count; i++)
            margin =
                transform_larger(margin, transform_margin(sweep->kind, sweep->amounts[i],
                                                          invariance->net->width,
                                                          invariance->net->height));
    }
    return margin;
}

/* What the net sees of a picture, and what lies around. */
static gboolean
read_picture(const Invariance *invariance,
             const Picture *picture,
             Around *around,
             GError **error)
{
    const ParamValues *values = invariance->run->values;
    const Net *net = invariance->net;
    GeglRectangle rect, selection;
    Region region;
    float bars[3];
    gboolean selected = picture->image && host_selection(picture->image, &selection);
    HostPixels *pixels = picture_open(picture, &rect, error);
    if (!pixels)
        return FALSE;
    net_neutral(net, bars);
    gboolean ok =
        region_find(&region, &rect, selected ? &selection : NULL, seen_fit(values),
                    net->width, net->height, error) &&
        around_read(around, pixels, &rect, &region, margin_of(invariance),
                    param_is(values, "edge", "mean") ? AROUND_MEAN : AROUND_EDGE, bars,
                    error);
    host_pixels_close(pixels);
    return ok;
}

static gboolean
put_picture(Measure *measure, gsize p, GError **error)
{
    Invariance *invariance = measure->invariance;
    const Picture *picture = &invariance->pictures.pictures[p];
    Around around = {0};
    GError *why = NULL;
    if (!read_picture(invariance, picture, &around, &why)) {
        if (!picture->path) {
            g_propagate_error(error, why);
            return FALSE;
        }
        folder_skip(&invariance->pictures.folder, p, why, invariance->pictures.skipped);
        g_error_free(why);
        return TRUE;
    }
    gsize curve = invariance->n_curves++;
    gboolean ok = curve_new(invariance, &invariance->curves[curve], picture->name,
                            curve < INVARIANCE_STRIPS) ||
                  fail_run(error, _("There is not enough memory for the result."));
    ok = ok && put_steps(measure, &around, curve, error);
    around_clear(&around);
    return ok;
}

gboolean
invariance_measure(Invariance *invariance, GError **error)
{
    gsize count = invariance->pictures.count;
    gsize runs = invariance->steps - invariance->n_sweeps + 1;
    Busy busy = {.text = _("Running the network: picture"),
                 .count = count * runs,
                 .rate = TRUE,
                 .from = 0.02,
                 .to = 0.95};
    Measure measure = {.invariance = invariance, .all = count * runs};
    invariance->curves = g_try_new0(Curve, count);
    gboolean ok = (invariance->curves ||
                   fail_run(error, _("There is not enough memory for the result."))) &&
                  open_runner(&measure, MIN(measure.all, BATCH), error);
    ok =
        ok && (make_room(&measure) ||
               fail_run(error, _("There is not enough memory for the network's input.")));
    if (ok) {
        transform_noise((guint32)param_int(invariance->run->values, "seed"),
                        measure.noise, net_pixels(invariance->net) * 3);
        measure.progress = busy_start(&busy);
    }
    for (gsize p = 0; ok && p < count; p++)
        ok = put_picture(&measure, p, error);
    ok = ok && run_batch(&measure, error);
    measure_clear(&measure);
    return ok;
}

double
invariance_moved(const Invariance *invariance,
                 const Curve *curve,
                 gsize layer,
                 gsize step)
{
    const ParamValues *values = invariance->run->values;
    if (param_is(values, "measure", "cosine"))
        return curve->cosine[layer][step];
    if (param_is(values, "measure", "relative"))
        return curve->distance[layer][step] / curve->length[layer];
    return curve->distance[layer][step];
}
