/* SPDX-License-Identifier: GPL-3.0-or-later */
/* occlude.c: a square slides over a picture, and at every position the activity of a map
 * and the class probabilities are computed.
 *
 * Zeiler & Fergus 2014, section 4.2, maps (b), (d) and (e) of figure 7. Definitions of
 * cells and squares: dcn.h. The picture without a square runs once; then at each position
 * only what the square can change is computed (patch.h).
 * Threads take whole batches of positions (sweep.c). */
#include "base/error.h"
#include "base/shape.h"
#include "occlude/sweep.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CELLS ((size_t)1 << 22)
#define MAX_RESULT ((size_t)1 << 31) /* bytes */

void
dcn_occlusion_maps_free(DcnOcclusionMaps *maps)
{
    if (!maps)
        return;
    free(maps->activity);
    free(maps->probability);
    free(maps->score);
    free(maps->best);
    free(maps->base_probability);
    free(maps->base_score);
    free(maps->known);
    *maps = (DcnOcclusionMaps){0};
}

size_t
dcn_occlusion_cell(const DcnOcclusionMaps *maps, size_t row, size_t column)
{
    for (size_t grid = 1; grid <= DCN_COARSEST; grid *= 2) {
        size_t cell = (row - row % grid) * maps->columns + column - column % grid;
        if (maps->known[cell])
            return cell;
    }
    return SIZE_MAX;
}

/* Values of a net carry roundings of some units in their last place, as each is a sum of
 * hundreds of products. So many are taken for possible, of the magnitudes that a value of
 * a map was added up from. */
#define ROUNDINGS 16

double
dcn_occlusion_rounding(const DcnOcclusionMaps *maps,
                       DcnOcclusionKind kind,
                       size_t class_index)
{
    const double last_place = (double)FLT_EPSILON;
    if (kind == DCN_MAP_OF_ACTIVITY)
        return last_place *
               (ROUNDINGS * maps->changed + fabs((double)maps->base_activity));
    double scores = fmax(fabs((double)maps->base_score[class_index]),
                         fabs((double)maps->base_score[maps->base_best]));
    if (kind == DCN_MAP_OF_SCORE)
        return last_place * ROUNDINGS * scores;
    /* p is the exponential of a difference of scores, in shares of a sum. */
    return last_place * ROUNDINGS * (1 + 2 * scores) *
           (double)maps->base_probability[class_index];
}

/* The options' own, or one that the caller frees. */
static const DcnPlan *
find_survey(const DcnOcclusion *o, const DcnModel *model, DcnPlan **made, DcnError *error)
{
    DcnPlanOptions options = {.height = o->height,
                              .width = o->width,
                              .memory_limit = o->memory_limit,
                              .purpose = DCN_FOR_SURVEYS,
                              .passes_off =
                                  DCN_PASS_WINOGRAD | DCN_PASS_PACK | DCN_PASS_BATCHNORM};
    *made = o->survey ? NULL : dcn_plan_new(model, &options, error);
    return o->survey ? o->survey : *made;
}

/* A plan down to the layer and the classifier's end. A net of fully connected layers has
 * no layer to follow, and is asked for its classes only. */
static bool
make_plan(DcnSweep *sweep,
          const DcnModel *model,
          const DcnPlan *survey,
          DcnOcclusionMaps *maps)
{
    const DcnOcclusion *o = sweep->options;
    const char *targets[2] = {NULL};
    size_t n_targets = 0;
    DcnError none = {0};
    bool classifies = dcn_plan_classifier(survey, o->output, &sweep->classifier, &none);
    if (none.code == DCN_ERROR_MEMORY || (o->output && !classifies)) {
        if (sweep->error)
            *sweep->error = none;
        return false;
    }
    int usual = dcn_plan_default_layer(survey);
    const char *layer = o->layer     ? o->layer
                        : usual >= 0 ? dcn_plan_name(survey, usual)
                                     : NULL;
    const char *answer =
        classifies ? dcn_plan_name(survey, sweep->classifier.tensor) : NULL;
    if (!layer && !answer)
        return dcn_fail(sweep->error, DCN_ERROR_SHAPE,
                        "this net has no layer with spatial maps and no classes");
    if (layer)
        targets[n_targets++] = layer;
    if (answer)
        targets[n_targets++] = answer;
    if (answer)
        maps->classes = sweep->classifier.classes;
    DcnPlanOptions options = {.height = o->height,
                              .width = o->width,
                              .memory_limit = o->memory_limit,
                              .targets = targets,
                              .n_targets = n_targets,
                              .passes_off = DCN_PASS_MEMORY,
                              .purpose = DCN_FOR_PATCHES,
                              .context = sweep->context};
    DcnPlan *plan = sweep->plan = dcn_plan_new(model, &options, sweep->error);
    if (!plan)
        return false;
    sweep->layer = layer ? dcn_plan_find(plan, layer, sweep->error) : -1;
    sweep->answer = answer ? dcn_plan_find(plan, answer, sweep->error) : -1;
    if ((layer && sweep->layer < 0) || (answer && sweep->answer < 0))
        return false;
    if (dcn_plan_input_count(plan) != 1)
        return dcn_fail(sweep->error, DCN_ERROR_SHAPE,
                        "occlusion needs a net with one input");
    return true;
}

