/* SPDX-License-Identifier: GPL-3.0-or-later */
/* project.c: the procedure that projects feature maps back to pixel space.
 *
 * Zeiler & Fergus 2014, section 2.1: what of the photo excited a unit or a map of a
 * layer? Everything is computed first and added to the image at once. */

#include "actions/project/project.h"
#include "base/busy.h"
#include "base/fail.h"
#include "draw/paint.h"
#include "net/picks.h"
#include "result/about.h"
#include "result/frame.h"
#include "result/npy.h"

#define MOST_MAPS 64

static const ParamChoice scales[] = {
    {"layer", N_("Each result its own")},
    {"shared", N_("One for all results")},
    {NULL, NULL},
};

static const ParamChoice areas[] = {
    {"seen", N_("All that the network sees")},
    {"field", N_("What the unit sees")},
    {NULL, NULL},
};

static const Param params[] = {
    NET_MODEL(N_("ONNX file to look into; empty: the built-in model")),
    NET_LAYER(N_(
        "Layer whose feature maps are projected, by its name; empty: the deepest one with maps before the classifier")),
    {.name = "map",
     .type = PARAM_INT,
     .label = N_("Feature m_ap"),
     .blurb = N_("Number of the map, from 0; -1: the strongest for this picture"),
     .min = -1,
     .max = 1000000,
     .value = -1,
     .empty = N_("Strongest")},
    {.name = "count",
     .type = PARAM_INT,
     .label = N_("How ma_ny"),
     .blurb = N_("How many of the strongest maps, a layer each; with -1 as the map only"),
     .min = 1,
     .max = MOST_MAPS,
     .value = 1,
     .only_with = "map",
     .only_nicks = "-1"},
    PROBE_UNIT,
    {.name = "point",
     .type = PARAM_POINT,
     .label = N_("Po_int"),
     .blurb = N_("Point of the image in pixels; the unit that looks there is projected"),
     .min = -524288,
     .max = 524288,
     .value = 0,
     .only_with = "unit",
     .only_nicks = "point"},
    PROBE_METHOD,
    SEEN_FIT,
    {.name = "scale",
     .type = PARAM_CHOICE,
     .label = N_("_Brightness scale"),
     .blurb = N_(
         "Zero is mid-gray; how far values are spread from there: each result by its own values, or all alike so that they can be compared"),
     .text = "layer",
     .choices = scales,
     .advanced = TRUE},
    PROBE_PERCENTILE(TRUE),
    NET_EXPORT(
        N_("File for the projected values (.npy: height × width × 3, the network's "
           "own scale); with several results the map's number is added to its name; "
           "empty: none")),
    NET_THREADS(N_("Threa_ds")),
    FRAME_TARGET,
    FRAME_SIDE,
    {.name = "area",
     .type = PARAM_CHOICE,
     .label = N_("Co_vers"),
     .blurb = N_(
         "What a layer covers: everything, or the receptive field of the unit alone, as nothing outside can have a signal; a whole map has everything"),
     .text = "seen",
     .choices = areas,
     .advanced = TRUE},
    FRAME_ZERO,
    FIGURE_WIDTH,
    FIGURE_THEME,
};

static const Result results[] = {
    LAYERS_RESULTS,
    {"layer", RESULT_STRING, N_("Name of the network's layer")},
    {"maps", RESULT_DOUBLES, N_("Number of each result's feature map")},
    {"values", RESULT_DOUBLES, N_("Value of each result's unit")},
};
enum { RESULT_LAYERS, RESULT_IN_IMAGE, RESULT_LAYER, RESULT_MAPS, RESULT_VALUES };

static void
projection_free(void *data)
{
    Projection *projection = data;
    g_free(projection->signal);
    g_free(projection);
}

/* --- computing --- */

static gsize
choose(
    const Run *run, const Probe *probe, const Seen *seen, Target *targets, GError **error)
{
    int map = param_int(run->values, "map");
    gsize count = (gsize)param_int(run->values, "count");
    if (!param_is(run->values, "unit", "point"))
        return probe_strongest(probe, map, count, param_is(run->values, "unit", "map"),
                               targets, error);
    int x, y;
    double net_x, net_y;
    param_point(run->values, "point", &x, &y);
    if (region_point(&seen->region, x + 0.5, y + 0.5, &net_x, &net_y))
        return probe_at(probe, map, count, net_x, net_y, targets, error);
    const GeglRectangle *rect = &seen->region.seen;
    fail_input(
        error,
        _("The point %d, %d lies outside what the network sees: %d × %d pixels at %d, %d."),
        x, y, rect->width, rect->height, rect->x, rect->y);
    return 0;
}

static Region
region_of(const Run *run, const Probe *probe, const Target *target, const Seen *seen)
{
    Region region = frame_region(run, &seen->region);
    gboolean field = param_is(run->values, "area", "field") && !figure_wanted(run);
    if (field && !target->whole)
        region = field_region(probe, &target->unit, &region);
    return region;
}

