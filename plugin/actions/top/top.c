/* SPDX-License-Identifier: GPL-3.0-or-later */
/* top.c: the procedure that shows what excites maps most, over a folder of pictures.
 *
 * Zeiler & Fergus 2014, figure 2: for a map the nine strongest activations, one unit a
 * picture, projected; beside them the patches that caused them. */

#include "actions/top/choose.h"
#include "actions/top/sheet.h"
#include "base/fail.h"
#include "net/picks.h"
#include "result/results.h"

#define MOST_MAPS 64

static const ParamChoice choices[] = {
    {"selective", N_("The most selective")},
    {"random", N_("A random sample")},
    {"list", N_("Those of a list")},
    {NULL, NULL},
};

static const Param params[] = {
    NET_MODEL(N_("ONNX file to look into; empty: the built-in model")),
    {.name = "images",
     .type = PARAM_FOLDER,
     .label = N_("_Images"),
     .blurb = N_("Folder of pictures, searched with all folders below"),
     .required = TRUE},
    NET_LAYER(N_(
        "Layer whose feature maps are shown, by its name; empty: the deepest one with maps before the classifier")),
    {.name = "choose",
     .type = PARAM_CHOICE,
     .label = N_("_Which maps"),
     .blurb = N_(
         "The maps whose nine strongest pictures stand out most from the others, a random sample, or those of a list"),
     .text = "selective",
     .choices = choices},
    {.name = "maps",
     .type = PARAM_STRING,
     .label = N_("Li_st"),
     .blurb = N_("Numbers of maps, from 0, separated by \";\""),
     .only_with = "choose",
     .only_nicks = "list"},
    {.name = "count",
     .type = PARAM_INT,
     .label = N_("How ma_ny"),
     .blurb = N_("How many maps"),
     .min = 1,
     .max = MOST_MAPS,
     .value = 6,
     .only_with = "choose",
     .only_nicks = "selective;random"},
    {.name = "seed",
     .type = PARAM_INT,
     .label = N_("S_eed"),
     .blurb = N_("Of the random sample: the same number gives the same maps"),
     .min = 0,
     .max = G_MAXINT,
     .value = 0,
     .only_with = "choose",
     .only_nicks = "random"},
    PROBE_METHOD,
    SEEN_FIT,
    {.name = "tile",
     .type = PARAM_INT,
     .label = N_("Tile si_ze"),
     .blurb = N_("Longer side of a projection or patch on the sheet, in pixels"),
     .min = 16,
     .max = 1024,
     .value = 100,
     .advanced = TRUE},
    {.name = "part",
     .type = PARAM_INT,
     .label = N_("_Part"),
     .blurb = N_(
         "With several parts: the one that is looked at now, from 1; 0: only put together what is there"),
     .min = 0,
     .max = 100000,
     .value = 1,
     .advanced = TRUE},
    {.name = "parts",
     .type = PARAM_INT,
     .label = N_("Of p_arts"),
     .blurb = N_(
         "In how many parts the folder is looked at, by as many runs on one machine or several that share the cache folder; the last to finish shows the result"),
     .min = 1,
     .max = 100000,
     .value = 1,
     .advanced = TRUE},
    NET_THREADS(N_("Threa_ds")),
};

static const Result results[] = {
    LAYERS_RESULTS,
    {"layer", RESULT_STRING, N_("Name of the network's layer")},
    {"maps", RESULT_DOUBLES, N_("Numbers of the maps that are shown")},
    {"counts", RESULT_DOUBLES, N_("How many pictures each has: nine, or all")},
    {"values", RESULT_DOUBLES, N_("Activations, map by map, the strongest first")},
    {"files", RESULT_STRINGS, N_("Their files, below the folder")},
    {"images", RESULT_INT, N_("Pictures that the index covers")},
    {"computed", RESULT_INT, N_("Pictures that were run through the network now")},
    {"skipped", RESULT_STRINGS, N_("Files that were skipped, and why")},
    {"missing", RESULT_STRING,
     N_("Parts that are still missing: then nothing is shown; or empty")},
};
enum {
    RESULT_LAYERS,
    RESULT_IN_IMAGE,
    RESULT_LAYER,
    RESULT_MAPS,
    RESULT_COUNTS,
    RESULT_VALUES,
    RESULT_FILES,
    RESULT_IMAGES,
    RESULT_COMPUTED,
    RESULT_SKIPPED,
    RESULT_MISSING
};

/* --- choosing --- */

static GArray *
choose(const Top *top, GError **error)
{
    const ParamValues *values = top->run->values;
    gsize count = (gsize)param_int(values, "count");
    if (param_is(values, "choose", "random"))
        return top_choose_random(top->probe.maps, count,
                                 (guint32)param_int(values, "seed"));
    if (param_is(values, "choose", "selective"))
        return top_choose_selective(&top->index, count);
    GArray *maps = top_parse_maps(param_text(values, "maps"), top->probe.maps,
                                  top->probe.layer.shown, error);
    if (maps && maps->len > MOST_MAPS) {
        fail_input(error, _("%u maps are listed; a sheet holds %d."), maps->len,
                   MOST_MAPS);
        g_clear_pointer(&maps, g_array_unref);
    }
    return maps;
}

static gboolean
make_tiles(Top *top, GError **error)
{
    const ParamValues *values = top->run->values;
    Busy busy = {.text = _("Projecting: unit"), .from = 0.7, .to = 0.95};
    UnitTile *made = g_new0(UnitTile, (gsize)top->maps->len * TOP_BEST);
    gsize count = 0;
    for (guint row = 0; row < top->maps->len; row++) {
        gsize map = g_array_index(top->maps, gsize, row);
        for (gsize i = 0; i < top_count(top, row); i++)
            made[count++].what = top->index.units[map * TOP_BEST + i];
    }
    top->tiles = made;
    top->n_tiles = count;
    return unit_tiles_make(&top->probe, &top->folder, seen_fit(values),
                           probe_method(values), top->side, made, count, &busy, error);
}

