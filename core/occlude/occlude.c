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
#include <stdlib.h>
#include <string.h>

#define MAX_CELLS ((size_t)1 << 22)
#define MAX_RESULT ((size_t)1 << 31) /* bytes */

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

/* What a plan is made for. The names are the survey's. */
typedef struct {
    const char *layer, *answer; /* NULL: none */
    int64_t height, width;
    size_t memory_limit;
} Purpose;

struct DcnOccluder {
    const DcnModel *model;
    /* Of all runs: context, plan, base, head, layer, answer. The rest is of one run. */
    DcnSweep sweep;
    Purpose purpose;    /* of the plan; the names are the plan's */
    bool *asked, *kept; /* by value of the plan: it was made for it; the base keeps it */
    float *input;       /* of the base's last run; NULL: it has not run */
    size_t input_size;  /* bytes */
};

/* Finds the layer and the classifier's end. A net of fully connected layers has no layer
 * to follow, and is asked for its classes only. */
static bool
find_purpose(DcnSweep *sweep, const DcnPlan *survey, Purpose *purpose)
{
    const DcnOcclusion *o = sweep->options;
    DcnError none = {0};
    bool classifies = dcn_plan_classifier(survey, o->output, &sweep->classifier, &none);
    if (none.code == DCN_ERROR_MEMORY || (o->output && !classifies)) {
        if (sweep->error)
            *sweep->error = none;
        return false;
    }
    int usual = dcn_plan_default_layer(survey);
    *purpose = (Purpose){
        .layer = o->layer     ? o->layer
                 : usual >= 0 ? dcn_plan_name(survey, usual)
                              : NULL,
        .answer = classifies ? dcn_plan_name(survey, sweep->classifier.tensor) : NULL,
        .height = o->height,
        .width = o->width,
        .memory_limit = o->memory_limit,
    };
    if (!purpose->layer && !purpose->answer)
        return dcn_fail(sweep->error, DCN_ERROR_SHAPE,
                        "this net has no layer with spatial maps and no classes");
    return true;
}

