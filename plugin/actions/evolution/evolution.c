/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evolution.c: the procedure that shows how features appear over training.
 *
 * Zeiler & Fergus 2014, figure 4: for chosen maps of a layer a row, for each checkpoint a
 * column; a tile is the projection of the map's strongest activation, on the open photo
 * or over a folder of pictures. A sudden change means that another picture has become the
 * strongest. Or, as curves, how far whole layers have settled (settle.h). */

#include "actions/evolution/evolution.h"
#include "actions/evolution/picks.h"
#include "actions/evolution/settle.h"
#include "base/fail.h"
#include "net/picks.h"
#include "result/figure.h"
#include "result/results.h"
#include <math.h>
#include <string.h>

#define MOST_EPOCHS 1000

static const ParamChoice shows[] = {
    {"sheet", N_("A sheet: a row a map, a column a checkpoint")},
    {"stack", N_("A stack of layers, one a checkpoint")},
    {"settling", N_("A chart: how far each layer has settled")},
    {NULL, NULL},
};

static const Param params[] = {
    {.name = "checkpoints",
     .type = PARAM_FOLDER,
     .label = N_("Chec_kpoints"),
     .blurb = N_(
         "Folder of ONNX files of one architecture, in the order of their names, numbers counted as numbers"),
     .required = TRUE},
    {.name = "layer",
     .type = PARAM_PICK,
     .label = N_("Network la_yer"),
     .blurb = N_(
         "Layer whose feature maps are shown, by its name; empty: the deepest one with maps before the classifier"),
     .empty = N_("Default"),
     .hint = evolution_hint_layer,
     .fill = evolution_pick_layers,
     .valid = evolution_valid_layer,
     .depends = "checkpoints",
     .only_with = "show",
     .only_nicks = "sheet;stack"},
    {.name = "maps",
     .type = PARAM_PICKS,
     .label = N_("_Maps"),
     .blurb = N_(
         "Numbers of maps, from 0, separated by \";\"; empty: the strongest of the last checkpoint"),
     .empty = N_("The strongest"),
     .fill = evolution_pick_maps,
     .depends = "checkpoints;layer",
     .only_with = "show",
     .only_nicks = "sheet;stack"},
    {.name = "count",
     .type = PARAM_INT,
     .label = N_("How ma_ny"),
     .blurb = N_("How many of the strongest maps, if none are listed"),
     .min = 1,
     .max = EVOLUTION_MOST_MAPS,
     .value = 6,
     .only_with = "show",
     .only_nicks = "sheet;stack"},
    {.name = "images",
     .type = PARAM_FOLDER,
     .label = N_("_Images"),
     .blurb = N_(
         "Folder of pictures, searched with all folders below: each tile shows the one that excites the map most, the chart takes 100, evenly spread; empty: the open picture"),
     .empty = N_("The open picture")},
    {.name = "show",
     .type = PARAM_CHOICE,
     .label = N_("Sho_w"),
     .blurb = N_(
         "One sheet; or a layer a checkpoint, the first at the bottom, which the host's animation playback shows and a GIF file takes; or curves: how much the maps of a layer answer as they do after the last checkpoint"),
     .text = "sheet",
     .choices = shows},
    PROBE_METHOD,
    SEEN_FIT,
    {.name = "tile",
     .type = PARAM_INT,
     .label = N_("Tile si_ze"),
     .blurb =
         N_("Longer side of a tile in pixels; it shows what a unit of the layer can see"),
     .min = 16,
     .max = 1024,
     .value = 100,
     .only_with = "show",
     .only_nicks = "sheet;stack",
     .advanced = TRUE},
    NET_THREADS(N_("Threa_ds")),
    {.name = "delay",
     .type = PARAM_INT,
     .label = N_("Milliseconds a frame"),
     .blurb = N_("How long an animation shows each layer, as its name says"),
     .min = 10,
     .max = 60000,
     .value = 500,
     .only_with = "show",
     .only_nicks = "stack",
     .advanced = TRUE},
    {.name = "layers",
     .type = PARAM_PICKS,
     .label = N_("N_etwork layers"),
     .blurb = N_(
         "Up to five layers of the chart, separated by \";\"; empty: all convolutions or, of more than five, five evenly spread"),
     .empty = N_("The convolutions"),
     .fill = evolution_pick_listed,
     .valid = evolution_valid_layers,
     .depends = "checkpoints",
     .only_with = "show",
     .only_nicks = "settling"},
    {.name = "data",
     .type = PARAM_SAVE,
     .label = N_("E_xport numbers to"),
     .blurb = N_(
         "File for the chart's numbers as comma-separated values, a line a checkpoint; empty: none"),
     .empty = N_("None"),
     .only_with = "show",
     .only_nicks = "settling",
     .advanced = TRUE},
};