/* --- results --- */

static void
give_results(const Top *top, const char *missing)
{
    ResultValue *values = top->run->results;
    GArray *numbers[3];
    GPtrArray *files = g_ptr_array_new(), *skipped = g_ptr_array_new();
    for (int k = 0; k < 3; k++)
        numbers[k] = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint row = 0; top->maps && row < top->maps->len; row++) {
        double map = (double)g_array_index(top->maps, gsize, row);
        double count = (double)top_count(top, row);
        g_array_append_val(numbers[0], map);
        g_array_append_val(numbers[1], count);
    }
    for (gsize i = 0; i < top->n_tiles; i++) {
        double value = (double)top->tiles[i].what.unit.value;
        g_array_append_val(numbers[2], value);
        g_ptr_array_add(files, folder_shown(&top->folder, top->tiles[i].what.file));
    }
    for (guint i = 0; top->index.skipped && i < top->index.skipped->len; i++)
        g_ptr_array_add(skipped, g_strdup(g_ptr_array_index(top->index.skipped, i)));
    g_ptr_array_add(files, NULL);
    g_ptr_array_add(skipped, NULL);
    values[RESULT_LAYER].text = g_strdup(top->probe.layer.shown);
    for (int k = 0; k < 3; k++)
        values[RESULT_MAPS + k].numbers = numbers[k];
    values[RESULT_FILES].texts = (char **)g_ptr_array_free(files, FALSE);
    values[RESULT_IMAGES].i = (int)MIN(top->index.images, G_MAXINT);
    values[RESULT_COMPUTED].i = (int)MIN(top->index.computed, G_MAXINT);
    values[RESULT_SKIPPED].texts = (char **)g_ptr_array_free(skipped, FALSE);
    values[RESULT_MISSING].text = g_strdup(missing ? missing : "");
}

/* Parts are missing: this run has done its own, so it ends with success and says which.
 * */
static gboolean
finish_missing(const Top *top, const char *missing, GError **error)
{
    const ParamValues *values = top->run->values;
    int part = param_int(values, "part"), parts = param_int(values, "parts");
    if (!part)
        return fail_input(error, _("Of %d parts these are missing: %s."), parts, missing);
    char *text = g_strdup_printf(
        _("Part %d of %d is done; the result is shown when these are too: %s."), part,
        parts, missing);
    host_message(text);
    g_free(text);
    top->run->results[RESULT_IN_IMAGE].image = top->run->image;
    return TRUE;
}

static gboolean
run_index(Top *top, GError **error)
{
    const ParamValues *values = top->run->values;
    char *missing;
    TopRequest request = {
        .net = (Net *)top->probe.net,
        .tensor = top->probe.layer.tensor,
        .maps = top->probe.maps,
        .height = top->probe.height,
        .width = top->probe.width,
        .folder = &top->folder,
        .fit = seen_fit(values),
        .threads = param_int(values, "threads"),
        .part = param_int(values, "part"),
        .parts = param_int(values, "parts"),
        .from = 0.02,
        .to = 0.7,
    };
    if (!top_index_get(&request, &top->index, &missing, error))
        return FALSE;
    gboolean ok;
    if (missing) {
        ok = finish_missing(top, missing, error);
    } else if (!top->index.images) {
        ok = fail_input(error, _("No file of the folder “%s” is a picture."),
                        top->folder.path);
    } else {
        top->maps = choose(top, error);
        ok = top->maps && make_tiles(top, error) && top_show(top, error);
    }
    if (ok) {
        if (top->index.skipped)
            folder_tell_skipped(top->index.skipped);
        give_results(top, missing);
    }
    g_free(missing);
    return ok;
}

static gboolean
run_top(const Run *run, GError **error)
{
    Top top = {.run = run, .side = param_int(run->values, "tile")};
    Net *net = net_open(param_text(run->values, "model"), error);
    if (!net || !folder_read(&top.folder, param_text(run->values, "images"), NULL, error))
        return FALSE;
    gboolean ok = probe_open(&top.probe, net, param_text(run->values, "layer"),
                             param_int(run->values, "threads"), error);
    if (ok) {
        host_progress_start(_("The strongest nine"));
        net_tell(net);
        probe_tell_methods(&top.probe);
        ok = run_index(&top, error);
        host_progress_end();
    }
    unit_tiles_clear(top.tiles, top.n_tiles);
    g_free(top.tiles);
    if (top.maps)
        g_array_unref(top.maps);
    top_index_clear(&top.index);
    folder_clear(&top.folder);
    probe_close(&top.probe);
    return ok;
}

const Procedure procedure_top = {
    .name = "plug-in-featurescope-top",
    .menu = N_("The _Strongest Nine..."),
    .path = PROCEDURE_COLLECTION,
    .title = N_("The Strongest Nine"),
    .blurb = N_("Shows what of many pictures excites feature maps most"),
    .help = N_(
        "Looks at all pictures of a folder and finds, for every map of the layer, the "
        "nine "
        "that excite it most, one unit a picture. For the chosen maps the nine units are "
        "projected back to the picture, beside the patches that caused them, cut from "
        "the "
        "pictures at their own resolution; both show what the unit can see. A new image "
        "has them as two groups of layers that line up. What was found is kept in the "
        "user's cache folder, so that other maps of the same layer appear at once, and a "
        "run that was stopped goes on where it was."),
    .icon = "featurescope-top",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .run = run_top,
};
