/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evidence.c: the procedure that asks which maps speak for a class.
 *
 * The strongest map of a photo need not be the one that decides the class: the layers
 * behind it weigh many maps together. Here each map is removed in turn, and the change of
 * the class's probability is its evidence. */

#include "actions/evidence/evidence.h"
#include "actions/evidence/chart.h"
#include "base/fail.h"
#include "base/text.h"
#include "draw/paint.h"
#include "net/picks.h"
#include "result/about.h"
#include "result/frame.h"
#include <math.h>

#define MOST_TOGETHER 4096

static const ParamChoice measures[] = {
    {"probability", N_("Change of the probability")},
    {"score", N_("Change of the score before the softmax")},
    {NULL, NULL},
};

static const Param params[] = {
    NET_MODEL(N_("ONNX file to ask; empty: the built-in model")),
    NET_LABEL(N_(
        "Name or number of the class; empty: the one that is predicted for the photo")),
    NET_LAYER(N_(
        "Layer whose feature maps are removed in turn; empty: the deepest one with maps before the classifier")),
    {.name = "count",
     .type = PARAM_INT,
     .label = N_("How ma_ny"),
     .blurb = N_(
         "How many maps with the most evidence for the class, and how many with the most against it, are shown"),
     .min = 1,
     .max = EVIDENCE_MOST,
     .value = 4},
    {.name = "measure",
     .type = PARAM_CHOICE,
     .label = N_("_Evidence is the"),
     .blurb = N_(
         "What orders the maps: the probability, or the score, which goes on moving where the probability is close to 0 or 1"),
     .text = "probability",
     .choices = measures},
    PROBE_METHOD,
    SEEN_FIT,
    NET_EXPORT(
        N_("File for all numbers as comma-separated values, a line a map; empty: none")),
    NET_THREADS(N_("Threa_ds")),
    FRAME_TARGET,
    FRAME_SIDE,
    FRAME_ZERO,
    {.name = "set",
     .type = PARAM_INT,
     .label = N_("Sm_allest set, at most"),
     .blurb = N_(
         "How many maps are removed together at most to change the net's answer; 0: no such set is looked for"),
     .max = MOST_TOGETHER,
     .value = 32,
     .advanced = TRUE},
    FIGURE_WIDTH,
    FIGURE_THEME,
};

static const Result results[] = {
    LAYERS_RESULTS,
    {"sentence", RESULT_STRING,
     N_("Whether the layer's strongest map is among the class's evidence")},
    {"label", RESULT_STRING, N_("The class")},
    {"layer", RESULT_STRING, N_("Name of the network's layer")},
    {"base", RESULT_DOUBLES,
     N_("Probability and score of the class for the whole picture")},
    {"maps", RESULT_DOUBLES,
     N_("Numbers of the maps that are shown, those for the class first")},
    {"changes", RESULT_DOUBLES, N_("What removing each does to the probability")},
    {"scores", RESULT_DOUBLES, N_("What removing each does to the score")},
    {"estimates", RESULT_DOUBLES,
     N_("What gradient times activation says removing each would do to the score")},
    {"ranks", RESULT_DOUBLES,
     N_("Place of each among the layer's maps by strength, from 1")},
    {"set", RESULT_DOUBLES,
     N_("Numbers of the maps that, removed together, change the net's answer, the most evidence first; none: what was tried does not change it, or nothing was")},
    {"set-label", RESULT_STRING, N_("The net's answer then; empty: nothing was tried")},
    {"set-probability", RESULT_DOUBLE, N_("Its probability")},
    {"set-sentence", RESULT_STRING, N_("The same in words")},
};
enum {
    RESULT_LAYERS,
    RESULT_IN_IMAGE,
    RESULT_SENTENCE,
    RESULT_LABEL,
    RESULT_LAYER,
    RESULT_BASE,
    RESULT_MAPS,
    RESULT_CHANGES,
    RESULT_SCORES,
    RESULT_ESTIMATES,
    RESULT_RANKS,
    RESULT_SET,
    RESULT_SET_LABEL,
    RESULT_SET_PROBABILITY,
    RESULT_SET_SENTENCE
};