static const Result results[] = {
    LAYERS_RESULTS,
    {"layer", RESULT_STRING, N_("Name of the network's layer")},
    {"epochs", RESULT_STRINGS, N_("Names of the checkpoints, in order")},
    {"maps", RESULT_DOUBLES, N_("Numbers of the maps, row by row")},
    {"values", RESULT_DOUBLES, N_("Activations, checkpoint by checkpoint, map by map")},
    {"files", RESULT_STRINGS,
     N_("Their pictures, below the folder; empty texts for the open picture")},
    {"net-layers", RESULT_STRINGS, N_("Names of the chart's layers")},
    {"correlations", RESULT_DOUBLES,
     N_("Correlations with the last checkpoint, checkpoint by checkpoint, layer by layer; −2 where no map of a layer answers")},
};
enum {
    RESULT_LAYERS,
    RESULT_IN_IMAGE,
    RESULT_LAYER,
    RESULT_EPOCHS,
    RESULT_MAPS,
    RESULT_VALUES,
    RESULT_FILES,
    RESULT_NET_LAYERS,
    RESULT_CORRELATIONS
};

/* --- showing --- */

/* "Checkpoints: 6, epoch-001 to epoch-032 · Layer: relu5 · Method: …". g_free() */
static char *
facts(const Evolution *evolution)
{
    gsize count = evolution->checkpoints.count;
    char *method = figure_value(evolution->run, "method");
    char *layer = figure_layer(evolution->shown, method);
    /* TRANSLATORS: their number, names of the first and the last, a layer. */
    char *text =
        g_strdup_printf(_("Checkpoints: %zu, %s to %s · %s"), count, evolution->epochs[0],
                        evolution->epochs[count - 1], layer);
    g_free(layer);
    g_free(method);
    return text;
}

static gboolean
show(const Evolution *evolution, GError **error)
{
    gboolean stack = param_is(evolution->run->values, "show", "stack");
    GPtrArray *layers = layers_new();
    char *name = g_strdup_printf(_("%s over %zu checkpoints"), evolution->shown,
                                 evolution->checkpoints.count);
    gboolean ok = TRUE;
    /* The first checkpoint is the lowest layer: so animations run. */
    for (gsize e = stack ? evolution->checkpoints.count : 1; ok && e-- > 0;) {
        HostLayer *layer = stack ? evolution_frame(evolution, e, error)
                                 : evolution_sheet(evolution, name, error);
        ok = layer != NULL;
        if (ok) {
            layer->parasite = g_strdup(evolution->about);
            g_ptr_array_add(layers, layer);
        }
    }
    LayersGroup group = {NULL, layers};
    if (ok) {
        const HostLayer *first = g_ptr_array_index(layers, 0);
        int width = first->width, height = first->height;
        if (!stack) {
            char *told = facts(evolution);
            ok = figure_add_caption(evolution->run, NULL, told, width, height, layers,
                                    &height, error);
            g_free(told);
        }
        ok = ok &&
             layers_finish_new(evolution->run, &group, 1, width, height, name, error);
    }
    g_free(name);
    g_ptr_array_unref(layers);
    return ok;
}

static void
give_results(const Evolution *evolution)
{
    ResultValue *out = evolution->run->results;
    GArray *maps = g_array_new(FALSE, FALSE, sizeof(double));
    GArray *values = g_array_new(FALSE, FALSE, sizeof(double));
    gsize count = evolution->checkpoints.count * evolution->maps->len;
    char **files = g_new0(char *, count + 1);
    for (guint i = 0; i < evolution->maps->len; i++) {
        double map = (double)g_array_index(evolution->maps, gsize, i);
        g_array_append_val(maps, map);
    }
    for (gsize i = 0; i < count; i++) {
        double value = (double)evolution->tiles[i].what.unit.value;
        g_array_append_val(values, value);
        files[i] = evolution_on_folder(evolution)
                       ? folder_shown(&evolution->images, evolution->tiles[i].what.file)
                       : g_strdup("");
    }
    out[RESULT_LAYER].text = g_strdup(evolution->shown);
    out[RESULT_EPOCHS].texts = g_strdupv(evolution->epochs);
    out[RESULT_MAPS].numbers = maps;
    out[RESULT_VALUES].numbers = values;
    out[RESULT_FILES].texts = files;
    out[RESULT_NET_LAYERS].texts = g_new0(char *, 1);
    out[RESULT_CORRELATIONS].numbers = g_array_new(FALSE, FALSE, sizeof(double));
}

/* --- how layers settle --- */

static void
give_settling(const Settling *settling)
{
    const Evolution *evolution = settling->evolution;
    ResultValue *out = evolution->run->results;
    gsize count = evolution->checkpoints.count * settling->n_layers;
    GArray *correlations = g_array_new(FALSE, FALSE, sizeof(double));
    char **layers = g_new0(char *, settling->n_layers + 1);
    for (gsize i = 0; i < count; i++) {
        double value = settling->correlations[i];
        value = isfinite(value) ? value : -2;
        g_array_append_val(correlations, value);
    }
    for (gsize k = 0; k < settling->n_layers; k++)
        layers[k] = g_strdup(settling->layers[k].shown);
    out[RESULT_LAYER].text = g_strdup("");
    out[RESULT_EPOCHS].texts = g_strdupv(evolution->epochs);
    out[RESULT_MAPS].numbers = g_array_new(FALSE, FALSE, sizeof(double));
    out[RESULT_VALUES].numbers = g_array_new(FALSE, FALSE, sizeof(double));
    out[RESULT_FILES].texts = g_new0(char *, 1);
    out[RESULT_NET_LAYERS].texts = layers;
    out[RESULT_CORRELATIONS].numbers = correlations;
}

