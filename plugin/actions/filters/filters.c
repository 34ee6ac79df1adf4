/* SPDX-License-Identifier: GPL-3.0-or-later */
/* filters.c: the procedure that shows the kernels of a convolution, and which are dead.
 *
 * Zeiler & Fergus 2014, figure 6: features of the first layer, and what a smaller stride
 * and filter size did to the dead ones among them. */

#include "actions/filters/sheet.h"
#include "base/fail.h"
#include "net/picks.h"
#include "result/about.h"
#include "result/figure.h"
#include <stdlib.h>

extern const Procedure procedure_filters;

static const ParamChoice orders[] = {
    {"index", N_("By number")},
    {"norm", N_("Largest weights first")},
    {"activity", N_("Most active first")},
    {NULL, NULL},
};

static const ParamChoice scales[] = {
    {"shared", N_("One for all kernels")},
    {"own", N_("Each kernel its own")},
    {NULL, NULL},
};

static const Param params[] = {
    NET_MODEL(N_("ONNX file to look into; empty: the built-in model")),
    {.name = "layer",
     .type = PARAM_PICK,
     .label = N_("Network la_yer"),
     .blurb = N_("Convolution whose kernels are shown; empty: the first one"),
     .empty = N_("The first one"),
     .hint = net_hint_convolution,
     .fill = net_pick_convolutions,
     .depends = "model"},
    {.name = "images",
     .type = PARAM_FOLDER,
     .label = N_("_Images"),
     .blurb = N_(
         "Folder of pictures, searched with all folders below, that tells which kernels never answer; empty: only the kernels themselves are judged"),
     .empty = N_("None")},
    {.name = "order",
     .type = PARAM_CHOICE,
     .label = N_("Ord_er"),
     .blurb = N_(
         "In which order kernels are shown; the activity is that on the folder of images, or on the open picture if there is none"),
     .text = "index",
     .choices = orders},
    {.name = "count",
     .type = PARAM_INT,
     .label = N_("How ma_ny"),
     .blurb = N_("How many kernels, the first in that order"),
     .min = 1,
     .max = 4096,
     .value = 256},
    {.name = "scale",
     .type = PARAM_CHOICE,
     .label = N_("_Brightness scale"),
     .blurb = N_("Zero is mid-gray; how far weights are spread from there"),
     .text = "shared",
     .choices = scales},
    {.name = "smooth",
     .type = PARAM_BOOL,
     .label = N_("Smoo_th"),
     .blurb = N_("Enlarge kernels smoothly instead of as squares"),
     .value = FALSE},
    {.name = "channel",
     .type = PARAM_INT,
     .label = N_("Channel"),
     .blurb = N_("Input channel that is shown of each kernel, counted from 0 within the "
                 "kernel's group; -1: all three as colours, or where there are others "
                 "the strongest"),
     .min = -1,
     .max = 65535,
     .value = -1,
     .empty = N_("All"),
     .advanced = TRUE},
    {.name = "strongest",
     .type = PARAM_INT,
     .label = N_("Channels a _kernel"),
     .blurb = N_(
         "How many of the strongest input channels are shown of each kernel where they are no colours"),
     .min = 1,
     .max = 16,
     .value = 3,
     .advanced = TRUE},
    {.name = "flat",
     .type = PARAM_DOUBLE,
     .label = N_("Fl_at below"),
     .blurb = N_(
         "A kernel counts as dead if the contrast of its weights, their standard deviation, is below this share of the layer's median, in percent"),
     .min = 0,
     .max = 100,
     .value = 10,
     .advanced = TRUE},
    {.name = "silent",
     .type = PARAM_DOUBLE,
     .label = N_("Si_lent up to"),
     .blurb = N_(
         "A kernel counts as dead if it fires at no more than this share of all positions of the folder's images, in percent; 0: nowhere"),
     .min = 0,
     .max = 100,
     .value = 0,
     .advanced = TRUE},
    {.name = "tile",
     .type = PARAM_INT,
     .label = N_("Tile si_ze"),
     .blurb = N_("Longer side of a kernel on the sheet, in pixels; 0: chosen"),
     .min = 0,
     .max = 1024,
     .value = 0,
     .empty = N_("Automatic"),
     .advanced = TRUE},
    SEEN_FIT,
    LAYERS_TARGET,
    NET_THREADS(N_("Threa_ds")),
};

