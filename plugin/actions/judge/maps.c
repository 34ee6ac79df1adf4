/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maps.c: the heat maps that are judged: by gradients, and by occlusion.
 *
 * A signal at the net's input has three values a pixel. Of these the largest magnitude is
 * taken (Simonyan, Vedaldi & Zisserman 2014, section 3.1), and a cell has the mean of its
 * pixels. */

#include "actions/judge/judge.h"
#include "base/busy.h"
#include "base/fail.h"
#include <math.h>

static JudgedMap *
add_map(Judge *judge, char *name, char *key)
{
    JudgedMap *map = g_new0(JudgedMap, 1);
    map->name = name;
    map->key = key;
    map->cells = g_new0(float, judge->grid.rows * judge->grid.columns);
    g_ptr_array_add(judge->maps, map);
    return map;
}

/* --- gradients --- */

/* rgb: height x width x 3 of a signal; becomes height x width. */
static void
to_strength(float *rgb, gsize pixels)
{
    for (gsize i = 0; i < pixels; i++)
        rgb[i] =
            fmaxf(fabsf(rgb[3 * i]), fmaxf(fabsf(rgb[3 * i + 1]), fabsf(rgb[3 * i + 2])));
}

static gboolean
is_silent(const float *values, gsize count)
{
    for (gsize i = 0; i < count; i++)
        if (values[i] != 0)
            return FALSE;
    return TRUE;
}

static gboolean
tell_without(const char *name, const char *why)
{
    char *text = g_strdup_printf(_("There is no map by %s: %s."), name, why);
    host_message(text);
    g_free(text);
    return TRUE;
}

/* signal: room for an input; rgb: for height x width x 3. */
static gboolean
add_gradient(Judge *judge,
             Runner *runner,
             DcnMethod method,
             float *signal,
             float *rgb,
             GError **error)
{
    static const char *const keys[] = {"deconvnet", "guided", "gradient"};
    const Net *net = judge->net;
    const char *name = method == DCN_DECONVNET ? _("deconvnet")
                       : method == DCN_GUIDED  ? _("guided backpropagation")
                                               : _("gradient");
    DcnError core = {0};
    /* A single number is for class 1; its strength is that for class 0 too. */
    gsize number = judge->classifier.numbers == 1 ? 0 : judge->class_index;
    DcnSeed seed = {.tensor = runner->tensor[0], .unit = {.channel = number}};
    if (!dcn_project(runner->session, &seed, method, signal, NULL, &core))
        return core.code == DCN_CANCELLED ? fail_core(error, &core)
                                          : tell_without(name, core.text);
    dcn_signal_to_rgb(&net->card.how, &net->layout, (gsize)net->height, (gsize)net->width,
                      signal, rgb);
    to_strength(rgb, net_pixels(net));
    if (is_silent(rgb, net_pixels(net)))
        return tell_without(name, _("no signal comes back to the picture"));
    JudgedMap *map = add_map(judge, g_strdup(name), g_strdup(keys[method]));
    curve_cells(&judge->grid, rgb, net->height, net->width, map->cells);
    return TRUE;
}

static gsize
predicted(const Judge *judge, const float *numbers)
{
    gsize best = 0;
    float *scores = g_new(float, judge->classifier.classes);
    dcn_classifier_read(&judge->classifier, numbers, scores, NULL);
    for (gsize k = 1; k < judge->classifier.classes; k++)
        if (scores[k] > scores[best])
            best = k;
    g_free(scores);
    return best;
}

static gboolean
add_gradients(Judge *judge, Runner *runner, GError **error)
{
    const Net *net = judge->net;
    float *signal = g_try_new(float, net_input_count(net));
    float *rgb = g_try_new(float, 3 * net_pixels(net));
    gboolean ok = (signal && rgb) ||
                  fail_run(error, _("There is not enough memory for a gradient."));
    gboolean differ = dcn_plan_methods_differ(runner->plan, runner->tensor[0]);
    const DcnMethod methods[] = {DCN_GRADIENT, DCN_GUIDED, DCN_DECONVNET};
    for (gsize i = 0; ok && i < (differ ? G_N_ELEMENTS(methods) : 1); i++)
        ok = add_gradient(judge, runner, methods[i], signal, rgb, error);
    g_free(rgb);
    g_free(signal);
    return ok;
}

