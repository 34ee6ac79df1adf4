/* SPDX-License-Identifier: GPL-3.0-or-later */
/* correspondence.c: the procedure that asks whether parts of different pictures are the
 * same to a network (Zeiler & Fergus 2014, section 4.3, table 1). */

#include "actions/correspondence/correspondence.h"
#include "base/fail.h"
#include "net/picks.h"
#include "photo/fill.h"
#include "result/results.h"

#define MOST_DRAWS 1000

static const ParamChoice fills[] = {
    {"color", N_("A colour")},
    {"mean", N_("The photo's mean colour")},
    {"blur", N_("The photo, blurred")},
    {NULL, NULL},
};

static const ParamChoice places[] = {
    {"own", N_("In each picture another place")},
    {"shared", N_("The same place in all pictures")},
    {NULL, NULL},
};

static gboolean
valid_masks(const ParamValues *values, GError **error)
{
    return !param_is(values, "pictures", "folder") || *param_text(values, "masks") ||
           fail_input(error, _("No folder of masks is given."));
}

static const Param params[] = {
    NET_MODEL(N_("ONNX file to ask; empty: the built-in model")),
    {.name = "pictures",
     .type = PARAM_CHOICE,
     .label = N_("_Pictures"),
     .blurb = N_(
         "Which pictures are compared: the selected layer of each open image, in which the selection marks the part; the layers that the action is called for, which share one selection; or the files of a folder, with masks in another"),
     .text = "images",
     .choices = pictures_from},
    PICTURES_FOLDER,
    {.name = "masks",
     .type = PARAM_FOLDER,
     .label = N_("Mas_ks"),
     .blurb = N_(
         "Folder of masks, white where the part is, called as the pictures are but for what follows the last dot; with a folder for each part, named by it, all of them are compared"),
     .only_with = "pictures",
     .only_nicks = "folder",
     .valid = valid_masks},
    NET_LAYERS(
        N_("Up to four layers, separated by \";\", whose features are compared; empty: the deepest one with maps before the classifier"),
        N_("The deepest")),
    {.name = "draws",
     .type = PARAM_INT,
     .label = N_("Ra_ndom parts"),
     .blurb = N_(
         "How many parts of the same size, at random places of each picture, say what Δ is without correspondence"),
     .min = 1,
     .max = MOST_DRAWS,
     .value = 20},
    {.name = "places",
     .type = PARAM_CHOICE,
     .label = N_("Their places"),
     .blurb = N_(
         "Where a random part lies: in each picture elsewhere, as in the paper, or in all at the same place, which tells what agrees only because it lies at one place of the layer's maps"),
     .text = "own",
     .choices = places},
    {.name = "seed",
     .type = PARAM_INT,
     .label = N_("S_eed"),
     .blurb = N_("Of the random places: the same number gives the same places"),
     .min = 0,
     .max = G_MAXINT,
     .value = 0},
    {.name = "fill",
     .type = PARAM_CHOICE,
     .label = N_("Covered w_ith"),
     .blurb = N_("What is seen in the place of a part"),
     .text = "color",
     .choices = fills},
    {.name = "color",
     .type = PARAM_COLOR,
     .label = N_("Colour"),
     .blurb = N_("Colour of what covers a part"),
     .text = FILL_GRAY,
     .only_with = "fill",
     .only_nicks = "color"},
    SEEN_FIT,
    NET_EXPORT(N_(
        "File for all distances as comma-separated values, a line a pair; empty: none")),
    NET_THREADS(N_("Threa_ds")),
};

static const Result results[] = {
    LAYERS_RESULTS,
    {"sentence", RESULT_STRING, N_("What came of it, a line for each layer and part")},
    {"net-layers", RESULT_STRINGS, N_("Names of the network's layers")},
    {"parts", RESULT_STRINGS,
     N_("Names of the parts; one is an empty text if a selection marks it")},
    {"pictures", RESULT_STRINGS, N_("Names of the pictures")},
    {"means", RESULT_DOUBLES,
     N_("Δ: layer by layer, of each part, then of the random parts")},
    {"deviations", RESULT_DOUBLES,
     N_("Standard deviations over pairs, in the same order")},
    {"lower", RESULT_DOUBLES,
     N_("How many random draws have a lower mean: layer by layer, of each part")},
    {"skipped", RESULT_STRINGS, N_("Files that were skipped, and why")},
};
enum {
    RESULT_LAYERS,
    RESULT_IN_IMAGE,
    RESULT_SENTENCE,
    RESULT_NET_LAYERS,
    RESULT_PARTS,
    RESULT_PICTURES,
    RESULT_MEANS,
    RESULT_DEVIATIONS,
    RESULT_LOWER,
    RESULT_SKIPPED
};

/* --- results --- */