static const Result results[] = {
    LAYERS_RESULTS,
    {"layer", RESULT_STRING, N_("Name of the network's layer")},
    {"dead-count", RESULT_INT, N_("How many kernels are dead by either sign")},
    {"dead", RESULT_DOUBLES, N_("Their numbers")},
    {"contrasts", RESULT_DOUBLES,
     N_("Contrast of each kernel: the standard deviation of its weights")},
    {"fires", RESULT_DOUBLES,
     N_("Share of positions where each kernel fires; empty if no picture was asked")},
    {"fires-images", RESULT_DOUBLES,
     N_("Share of images where each kernel fires at all; empty if none was asked")},
};
enum {
    RESULT_LAYERS,
    RESULT_IN_IMAGE,
    RESULT_LAYER,
    RESULT_DEAD_COUNT,
    RESULT_DEAD,
    RESULT_CONTRASTS,
    RESULT_FIRES,
    RESULT_FIRES_IMAGES
};

/* --- order --- */

typedef struct {
    gsize number;
    double key; /* large ones first */
} Place;

static int
by_key(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? 1 : -1;
    return x->number > y->number ? 1 : -1;
}

static gsize *
order_of(const Kernels *kernels, const ParamValues *values)
{
    Place *places = g_new0(Place, kernels->count);
    gsize *order = g_new(gsize, kernels->count);
    for (gsize i = 0; i < kernels->count; i++) {
        places[i].number = i;
        if (param_is(values, "order", "norm"))
            places[i].key = kernels->kernels[i].norm;
        else if (param_is(values, "order", "activity"))
            places[i].key = kernels->kernels[i].fires;
    }
    qsort(places, kernels->count, sizeof *places, by_key);
    for (gsize i = 0; i < kernels->count; i++)
        order[i] = places[i].number;
    g_free(places);
    return order;
}

/* --- the run --- */

static gboolean
ask(const Run *run, Kernels *kernels, GError **error)
{
    Folder folder;
    Seen seen;
    int threads = param_int(run->values, "threads");
    if (*param_text(run->values, "images")) {
        if (!folder_read(&folder, param_text(run->values, "images"), NULL, error))
            return FALSE;
        gboolean ok =
            kernels_ask_folder(kernels, &folder, seen_fit(run->values), threads, error);
        folder_clear(&folder);
        return ok;
    }
    if (!param_is(run->values, "order", "activity"))
        return TRUE;
    if (!seen_of_drawable(&seen, run, run->drawables[0], kernels->net, error))
        return FALSE;
    gboolean ok = kernels_ask_photo(kernels, &seen, threads, error);
    seen_clear(&seen);
    return ok;
}

static char *
about(const Run *run, const Kernels *kernels)
{
    GArray *dead = kernels_dead(kernels);
    int *numbers = g_new0(int, dead->len);
    for (guint i = 0; i < dead->len; i++)
        numbers[i] = (int)g_array_index(dead, gsize, i);
    GKeyFile *text = about_new(&procedure_filters, kernels->net, NULL, run->values);
    g_key_file_set_string(text, "result", "layer", kernels->layer.shown);
    if (dead->len)
        g_key_file_set_integer_list(text, "result", "dead", numbers, dead->len);
    g_key_file_set_double(text, "result", "median-contrast", kernels->median);
    g_key_file_set_uint64(text, "result", "images", kernels->images);
    g_free(numbers);
    g_array_unref(dead);
    return about_finish(text);
}