/* --- computing --- */

static gboolean
find_class(Evidence *evidence, gint64 *class_index, GError **error)
{
    const char *wanted = param_text(evidence->run->values, "label");
    Labels labels = net_labels(evidence->probe.net, evidence->classifier.classes);
    gsize found = 0;
    gboolean ok = !*wanted || labels_find(&labels, evidence->classifier.classes, wanted,
                                          &found, error);
    *class_index = *wanted ? (gint64)found : -1;
    labels_clear(&labels);
    return ok;
}

static gboolean
find_set(Evidence *evidence, GError **error)
{
    int most = param_int(evidence->run->values, "set");
    if (!most)
        return TRUE;
    host_progress_text(_("Removing maps together"));
    return removal_find_set(&evidence->set, &evidence->removal, &evidence->probe,
                            evidence->seen.input, &evidence->classifier,
                            evidence->by_score, (gsize)most, error);
}

static gboolean
compute(Evidence *evidence, GError **error)
{
    const Run *run = evidence->run;
    gint64 class_index;
    Busy forward = {.text = _("Running the network"), .from = 0.05, .to = 0.2};
    Busy busy = {.text = _("Removing map"),
                 .count = evidence->probe.maps,
                 .from = 0.2,
                 .to = 0.85};
    if (!find_class(evidence, &class_index, error))
        return FALSE;
    host_progress_text(_("Reading the photo"));
    if (!seen_of_drawable(&evidence->seen, run, run->drawables[0], evidence->probe.net,
                          error))
        return FALSE;
    evidence->region = frame_region(run, &evidence->seen.region);
    DcnProgress progress = busy_start(&forward);
    if (!probe_run(&evidence->probe, evidence->seen.input, &progress, error) ||
        !removal_run(&evidence->removal, &evidence->probe, evidence->seen.input,
                     &evidence->classifier, class_index, &busy, error) ||
        !find_set(evidence, error))
        return FALSE;
    Labels labels = net_labels(evidence->probe.net, evidence->classifier.classes);
    evidence->label = labels_name(&labels, evidence->removal.class_index);
    evidence->predicted = labels_name(&labels, evidence->removal.predicted);
    evidence->set_label = labels_name(&labels, evidence->set.class_index);
    labels_clear(&labels);
    gsize count = (gsize)param_int(run->values, "count");
    evidence->n_for =
        removal_most(&evidence->removal, evidence->by_score, -1, count, evidence->shown);
    evidence->count =
        evidence->n_for + removal_most(&evidence->removal, evidence->by_score, 1, count,
                                       evidence->shown + evidence->n_for);
    return TRUE;
}

/* --- showing --- */

static char *
about(const Evidence *evidence, const RemovedMap *map, double scale)
{
    GKeyFile *text = about_new(&procedure_evidence, evidence->probe.net,
                               &evidence->region, evidence->run->values);
    g_key_file_set_string(text, "result", "layer", evidence->probe.layer.shown);
    g_key_file_set_string(text, "result", "label", evidence->label);
    g_key_file_set_uint64(text, "result", "class", evidence->removal.class_index);
    g_key_file_set_double(text, "result", "probability", evidence->removal.probability);
    g_key_file_set_double(text, "result", "score", evidence->removal.score);
    if (map) {
        g_key_file_set_uint64(text, "result", "map", map->map);
        g_key_file_set_uint64(text, "result", "rank", map->rank);
        g_key_file_set_double(text, "result", "probability-change", map->probability);
        g_key_file_set_double(text, "result", "score-change", map->score);
        if (!isnan(map->estimate))
            g_key_file_set_double(text, "result", "score-change-first-order",
                                  map->estimate);
        g_key_file_set_double(text, "result", "black", -scale);
        g_key_file_set_double(text, "result", "white", scale);
    }
    return about_finish(text);
}

