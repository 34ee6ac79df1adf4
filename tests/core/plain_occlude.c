/* plain_occlude.c: the twin of dcn_occlude(): every position is a whole forward run of an
 * altered copy.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "plain_occlude.h"
#include "dcn.h"
#include "error.h"
#include "shape.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_BATCH 16
#define MAX_CELLS ((size_t)1 << 22)
#define MAX_RESULT ((size_t)1 << 31) /* bytes */

typedef struct {
    const DcnOcclusion *options;
    const DcnProgress *progress;
    DcnError *error;
    DcnInputLayout layout;
    DcnPlan *plan;
    DcnSession *session;
    int layer, probability, score; /* tensors; -1: none */
    const float *input;
    size_t height, width, channels;
} Sweep;

/* A plan that keeps the layer and the classifier's end, and nothing else. */
static bool
make_plan(Sweep *sweep, const DcnModel *model, DcnOcclusionMaps *maps)
{
    const DcnOcclusion *o = sweep->options;
    DcnPlanOptions options = {
        .height = o->height, .width = o->width, .memory_limit = o->memory_limit};
    DcnPlan *first = dcn_plan_new(model, &options, sweep->error);
    if (!first)
        return false;
    const char *targets[3];
    size_t n_targets = 0;
    DcnClassifier classifier;
    bool classifies = dcn_plan_classifier(first, &classifier, NULL);
    int layer = dcn_plan_default_layer(first);
    if (!o->layer && layer < 0) {
        dcn_plan_free(first);
        return dcn_fail(sweep->error, DCN_ERROR_SHAPE,
                        "this net has no layer with spatial maps");
    }
    targets[n_targets++] = o->layer ? o->layer : dcn_plan_name(first, layer);
    if (classifies) {
        maps->classes = classifier.classes;
        targets[n_targets++] = dcn_plan_name(first, classifier.score);
        if (classifier.probability >= 0)
            targets[n_targets++] = dcn_plan_name(first, classifier.probability);
    }
    options.targets = targets;
    options.n_targets = n_targets;
    options.batch = o->batch ? o->batch : DEFAULT_BATCH;
    sweep->plan = dcn_plan_new(model, &options, sweep->error);
    if (sweep->plan) {
        sweep->layer = dcn_plan_find(sweep->plan, targets[0], sweep->error);
        sweep->score =
            classifies ? dcn_plan_find(sweep->plan, targets[1], sweep->error) : -1;
        sweep->probability =
            n_targets > 2 ? dcn_plan_find(sweep->plan, targets[2], sweep->error) : -1;
    }
    dcn_plan_free(first);
    return sweep->plan && sweep->layer >= 0 && (!classifies || sweep->score >= 0);
}

static bool
make_maps(const Sweep *sweep, DcnOcclusionMaps *maps)
{
    size_t step = (size_t)sweep->options->step;
    maps->rows = (sweep->height + step - 1) / step;
    maps->columns = (sweep->width + step - 1) / step;
    size_t cells = maps->rows * maps->columns;
    if (cells > MAX_CELLS || cells * (maps->classes + 1) > MAX_RESULT / 8)
        return dcn_fail(
            sweep->error, DCN_ERROR_VALUE,
            "%zu x %zu positions of the square are too many: take a larger step",
            maps->columns, maps->rows);
    maps->activity = calloc(cells, sizeof(float));
    bool made = maps->activity != NULL;
    if (maps->classes > 0) {
        maps->probability = calloc(cells * maps->classes, sizeof(float));
        maps->score = calloc(cells * maps->classes, sizeof(float));
        maps->best = calloc(cells, sizeof *maps->best);
        maps->base_probability = calloc(maps->classes, sizeof(float));
        maps->base_score = calloc(maps->classes, sizeof(float));
        made = made && maps->probability && maps->score && maps->best &&
               maps->base_probability && maps->base_score;
    }
    if (!made)
        return dcn_fail_memory(sweep->error, "the occlusion maps",
                               cells * (2 * maps->classes + 2) * 4);
    return true;
}

/* Rows or columns that the square covers: centre - size / 2 and size long, cut off at the
 * edges. */
static void
covered(
    int64_t cell, int64_t step, int64_t size, size_t length, size_t *begin, size_t *end)
{
    int64_t first = cell * step + step / 2 - size / 2, last = first + size;
    *begin = first < 0 ? 0 : first > (int64_t)length ? length : (size_t)first;
    *end = last < 0 ? 0 : last > (int64_t)length ? length : (size_t)last;
}

/* One altered copy of the picture: inside the square it shows the fill. */
static void
place_square(const Sweep *sweep, size_t row, size_t column, float *copy)
{
    const DcnOcclusion *o = sweep->options;
    size_t h = sweep->height, w = sweep->width, c = sweep->channels;
    size_t y0, y1, x0, x1;
    memcpy(copy, sweep->input, h * w * c * sizeof *copy);
    covered((int64_t)row, o->step, o->size, h, &y0, &y1);
    covered((int64_t)column, o->step, o->size, w, &x0, &x1);
    if (x0 >= x1)
        return;
    size_t planes = sweep->layout.nhwc ? 1 : c, unit = sweep->layout.nhwc ? c : 1;
    for (size_t p = 0; p < planes; p++)
        for (size_t y = y0; y < y1; y++) {
            size_t at = ((p * h + y) * w + x0) * unit;
            memcpy(copy + at, o->fill + at, (x1 - x0) * unit * sizeof *copy);
        }
}

static uint32_t
largest(const float *p, size_t count)
{
    size_t best = 0;
    for (size_t k = 1; k < count; k++)
        if (p[k] > p[best])
            best = k;
    return (uint32_t)best;
}

