/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maps.c: an occlusion of one drawable, and the heat maps that come out of it. */

#include "actions/occlusion/maps.h"
#include "base/busy.h"
#include "base/fail.h"
#include "base/text.h"
#include "photo/fill.h"
#include <string.h>

/* The paper's proportions: on a side of 224 a square of 32 pixels, moved by 8. */
#define AUTO_SQUARES 7
#define AUTO_STEPS 28

/* --- what is asked for --- */

static gboolean
prepare_classes(Sweep *sweep, const Run *run, GError **error)
{
    if (!sweep->probability && !sweep->class_map)
        return TRUE;
    if (!net_classifier(sweep->net, &sweep->classes, error))
        return FALSE;
    sweep->classifier = TRUE;
    if (param_is(run->values, "value", "score") && sweep->classes.score < 0)
        return fail_input(
            error,
            _("The model “%s” has no scores before its softmax; take the probability."),
            sweep->net->card.name);
    sweep->labels = net_labels(sweep->net, sweep->classes.classes);
    char **names = param_list(run->values, "labels");
    gsize count = g_strv_length(names);
    gboolean ok = TRUE;
    sweep->wanted = g_new0(gsize, count + 1);
    for (gsize i = 0; ok && i < count; i++)
        ok = labels_find(&sweep->labels, sweep->classes.classes, names[i],
                         &sweep->wanted[sweep->n_wanted++], error);
    g_strfreev(names);
    return ok;
}

static gboolean
prepare_square(Sweep *sweep, const Run *run, GError **error)
{
    const Net *net = sweep->net;
    int side = MAX(net->height, net->width);
    sweep->size = param_int(run->values, "size");
    sweep->step = param_int(run->values, "step");
    if (!sweep->size)
        sweep->size = MAX(1, (side + AUTO_SQUARES / 2) / AUTO_SQUARES);
    if (!sweep->step)
        sweep->step = MAX(1, (side + AUTO_STEPS / 2) / AUTO_STEPS);
    if (sweep->size > side || sweep->step > side)
        return fail_input(
            error,
            _("A square of %d pixels, moved by %d, is out of range: the network sees %d × %d pixels."),
            sweep->size, sweep->step, net->width, net->height);
    return TRUE;
}

static gboolean
prepare_range(const Run *run, GError **error)
{
    char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
    double from = param_double(run->values, "low"),
           to = param_double(run->values, "high");
    if (!param_is(run->values, "range", "fixed") || from < to)
        return TRUE;
    return fail_input(
        error,
        _("The fixed range goes from %s to %s; the lower end must be below the upper one."),
        g_ascii_dtostr(low, sizeof low, from), g_ascii_dtostr(high, sizeof high, to));
}

gboolean
sweep_prepare(Sweep *sweep, const Run *run, Net *net, GError **error)
{
    const ParamValues *values = run->values;
    gboolean all = param_is(values, "show", "all");
    *sweep = (Sweep){
        .net = net,
        .activity = all || param_is(values, "show", "activity"),
        .projection = all || param_is(values, "show", "projection"),
        .probability = all || param_is(values, "show", "probability"),
        .class_map = all || param_is(values, "show", "class"),
    };
    gboolean layer = sweep->activity || sweep->projection;
    gboolean ok =
        prepare_range(run, error) && prepare_square(sweep, run, error) &&
        prepare_classes(sweep, run, error) &&
        (!layer || net_layer(net, param_text(values, "layer"), &sweep->layer, error));
    if (!ok)
        sweep_clear(sweep);
    return ok;
}

void
sweep_clear(Sweep *sweep)
{
    net_layer_clear(&sweep->layer);
    labels_clear(&sweep->labels);
    g_free(sweep->wanted);
    *sweep = (Sweep){0};
}

/* --- the square's picture --- */

/* What the square shows, as the network's input; g_free(). NULL without memory. */
static float *
fill_input(const Sweep *sweep, const Run *run, const Look *look)
{
    const Net *net = sweep->net;
    gsize pixels = (gsize)net->height * (gsize)net->width;
    float *rgb = g_try_new(float, pixels * 3);
    float *input = g_try_new(float, net_input_count(net));
    gboolean ok = rgb && input;
    if (ok && param_is(run->values, "fill", "mean"))
        fill_mean(look->rgb, pixels, rgb);
    else if (ok && param_is(run->values, "fill", "blur"))
        /* Wide enough that nothing as large as the square is left to be seen. */
        ok = fill_blur(look->rgb, net->height, net->width, sweep->size / 2.0, rgb);
    else if (ok)
        fill_color(param_text(run->values, "color"), pixels, rgb);
    if (ok)
        dcn_input_from_rgb(&net->card.how, &net->layout, (size_t)net->height,
                           (size_t)net->width, rgb, input);
    g_free(rgb);
    if (!ok)
        g_clear_pointer(&input, g_free);
    return input;
}

/* --- heat maps --- */