static gboolean
run_settling(const Evolution *evolution, GError **error)
{
    const char *data = param_text(evolution->run->values, "data");
    const char *name = _("How layers settle");
    Settling settling;
    GPtrArray *layers = layers_new();
    LayersGroup group = {NULL, layers};
    HostLayer *layer = NULL;
    gboolean ok = settling_measure(&settling, evolution, error) &&
                  (!*data || settling_save(&settling, data, error)) &&
                  (layer = settling_chart(&settling, name, error));
    if (ok) {
        int width = layer->width, height = layer->height;
        g_ptr_array_add(layers, layer);
        ok = layers_finish_new(evolution->run, &group, 1, width, height, name, error);
    }
    if (ok)
        give_settling(&settling);
    g_ptr_array_unref(layers);
    settling_clear(&settling);
    return ok;
}

/* --- the run --- */

/* "epoch-07" of "run/epoch-07.onnx". */
static char **
epoch_names(const Folder *checkpoints)
{
    char **names = g_new0(char *, checkpoints->count + 1);
    for (gsize i = 0; i < checkpoints->count; i++) {
        char *base = g_path_get_basename(checkpoints->files[i].name);
        base[strlen(base) - strlen(".onnx")] = '\0';
        names[i] = g_filename_display_name(base);
        g_free(base);
    }
    return names;
}

static gboolean
read_folders(Evolution *evolution, GError **error)
{
    const ParamValues *values = evolution->run->values;
    if (!folder_read(&evolution->checkpoints, param_text(values, "checkpoints"), ".onnx",
                     error))
        return FALSE;
    if (evolution->checkpoints.count > MOST_EPOCHS)
        return fail_input(error, _("There are %zu checkpoints; %d can be shown."),
                          evolution->checkpoints.count, MOST_EPOCHS);
    folder_sort_naturally(&evolution->checkpoints);
    evolution->epochs = epoch_names(&evolution->checkpoints);
    return !*param_text(values, "images") ||
           folder_read(&evolution->images, param_text(values, "images"), NULL, error);
}

static gboolean
run_maps(Evolution *evolution, GError **error)
{
    gsize count = evolution->checkpoints.count;
    gboolean ok = TRUE;
    /* The last one first: it chooses the maps. */
    for (gsize i = 0; ok && i < count; i++)
        ok = evolution_checkpoint(evolution, i ? i - 1 : count - 1, i, error);
    ok = ok && show(evolution, error);
    if (ok)
        give_results(evolution);
    return ok;
}

static gboolean
run_evolution(const Run *run, GError **error)
{
    Evolution evolution = {.run = run, .side = param_int(run->values, "tile")};
    gboolean ok = read_folders(&evolution, error);
    if (ok) {
        host_progress_start(_("Evolution"));
        ok = param_is(run->values, "show", "settling") ? run_settling(&evolution, error)
                                                       : run_maps(&evolution, error);
        host_progress_end();
    }
    if (evolution.maps) {
        unit_tiles_clear(evolution.tiles, evolution.tiles ? evolution.checkpoints.count *
                                                                evolution.maps->len
                                                          : 0);
        g_array_unref(evolution.maps);
    }
    g_free(evolution.tiles);
    g_free(evolution.layer);
    g_free(evolution.shown);
    g_free(evolution.about);
    g_strfreev(evolution.epochs);
    folder_clear(&evolution.checkpoints);
    folder_clear(&evolution.images);
    return ok;
}

static ProcedureLook
looks_at(const ParamValues *values)
{
    return *param_text(values, "images") ? LOOK_NOT : LOOK_SEEN;
}

static gboolean
takes(const Run *run, GError **error)
{
    return looks_at(run->values) == LOOK_NOT || procedure_takes_one(run, error);
}

const Procedure procedure_evolution = {
    .name = "plug-in-featurescope-evolution",
    .menu = N_("E_volution over Training..."),
    .path = PROCEDURE_NETWORK,
    .title = N_("Evolution over Training"),
    .blurb = N_("Shows how feature maps appear over the checkpoints of a training"),
    .help = N_(
        "Takes a folder of checkpoints of one architecture, in the order of their names, "
        "and projects for each of them the strongest activation of the chosen maps: on "
        "the open picture, or on whichever picture of a folder excites the map most "
        "then. "
        "The sheet has a row a map and a column a checkpoint; as a stack, each "
        "checkpoint "
        "is a layer, for an animation. The chart has a curve a layer: the correlation of "
        "what its maps give, at up to 8 × 8 places of each picture, with what they give "
        "after the last checkpoint, as the mean of the maps."),
    .icon = "featurescope-evolution",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .looks_at = looks_at,
    .run = run_evolution,
    .takes = takes,
};