static float
map_sum(const Sweep *sweep, size_t image, size_t channel)
{
    const DcnShape *shape = dcn_plan_shape(sweep->plan, sweep->layer);
    size_t count = dcn_shape_count(shape), area = count / (size_t)shape->dim[1];
    const float *map =
        dcn_session_tensor(sweep->session, sweep->layer) + image * count + channel * area;
    double sum = 0;
    for (size_t i = 0; i < area; i++)
        sum += (double)map[i];
    return (float)sum;
}

/* What the net says of one image of the batch. */
static void
collect(const Sweep *sweep,
        size_t image,
        size_t classes,
        float *score,
        float *probability,
        uint32_t *best)
{
    const float *s = dcn_session_tensor(sweep->session, sweep->score) + image * classes;
    memcpy(score, s, classes * sizeof *score);
    if (sweep->probability >= 0)
        memcpy(probability,
               dcn_session_tensor(sweep->session, sweep->probability) + image * classes,
               classes * sizeof *probability);
    else
        dcn_softmax(s, classes, probability);
    *best = largest(probability, classes);
}

static bool
run_base(Sweep *sweep, DcnOcclusionMaps *maps)
{
    const DcnShape *shape = dcn_plan_shape(sweep->plan, sweep->layer);
    char text[128];
    if (shape->rank != 4)
        return dcn_fail(sweep->error, DCN_ERROR_SHAPE,
                        "layer \"%.100s\" is %s: it has no spatial maps",
                        dcn_plan_name(sweep->plan, sweep->layer),
                        dcn_shape_print(shape, text));
    if (sweep->options->channel >= shape->dim[1])
        return dcn_fail(sweep->error, DCN_ERROR_VALUE,
                        "layer \"%.100s\" has maps 0 to %lld; there is no %lld",
                        dcn_plan_name(sweep->plan, sweep->layer),
                        (long long)shape->dim[1] - 1, (long long)sweep->options->channel);
    size_t count = sweep->height * sweep->width * sweep->channels;
    float *input = dcn_session_input(sweep->session, 0);
    for (size_t b = 0; b < dcn_plan_batch(sweep->plan); b++)
        memcpy(input + b * count, sweep->input, count * sizeof *input);
    if (!dcn_forward(sweep->session, NULL, sweep->error))
        return false;
    DcnUnit unit = {.channel = (size_t)sweep->options->channel};
    if (sweep->options->channel < 0)
        dcn_strongest(sweep->session, sweep->layer, 0, 1, &unit);
    maps->channel = unit.channel;
    maps->base_activity = map_sum(sweep, 0, maps->channel);
    if (maps->classes > 0)
        collect(sweep, 0, maps->classes, maps->base_score, maps->base_probability,
                &maps->base_best);
    return true;
}

static bool
run_positions(Sweep *sweep, DcnOcclusionMaps *maps)
{
    size_t batch = dcn_plan_batch(sweep->plan), cells = maps->rows * maps->columns;
    size_t count = sweep->height * sweep->width * sweep->channels,
           classes = maps->classes;
    for (size_t first = 0; first < cells; first += batch) {
        const DcnProgress *progress = sweep->progress;
        if (progress && !progress->report((double)first / (double)cells, progress->user))
            return dcn_fail(sweep->error, DCN_CANCELLED, "stopped");
        size_t n = cells - first < batch ? cells - first : batch;
        float *input = dcn_session_input(sweep->session, 0);
        for (size_t b = 0; b < n; b++)
            place_square(sweep, (first + b) / maps->columns, (first + b) % maps->columns,
                         input + b * count);
        if (!dcn_forward(sweep->session, NULL, sweep->error))
            return false;
        for (size_t b = 0; b < n; b++) {
            size_t cell = first + b;
            maps->activity[cell] = map_sum(sweep, b, maps->channel);
            if (classes > 0)
                collect(sweep, b, classes, maps->score + cell * classes,
                        maps->probability + cell * classes, &maps->best[cell]);
        }
    }
    return true;
}

static bool
check_options(Sweep *sweep, const DcnModel *model)
{
    const DcnOcclusion *o = sweep->options;
    if (o->size < 1 || o->step < 1 || o->size > 65536 || o->step > 65536)
        return dcn_fail(sweep->error, DCN_ERROR_VALUE,
                        "a square of %lld pixels moved by %lld: both must be 1 to 65536",
                        (long long)o->size, (long long)o->step);
    return dcn_model_input_layout(model, &sweep->layout, sweep->error);
}

bool
plain_occlude(const DcnModel *model,
              DcnContext *context,
              const DcnOcclusion *options,
              const float *input,
              DcnOcclusionMaps *maps,
              const DcnProgress *progress,
              DcnError *error)
{
    Sweep sweep = {
        .options = options, .progress = progress, .error = error, .input = input};
    *maps = (DcnOcclusionMaps){0};
    bool done = check_options(&sweep, model) && make_plan(&sweep, model, maps);
    if (done) {
        const DcnShape *shape = dcn_plan_shape(sweep.plan, dcn_plan_input(sweep.plan, 0));
        sweep.height = (size_t)shape->dim[sweep.layout.nhwc ? 1 : 2];
        sweep.width = (size_t)shape->dim[sweep.layout.nhwc ? 2 : 3];
        sweep.channels = (size_t)shape->dim[sweep.layout.nhwc ? 3 : 1];
        sweep.session = dcn_session_new(sweep.plan, context, error);
        done = sweep.session && make_maps(&sweep, maps) && run_base(&sweep, maps) &&
               run_positions(&sweep, maps);
    }
    dcn_session_free(sweep.session);
    dcn_plan_free(sweep.plan);
    if (!done)
        dcn_occlusion_maps_free(maps);
    return done;
}