/* g_free() */
static char *
sentence(const Correspondence *all)
{
    GString *text = g_string_new(NULL);
    for (gsize k = 0; k < all->layers.count; k++)
        for (gsize part = 0; part < all->n_parts; part++) {
            char mean[G_ASCII_DTOSTR_BUF_SIZE], random[G_ASCII_DTOSTR_BUF_SIZE];
            const Agreement *agreement = &all->agreement[k][part];
            g_ascii_formatd(mean, sizeof mean, "%.3f", agreement->mean);
            g_ascii_formatd(random, sizeof random, "%.3f",
                            all->agreement[k][all->n_parts].mean);
            /* TRANSLATORS: layer, part, two numbers, two counts. */
            g_string_append_printf(
                text,
                _("%s%s, %s: Δ = %s, random parts %s; of %zu random draws %zu are lower."),
                text->len ? "\n" : "", all->layers.layers[k].shown,
                correspondence_row(all, part), mean, random, all->draws,
                agreement->below);
        }
    return g_string_free(text, FALSE);
}

static void
give_results(const Correspondence *all, char *text)
{
    ResultValue *out = all->run->results;
    char **layers = g_new0(char *, all->layers.count + 1);
    char **parts = g_new0(char *, all->n_parts + 1);
    char **names = g_new0(char *, all->n_subjects + 1);
    for (int k = RESULT_MEANS; k <= RESULT_LOWER; k++)
        out[k].numbers = g_array_new(FALSE, FALSE, sizeof(double));
    for (gsize k = 0; k < all->layers.count; k++) {
        layers[k] = g_strdup(all->layers.layers[k].shown);
        for (gsize row = 0; row <= all->n_parts; row++) {
            const Agreement *agreement = &all->agreement[k][row];
            double below = (double)agreement->below;
            g_array_append_val(out[RESULT_MEANS].numbers, agreement->mean);
            g_array_append_val(out[RESULT_DEVIATIONS].numbers, agreement->deviation);
            if (row < all->n_parts)
                g_array_append_val(out[RESULT_LOWER].numbers, below);
        }
    }
    for (gsize part = 0; part < all->n_parts; part++)
        parts[part] = g_strdup(all->parts[part]);
    for (gsize s = 0; s < all->n_subjects; s++)
        names[s] = g_strdup(all->subjects[s].name);
    g_ptr_array_add(all->pictures.skipped, NULL);
    out[RESULT_SENTENCE].text = text;
    out[RESULT_NET_LAYERS].texts = layers;
    out[RESULT_PARTS].texts = parts;
    out[RESULT_PICTURES].texts = names;
    out[RESULT_SKIPPED].texts = g_strdupv((char **)all->pictures.skipped->pdata);
}

/* --- the run --- */

static gboolean
find_layers(Correspondence *all, GError **error)
{
    if (!net_layers(&all->layers, all->net, all->run->values, error))
        return FALSE;
    if (all->layers.count)
        return TRUE;
    all->layers.count = net_layer(all->net, "", &all->layers.layers[0], error);
    return all->layers.count > 0;
}

static gboolean
show(const Correspondence *all, GError **error)
{
    const char *data = param_text(all->run->values, "data");
    if ((*data && !correspondence_save(all, data, error)) ||
        !correspondence_show(all, error))
        return FALSE;
    char *text = sentence(all);
    folder_tell_skipped(all->pictures.skipped);
    host_message(text);
    give_results(all, text);
    return TRUE;
}

static void
correspondence_clear(Correspondence *all)
{
    correspondence_clear_subjects(all);
    for (gsize k = 0; k < NET_MOST_LAYERS; k++) {
        g_free(all->signs[k]);
        g_free(all->distances[k]);
    }
    net_layers_clear(&all->layers);
    pictures_clear(&all->pictures);
    g_rand_free(all->random);
}

static gboolean
run_correspondence(const Run *run, GError **error)
{
    Correspondence all = {.run = run,
                          .draws = (gsize)param_int(run->values, "draws"),
                          .net = net_open(param_text(run->values, "model"), error)};
    if (!all.net || !valid_masks(run->values, error))
        return FALSE;
    all.random = g_rand_new_with_seed((guint32)param_int(run->values, "seed"));
    host_progress_start(_("Correspondence"));
    net_tell(all.net);
    gboolean ok = find_layers(&all, error) && pictures_find(&all.pictures, run, error) &&
                  correspondence_read(&all, error) &&
                  correspondence_measure(&all, error) &&
                  correspondence_compare(&all, error) && show(&all, error);
    host_progress_end();
    correspondence_clear(&all);
    return ok;
}

static ProcedureLook
looks_at(const ParamValues *values)
{
    return param_is(values, "pictures", "folder") ? LOOK_NOT : LOOK_PART;
}

const Procedure procedure_correspondence = {
    .name = "plug-in-featurescope-correspondence",
    .menu = N_("C_orrespondence of Parts..."),
    .path = PROCEDURE_COLLECTION,
    .title = N_("Correspondence of Parts"),
    .blurb = N_("Tells whether a part of several pictures is the same part to a network"),
    .help = N_(
        "The selection of each open image marks the same part of what it shows, such as "
        "the left eye of a dog. It is covered in each, and for chosen layers the signs "
        "of the changes are compared over all pairs of pictures: if the network knows "
        "the part, they agree more than those of parts at random places. The result is "
        "a new image with a table, as table 1 by Zeiler and Fergus (2014), and the "
        "pictures with what was covered."),
    .icon = "featurescope-correspondence",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .looks_at = looks_at,
    .run = run_correspondence,
};