gboolean
evidence_show_map(Evidence *evidence,
                  const RemovedMap *map,
                  GPtrArray *layers,
                  GError **error)
{
    const Net *net = evidence->probe.net;
    gsize count = net_pixels(net) * 3;
    Target target = {.unit = map->unit, .silent = map->unit.value == 0};
    float *signal = g_try_new(float, count);
    if (!signal)
        return fail_run(error, _("There is not enough memory for a projection."));
    gboolean ok = probe_project(&evidence->probe, &target,
                                probe_method(evidence->run->values), signal, NULL, error);
    if (ok) {
        const float *values = signal;
        float scale = paint_scale(&values, 1, count, PAINT_PERCENTILE);
        RegionGrid grid = region_grid(&evidence->region);
        char *change = evidence_change(evidence, map);
        /* TRANSLATORS: map, change of the probability, place by strength, layer. */
        char *name = g_strdup_printf(_("map %zu · %s · strength rank %zu · %s"), map->map,
                                     change, map->rank, evidence->probe.layer.shown);
        /* Projections would cover each other, so only one is visible, below the chart. */
        gboolean hidden = layers->len > 1; /* and none on the panel of a figure */
        HostLayer *layer =
            layers_add(layers, &evidence->region, &grid, FALSE, name, error);
        ok = layer != NULL;
        if (layer) {
            paint_signal(signal, net->height, net->width, &grid, scale, layer->pixels);
            frame_zero(evidence->run, layer);
            layer->hidden = hidden;
            layer->parasite = about(evidence, map, (double)scale);
        }
        g_free(name);
        g_free(change);
    }
    g_free(signal);
    return ok;
}

static gboolean
show_chart(Evidence *evidence, GPtrArray *layers, GError **error)
{
    char number[TEXT_NUMBER];
    /* TRANSLATORS: a label, a layer of the network, the label again, a probability. */
    char *title =
        g_strdup_printf(_("What speaks for %s in %s (P = %s), and against it"),
                        evidence->label, evidence->probe.layer.shown,
                        text_probability(number, evidence->removal.probability));
    char *name = g_strdup_printf(_("Evidence for %s · %s"), evidence->label,
                                 evidence->probe.layer.shown);
    GeglRectangle canvas = {0};
    host_image_size(evidence->run->image, &canvas.width, &canvas.height);
    HostLayer *chart =
        evidence_chart(name, &evidence->region.photo, &canvas, title, evidence->label,
                       evidence->shown, evidence->count, error);
    if (chart) {
        chart->parasite = about(evidence, NULL, 0);
        g_ptr_array_add(layers, chart);
    }
    g_free(name);
    g_free(title);
    return chart != NULL;
}

static void
give_set(const Evidence *evidence, const char *text)
{
    ResultValue *values = evidence->run->results;
    GArray *maps = g_array_new(FALSE, FALSE, sizeof(double));
    for (gsize i = 0; i < evidence->set.count; i++) {
        double map = (double)evidence->set.maps[i];
        g_array_append_val(maps, map);
    }
    values[RESULT_SET].numbers = maps;
    values[RESULT_SET_LABEL].text =
        g_strdup(evidence->set.tried ? evidence->set_label : "");
    values[RESULT_SET_PROBABILITY].d = evidence->set.probability;
    values[RESULT_SET_SENTENCE].text = g_strdup(text ? text : "");
}