static gboolean
project_one(const Run *run,
            Probe *probe,
            const Target *target,
            const Seen *seen,
            HostItem *drawable,
            GPtrArray *projections,
            GError **error)
{
    const Net *net = probe->net;
    Projection *projection = g_new0(Projection, 1);
    g_ptr_array_add(projections, projection);
    projection->target = *target;
    projection->region = region_of(run, probe, target, seen);
    projection->drawable = drawable;
    projection->signal = g_try_new(float, net_pixels(net) * 3);
    if (!projection->signal)
        return fail_run(error, _("There is not enough memory for a projection."));
    return probe_project(probe, target, probe_method(run->values), projection->signal,
                         NULL, error);
}

static gboolean
project_drawable(const Run *run,
                 Probe *probe,
                 HostItem *drawable,
                 Region *region,
                 GPtrArray *projections,
                 GError **error)
{
    Seen seen;
    Target targets[MOST_MAPS];
    Busy forward = {.text = _("Running the network"), .from = 0.1, .to = 0.4};
    Busy down = {.text = _("Projecting: map"), .from = 0.4, .to = 0.9};

    host_progress_text(_("Reading the photo"));
    if (!seen_of_drawable(&seen, run, drawable, probe->net, error))
        return FALSE;
    *region = seen.region;
    DcnProgress progress = busy_start(&forward);
    gboolean ok = probe_run(probe, seen.input, &progress, error);
    gsize count = ok ? choose(run, probe, &seen, targets, error) : 0;
    ok = ok && count > 0;
    down.count = count;
    progress = busy_start(&down);
    for (gsize i = 0; ok && i < count; i++) {
        progress.report((double)i / (double)count, progress.user);
        ok = project_one(run, probe, &targets[i], &seen, drawable, projections, error);
        ((Projection *)g_ptr_array_index(projections, projections->len - 1))->first =
            i == 0;
    }
    seen_clear(&seen);
    return ok;
}

/* --- showing --- */

/* The common scale, or 0 if each has its own. */
static float
shared_scale(const Run *run, GPtrArray *projections, gsize count)
{
    if (!param_is(run->values, "scale", "shared"))
        return 0;
    const float **arrays = g_new(const float *, projections->len);
    for (guint i = 0; i < projections->len; i++)
        arrays[i] = ((Projection *)g_ptr_array_index(projections, i))->signal;
    float scale = paint_scale(arrays, projections->len, count,
                              param_double(run->values, "percentile"));
    g_free(arrays);
    return scale;
}

static char *
about(const Run *run, const Probe *probe, const Projection *projection, float scale)
{
    const Target *target = &projection->target;
    GKeyFile *text =
        about_new(&procedure_project, probe->net, &projection->region, run->values);
    g_key_file_set_string(text, "result", "layer", probe->layer.shown);
    g_key_file_set_uint64(text, "result", "map", target->unit.channel);
    g_key_file_set_boolean(text, "result", "whole-map", target->whole);
    g_key_file_set_uint64(text, "result", "unit-y", target->unit.y);
    g_key_file_set_uint64(text, "result", "unit-x", target->unit.x);
    g_key_file_set_double(text, "result", "value", (double)target->unit.value);
    g_key_file_set_double(text, "result", "black", -(double)scale);
    g_key_file_set_double(text, "result", "white", (double)scale);
    return about_finish(text);
}

gboolean
project_show(const Run *run,
             const Probe *probe,
             const Projection *projection,
             GPtrArray *layers,
             GError **error)
{
    float scale = projection->scale;
    const Net *net = probe->net;
    RegionGrid grid = region_grid(&projection->region);
    char *name =
        layers_name(run, projection->drawable, probe_name(probe, &projection->target));
    if (!(scale > 0) && !projection->target.silent) {
        char *text = g_strdup_printf(
            _("%s: no signal reaches the picture, so the projection is plain gray."),
            name);
        char *empty = g_strconcat(name, _(" · empty"), NULL);
        host_message(text);
        g_free(text);
        g_free(name);
        name = empty;
    }
    HostLayer *layer = layers_add(layers, &projection->region, &grid, FALSE, name, error);
    g_free(name);
    if (!layer)
        return FALSE;
    paint_signal(projection->signal, net->height, net->width, &grid, scale,
                 layer->pixels);
    frame_zero(run, layer);
    /* Several would cover each other. */
    layer->hidden = !projection->first && !figure_wanted(run);
    layer->parasite = about(run, probe, projection, scale);
    return TRUE;
}

static void
set_scales(const Run *run, const Probe *probe, GPtrArray *projections)
{
    gsize count = net_pixels(probe->net) * 3;
    double percentile = param_double(run->values, "percentile");
    float shared = shared_scale(run, projections, count);
    for (guint i = 0; i < projections->len; i++) {
        Projection *projection = g_ptr_array_index(projections, i);
        const float *signal = projection->signal;
        projection->scale =
            shared > 0 ? shared : paint_scale(&signal, 1, count, percentile);
    }
}