static bool
same_name(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* A layer may be called by other names than the tensor's; then its plan is made anew. */
static bool
same_purpose(const Purpose *a, const Purpose *b)
{
    return same_name(a->layer, b->layer) && same_name(a->answer, b->answer) &&
           a->height == b->height && a->width == b->width &&
           a->memory_limit == b->memory_limit;
}

static void
forget_base(DcnOccluder *occluder)
{
    dcn_session_free(occluder->sweep.base);
    free(occluder->input);
    occluder->sweep.base = NULL;
    occluder->input = NULL;
}

static void
forget_plan(DcnOccluder *occluder)
{
    forget_base(occluder);
    dcn_head_close(&occluder->sweep.head);
    free(occluder->asked);
    free(occluder->kept);
    dcn_plan_free(occluder->sweep.plan);
    occluder->sweep.plan = NULL;
    occluder->asked = occluder->kept = NULL;
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

static bool
make_plan(DcnOccluder *occluder, const Purpose *purpose)
{
    DcnSweep *sweep = &occluder->sweep;
    const char *targets[2] = {NULL}, *layer = purpose->layer, *answer = purpose->answer;
    size_t n_targets = 0;
    if (layer)
        targets[n_targets++] = layer;
    if (answer)
        targets[n_targets++] = answer;
    DcnPlanOptions options = {.height = purpose->height,
                              .width = purpose->width,
                              .memory_limit = purpose->memory_limit,
                              .targets = targets,
                              .n_targets = n_targets,
                              .passes_off = DCN_PASS_MEMORY,
                              .purpose = DCN_FOR_PATCHES,
                              .context = sweep->context};
    DcnPlan *plan = sweep->plan = dcn_plan_new(occluder->model, &options, sweep->error);
    if (!plan)
        return false;
    sweep->layer = layer ? dcn_plan_find(plan, layer, sweep->error) : -1;
    sweep->answer = answer ? dcn_plan_find(plan, answer, sweep->error) : -1;
    if ((layer && sweep->layer < 0) || (answer && sweep->answer < 0))
        return false;
    if (dcn_plan_input_count(plan) != 1)
        return dcn_fail(sweep->error, DCN_ERROR_SHAPE,
                        "occlusion needs a net with one input");
    occluder->asked = calloc(plan->n_values + 1, sizeof *occluder->asked);
    occluder->kept = calloc(plan->n_values + 1, sizeof *occluder->kept);
    if (!occluder->asked || !occluder->kept)
        return dcn_fail_memory(sweep->error, "the occlusion maps", plan->n_values);
    for (size_t i = 0; i < plan->n_values; i++)
        occluder->asked[i] = plan->values[i].wanted;
    occluder->purpose = *purpose;
    occluder->purpose.layer = layer ? dcn_plan_name(plan, sweep->layer) : NULL;
    occluder->purpose.answer = answer ? dcn_plan_name(plan, sweep->answer) : NULL;
    return find_head(sweep);
}

static bool
open_plan(DcnOccluder *occluder)
{
    DcnSweep *sweep = &occluder->sweep;
    DcnPlan *made;
    Purpose purpose;
    const DcnPlan *survey =
        find_survey(sweep->options, occluder->model, &made, sweep->error);
    bool ok = survey && find_purpose(sweep, survey, &purpose);
    if (ok && !(sweep->plan && same_purpose(&purpose, &occluder->purpose))) {
        forget_plan(occluder);
        ok = make_plan(occluder, &purpose);
    }
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

/* Makes the base, unless the last one keeps all that is needed now. */
static bool
open_base(DcnOccluder *occluder)
{
    DcnSweep *sweep = &occluder->sweep;
    DcnPlan *plan = sweep->plan;
    bool more = !sweep->base;
    bool *needed = calloc(plan->n_values + 1, sizeof *needed);
    if (!needed)
        return dcn_fail_memory(sweep->error, "the occlusion maps", plan->n_values);
    dcn_sweep_needs(sweep, needed);
    for (size_t i = 0; i < plan->n_values; i++) {
        more = more || (needed[i] && !occluder->kept[i]);
        occluder->kept[i] = occluder->kept[i] || needed[i];
        plan->values[i].wanted = occluder->asked[i] || occluder->kept[i];
    }
    free(needed);
    if (!more)
        return true;
    forget_base(occluder);
    if (!dcn_plan_memory(plan, true, false, sweep->error))
        return false;
    sweep->base = dcn_session_new(plan, sweep->context, sweep->error);
    return sweep->base != NULL;
}

/* Runs the picture without a square: every position takes from it what its square does
 * not change. */
static bool
run_base(DcnOccluder *occluder, const float *input)
{
    DcnSweep *sweep = &occluder->sweep;
    size_t size = occluder->input_size;
    if (occluder->input && memcmp(occluder->input, input, size) == 0)
        return true;
    free(occluder->input);
    occluder->input = NULL;
    memcpy(dcn_session_input(sweep->base, 0), input, size);
    if (!dcn_forward(sweep->base, NULL, sweep->error))
        return false;
    occluder->input = malloc(size);
    if (!occluder->input)
        return dcn_fail_memory(sweep->error, "the occlusion maps", size);
    memcpy(occluder->input, input, size);
    return true;
}

/* What the maps are without a square. */
static void
collect_base(DcnSweep *sweep, DcnOcclusionMaps *maps)
{
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
}

static bool
run(DcnOccluder *occluder, const float *input, DcnOcclusionMaps *maps)
{
    DcnSweep *sweep = &occluder->sweep;
    const DcnOcclusion *options = sweep->options;
    DcnInputLayout layout;
    if (options->size < 1 || options->step < 1 || options->size > 65536 ||
        options->step > 65536)
        return dcn_fail(sweep->error, DCN_ERROR_VALUE,
                        "a square of %lld pixels moved by %lld: both must be 1 to 65536",
                        (long long)options->size, (long long)options->step);
    if (!dcn_model_input_layout(occluder->model, &layout, sweep->error) ||
        !open_plan(occluder) || !check_layer(sweep))
        return false;
    DcnPlan *plan = sweep->plan;
    occluder->input_size =
        dcn_shape_count(dcn_plan_shape(plan, dcn_plan_input(plan, 0))) * sizeof *input;
    if (sweep->answer >= 0)
        maps->classes = sweep->classifier.classes;
    if (!dcn_squares_new(plan, layout.nhwc, options->size, options->step, &sweep->squares,
                         sweep->error) ||
        !make_maps(sweep, maps))
        return false;
    dcn_squares_find_idle(plan, input, options->fill, &sweep->squares);
    for (size_t i = 0; i < plan->n_values; i++)
        plan->values[i].wanted = occluder->asked[i]; /* of patches nothing else is kept */
    if (!dcn_sweep_plan(sweep) || !open_base(occluder) || !run_base(occluder, input))
        return false;
    collect_base(sweep, maps);
    return dcn_sweep_run(sweep, maps);
}

bool
dcn_occluder_run(DcnOccluder *occluder,
                 const DcnOcclusion *options,
                 const float *input,
                 DcnOcclusionMaps *maps,
                 const DcnProgress *progress,
                 DcnError *error)
{
    DcnSweep *sweep = &occluder->sweep;
    DcnError own = {0};
    sweep->options = options;
    sweep->progress = progress;
    sweep->error = &own;
    *maps = (DcnOcclusionMaps){0};
    bool done = run(occluder, input, maps);
    dcn_schedule_free(&sweep->schedule);
    dcn_squares_free(&sweep->squares);
    sweep->schedule = (DcnSchedule){0};
    if (!done) {
        dcn_occlusion_maps_free(maps);
        if (own.code != DCN_CANCELLED)
            forget_plan(occluder); /* it may be a part of one */
        if (error)
            *error = own;
    }
    return done;
}

DcnOccluder *
dcn_occluder_new(const DcnModel *model, DcnContext *context, DcnError *error)
{
    DcnOccluder *occluder = calloc(1, sizeof *occluder);
    if (!occluder) {
        dcn_fail_memory(error, "the occlusion maps", sizeof *occluder);
        return NULL;
    }
    occluder->model = model;
    occluder->sweep.context = context;
    return occluder;
}

void
dcn_occluder_free(DcnOccluder *occluder)
{
    if (!occluder)
        return;
    forget_plan(occluder);
    free(occluder);
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
    DcnOccluder *occluder = dcn_occluder_new(model, context, error);
    *maps = (DcnOcclusionMaps){0};
    bool done =
        occluder && dcn_occluder_run(occluder, options, input, maps, progress, error);
    dcn_occluder_free(occluder);
    return done;
}
