/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare.c: the procedure that shows two nets on one photo, or one net on two photos,
 * side by side and on one scale, with the difference. */

#include "actions/compare/compare.h"
#include "base/fail.h"
#include "net/picks.h"
#include "result/about.h"
#include "result/results.h"

static const ParamChoice againsts[] = {
    {"model", N_("Another model or checkpoint")},
    {"layer", N_("The layer below, or two selected ones")},
    {NULL, NULL},
};

static gboolean
fail_same(const Net *net, GError **error)
{
    return fail_input(error, _("Both models are the same: “%s”."), net->card.name);
}

/* What is wrong with the first model is told where its layers are listed. */
static gboolean
valid_other(const ParamValues *values, GError **error)
{
    if (!param_is(values, "against", "model"))
        return TRUE;
    const Net *net = net_open(param_text(values, "model"), NULL);
    const Net *other = net_open(param_text(values, "other"), error);
    return other && (net != other || fail_same(net, error));
}

static const Param params[] = {
    NET_MODEL(N_("ONNX file to ask; empty: the built-in model")),
    {.name = "against",
     .type = PARAM_CHOICE,
     .label = N_("Compare w_ith"),
     .blurb = N_(
         "Another model on the same photo, or the same model on another layer: the one below the selected layer, as the photo before an edit, or the second of two that are selected"),
     .text = "model",
     .choices = againsts},
    {.name = "other",
     .type = PARAM_FILE,
     .label = N_("Oth_er model"),
     .blurb = N_("ONNX file to compare with; empty: the built-in model"),
     .empty = N_("Built in"),
     .pattern = "*.onnx",
     .valid = valid_other,
     .only_with = "against",
     .only_nicks = "model"},
    NET_LABEL(N_(
        "Name or number of the class that is followed; empty: the first one's answer")),
    NET_LAYER(N_(
        "Layer whose feature maps are shown; empty: the deepest one with maps before the classifier")),
    {.name = "other-layer",
     .type = PARAM_STRING,
     .label = N_("Network _layer of the other"),
     .blurb = N_("Its name, where nets name their layers differently; empty: the same"),
     .empty = N_("The same"),
     .only_with = "against",
     .only_nicks = "model",
     .advanced = TRUE},
    {.name = "map",
     .type = PARAM_INT,
     .label = N_("Feature m_ap"),
     .blurb = N_(
         "Number of the map that is projected, from 0; -1: the first one's strongest, in layers of different shapes each one's own"),
     .min = -1,
     .max = 1000000,
     .value = -1,
     .empty = N_("Strongest")},
    PROBE_METHOD,
    SEEN_FIT,
    {.name = "size",
     .type = PARAM_INT,
     .label = N_("Square si_ze"),
     .blurb =
         N_("Side of the square in pixels of the network's input; 0: a seventh of it"),
     .max = CARD_LARGEST_SIDE,
     .empty = N_("Automatic"),
     .advanced = TRUE},
    {.name = "step",
     .type = PARAM_INT,
     .label = N_("Ste_p"),
     .blurb = N_(
         "How far the square moves, in pixels of the network's input; 0: a 28th of it"),
     .max = CARD_LARGEST_SIDE,
     .empty = N_("Automatic"),
     .advanced = TRUE},
    {.name = "count",
     .type = PARAM_INT,
     .label = N_("How ma_ny maps"),
     .blurb = N_("How many maps with the most evidence for the label are listed"),
     .min = 1,
     .max = COMPARE_MOST_MAPS,
     .value = 6,
     .advanced = TRUE},
    NET_THREADS(N_("Threa_ds")),
    LAYERS_TARGET,
};

static const Result results[] = {
    LAYERS_RESULTS,
    {"names", RESULT_STRINGS, N_("The two that are compared")},
    {"labels", RESULT_STRINGS, N_("The class that is followed in each")},
    {"probabilities", RESULT_DOUBLES, N_("Its probability in each")},
    {"answers", RESULT_STRINGS, N_("The answer of each")},
    {"maps", RESULT_DOUBLES, N_("The map that is projected in each")},
    {"activations", RESULT_DOUBLES, N_("Its strongest activation in each")},
    {"lowest", RESULT_DOUBLES,
     N_("The largest fall of the probability that the square makes in each")},
    {"correlations", RESULT_DOUBLES,
     N_("Correlation of the projections, of the heat maps, of the maps' evidence; not a number where there is nothing to compare")},
};
enum {
    RESULT_LAYERS,
    RESULT_IN_IMAGE,
    RESULT_NAMES,
    RESULT_LABELS,
    RESULT_PROBABILITIES,
    RESULT_ANSWERS,
    RESULT_MAPS,
    RESULT_ACTIVATIONS,
    RESULT_LOWEST,
    RESULT_CORRELATIONS
};

/* --- what is compared --- */

static gboolean
takes(const Run *run, GError **error)
{
    int count = (int)run->n_drawables;
    if (!param_is(run->values, "against", "layer"))
        return procedure_takes_one(run, error);
    if (count > 2)
        return fail_input(
            error, _("%d layers are selected; two are compared: select two."), count);
    return count == 2 || host_item_below(run->image, run->drawables[0]) ||
           fail_input(error,
                      _("There is no layer below the selected one to compare it with."));
}

