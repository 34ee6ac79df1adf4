/* SPDX-License-Identifier: GPL-3.0-or-later */
/* invariance.c: the procedure that measures how far features move with the picture.
 *
 * Zeiler & Fergus 2014, section 4, figure 5: pictures are shifted, scaled and turned; the
 * first layer's features change at once, the top's little by little, and the label's
 * probability bears shifts and scales better than turns. */

#include "actions/invariance/invariance.h"
#include "base/fail.h"
#include "net/picks.h"
#include "result/results.h"

/* Longer side of the small pictures. */
#define TILE 96

#define MOST_STEPS 720

static const ParamChoice measures[] = {
    {"euclidean", N_("Distance |x − x'|, as in the paper")},
    {"relative", N_("Distance by the original's length, |x − x'| / |x|")},
    {"cosine", N_("1 − cosine of their angle")},
    {NULL, NULL},
};

static const ParamChoice edges[] = {
    {"repeat", N_("Its edge goes on")},
    {"mean", N_("The mean colour")},
    {NULL, NULL},
};

static const Param params[] = {
    NET_MODEL(N_("ONNX file to ask; empty: the built-in model")),
    PICTURES_FROM,
    PICTURES_FOLDER,
    {.name = "transformations",
     .type = PARAM_CHOICE,
     .label = N_("_Transformations"),
     .blurb =
         N_("How the pictures are changed: a row of the figure for each transformation"),
     .text = "paper",
     .choices = invariance_kinds},
    NET_LAYERS(
        N_("Up to four layers, separated by \";\", whose features are compared; empty: the first one and the deepest one with maps before the classifier"),
        N_("The first and the deepest")),
    NET_LABEL(N_(
        "Name or number of the class whose probability is followed; empty: of each picture the one that is predicted for it as it is")),
    {.name = "measure",
     .type = PARAM_CHOICE,
     .label = N_("Sho_w"),
     .blurb = N_(
         "What the charts show of a layer's features x and x' of the original and the changed picture; the numbers that are exported hold all three"),
     .text = "euclidean",
     .choices = measures},
    {.name = "steps",
     .type = PARAM_INT,
     .label = N_("_Steps"),
     .blurb = N_(
         "Into how many steps the range of a transformation is divided; of shifts about as many, by whole pixels of the network's input"),
     .min = 2,
     .max = MOST_STEPS,
     .value = 24},
    SEEN_FIT,
    {.name = "edge",
     .type = PARAM_CHOICE,
     .label = N_("Beyo_nd the photo"),
     .blurb = N_(
         "What is seen where a changed picture has no more photo beside it; bars go on in their colour"),
     .text = "repeat",
     .choices = edges,
     .advanced = TRUE},
    {.name = "shift",
     .type = PARAM_DOUBLE,
     .label = N_("Shift up to"),
     .blurb = N_(
         "Both ways, in percent of the network's input; the paper's 60 pixels of 224 are 27"),
     .min = 0.1,
     .max = 100,
     .value = 27,
     .only_with = "transformations",
     .only_nicks = "paper;all;vertical;horizontal",
     .advanced = TRUE},
    {.name = "scale-least",
     .type = PARAM_DOUBLE,
     .label = N_("Scale from"),
     .blurb = N_("Smallest scale; 1 is the picture as it is"),
     .min = 0.25,
     .max = 1,
     .value = 1,
     .only_with = "transformations",
     .only_nicks = "paper;all;scale",
     .advanced = TRUE},
    {.name = "scale-most",
     .type = PARAM_DOUBLE,
     .label = N_("Sc_ale up to"),
     .blurb = N_("Largest scale; the paper's is 1.8"),
     .min = 1,
     .max = 8,
     .value = 1.8,
     .only_with = "transformations",
     .only_nicks = "paper;all;scale",
     .advanced = TRUE},
    {.name = "angle",
     .type = PARAM_DOUBLE,
     .label = N_("T_urn up to"),
     .blurb = N_("Degrees, clockwise"),
     .min = 1,
     .max = 360,
     .value = 360,
     .only_with = "transformations",
     .only_nicks = "paper;all;rotation",
     .advanced = TRUE},
    {.name = "stops",
     .type = PARAM_DOUBLE,
     .label = N_("Exposure up to"),
     .blurb = N_(
         "Darker and brighter by up to this many stops: linear light halved or doubled"),
     .min = 0.1,
     .max = 8,
     .value = 2,
     .only_with = "transformations",
     .only_nicks = "all;exposure",
     .advanced = TRUE},
    {.name = "blur",
     .type = PARAM_DOUBLE,
     .label = N_("Blur up to"),
     .blurb = N_("Standard deviation, in percent of the network's input"),
     .min = 0.1,
     .max = 50,
     .value = 3,
     .only_with = "transformations",
     .only_nicks = "all;blur",
     .advanced = TRUE},
    {.name = "noise",
     .type = PARAM_DOUBLE,
     .label = N_("No_ise up to"),
     .blurb = N_("Standard deviation, where black is 0 and white 1"),
     .min = 0.001,
     .max = 1,
     .value = 0.25,
     .only_with = "transformations",
     .only_nicks = "all;noise",
     .advanced = TRUE},
    {.name = "seed",
     .type = PARAM_INT,
     .label = N_("S_eed"),
     .blurb = N_("Of the noise: the same number gives the same noise"),
     .min = 0,
     .max = G_MAXINT,
     .value = 0,
     .only_with = "transformations",
     .only_nicks = "all;noise",
     .advanced = TRUE},
    NET_EXPORT(N_(
        "File for all numbers as comma-separated values, a line a step of a picture; empty: none")),
    NET_THREADS(N_("Threa_ds")),
};

