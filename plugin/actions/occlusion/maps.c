/* SPDX-License-Identifier: GPL-3.0-or-later */
/* maps.c: an occlusion of one drawable, and the heat maps that come out of it. */

#include "actions/occlusion/maps.h"
#include "actions/occlusion/square.h"
#include "base/busy.h"
#include "base/fail.h"
#include "base/text.h"
#include "photo/fill.h"
#include "result/frame.h"
#include <string.h>

/* --- what is asked for --- */

static gboolean
prepare_classes(Occlusion *occlusion, const Run *run, GError **error)
{
    if (!occlusion->probability && !occlusion->class_map)
        return TRUE;
    if (!net_classifier(occlusion->net, &occlusion->classes, error))
        return FALSE;
    occlusion->classifier = TRUE;
    occlusion->labels = net_labels(occlusion->net, occlusion->classes.classes);
    char **names = param_list(run->values, "labels");
    gsize count = g_strv_length(names);
    gboolean ok = TRUE;
    occlusion->wanted = g_new0(gsize, count + 1);
    for (gsize i = 0; ok && i < count; i++)
        ok = labels_find(&occlusion->labels, occlusion->classes.classes, names[i],
                         &occlusion->wanted[occlusion->n_wanted++], error);
    g_strfreev(names);
    return ok;
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

/* The core refuses a layer without maps too, after a plan, and in English. */
static gboolean
has_maps(const Occlusion *occlusion, GError **error)
{
    DcnMaps maps;
    const NetLayer *layer = &occlusion->layer;
    const DcnPlan *survey = net_survey(occlusion->net, NULL);
    int tensor = survey ? dcn_plan_find(survey, layer->tensor, NULL) : -1;
    return tensor < 0 || net_maps(survey, tensor, layer->shown, &maps, error);
}

gboolean
occlusion_prepare(Occlusion *occlusion, const Run *run, Net *net, GError **error)
{
    const ParamValues *values = run->values;
    gboolean all = param_is(values, "show", "all");
    *occlusion = (Occlusion){
        .net = net,
        .size = param_int(values, "size"),
        .step = param_int(values, "step"),
        .activity = all || param_is(values, "show", "activity"),
        .projection = all || param_is(values, "show", "projection"),
        .probability = all || param_is(values, "show", "probability"),
        .class_map = all || param_is(values, "show", "class"),
    };
    /* Of all four, those are made that there are. */
    if (all && !*param_text(values, "layer") && !net_has_maps(net)) {
        occlusion->activity = occlusion->projection = FALSE;
        occlusion->no_maps = TRUE;
    }
    gboolean layer = occlusion->activity || occlusion->projection;
    gboolean ok = prepare_range(run, error) &&
                  square_settle(net, &occlusion->size, &occlusion->step, error) &&
                  prepare_classes(occlusion, run, error) &&
                  (!layer || (net_layer(net, param_text(values, "layer"),
                                        &occlusion->layer, error) &&
                              has_maps(occlusion, error)));
    if (!ok)
        occlusion_clear(occlusion);
    return ok;
}

void
occlusion_clear(Occlusion *occlusion)
{
    net_layer_clear(&occlusion->layer);
    labels_clear(&occlusion->labels);
    g_free(occlusion->wanted);
    *occlusion = (Occlusion){0};
}

/* --- the square's picture --- */

gboolean
occlusion_fill(const Occlusion *occlusion, const Run *run, const Seen *seen, float *rgb)
{
    const Net *net = occlusion->net;
    if (param_is(run->values, "fill", "mean"))
        fill_mean(seen->rgb, net_pixels(net), rgb);
    else if (param_is(run->values, "fill", "blur"))
        /* The blur is so wide that nothing as large as the square can be recognised. */
        return fill_blur(seen->rgb, net->height, net->width, occlusion->size / 2.0, rgb);
    else
        fill_color(param_text(run->values, "color"), net_pixels(net), rgb);
    return TRUE;
}

/* The values that the square puts into the network's input; g_free(). NULL without
 * memory. */
static float *
fill_input(const Occlusion *occlusion, const Run *run, const Seen *seen)
{
    const Net *net = occlusion->net;
    float *rgb = g_try_new(float, 3 * net_pixels(net));
    float *input = g_try_new(float, net_input_count(net));
    gboolean ok = rgb && input && occlusion_fill(occlusion, run, seen, rgb);
    if (ok)
        net_input(net, rgb, input);
    g_free(rgb);
    if (!ok)
        g_clear_pointer(&input, g_free);
    return input;
}

/* --- heat maps --- */

static Heat *
heat_new(const Occlusion *occlusion,
         const Run *run,
         HeatKind kind,
         const DcnOcclusionMaps *maps,
         const Seen *seen,
         HostItem *drawable)
{
    Heat *heat = g_new0(Heat, 1);
    const char *colors = param_text(run->values, "colors");
    heat->kind = kind;
    heat->rows = maps->rows;
    heat->columns = maps->columns;
    heat->step = occlusion->step;
    heat->region = frame_region(run, &seen->region);
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

/* A cell that is known and stands for this one; SIZE_MAX: none is known yet. */
static gsize
stand_in(const DcnOcclusionMaps *maps, gsize cell)
{
    return dcn_occlusion_cell(maps, cell / maps->columns, cell % maps->columns);
}

/* One value a cell of rows x columns x count, the index-th; base where none is known. */
static float *
plane(
    const DcnOcclusionMaps *maps, const float *all, gsize count, gsize index, float base)
{
    gsize cells = maps->rows * maps->columns;
    float *values = g_new(float, cells);
    for (gsize i = 0; i < cells; i++) {
        gsize from = stand_in(maps, i);
        values[i] = from == SIZE_MAX ? base : all[from * count + index];
    }
    return values;
}

static guint32 *
best_of(const DcnOcclusionMaps *maps)
{
    gsize cells = maps->rows * maps->columns;
    guint32 *best = g_new(guint32, cells);
    for (gsize i = 0; i < cells; i++) {
        gsize from = stand_in(maps, i);
        best[i] = from == SIZE_MAX ? maps->base_best : maps->best[from];
    }
    return best;
}

static void
fill_class_heat(const Occlusion *occlusion,
                const DcnOcclusionMaps *maps,
                gsize class_index,
                Heat *heat)
{
    gboolean score = heat->kind == HEAT_SCORE;
    char *name = labels_name(&occlusion->labels, class_index);
    char *key = labels_key(&occlusion->labels, class_index);
    /* TRANSLATORS: the score of a class before the softmax: "score(tabby)". */
    heat->what = text_of_label(score ? _("score") : "P", name);
    heat->title =
        g_strdup_printf(score ? _("Score of “%s”") : _("Probability of “%s”"), name);
    heat->file = g_strconcat(score ? "score-" : "probability-", key, NULL);
    heat->base = (double)(score ? maps->base_score : maps->base_probability)[class_index];
    heat->values = plane(maps, score ? maps->score : maps->probability, maps->classes,
                         class_index, (float)heat->base);
    heat->rounding = dcn_occlusion_rounding(
        maps, score ? DCN_MAP_OF_SCORE : DCN_MAP_OF_PROBABILITY, class_index);
    g_free(key);
    g_free(name);
}

void
occlusion_heats(const Occlusion *occlusion,
                const Run *run,
                const DcnOcclusionMaps *maps,
                const Seen *seen,
                HostItem *drawable,
                GPtrArray *heats)
{
    guint first = heats->len;
    gsize predicted = maps->base_best;
    const gsize *classes = occlusion->n_wanted ? occlusion->wanted : &predicted;
    HeatKind kind =
        param_is(run->values, "value", "score") ? HEAT_SCORE : HEAT_PROBABILITY;
    for (gsize i = 0; occlusion->probability && i < MAX(1, occlusion->n_wanted); i++) {
        Heat *heat = heat_new(occlusion, run, kind, maps, seen, drawable);
        fill_class_heat(occlusion, maps, classes[i], heat);
        g_ptr_array_add(heats, heat);
    }
    if (occlusion->class_map) {
        Heat *heat = heat_new(occlusion, run, HEAT_CLASS, maps, seen, drawable);
        heat->what = g_strdup(_("Class map"));
        heat->title = g_strdup(_("Most probable class"));
        heat->file = g_strdup("class");
        heat->best = best_of(maps);
        heat->base = maps->base_best;
        heat->n_classes = maps->classes;
        heat->labels = (Labels *)&occlusion->labels;
        g_ptr_array_add(heats, heat);
    }
    if (occlusion->activity) {
        Heat *heat = heat_new(occlusion, run, HEAT_ACTIVITY, maps, seen, drawable);
        /* TRANSLATORS: the sum of a feature map of a layer of the network. */
        heat->what = g_strdup_printf(_("map %d · %s · activity"), (int)maps->channel,
                                     occlusion->layer.shown);
        heat->title = g_strdup_printf(_("Activity of map %d"), (int)maps->channel);
        heat->file = g_strdup("activity");
        heat->base = (double)maps->base_activity;
        heat->values = plane(maps, maps->activity, 1, 0, maps->base_activity);
        heat->rounding = dcn_occlusion_rounding(maps, DCN_MAP_OF_ACTIVITY, 0);
        g_ptr_array_add(heats, heat);
    }
    for (guint i = first; i < heats->len; i++)
        heat_measure(g_ptr_array_index(heats, i));
}

/* --- the work --- */

static bool
more_cells(const DcnOcclusionMaps *maps, void *user)
{
    const Occlusion *occlusion = user;
    return !occlusion->enough(occlusion->user, maps);
}

gboolean
occlusion_run(const Occlusion *occlusion,
              const Run *run,
              const Seen *seen,
              HostItem *drawable,
              GPtrArray *heats,
              GError **error)
{
    const Net *net = occlusion->net;
    const DcnOcclusionMaps *maps;
    gsize rows = (gsize)(net->height + occlusion->step - 1) / (gsize)occlusion->step;
    gsize columns = (gsize)(net->width + occlusion->step - 1) / (gsize)occlusion->step;
    Busy busy = {.text = _("Occluding: position"),
                 .count = rows * columns,
                 .from = 0.05,
                 .to = 0.95};
    float *fill = fill_input(occlusion, run, seen);
    if (!fill)
        return fail_run(error, _("There is not enough memory for the network's input."));
    OcclusionKept *own = occlusion->kept ? NULL : occlusion_kept_new();
    DcnOcclusion options = {
        .size = occlusion->size,
        .step = occlusion->step,
        .fill = fill,
        .layer = occlusion->layer.tensor,
        .channel = occlusion->layer.tensor ? param_int(run->values, "map") : -1,
        .height = net->height,
        .width = net->width,
        .survey = net_survey(occlusion->net, NULL),
        .output = net->card.output,
        .cells = occlusion->enough ? more_cells : NULL,
        .cells_user = (void *)occlusion,
    };
    DcnProgress progress = occlusion->progress ? *occlusion->progress : busy_start(&busy);
    gboolean ok = occlusion_kept_run(own ? own : occlusion->kept, net,
                                     param_int(run->values, "threads"), &options,
                                     seen->input, &maps, &progress, error) &&
                  net_steady(net, error);
    if (ok && occlusion->classifier &&
        (!maps->probability || !maps->best || !maps->score))
        ok = fail_run(error, _("The model “%s” gave no probabilities."), net->card.name);
    if (ok)
        occlusion_heats(occlusion, run, maps, seen, drawable, heats);
    occlusion_kept_free(own);
    g_free(fill);
    return ok;
}
