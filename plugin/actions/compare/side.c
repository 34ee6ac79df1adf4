/* SPDX-License-Identifier: GPL-3.0-or-later */
/* side.c: one of the two that are compared: its answer, projection, heat map and
 * evidence. */

#include "actions/compare/compare.h"
#include "actions/occlusion/square.h"
#include "base/busy.h"
#include "base/fail.h"
#include "photo/fill.h"

/* --- the answer --- */

static gboolean
run_whole(Compare *compare, Side *side, GError **error)
{
    const DcnPlan *survey = net_survey(side->net, error);
    Runner runner;
    if (!survey)
        return FALSE;
    RunnerPart part = {.targets = {dcn_plan_name(survey, side->classifier.tensor)},
                       .threads = param_int(compare->run->values, "threads")};
    if (!runner_open(&runner, side->net, &part, error))
        return FALSE;
    runner_put(&runner, 0, side->seen.input);
    gboolean ok = runner_run(&runner, NULL, error);
    if (ok) {
        side->probabilities = g_new(float, side->classifier.classes);
        dcn_classifier_read(&side->classifier, runner_values(&runner, 0, 0), NULL,
                            side->probabilities);
        for (gsize k = 1; k < side->classifier.classes; k++)
            if (side->probabilities[k] > side->probabilities[side->best])
                side->best = k;
    }
    runner_close(&runner);
    return ok;
}

/* The label that was asked for, else the first side's, else the predicted one. */
static gboolean
settle_label(Compare *compare, int number, GError **error)
{
    Side *side = &compare->side[number];
    gsize classes = side->classifier.classes;
    const char *wanted = param_text(compare->run->values, "label");
    side->labels = net_labels(side->net, classes);
    side->class_index = side->best;
    if (*wanted && !number &&
        !labels_find(&side->labels, classes, wanted, &side->class_index, error))
        return FALSE;
    if (number) {
        const Side *first = &compare->side[0];
        char *key = labels_key(&first->labels, first->class_index);
        compare->same_label =
            labels_find(&side->labels, classes, key, &side->class_index, NULL);
        g_free(key);
        if (!compare->same_label) {
            char *text = g_strdup_printf(
                _("The model “%s” has no label “%s”, so it is shown with its own answer."),
                side->net->card.name, first->label);
            host_message(text);
            g_free(text);
            side->class_index = side->best;
        }
    }
    side->label = labels_name(&side->labels, side->class_index);
    side->answer = labels_name(&side->labels, side->best);
    return TRUE;
}

/* --- the projection --- */

/* Layers of one shape are taken for the same layer: of another checkpoint, or photo. */
static gboolean
same_shape(const Side *a, const Side *b)
{
    return a->probe.maps == b->probe.maps && a->probe.height == b->probe.height &&
           a->probe.width == b->probe.width && a->net->height == b->net->height &&
           a->net->width == b->net->width &&
           g_str_equal(a->probe.layer.tensor, b->probe.layer.tensor);
}

static gboolean
project(Compare *compare, int number, GError **error)
{
    Side *side = &compare->side[number];
    const ParamValues *values = compare->run->values;
    const char *layer = param_text(values, "layer");
    int map = param_int(values, "map");
    if (number && *param_text(values, "other-layer") && !compare->layers)
        layer = param_text(values, "other-layer");
    if (!probe_open(&side->probe, side->net, layer, param_int(values, "threads"),
                    error) ||
        !probe_run(&side->probe, side->seen.input, NULL, error))
        return FALSE;
    if (number) {
        compare->same_map = same_shape(&compare->side[0], side);
        if (compare->same_map)
            map = (int)compare->side[0].target.unit.channel;
    }
    side->signal = g_try_new(float, 3 * net_pixels(side->net));
    return (side->signal ||
            fail_run(error, _("There is not enough memory for a projection."))) &&
           probe_strongest(&side->probe, map, 1, FALSE, &side->target, error) &&
           probe_project(&side->probe, &side->target, probe_method(values), side->signal,
                         NULL, error);
}

/* --- the heat map --- */

static void
take_heat(Side *side, const DcnOcclusionMaps *maps)
{
    side->rows = maps->rows;
    side->columns = maps->columns;
    side->heat = g_new(float, maps->rows * maps->columns);
    for (gsize i = 0; i < maps->rows * maps->columns; i++)
        side->heat[i] = maps->probability[i * maps->classes + side->class_index] -
                        maps->base_probability[side->class_index];
}

static gboolean
occlude(Compare *compare, Side *side, Busy *busy, GError **error)
{
    const Net *net = side->net;
    DcnError core = {0};
    DcnOcclusionMaps maps = {0};
    int size = param_int(compare->run->values, "size");
    side->step = param_int(compare->run->values, "step");
    if (!square_settle(net, &size, &side->step, error))
        return FALSE;
    gsize pixels = net_pixels(net);
    float *rgb = g_try_new(float, 3 * pixels);
    float *fill = g_try_new(float, net_input_count(net));
    DcnContext *context =
        dcn_context_new(param_int(compare->run->values, "threads"), &core);
    gboolean ok = context != NULL || fail_core(error, &core);
    if (ok && !(rgb && fill))
        ok = fail_run(error, _("There is not enough memory for the network's input."));
    if (ok) {
        fill_color(FILL_GRAY, pixels, rgb);
        net_input(net, rgb, fill);
        DcnOcclusion options = {
            .size = size,
            .step = side->step,
            .fill = fill,
            .channel = -1,
            .height = net->height,
            .width = net->width,
            .survey = net_survey(side->net, NULL),
            .output = net->card.output,
        };
        DcnProgress progress = busy_start(busy);
        ok = dcn_occlude(net->model, context, &options, side->seen.input, &maps,
                         &progress, &core) ||
             fail_core(error, &core);
    }
    ok = ok && net_steady(net, error);
    if (ok && !maps.probability)
        ok = fail_run(error, _("The model “%s” gave no probabilities."), net->card.name);
    if (ok)
        take_heat(side, &maps);
    dcn_occlusion_maps_free(&maps);
    dcn_context_free(context);
    g_free(fill);
    g_free(rgb);
    return ok;
}

/* --- all of it --- */

gboolean
compare_side(Compare *compare, int number, GError **error)
{
    Side *side = &compare->side[number];
    double from = 0.05 + 0.45 * number;
    Busy occluding = {
        .text = _("Occluding: position"), .from = from + 0.05, .to = from + 0.25};
    Busy removing = {.text = _("Removing map"), .from = from + 0.25, .to = from + 0.45};
    host_progress_text(_("Running the network"));
    net_tell(side->net);
    if (!seen_of_drawable(&side->seen, compare->run, side->drawable, side->net, error) ||
        !run_whole(compare, side, error) || !settle_label(compare, number, error) ||
        !project(compare, number, error) || !occlude(compare, side, &occluding, error))
        return FALSE;
    removing.count = side->probe.maps;
    return removal_run(&side->removal, &side->probe, side->seen.input, &side->classifier,
                       (gint64)side->class_index, &removing, error);
}

void
compare_side_clear(Side *side)
{
    g_free(side->name);
    g_free(side->probabilities);
    g_free(side->label);
    g_free(side->answer);
    g_free(side->signal);
    g_free(side->heat);
    labels_clear(&side->labels);
    removal_clear(&side->removal);
    probe_close(&side->probe);
    seen_clear(&side->seen);
}
