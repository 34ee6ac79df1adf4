/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whatif.c: the procedure that shows how a network's answer changes when something is
 * removed.
 *
 * This is occlusion by hand (Zeiler & Fergus 2014, section 4.2, without the grid): the
 * selection is filled, or layers or a map are switched off, and the network runs
 * again. */

#include "actions/whatif/figure.h"
#include "actions/whatif/try.h"
#include "base/busy.h"
#include "base/fail.h"
#include "net/picks.h"
#include "photo/fill.h"

static const ParamChoice removes[] = {
    {"selection", N_("The selection, by filling it")},
    {"layers", N_("Layers, one after another")},
    {"map", N_("The feature map")},
    {NULL, NULL},
};

static const ParamChoice targets[] = {
    {"numbers", N_("Numbers")},
    FIGURE_TARGET,
    {NULL, NULL},
};

/* All layers that may be switched off. None named means all, so no default is offered.
 * */
static GPtrArray *
pick_some_layers(const ParamValues *values, GError **error)
{
    GPtrArray *list = net_pick_layers(values, error);
    if (list)
        g_ptr_array_remove_index(list, 0);
    return list;
}

static const Param params[] = {
    NET_MODEL(N_("ONNX file to ask; empty: the built-in model")),
    {.name = "remove",
     .type = PARAM_CHOICE,
     .label = N_("_What to remove"),
     .blurb = N_(
         "The selected part of the picture is filled; or a layer of the network, or one map of it, is switched off: it gives zeroes"),
     .text = "selection",
     .choices = removes},
    {.name = "fill",
     .type = PARAM_CHOICE,
     .label = N_("F_ill"),
     .blurb = N_("What the selection shows instead of the photo; soft edges blend"),
     .text = "color",
     .choices = whatif_fills,
     .only_with = "remove",
     .only_nicks = "selection"},
    {.name = "color",
     .type = PARAM_COLOR,
     .label = N_("Fill colo_ur"),
     .blurb = N_("Colour of the filled selection, before preprocessing"),
     .text = FILL_GRAY,
     .only_with = "fill",
     .only_nicks = "color"},
    {.name = "layers",
     .type = PARAM_PICKS,
     .label = N_("N_etwork layers"),
     .blurb = N_(
         "Layers to switch off, separated by \";\", each alone; empty: every one that the answer depends on"),
     .empty = N_("All"),
     .fill = pick_some_layers,
     .depends = "model",
     .only_with = "remove",
     .only_nicks = "layers"},
    NET_LABEL(N_(
        "Name or number of the class that is followed; empty: the one that is predicted for the photo")),
    NET_LAYER(N_(
        "Layer of the map that is followed, or switched off; empty: the deepest one with maps before the classifier")),
    {.name = "map",
     .type = PARAM_INT,
     .label = N_("Feature m_ap"),
     .blurb = N_(
         "Number of the map that is followed, or switched off, from 0; -1: the strongest for the whole photo"),
     .min = -1,
     .max = 1000000,
     .value = -1,
     .empty = N_("Strongest")},
    {.name = "fit",
     .type = PARAM_CHOICE,
     .label = N_("_Fit"),
     .blurb = N_("How the layer is brought to the network's proportions: the largest "
                 "centred part, all of it stretched, or all of it with bars in the "
                 "network's neutral colour. The selection does not crop it"),
     .text = "crop",
     .choices = seen_fits},
    {.name = "picture",
     .type = PARAM_BOOL,
     .label = N_("Add the filled _picture"),
     .blurb = N_("Add what the network saw of the filled picture as a layer"),
     .only_with = "remove",
     .only_nicks = "selection",
     .advanced = TRUE},
    NET_EXPORT(N_(
        "File for all numbers as comma-separated values: a line for the whole picture, one for each thing that was removed; empty: none")),
    NET_THREADS(N_("Threa_ds")),
    {.name = "target",
     .type = PARAM_CHOICE,
     .label = N_("_Kind of result"),
     .blurb = N_(
         "Numbers alone; or also a finished figure, a new image of before and after with bars"),
     .text = "numbers",
     .choices = targets,
     .advanced = TRUE},
    FIGURE_WIDTH,
    FIGURE_THEME,
};