static const Result results[] = {
    LAYERS_RESULTS,
    {"net-layers", RESULT_STRINGS, N_("Names of the network's layers")},
    {"pictures", RESULT_STRINGS, N_("Names of the pictures")},
    {"labels", RESULT_STRINGS, N_("The class that is followed of each picture")},
    {"transformations", RESULT_STRINGS, N_("Which transformation each step is of")},
    {"amounts", RESULT_DOUBLES, N_("By how much the picture is changed in each step")},
    {"distances", RESULT_DOUBLES,
     N_("Distances |x − x'|: picture by picture, layer by layer, step by step")},
    {"cosines", RESULT_DOUBLES, N_("1 − cosine, in the same order")},
    {"probabilities", RESULT_DOUBLES,
     N_("Probabilities of the label: picture by picture, step by step; none if the network is no classifier")},
    {"skipped", RESULT_STRINGS, N_("Files that were skipped, and why")},
};
enum {
    RESULT_LAYERS,
    RESULT_IN_IMAGE,
    RESULT_NET_LAYERS,
    RESULT_PICTURES,
    RESULT_LABELS,
    RESULT_TRANSFORMATIONS,
    RESULT_AMOUNTS,
    RESULT_DISTANCES,
    RESULT_COSINES,
    RESULT_PROBABILITIES,
    RESULT_SKIPPED
};

/* --- the net --- */

/* The first layer and the deepest. */
static gboolean
find_usual(Net *net, NetLayers *layers, GError **error)
{
    const DcnPlan *survey = net_survey(net, error);
    gsize all = survey ? dcn_plan_layer_count(survey) : 0;
    if (!survey)
        return FALSE;
    if (!all)
        return net_fail_without_maps(net, error);
    const char *last = net_has_maps(net) ? "" : dcn_plan_layer(survey, all - 1)->name;
    for (gsize k = 0; k < 2; k++) {
        const char *wanted = k ? last : dcn_plan_layer(survey, 0)->name;
        if (!net_layer(net, wanted, &layers->layers[k], error))
            return FALSE;
        layers->count++;
    }
    if (g_str_equal(layers->layers[0].tensor, layers->layers[1].tensor))
        net_layer_clear(&layers->layers[--layers->count]);
    return TRUE;
}

static gboolean
find_layers(Invariance *invariance, GError **error)
{
    return net_layers(&invariance->layers, invariance->net, invariance->run->values,
                      error) &&
           (invariance->layers.count ||
            find_usual(invariance->net, &invariance->layers, error));
}

/* A net that is no classifier has features all the same; a label cannot be asked for. */
static gboolean
find_label(Invariance *invariance, GError **error)
{
    const char *wanted = param_text(invariance->run->values, "label");
    gsize found;
    invariance->class_index = -1;
    invariance->classifies =
        net_classifier(invariance->net, &invariance->classifier, *wanted ? error : NULL);
    if (!invariance->classifies)
        return !*wanted;
    net_tell_answer(invariance->net, &invariance->classifier);
    invariance->labels = net_labels(invariance->net, invariance->classifier.classes);
    if (!*wanted)
        return TRUE;
    if (!labels_find(&invariance->labels, invariance->classifier.classes, wanted, &found,
                     error))
        return FALSE;
    invariance->class_index = (gint64)found;
    return TRUE;
}

/* --- results --- */

static void
put_numbers(GArray *to, const double *from, gsize count)
{
    g_array_append_vals(to, from, (guint)count);
}