static gboolean
two_layers(Compare *compare, GError **error)
{
    const Run *run = compare->run;
    HostItem *first = run->drawables[0], *second;
    if (run->n_drawables == 2) {
        second = run->drawables[1];
    } else {
        second = first; /* the lower one is the photo before */
        first = host_item_below(run->image, second);
    }
    for (int k = 0; k < 2; k++) {
        Side *side = &compare->side[k];
        side->drawable = k ? second : first;
        side->name = host_item_name(side->drawable);
        side->net = net_open(param_text(run->values, "model"), error);
        if (!side->net)
            return FALSE;
    }
    return TRUE;
}

static gboolean
two_nets(Compare *compare, GError **error)
{
    const Run *run = compare->run;
    for (int k = 0; k < 2; k++) {
        Side *side = &compare->side[k];
        side->drawable = run->drawables[0];
        side->net = net_open(param_text(run->values, k ? "other" : "model"), error);
        if (!side->net)
            return FALSE;
        side->name = g_strdup(side->net->card.name);
    }
    if (compare->side[0].net == compare->side[1].net)
        return fail_same(compare->side[0].net, error);
    if (g_str_equal(compare->side[0].name, compare->side[1].name))
        for (int k = 0; k < 2; k++) { /* checkpoints are called by their files */
            char *file = g_path_get_basename(compare->side[k].net->path);
            g_free(compare->side[k].name);
            compare->side[k].name = g_filename_display_name(file);
            g_free(file);
        }
    return TRUE;
}

/* --- results --- */

static void
give_results(const Compare *compare)
{
    ResultValue *out = compare->run->results;
    char ***texts[3] = {&out[RESULT_NAMES].texts, &out[RESULT_LABELS].texts,
                        &out[RESULT_ANSWERS].texts};
    GArray *numbers[4];
    for (int k = 0; k < 3; k++)
        *texts[k] = g_new0(char *, 3);
    for (int k = 0; k < 4; k++)
        numbers[k] = g_array_new(FALSE, FALSE, sizeof(double));
    for (int k = 0; k < 2; k++) {
        const Side *side = &compare->side[k];
        double p = (double)side->probabilities[side->class_index];
        double map = (double)side->target.unit.channel;
        double activation = (double)side->target.unit.value, lowest = 0;
        for (gsize i = 0; i < side->rows * side->columns; i++)
            lowest = MIN(lowest, (double)side->heat[i]);
        (*texts[0])[k] = g_strdup(side->name);
        (*texts[1])[k] = g_strdup(side->label);
        (*texts[2])[k] = g_strdup(side->answer);
        g_array_append_val(numbers[0], p);
        g_array_append_val(numbers[1], map);
        g_array_append_val(numbers[2], activation);
        g_array_append_val(numbers[3], lowest);
    }
    out[RESULT_PROBABILITIES].numbers = numbers[0];
    out[RESULT_MAPS].numbers = numbers[1];
    out[RESULT_ACTIVATIONS].numbers = numbers[2];
    out[RESULT_LOWEST].numbers = numbers[3];
    out[RESULT_CORRELATIONS].numbers = g_array_new(FALSE, FALSE, sizeof(double));
    g_array_append_vals(out[RESULT_CORRELATIONS].numbers, compare->correlations, 3);
}

static gboolean
show(const Compare *compare, GError **error)
{
    const Side *side = compare->side;
    /* TRANSLATORS: two nets, or two layers of the image. */
    char *title = g_strdup_printf(_("%s and %s"), side[0].name, side[1].name);
    HostLayer *sheet = compare_sheet(compare, title, error);
    gboolean ok = sheet != NULL;
    if (ok) {
        GKeyFile *about = about_new(&procedure_compare, side[0].net, &side[0].seen.region,
                                    compare->run->values);
        g_key_file_set_string(about, "result", "first", side[0].name);
        g_key_file_set_string(about, "result", "second", side[1].name);
        sheet->parasite = about_finish(about);
        ok = layers_finish_sheet(compare->run, sheet, title, error);
    }
    if (ok)
        give_results(compare);
    g_free(title);
    return ok;
}

/* --- the run --- */

static gboolean
run_compare(const Run *run, GError **error)
{
    Compare compare = {.run = run, .layers = param_is(run->values, "against", "layer")};
    gboolean ok =
        compare.layers ? two_layers(&compare, error) : two_nets(&compare, error);
    for (int k = 0; ok && k < 2; k++)
        ok = net_classifier(compare.side[k].net, &compare.side[k].classifier, error);
    if (ok) {
        host_progress_start(_("Compare"));
        ok = compare_side(&compare, 0, error) && compare_side(&compare, 1, error);
        if (ok) {
            compare_measure(&compare);
            ok = show(&compare, error);
        }
        host_progress_end();
    }
    for (int k = 0; k < 2; k++)
        compare_side_clear(&compare.side[k]);
    return ok;
}

const Procedure procedure_compare = {
    .name = "plug-in-featurescope-compare",
    .menu = N_("_Compare..."),
    .path = PROCEDURE_NETWORK,
    .title = N_("Compare"),
    .blurb = N_(
        "Shows two models on the photo, or the photo before and after an edit, side by side"),
    .help =
        N_("Runs two models, or two checkpoints of one, on the photo; or one model on "
           "two layers, as the photo before and after an edit. A sheet has for both, "
           "on one scale, what they see, the projection of a feature map, the heat "
           "map of an occlusion and, where the two fit together, the difference; "
           "below stand their answers, and how much each map is evidence for the "
           "label."),
    .icon = "featurescope-compare",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .looks_at = seen_always,
    .run = run_compare,
    .takes = takes,
};