static const Result results[] = {
    LAYERS_RESULTS,
    {"sentence", RESULT_STRING, N_("What came of it")},
    {"label", RESULT_STRING, N_("The class that is followed")},
    {"layer", RESULT_STRING,
     N_("Layer of the map that is followed; empty if the network has no maps")},
    {"map", RESULT_INT, N_("Its number; -1: none")},
    {"base", RESULT_DOUBLES,
     N_("Probability and score of the class, and the map's activity (its sum) if there is one, for the whole picture")},
    {"removed", RESULT_STRINGS, N_("What was removed, each time")},
    {"probabilities", RESULT_DOUBLES, N_("The class's probability then")},
    {"scores", RESULT_DOUBLES, N_("The class's score then")},
    {"activities", RESULT_DOUBLES, N_("The map's activity then, if there is one")},
    {"labels-before", RESULT_STRINGS,
     N_("The five most probable labels for the whole picture, the first of them first")},
    {"before", RESULT_DOUBLES, N_("Their probabilities")},
    {"labels-after", RESULT_STRINGS,
     N_("The five most probable labels each time, one time after another")},
    {"after", RESULT_DOUBLES, N_("Their probabilities")},
};
enum {
    RESULT_LAYERS,
    RESULT_IN_IMAGE,
    RESULT_SENTENCE,
    RESULT_LABEL,
    RESULT_LAYER,
    RESULT_MAP,
    RESULT_BASE,
    RESULT_REMOVED,
    RESULT_PROBABILITIES,
    RESULT_SCORES,
    RESULT_ACTIVITIES,
    RESULT_LABELS_BEFORE,
    RESULT_BEFORE,
    RESULT_LABELS_AFTER,
    RESULT_AFTER
};

/* --- results --- */

static void
add_top(const Whatif *whatif,
        const WhatifAnswer *answer,
        GPtrArray *labels,
        GArray *values)
{
    gsize top[WHATIF_TOP];
    gsize count = whatif_top(answer->probability, whatif->asker.classes, WHATIF_TOP, top);
    for (gsize i = 0; i < count; i++) {
        double value = (double)answer->probability[top[i]];
        g_ptr_array_add(labels, labels_name(&whatif->labels, top[i]));
        g_array_append_val(values, value);
    }
}

static GArray *
doubles(void)
{
    return g_array_new(FALSE, FALSE, sizeof(double));
}

static char **
strings(GPtrArray *array)
{
    g_ptr_array_add(array, NULL);
    return (char **)g_ptr_array_free(array, FALSE);
}

/* Probability and score of the class, activity of the map. */
static void
numbers_of(const Whatif *whatif, const WhatifAnswer *answer, double three[3])
{
    three[0] = (double)answer->probability[whatif->class_index];
    three[1] = (double)answer->score[whatif->class_index];
    three[2] = whatif->asker.watched.tensor ? (double)answer->activity[whatif->map] : 0;
}

void
whatif_give(const Whatif *whatif, ResultValue *values, char *sentence)
{
    GPtrArray *removed = g_ptr_array_new(), *before = g_ptr_array_new(),
              *after = g_ptr_array_new();
    GArray *numbers[6];
    for (int k = 0; k < 6; k++)
        numbers[k] = doubles();
    /* Without maps there is no activity, the third of these. */
    guint told = whatif->asker.watched.tensor ? 3 : 2;
    double three[3];
    numbers_of(whatif, &whatif->before, three);
    g_array_append_vals(numbers[0], three, told);
    add_top(whatif, &whatif->before, before, numbers[4]);
    for (guint i = 0; i < whatif->after->len; i++) {
        const WhatifTrial *trial = &g_array_index(whatif->after, WhatifTrial, i);
        const WhatifAnswer *answer = &trial->answer;
        numbers_of(whatif, answer, three);
        g_ptr_array_add(removed, g_strdup(trial->removed));
        for (guint k = 0; k < told; k++)
            g_array_append_val(numbers[k + 1], three[k]);
        add_top(whatif, answer, after, numbers[5]);
    }
    values[RESULT_SENTENCE].text = sentence;
    values[RESULT_LABEL].text = g_strdup(whatif->label);
    values[RESULT_LAYER].text = g_strdup(told == 3 ? whatif->asker.watched.shown : "");
    values[RESULT_MAP].i = told == 3 ? (int)whatif->map : -1;
    values[RESULT_BASE].numbers = numbers[0];
    values[RESULT_REMOVED].texts = strings(removed);
    values[RESULT_PROBABILITIES].numbers = numbers[1];
    values[RESULT_SCORES].numbers = numbers[2];
    values[RESULT_ACTIVITIES].numbers = numbers[3];
    values[RESULT_LABELS_BEFORE].texts = strings(before);
    values[RESULT_BEFORE].numbers = numbers[4];
    values[RESULT_LABELS_AFTER].texts = strings(after);
    values[RESULT_AFTER].numbers = numbers[5];
}