static void
give_results(const Invariance *invariance)
{
    ResultValue *out = invariance->run->results;
    gsize steps = invariance->steps, n = invariance->n_curves;
    char **layers = g_new0(char *, invariance->layers.count + 1);
    char **names = g_new0(char *, n + 1), **labels = g_new0(char *, n + 1);
    char **kinds = g_new0(char *, steps + 1);
    for (int k = RESULT_AMOUNTS; k <= RESULT_PROBABILITIES; k++)
        out[k].numbers = g_array_new(FALSE, FALSE, sizeof(double));
    for (gsize k = 0; k < invariance->layers.count; k++)
        layers[k] = g_strdup(invariance->layers.layers[k].shown);
    for (gsize s = 0; s < invariance->n_sweeps; s++) {
        const Sweep *sweep = &invariance->sweeps[s];
        put_numbers(out[RESULT_AMOUNTS].numbers, sweep->amounts, sweep->count);
        for (gsize i = 0; i < sweep->count; i++)
            kinds[sweep->first + i] = g_strdup(invariance_nick(sweep->kind));
    }
    for (gsize p = 0; p < n; p++) {
        const Curve *curve = &invariance->curves[p];
        names[p] = g_strdup(curve->name);
        labels[p] = g_strdup(curve->label ? curve->label : "");
        for (gsize k = 0; k < invariance->layers.count; k++) {
            put_numbers(out[RESULT_DISTANCES].numbers, curve->distance[k], steps);
            put_numbers(out[RESULT_COSINES].numbers, curve->cosine[k], steps);
        }
        if (invariance->classifies)
            put_numbers(out[RESULT_PROBABILITIES].numbers, curve->probability, steps);
    }
    g_ptr_array_add(invariance->pictures.skipped, NULL);
    out[RESULT_NET_LAYERS].texts = layers;
    out[RESULT_PICTURES].texts = names;
    out[RESULT_LABELS].texts = labels;
    out[RESULT_TRANSFORMATIONS].texts = kinds;
    out[RESULT_SKIPPED].texts = g_strdupv((char **)invariance->pictures.skipped->pdata);
}

/* --- the run --- */

static gboolean
show(Invariance *invariance, GError **error)
{
    const char *data = param_text(invariance->run->values, "data");
    GPtrArray *layers = layers_new();
    int width, height;
    LayersGroup group = {NULL, layers};
    if (!invariance->n_curves) {
        g_ptr_array_unref(layers);
        return fail_input(error, _("No file of the folder “%s” is a picture."),
                          invariance->pictures.folder.path);
    }
    gboolean ok = invariance_figure(invariance, layers, &width, &height, error) &&
                  (!*data || invariance_save(invariance, data, error)) &&
                  layers_finish_new(invariance->run, &group, 1, width, height,
                                    _("Invariance to Transformations"), error);
    if (ok) {
        folder_tell_skipped(invariance->pictures.skipped);
        give_results(invariance);
    }
    g_ptr_array_unref(layers);
    return ok;
}

static void
invariance_clear(Invariance *invariance)
{
    invariance_clear_curves(invariance);
    invariance_sweeps_clear(invariance);
    net_layers_clear(&invariance->layers);
    labels_clear(&invariance->labels);
    pictures_clear(&invariance->pictures);
}

static gboolean
run_invariance(const Run *run, GError **error)
{
    Invariance invariance = {.run = run,
                             .net = net_open(param_text(run->values, "model"), error)};
    if (!invariance.net)
        return FALSE;
    int side = MAX(invariance.net->width, invariance.net->height);
    invariance.tile_width = MAX(1, TILE * invariance.net->width / side);
    invariance.tile_height = MAX(1, TILE * invariance.net->height / side);
    host_progress_start(_("Invariance"));
    net_tell(invariance.net);
    gboolean ok = find_layers(&invariance, error) && find_label(&invariance, error) &&
                  invariance_sweeps(&invariance, error) &&
                  pictures_find(&invariance.pictures, run, error) &&
                  invariance_measure(&invariance, error) && show(&invariance, error);
    host_progress_end();
    invariance_clear(&invariance);
    return ok;
}

static ProcedureLook
looks_at(const ParamValues *values)
{
    return param_is(values, "pictures", "folder") ? LOOK_NOT : LOOK_SEEN;
}

const Procedure procedure_invariance = {
    .name = "plug-in-featurescope-invariance",
    .menu = N_("_Invariance to Transformations..."),
    .path = PROCEDURE_NETWORK,
    .title = N_("Invariance to Transformations"),
    .blurb = N_("Shows how far a network's features move when the picture is shifted, "
                "scaled or turned"),
    .help = N_(
        "Shifts, scales and turns the picture by steps, or mirrors it, changes its "
        "exposure, blurs it or adds noise, and runs the network on each. For chosen "
        "layers, charts show how far the features are from those of the picture as it "
        "is, and how probable its label stays; beside them stand the pictures. Several "
        "open images, or the files of a folder, have a curve each. The result is a new "
        "image with a layer for each transformation, in the arrangement of the figure "
        "by Zeiler and Fergus (2014)."),
    .icon = "featurescope-invariance",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .looks_at = looks_at,
    .run = run_invariance,
};