static void
give_results(const Run *run, const Kernels *kernels)
{
    GArray *dead = kernels_dead(kernels), *numbers[4];
    for (int k = 0; k < 4; k++)
        numbers[k] = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < dead->len; i++) {
        double number = (double)g_array_index(dead, gsize, i);
        g_array_append_val(numbers[0], number);
    }
    for (gsize i = 0; i < kernels->count; i++) {
        g_array_append_val(numbers[1], kernels->kernels[i].contrast);
        if (!kernels->images)
            continue;
        g_array_append_val(numbers[2], kernels->kernels[i].fires);
        g_array_append_val(numbers[3], kernels->kernels[i].fires_images);
    }
    run->results[RESULT_LAYER].text = g_strdup(kernels->layer.shown);
    run->results[RESULT_DEAD_COUNT].i = (int)dead->len;
    for (int k = 0; k < 4; k++)
        run->results[RESULT_DEAD + k].numbers = numbers[k];
    g_array_unref(dead);
}

static gboolean
show(const Run *run, const Kernels *kernels, GError **error)
{
    const ParamValues *values = run->values;
    int channel = param_int(values, "channel");
    if (channel >= 0 && (gsize)channel >= kernels->inputs)
        return fail_input(
            error,
            _("There is no channel %d: each kernel of “%s” sees %zu, numbered from 0."),
            channel, kernels->layer.shown, kernels->inputs);
    gsize *order = order_of(kernels, values);
    FilterStyle style = {
        .order = order,
        .count = MIN((gsize)param_int(values, "count"), kernels->count),
        .strongest = (gsize)param_int(values, "strongest"),
        .channel = channel,
        .tile = param_int(values, "tile"),
        .shared = param_is(values, "scale", "shared"),
        .smooth = param_bool(values, "smooth"),
    };
    char *name = filter_name(kernels);
    HostLayer *sheet = filter_sheet(kernels, &style, name, error);
    if (sheet)
        sheet->parasite = about(run, kernels);
    g_free(name);
    g_free(order);
    return sheet && figure_finish_sheet(run, kernels->net, sheet, _("Filters"), error);
}

static gboolean
run_filters(const Run *run, GError **error)
{
    Kernels kernels;
    Net *net = net_open(param_text(run->values, "model"), error);
    if (!net || !kernels_open(&kernels, net, param_text(run->values, "layer"), error))
        return FALSE;
    host_progress_start(_("Filters"));
    gboolean ok = ask(run, &kernels, error);
    if (ok) {
        kernels_judge(&kernels, param_double(run->values, "flat") / 100,
                      *param_text(run->values, "images") != '\0',
                      param_double(run->values, "silent") / 100);
        ok = show(run, &kernels, error);
    }
    if (ok)
        give_results(run, &kernels);
    host_progress_end();
    kernels_clear(&kernels);
    return ok;
}

/* Only its activity is asked for. */
static ProcedureLook
looks_at(const ParamValues *values)
{
    return param_is(values, "order", "activity") && !*param_text(values, "images")
               ? LOOK_SEEN
               : LOOK_NOT;
}

static gboolean
takes(const Run *run, GError **error)
{
    return looks_at(run->values) == LOOK_NOT || procedure_takes_one(run, error);
}

const Procedure procedure_filters = {
    .name = "plug-in-featurescope-filters",
    .menu = N_("_Filters and Dead Features..."),
    .path = PROCEDURE_NETWORK,
    .title = N_("Filters and Dead Features"),
    .blurb = N_("Shows the kernels of a convolution and marks the dead ones"),
    .help =
        N_("Makes a sheet of the kernels that a convolution has learned, each with its "
           "number. Kernels over three channels are shown in colour, others by their "
           "strongest input channels in gray; zero is mid-gray. Dead features have a red "
           "frame: flat ones, whose weights have almost no contrast, and, if a folder of "
           "images is given, silent ones, which fire nowhere on them. With a folder the "
           "number below a kernel is the share of positions where it fires."),
    .icon = "featurescope-filters",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .looks_at = looks_at,
    .run = run_filters,
    .takes = takes,
};