static Heat *
heat_new(const Sweep *sweep,
         const Run *run,
         HeatKind kind,
         const DcnOcclusionMaps *maps,
         const Look *look,
         HostItem *drawable)
{
    Heat *heat = g_new0(Heat, 1);
    const char *colors = param_text(run->values, "colors");
    heat->kind = kind;
    heat->rows = maps->rows;
    heat->columns = maps->columns;
    heat->step = sweep->step;
    heat->region = look->region;
    heat->drawable = drawable;
    heat->change = kind != HEAT_CLASS && param_is(run->values, "change", "change");
    heat->map = g_str_equal(colors, "vivid")       ? COLORMAP_VIVID
                : g_str_equal(colors, "heat")      ? COLORMAP_HEAT
                : g_str_equal(colors, "gray")      ? COLORMAP_GRAY
                : g_str_equal(colors, "diverging") ? COLORMAP_DIVERGING
                : heat->change                     ? COLORMAP_DIVERGING
                                                   : COLORMAP_VIVID;
    return heat;
}

/* One class's plane of rows x columns x classes. */
static float *
plane(const float *all, gsize cells, gsize classes, gsize class_index)
{
    float *values = g_new(float, cells);
    for (gsize i = 0; i < cells; i++)
        values[i] = all[i * classes + class_index];
    return values;
}

static void
fill_class_heat(const Sweep *sweep,
                const DcnOcclusionMaps *maps,
                gsize class_index,
                Heat *heat)
{
    gboolean score = heat->kind == HEAT_SCORE;
    char *name = labels_name(&sweep->labels, class_index);
    char *key = labels_key(&sweep->labels, class_index);
    /* TRANSLATORS: the score of a class before the softmax: "score(tabby)". */
    heat->what = text_of_label(score ? _("score") : "P", name);
    heat->file = g_strconcat(score ? "score-" : "probability-", key, NULL);
    heat->values = plane(score ? maps->score : maps->probability,
                         maps->rows * maps->columns, maps->classes, class_index);
    heat->base = (double)(score ? maps->base_score : maps->base_probability)[class_index];
    g_free(key);
    g_free(name);
}

static void
make_heats(const Sweep *sweep,
           const Run *run,
           const DcnOcclusionMaps *maps,
           const Look *look,
           HostItem *drawable,
           GPtrArray *heats)
{
    gsize cells = maps->rows * maps->columns, predicted = maps->base_best;
    const gsize *classes = sweep->n_wanted ? sweep->wanted : &predicted;
    HeatKind kind =
        param_is(run->values, "value", "score") ? HEAT_SCORE : HEAT_PROBABILITY;
    for (gsize i = 0; sweep->probability && i < MAX(1, sweep->n_wanted); i++) {
        Heat *heat = heat_new(sweep, run, kind, maps, look, drawable);
        fill_class_heat(sweep, maps, classes[i], heat);
        g_ptr_array_add(heats, heat);
    }
    if (sweep->class_map) {
        Heat *heat = heat_new(sweep, run, HEAT_CLASS, maps, look, drawable);
        heat->what = g_strdup(_("Class map"));
        heat->file = g_strdup("class");
        heat->best = g_memdup2(maps->best, cells * sizeof *maps->best);
        heat->base = maps->base_best;
        heat->n_classes = maps->classes;
        heat->labels = (Labels *)&sweep->labels;
        g_ptr_array_add(heats, heat);
    }
    if (sweep->activity) {
        Heat *heat = heat_new(sweep, run, HEAT_ACTIVITY, maps, look, drawable);
        /* TRANSLATORS: the sum of a feature map of a layer of the network. */
        heat->what = g_strdup_printf(_("%s · map %d · activity"), sweep->layer.shown,
                                     (int)maps->channel);
        heat->file = g_strdup("activity");
        heat->values = g_memdup2(maps->activity, cells * sizeof *maps->activity);
        heat->base = (double)maps->base_activity;
        g_ptr_array_add(heats, heat);
    }
}

/* --- the work --- */

gboolean
sweep_run(const Sweep *sweep,
          const Run *run,
          const Look *look,
          HostItem *drawable,
          GPtrArray *heats,
          GError **error)
{
    const Net *net = sweep->net;
    DcnError core = {0};
    DcnOcclusionMaps maps = {0};
    gsize rows = (gsize)(net->height + sweep->step - 1) / (gsize)sweep->step;
    gsize columns = (gsize)(net->width + sweep->step - 1) / (gsize)sweep->step;
    Busy busy = {.text = _("Occluding: position"),
                 .count = rows * columns,
                 .from = 0.05,
                 .to = 0.95};
    float *fill = fill_input(sweep, run, look);
    if (!fill)
        return fail_run(error, _("There is not enough memory for the network's input."));
    DcnContext *context = dcn_context_new(param_int(run->values, "threads"), &core);
    DcnOcclusion options = {
        .size = sweep->size,
        .step = sweep->step,
        .fill = fill,
        .layer = sweep->layer.tensor,
        .channel = sweep->layer.tensor ? param_int(run->values, "map") : -1,
        .height = net->height,
        .width = net->width,
        .survey = net_survey(sweep->net, NULL),
    };
    DcnProgress progress = busy_start(&busy);
    gboolean ok = context && dcn_occlude(net->model, context, &options, look->input,
                                         &maps, &progress, &core);
    if (!ok)
        fail_core(error, &core);
    if (ok && sweep->classifier && (!maps.probability || !maps.best || !maps.score))
        ok = fail_run(error, _("The model “%s” gave no probabilities."), net->card.name);
    guint first = heats->len;
    if (ok)
        make_heats(sweep, run, &maps, look, drawable, heats);
    for (guint i = first; i < heats->len; i++)
        heat_measure(g_ptr_array_index(heats, i));
    dcn_occlusion_maps_free(&maps);
    dcn_context_free(context);
    g_free(fill);
    return ok;
}