/* --- the run --- */

static gboolean
check_selection(const Run *run, const WhatifCut *cut, GError **error)
{
    GeglRectangle bounds;
    if (!host_selection(run->image, &bounds))
        return fail_input(
            error,
            _("Nothing is selected: select the part of the photo to be removed, or switch off layers or a map of the network."));
    return cut->area > 0 ||
           fail_input(
               error,
               _("The network sees nothing of the selection: select a part of the layer that “Fit” lets through."));
}

static gboolean
try_layers(Whatif *whatif, const Run *run, const WhatifCut *cut, GError **error)
{
    GArray *layers = whatif_layers(whatif, run->values, error);
    if (!layers)
        return FALSE;
    Busy busy = {
        .text = _("Switching off layer"), .count = layers->len, .from = 0.2, .to = 0.95};
    DcnProgress progress = busy_start(&busy);
    gboolean ok = whatif_try_layers(whatif, layers, cut, &progress, error);
    g_array_unref(layers);
    return ok;
}

static gboolean
try_all(Whatif *whatif, const Run *run, const WhatifCut *cut, GError **error)
{
    const ParamValues *values = run->values;
    const char *data = param_text(values, "data");
    const Net *net = whatif->asker.net;
    gboolean selection = param_is(values, "remove", "selection"),
             map = param_is(values, "remove", "map");
    WhatifFill fill = whatif_fill(values);
    float *rgb = g_try_new(float, net_pixels(net) * 3);
    Busy forward = {.text = _("Running the network"), .from = 0.05, .to = 0.2};
    DcnProgress progress = busy_start(&forward);
    gboolean ok =
        rgb || fail_run(error, _("There is not enough memory for the network's input."));
    ok = ok && whatif_begin(whatif, values, cut->seen.input, &progress, error) &&
         (selection ? whatif_try_selection(whatif, cut, &fill, rgb, error)
          : map     ? whatif_try_map(whatif, cut, error)
                    : try_layers(whatif, run, cut, error)) &&
         (!*data || whatif_save(whatif, data, error));
    if (ok && figure_wanted(run)) {
        ok = whatif_figure(run, whatif, cut, selection ? rgb : NULL, error);
    } else if (ok && selection && param_bool(values, "picture")) {
        char *change = whatif_change(whatif, whatif_told(whatif));
        ok = whatif_show(run, net, &cut->seen.region, change, rgb, error);
        g_free(change);
    } else if (ok) {
        run->results[RESULT_IN_IMAGE].image = run->image;
    }
    g_free(rgb);
    return ok;
}

static gboolean
run_whatif(const Run *run, GError **error)
{
    Whatif whatif;
    WhatifCut cut;
    if (!whatif_open(&whatif, run->values, error))
        return FALSE;
    host_progress_start(_("What if"));
    net_tell(whatif.asker.net);
    net_tell_answer(whatif.asker.net, &whatif.asker.classifier);
    host_progress_text(_("Reading the photo"));
    gboolean ok = whatif_cut_take(&cut, run->image, run->drawables[0], whatif.asker.net,
                                  seen_fit(run->values), error);
    if (ok && param_is(run->values, "remove", "selection"))
        ok = check_selection(run, &cut, error);
    ok = ok && try_all(&whatif, run, &cut, error);
    if (ok) {
        char *sentence = whatif_sentence(&whatif);
        host_message(sentence);
        whatif_give(&whatif, run->results, sentence);
    }
    host_progress_end();
    whatif_cut_clear(&cut);
    whatif_close(&whatif);
    return ok;
}

const Procedure procedure_whatif = {
    .name = "plug-in-featurescope-whatif",
    .menu = N_("_What If..."),
    .title = N_("What If"),
    .blurb = N_("Shows what a network thinks of the photo when something is removed"),
    .help = N_(
        "Occlusion by hand: the selection, of any shape, is filled, and the network is "
        "asked before and after. Or layers of the network are switched off, one after "
        "another, each alone, or one feature map: what is switched off gives zeroes. "
        "The five most probable labels, the probability and score of a class, and the "
        "activity of a feature map are returned for before and after. The image stays as "
        "it is, unless the filled picture is wanted as a layer."),
    .icon = "featurescope-whatif",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .run = run_whatif,
    .takes = procedure_takes_one,
    .window = WINDOW_WHATIF,
};