gboolean
judge_gradients(Judge *judge, GError **error)
{
    gboolean wanted = param_bool(judge->run->values, "gradients");
    gboolean named = *param_text(judge->run->values, "label") != '\0';
    const DcnPlan *survey = net_survey(judge->net, error);
    Runner runner;
    if (!survey)
        return FALSE;
    if (!wanted && named)
        return TRUE;
    RunnerPart part = {.targets = {dcn_plan_name(survey, judge->classifier.tensor)},
                       .purpose = wanted ? RUNNER_PROJECT : RUNNER_FEW,
                       .threads = param_int(judge->run->values, "threads")};
    host_progress_text(_("Running the network"));
    if (!runner_open(&runner, judge->net, &part, error))
        return FALSE;
    runner_put(&runner, 0, judge->seen.input);
    gboolean ok = runner_run(&runner, NULL, error);
    if (ok && !named)
        judge->class_index = predicted(judge, runner_values(&runner, 0, 0));
    ok = ok && (!wanted || add_gradients(judge, &runner, error));
    runner_close(&runner);
    return ok;
}

/* --- occlusion --- */

static gboolean
occlude(Judge *judge,
        DcnContext *context,
        int size,
        const float *fill,
        Busy *busy,
        GError **error)
{
    const Net *net = judge->net;
    DcnError core = {0};
    DcnOcclusionMaps maps = {0};
    DcnOcclusion options = {
        .size = size,
        .step = judge->grid.step,
        .fill = fill,
        .channel = -1,
        .height = net->height,
        .width = net->width,
        .survey = net_survey(judge->net, NULL),
        .output = net->card.output,
    };
    DcnProgress progress = busy_start(busy);
    if (!dcn_occlude(net->model, context, &options, judge->seen.input, &maps, &progress,
                     &core))
        return fail_core(error, &core);
    gboolean ok = net_steady(net, error);
    if (ok && (!maps.probability || !maps.score))
        ok = fail_run(error, _("The model “%s” gave no probabilities."), net->card.name);
    if (ok) {
        gboolean score = param_is(judge->run->values, "value", "score");
        const float *values = score ? maps.score : maps.probability;
        const float *base = score ? maps.base_score : maps.base_probability;
        JudgedMap *map = add_map(judge, g_strdup_printf(_("occlusion, %d pixels"), size),
                                 g_strdup_printf("occlusion-%d", size));
        for (gsize i = 0; i < maps.rows * maps.columns; i++)
            map->cells[i] =
                base[judge->class_index] - values[i * maps.classes + judge->class_index];
    }
    dcn_occlusion_maps_free(&maps);
    return ok;
}

gboolean
judge_occlusions(Judge *judge, GError **error)
{
    const Net *net = judge->net;
    DcnError core = {0};
    DcnContext *context =
        dcn_context_new(param_int(judge->run->values, "threads"), &core);
    float *fill = g_try_new(float, net_input_count(net));
    gboolean ok = context != NULL || fail_core(error, &core);
    if (ok && !fill)
        ok = fail_run(error, _("There is not enough memory for the network's input."));
    if (ok)
        net_input(net, judge->removed, fill);
    for (gsize i = 0; ok && i < judge->n_sizes; i++) {
        Busy busy = {.text = _("Occluding: position"),
                     .count = judge->grid.rows * judge->grid.columns,
                     .from = 0.1 + 0.4 * (double)i / (double)judge->n_sizes,
                     .to = 0.1 + 0.4 * (double)(i + 1) / (double)judge->n_sizes};
        ok = occlude(judge, context, judge->sizes[i], fill, &busy, error);
    }
    g_free(fill);
    dcn_context_free(context);
    return ok;
}