static void
give_results(const Evidence *evidence, char *text)
{
    ResultValue *values = evidence->run->results;
    GArray *numbers[6];
    for (int k = 0; k < 6; k++)
        numbers[k] = g_array_new(FALSE, FALSE, sizeof(double));
    g_array_append_val(numbers[0], evidence->removal.probability);
    g_array_append_val(numbers[0], evidence->removal.score);
    for (gsize i = 0; i < evidence->count; i++) {
        const RemovedMap *map = evidence->shown[i];
        double number = (double)map->map, rank = (double)map->rank;
        g_array_append_val(numbers[1], number);
        g_array_append_val(numbers[2], map->probability);
        g_array_append_val(numbers[3], map->score);
        g_array_append_val(numbers[4], map->estimate);
        g_array_append_val(numbers[5], rank);
    }
    values[RESULT_SENTENCE].text = text;
    values[RESULT_LABEL].text = g_strdup(evidence->label);
    values[RESULT_LAYER].text = g_strdup(evidence->probe.layer.shown);
    for (int k = 0; k < 6; k++)
        values[RESULT_BASE + k].numbers = numbers[k];
}

static gboolean
show_layers(Evidence *evidence, GError **error)
{
    GPtrArray *layers = layers_new();
    gboolean ok = show_chart(evidence, layers, error);
    for (gsize i = 0; ok && i < evidence->count; i++)
        ok = evidence_show_map(evidence, evidence->shown[i], layers, error);
    char *group = g_strdup_printf(_("Evidence for %s"), evidence->label);
    ok = ok && frame_finish(evidence->run, layers, &evidence->seen.region,
                            g_ptr_array_index(layers, 0), _("Evidence"), group, error);
    g_free(group);
    g_ptr_array_unref(layers);
    return ok;
}

static gboolean
show(Evidence *evidence, GError **error)
{
    const Run *run = evidence->run;
    const char *data = param_text(run->values, "data");
    gboolean ok = !*data || removal_save(&evidence->removal, data, error);
    ok = ok && (figure_wanted(run) ? evidence_figure(evidence, error)
                                   : show_layers(evidence, error));
    char *text = evidence_sentence(evidence), *set_text = evidence_set_sentence(evidence);
    if (ok) {
        evidence_tell_saturated(evidence);
        host_message(text);
        if (set_text)
            host_message(set_text);
        give_results(evidence, g_strdup(text));
        give_set(evidence, set_text);
    }
    g_free(set_text);
    g_free(text);
    return ok;
}

static gboolean
run_evidence(const Run *run, GError **error)
{
    Evidence evidence = {.run = run,
                         .by_score = param_is(run->values, "measure", "score")};
    Net *net = net_open(param_text(run->values, "model"), error);
    if (!net || !net_classifier(net, &evidence.classifier, error) ||
        !probe_open(&evidence.probe, net, param_text(run->values, "layer"),
                    param_int(run->values, "threads"), error))
        return FALSE;
    host_progress_start(_("Evidence"));
    net_tell(net);
    net_tell_answer(net, &evidence.classifier);
    probe_tell_methods(&evidence.probe);
    gboolean ok = compute(&evidence, error) && show(&evidence, error);
    host_progress_end();
    g_free(evidence.set_label);
    g_free(evidence.predicted);
    g_free(evidence.label);
    removal_set_clear(&evidence.set);
    removal_clear(&evidence.removal);
    seen_clear(&evidence.seen);
    probe_close(&evidence.probe);
    return ok;
}

const Procedure procedure_evidence = {
    .name = "plug-in-featurescope-evidence",
    .menu = N_("_Evidence for a Label..."),
    .title = N_("Evidence for a Label"),
    .blurb = N_("Shows which feature maps make a network call the photo by a label"),
    .help = N_(
        "Removes each feature map of a layer in turn, by setting it to zero, and runs "
        "the "
        "rest of the network again: what that does to the label's probability is the "
        "map's evidence. Beside it stands the first-order estimate, gradient times "
        "activation, and how strong the map is. The maps with the most evidence for the "
        "label, and against it, are projected back to the picture, a layer each, below a "
        "chart; a sentence says whether the strongest map is among them. Another sentence "
        "says without which few maps together the network would give another answer."),
    .icon = "featurescope-evidence",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .looks_at = seen_always,
    .run = run_evidence,
    .takes = procedure_takes_one,
};