static gboolean
show_all(const Run *run,
         const Probe *probe,
         GPtrArray *projections,
         GPtrArray *layers,
         GError **error)
{
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < projections->len; i++) {
        const Projection *projection = g_ptr_array_index(projections, i);
        ok = project_show(run, probe, projection, layers, error);
        if (ok)
            probe_tell(probe, &projection->target);
    }
    return ok;
}

static gboolean
save_all(const Run *run, const Probe *probe, GPtrArray *projections, GError **error)
{
    const char *path = param_text(run->values, "data");
    gsize dim[3] = {(gsize)probe->net->height, (gsize)probe->net->width, 3};
    gboolean ok = TRUE;
    for (guint i = 0; ok && *path && i < projections->len; i++) {
        const Projection *projection = g_ptr_array_index(projections, i);
        char *suffix = g_strdup("");
        if (projections->len > 1) {
            g_free(suffix);
            suffix = g_strdup_printf("map%d", (int)projection->target.unit.channel);
            suffix = layers_name(run, projection->drawable, suffix);
        }
        char *file = npy_path(path, suffix);
        ok = npy_write(file, NPY_FLOAT32, 3, dim, projection->signal, error);
        g_free(file);
        g_free(suffix);
    }
    return ok;
}

static void
give_results(const Run *run, const Probe *probe, GPtrArray *projections)
{
    GArray *maps = g_array_new(FALSE, FALSE, sizeof(double));
    GArray *values = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < projections->len; i++) {
        const DcnUnit *unit =
            &((Projection *)g_ptr_array_index(projections, i))->target.unit;
        double map = (double)unit->channel, value = (double)unit->value;
        g_array_append_val(maps, map);
        g_array_append_val(values, value);
    }
    run->results[RESULT_LAYER].text = g_strdup(probe->layer.shown);
    run->results[RESULT_MAPS].numbers = maps;
    run->results[RESULT_VALUES].numbers = values;
}

/* "relu7 · 9 strongest maps". g_free(). */
static char *
group_name(const Run *run, const Probe *probe, guint count)
{
    if (run->n_drawables > 1 || param_int(run->values, "map") >= 0)
        return g_strdup_printf(_("Projections from %s"), probe->layer.shown);
    return g_strdup_printf(_("%s · %u strongest maps"), probe->layer.shown, count);
}

static gboolean
run_project(const Run *run, GError **error)
{
    Probe probe;
    Net *net = net_open(param_text(run->values, "model"), error);
    if (!net || !probe_open(&probe, net, param_text(run->values, "layer"),
                            param_int(run->values, "threads"), error))
        return FALSE;
    host_progress_start(_("Feature projection"));
    net_tell(net);
    probe_tell_methods(&probe);

    GPtrArray *projections = g_ptr_array_new_with_free_func(projection_free);
    GPtrArray *layers = layers_new();
    Region *seen = g_new0(Region, run->n_drawables);
    gboolean ok = TRUE;
    for (gsize i = 0; ok && i < run->n_drawables; i++)
        ok = project_drawable(run, &probe, run->drawables[i], &seen[i], projections,
                              error);
    if (ok)
        set_scales(run, &probe, projections);
    gboolean figure = figure_wanted(run);
    ok = ok && (figure || show_all(run, &probe, projections, layers, error)) &&
         save_all(run, &probe, projections, error);
    if (ok && figure)
        ok = project_figure(run, &probe, seen, projections, error);
    else if (ok) {
        char *group = group_name(run, &probe, projections->len);
        ok = frame_finish(run, layers, seen, NULL, _("Feature projection"), group, error);
        g_free(group);
    }
    if (ok)
        give_results(run, &probe, projections);
    host_progress_end();
    g_free(seen);
    g_ptr_array_unref(layers);
    g_ptr_array_unref(projections);
    probe_close(&probe);
    return ok;
}

const Procedure procedure_project = {
    .name = "plug-in-featurescope-project",
    .menu = N_("Feature _Projection..."),
    .title = N_("Feature Projection"),
    .blurb = N_("Shows what in the photo excited a feature map of a network"),
    .help = N_(
        "Runs a convolutional network on the layer, or on the selection's bounding box, "
        "and takes the strongest activations of the chosen feature maps back to the "
        "picture by a deconvnet (Zeiler and Fergus 2014), guided backpropagation or the "
        "gradient. Each projection becomes a layer over the part of the photo that the "
        "network saw. Zero is mid-gray, with one scale for all three channels; "
        "transparent pixels are seen over white."),
    .icon = "featurescope-project",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .looks_at = seen_always,
    .run = run_project,
    .preview = PREVIEW_PROJECTION,
};