static bool
open_plan(DcnSweep *sweep, const DcnModel *model, DcnOcclusionMaps *maps)
{
    DcnPlan *made;
    const DcnPlan *survey = find_survey(sweep->options, model, &made, sweep->error);
    bool ok = survey && make_plan(sweep, model, survey, maps);
    dcn_plan_free(made);
    return ok;
}

static bool
make_maps(const DcnSweep *sweep, DcnOcclusionMaps *maps)
{
    maps->rows = sweep->squares.n_rows;
    maps->columns = sweep->squares.n_columns;
    size_t cells = maps->rows * maps->columns;
    if (cells > MAX_CELLS || cells * (maps->classes + 1) > MAX_RESULT / 8)
        return dcn_fail(
            sweep->error, DCN_ERROR_VALUE,
            "%zu x %zu positions of the square are too many: take a larger step",
            maps->columns, maps->rows);
    maps->known = calloc(cells, sizeof *maps->known);
    bool made = maps->known != NULL;
    if (sweep->layer >= 0) {
        maps->activity = calloc(cells, sizeof(float));
        made = made && maps->activity;
    }
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

static bool
check_layer(const DcnSweep *sweep)
{
    if (sweep->layer < 0)
        return true;
    const DcnShape *shape = dcn_plan_shape(sweep->plan, sweep->layer);
    const char *name = dcn_plan_name(sweep->plan, sweep->layer);
    char text[128];
    DcnMaps maps;
    if (!dcn_plan_maps(sweep->plan, sweep->layer, &maps))
        return dcn_fail(sweep->error, DCN_ERROR_SHAPE,
                        "layer \"%.100s\" is %s: it has no spatial maps", name,
                        dcn_shape_print(shape, text));
    if (sweep->options->channel >= (int64_t)maps.maps)
        return dcn_fail(sweep->error, DCN_ERROR_VALUE,
                        "layer \"%.100s\" has maps 0 to %zu; there is no %lld", name,
                        maps.maps - 1, (long long)sweep->options->channel);
    return true;
}

/* Runs the picture without a square: every position takes from it what its square does
 * not change. */
static bool
run_base(DcnSweep *sweep, const float *input, DcnOcclusionMaps *maps)
{
    const DcnPlan *plan = sweep->plan;
    size_t count = dcn_shape_count(dcn_plan_shape(plan, dcn_plan_input(plan, 0)));
    memcpy(dcn_session_input(sweep->base, 0), input, count * sizeof *input);
    if (!dcn_forward(sweep->base, NULL, sweep->error))
        return false;
    if (sweep->layer >= 0) {
        DcnUnit unit = {.channel = (size_t)sweep->options->channel};
        if (sweep->options->channel < 0)
            dcn_strongest(sweep->base, sweep->layer, 0, 1, &unit);
        maps->channel = unit.channel;
        sweep->base_activity = dcn_sweep_base_activity(sweep, unit.channel);
        maps->base_activity = (float)sweep->base_activity;
    }
    if (maps->classes > 0) {
        const float *numbers = dcn_session_tensor(sweep->base, sweep->answer);
        dcn_classifier_judge(&sweep->classifier, numbers);
        dcn_sweep_collect(&sweep->classifier, numbers, maps->base_score,
                          maps->base_probability, &maps->base_best);
    }
    return true;
}

static bool
find_head(DcnSweep *sweep)
{
    sweep->head = (DcnHead){
        .whole = sweep->plan,
        .whole_answer = sweep->answer,
        .options = {.height = sweep->options->height,
                    .width = sweep->options->width,
                    .memory_limit = sweep->options->memory_limit},
        .context = sweep->context,
    };
    return dcn_head_find(&sweep->head, sweep->layer, sweep->error);
}

bool
dcn_occlude(const DcnModel *model,
            DcnContext *context,
            const DcnOcclusion *options,
            const float *input,
            DcnOcclusionMaps *maps,
            const DcnProgress *progress,
            DcnError *error)
{
    DcnSweep sweep = {
        .options = options, .progress = progress, .error = error, .context = context};
    DcnInputLayout layout;
    *maps = (DcnOcclusionMaps){0};
    if (options->size < 1 || options->step < 1 || options->size > 65536 ||
        options->step > 65536)
        return dcn_fail(error, DCN_ERROR_VALUE,
                        "a square of %lld pixels moved by %lld: both must be 1 to 65536",
                        (long long)options->size, (long long)options->step);
    bool done = dcn_model_input_layout(model, &layout, error) &&
                open_plan(&sweep, model, maps) && check_layer(&sweep);
    if (done) {
        done = dcn_squares_new(sweep.plan, layout.nhwc, options->size, options->step,
                               &sweep.squares, error) &&
               make_maps(&sweep, maps) && find_head(&sweep);
    }
    if (done) {
        dcn_squares_find_idle(sweep.plan, input, options->fill, &sweep.squares);
        done = dcn_sweep_plan(&sweep);
    }
    if (done) {
        sweep.base = dcn_session_new(sweep.plan, context, error);
        done = sweep.base && run_base(&sweep, input, maps) && dcn_sweep_run(&sweep, maps);
    }
    dcn_head_close(&sweep.head);
    dcn_schedule_free(&sweep.schedule);
    dcn_squares_free(&sweep.squares);
    dcn_session_free(sweep.base);
    dcn_plan_free(sweep.plan);
    if (!done)
        dcn_occlusion_maps_free(maps);
    return done;
}
