/* SPDX-License-Identifier: GPL-3.0-or-later */
/* occlusion.c: the procedure that slides a square over the photo.
 *
 * Zeiler & Fergus 2014, section 4.2, figure 7: maps (b) activity, (c) projection, (d)
 * probability, (e) most probable class. All come out of one
 * run of dcn_occlude() but the projection (maps.c, map_projection.c). */

#include "actions/occlusion/animation.h"
#include "actions/occlusion/map_projection.h"
#include "actions/occlusion/maps.h"
#include "actions/occlusion/show.h"
#include "base/fail.h"
#include "net/picks.h"
#include "photo/fill.h"
#include "result/frame.h"

static const ParamChoice shows[] = {
    {"probability", N_("Probability of labels")},
    {"activity", N_("Activity of a feature map")},
    {"class", N_("Most probable class")},
    {"projection", N_("Projection of the feature map")},
    {"all", N_("All four")},
    {NULL, NULL},
};

static const ParamChoice value_kinds[] = {
    {"probability", N_("Probability")},
    {"score", N_("Score before the softmax")},
    {NULL, NULL},
};

static const ParamChoice changes[] = {
    {"change", N_("Change from the uncovered photo")},
    {"absolute", N_("Value itself")},
    {NULL, NULL},
};

static const ParamChoice fills[] = {
    {"color", N_("A colour")},
    {"mean", N_("The photo's mean colour")},
    {"blur", N_("The photo, blurred")},
    {NULL, NULL},
};

static const ParamChoice colors[] = {
    {"auto", N_("Diverging for changes, else vivid")},
    {"diverging", N_("Diverging: blue, white, red")},
    {"vivid", N_("Vivid: violet, green, yellow")},
    {"heat", N_("Heat: black, red, yellow")},
    {"gray", N_("Gray")},
    {NULL, NULL},
};

static const ParamChoice ranges[] = {
    {"own", N_("Each map its own")},
    {"shared", N_("One for all maps of a kind")},
    {"fixed", N_("Fixed")},
    {NULL, NULL},
};

static const ParamChoice targets[] = {
    FRAME_TARGETS,
    {"channel", N_("Channel")},
    {"animation", N_("Animation")},
    {NULL, NULL},
};

static const Param params[] = {
    NET_MODEL(N_("ONNX file to ask; empty: the built-in model")),
    {.name = "show",
     .type = PARAM_CHOICE,
     .label = N_("Sho_w"),
     .blurb = N_("Which map is made while the square covers a part of the photo"),
     .text = "probability",
     .choices = shows},
    {.name = "labels",
     .type = PARAM_PICKS,
     .label = N_("La_bels"),
     .blurb = N_(
         "Names or numbers of classes whose probability is followed, separated by \";\", a layer each; empty: the class that is predicted for the photo"),
     .empty = N_("The predicted one"),
     .fill = net_pick_labels,
     .valid = net_valid_labels,
     .depends = "model",
     .only_with = "show",
     .only_nicks = "probability;all"},
    {.name = "size",
     .type = PARAM_INT,
     .label = N_("Square si_ze"),
     .blurb =
         N_("Side of the square in pixels of the network's input; 0: a seventh of it"),
     .min = 0,
     .max = CARD_LARGEST_SIDE,
     .value = 0,
     .empty = N_("Automatic")},
    {.name = "step",
     .type = PARAM_INT,
     .label = N_("S_tep"),
     .blurb = N_(
         "How far the square moves, in pixels of the network's input; 0: a 28th of it"),
     .min = 0,
     .max = CARD_LARGEST_SIDE,
     .value = 0,
     .empty = N_("Automatic")},
    {.name = "fill",
     .type = PARAM_CHOICE,
     .label = N_("F_ill"),
     .blurb = N_("What the square shows instead of the photo"),
     .text = "color",
     .choices = fills},
    {.name = "color",
     .type = PARAM_COLOR,
     .label = N_("Fill colo_ur"),
     .blurb = N_("Colour of the square, before preprocessing"),
     .text = FILL_GRAY,
     .only_with = "fill",
     .only_nicks = "color"},
    {.name = "layer",
     .type = PARAM_PICK,
     .label = N_("Network la_yer"),
     .blurb = N_(
         "Layer whose feature map is followed or projected; empty: the deepest one with maps before the classifier"),
     .empty = N_("Default"),
     .hint = net_hint_layer,
     .fill = net_pick_layers,
     .valid = net_valid_layer,
     .depends = "model",
     .only_with = "show",
     .only_nicks = "activity;projection;all"},
    {.name = "map",
     .type = PARAM_INT,
     .label = N_("Feature m_ap"),
     .blurb = N_("Number of the map, from 0; -1: the strongest for the uncovered photo"),
     .min = -1,
     .max = 1000000,
     .value = -1,
     .empty = N_("Strongest"),
     .only_with = "show",
     .only_nicks = "activity;projection;all"},
    SEEN_FIT,
    {.name = "value",
     .type = PARAM_CHOICE,
     .label = N_("_Value"),
     .blurb = N_(
         "Probability, or the score before the softmax, which goes on moving where the probability is close to 0 or 1"),
     .text = "probability",
     .choices = value_kinds,
     .advanced = TRUE},
    {.name = "change",
     .type = PARAM_CHOICE,
     .label = N_("_Difference"),
     .blurb = N_(
         "Colours show the change that covering makes, zero in the middle, or the value itself"),
     .text = "change",
     .choices = changes,
     .advanced = TRUE},
    {.name = "colors",
     .type = PARAM_CHOICE,
     .label = N_("Co_lours"),
     .blurb = N_("Colours of the numbers; the class map has its own"),
     .text = "auto",
     .choices = colors,
     .advanced = TRUE},
    {.name = "range",
     .type = PARAM_CHOICE,
     .label = N_("Ra_nge"),
     .blurb = N_("Which numbers the first and last colour stand for"),
     .text = "own",
     .choices = ranges,
     .advanced = TRUE},
    {.name = "low",
     .type = PARAM_DOUBLE,
     .label = N_("Low _end"),
     .blurb = N_(
         "Lower end of a fixed range; with a diverging map of a change the farther end counts for both sides"),
     .min = -1e9,
     .max = 1e9,
     .value = -1,
     .only_with = "range",
     .only_nicks = "fixed",
     .advanced = TRUE},
    {.name = "high",
     .type = PARAM_DOUBLE,
     .label = N_("High end"),
     .blurb = N_("Upper end of a fixed range"),
     .min = -1e9,
     .max = 1e9,
     .value = 1,
     .only_with = "range",
     .only_nicks = "fixed",
     .advanced = TRUE},
    {.name = "smooth",
     .type = PARAM_BOOL,
     .label = N_("Interpolate"),
     .blurb = N_(
         "Blend between positions of the square instead of showing them as cells; the class map always has cells"),
     .value = TRUE,
     .advanced = TRUE},
    {.name = "opacity",
     .type = PARAM_DOUBLE,
     .label = N_("O_pacity"),
     .blurb = N_("Of the heat maps' layers, in percent"),
     .min = 0,
     .max = 100,
     .value = 65,
     .advanced = TRUE},
    {.name = "legend",
     .type = PARAM_BOOL,
     .label = N_("Le_gend"),
     .blurb = N_("Add a layer that says what the colours mean"),
     .value = TRUE,
     .advanced = TRUE},
    {.name = "target",
     .type = PARAM_CHOICE,
     .label = N_("_Kind of result"),
     .blurb = N_(
         "Layers in colours over the photo, or in a new image of the part that the network saw, which can be smaller; or a finished figure with titles and a caption; or a channel that can become the selection: white where covering lowers the value most, or changes the class; or a new image with a layer for each place of the square, the photo covered there and the value as a curve beside it, for playback and for GIF and WebP files"),
     .text = "layer",
     .choices = targets},
    NET_EXPORT(
        N_("File for the values of the map (.npy: rows × columns of the square's "
           "positions, or height × width × 3 of a projection); with several maps each "
           "one's name is added; empty: none")),
    NET_THREADS(N_("Threads")),
    FRAME_SIDE,
    FIGURE_WIDTH,
    FIGURE_THEME,
    {.name = "frames",
     .type = PARAM_INT,
     .label = N_("Frames"),
     .blurb = N_(
         "How many layers an animation has at most; of the square's places every second, third, ... row and column is shown"),
     .min = 2,
     .max = ANIMATION_MOST_FRAMES,
     .value = 100,
     .only_with = "target",
     .only_nicks = "animation",
     .advanced = TRUE},
    {.name = "delay",
     .type = PARAM_INT,
     .label = N_("Milliseconds a frame"),
     .blurb = N_("How long an animation shows each layer, as its name says"),
     .min = 10,
     .max = 60000,
     .value = 100,
     .only_with = "target",
     .only_nicks = "animation",
     .advanced = TRUE},
};

static const Result results[] = {
    LAYERS_RESULTS,
    {"names", RESULT_STRINGS, N_("What each map shows")},
    {"base", RESULT_DOUBLES,
     N_("Each map's value without a square; a class map's class, a projection's unit")},
    {"lowest", RESULT_DOUBLES, N_("Each map's lowest value")},
    {"highest", RESULT_DOUBLES, N_("Each map's highest value")},
};
enum {
    RESULT_LAYERS,
    RESULT_IN_IMAGE,
    RESULT_NAMES,
    RESULT_BASE,
    RESULT_LOWEST,
    RESULT_HIGHEST
};

/* --- the run --- */

static void
give_results(const Run *run, GPtrArray *heats, GPtrArray *projections)
{
    char **names = g_new0(char *, heats->len + projections->len + 1);
    GArray *numbers[3];
    for (int k = 0; k < 3; k++)
        numbers[k] = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < heats->len; i++) {
        const Heat *heat = g_ptr_array_index(heats, i);
        names[i] = g_strdup(heat->what);
        g_array_append_val(numbers[0], heat->base);
        g_array_append_val(numbers[1], heat->low);
        g_array_append_val(numbers[2], heat->high);
    }
    for (guint i = 0; i < projections->len; i++) {
        const MapProjection *projection = g_ptr_array_index(projections, i);
        double value = (double)projection->target.unit.value;
        names[heats->len + i] = g_strdup(projection->name);
        for (int k = 0; k < 3; k++)
            g_array_append_val(numbers[k], value);
    }
    run->results[RESULT_NAMES].texts = names;
    run->results[RESULT_BASE].numbers = numbers[0];
    run->results[RESULT_LOWEST].numbers = numbers[1];
    run->results[RESULT_HIGHEST].numbers = numbers[2];
}

static gboolean
is_animation(const Run *run)
{
    return param_is(run->values, "target", "animation");
}

static gboolean
occlude_drawable(const Occlusion *occlusion,
                 const Run *run,
                 HostItem *drawable,
                 Region *region,
                 GPtrArray *heats,
                 GPtrArray *projections,
                 GPtrArray *frames,
                 GError **error)
{
    Seen seen;
    host_progress_text(_("Reading the photo"));
    if (!seen_of_drawable(&seen, run, drawable, occlusion->net, error))
        return FALSE;
    *region = seen.region;
    gboolean ok = !occlusion->projection ||
                  map_projection_add(occlusion, run, &seen, drawable, projections, error);
    gboolean slides =
        occlusion->activity || occlusion->probability || occlusion->class_map;
    ok = ok && (!slides || occlusion_run(occlusion, run, &seen, drawable, heats, error));
    if (ok && is_animation(run)) {
        const Heat *heat = g_ptr_array_index(heats, 0);
        for (guint i = 1; i < heats->len && !heat->values; i++)
            heat = g_ptr_array_index(heats, i);
        heat_tell(heat);
        ok = animation_make(occlusion, run, &seen, heat, frames, error);
    }
    seen_clear(&seen);
    return ok;
}

static void
tell_no_maps(const Net *net)
{
    char *text = g_strdup_printf(
        _("The model “%s” has no feature maps, so the activity and the projection of one are left out."),
        net->card.name);
    host_message(text);
    g_free(text);
}

static gboolean
run_occlusion(const Run *run, GError **error)
{
    Occlusion occlusion;
    Net *net = net_open(param_text(run->values, "model"), error);
    if (!net || !occlusion_prepare(&occlusion, run, net, error))
        return FALSE;
    if (is_animation(run) && !animation_check(&occlusion, run, error)) {
        occlusion_clear(&occlusion);
        return FALSE;
    }
    host_progress_start(_("Occlusion sensitivity"));
    net_tell(net);
    if (occlusion.classifier)
        net_tell_answer(net, &occlusion.classes);
    if (occlusion.no_maps)
        tell_no_maps(net);

    GPtrArray *heats = g_ptr_array_new_with_free_func(heat_free);
    GPtrArray *projections = g_ptr_array_new_with_free_func(map_projection_free);
    GPtrArray *layers = layers_new();
    Region *seen = g_new0(Region, run->n_drawables);
    gboolean ok = TRUE;
    for (gsize i = 0; ok && i < run->n_drawables; i++)
        ok = occlude_drawable(&occlusion, run, run->drawables[i], &seen[i], heats,
                              projections, layers, error);
    gboolean figure = figure_wanted(run), animation = is_animation(run);
    ok = ok &&
         (figure || animation ||
          occlusion_show(&occlusion, run, heats, projections, layers, error)) &&
         occlusion_save(&occlusion, run, heats, projections, error);
    if (ok && figure) {
        ok = occlusion_figure(&occlusion, run, seen, heats, projections, error);
    } else if (ok && animation) {
        ok = animation_finish(&occlusion, run, &seen[0], layers, error);
    } else if (ok) {
        char *group = g_strdup_printf(_("Occlusion · square %d, step %d"), occlusion.size,
                                      occlusion.step);
        ok = frame_finish(run, layers, seen, NULL, _("Occlusion sensitivity"), group,
                          error);
        g_free(group);
    }
    if (ok)
        give_results(run, heats, projections);
    host_progress_end();
    g_free(seen);
    g_ptr_array_unref(layers);
    g_ptr_array_unref(projections);
    g_ptr_array_unref(heats);
    occlusion_clear(&occlusion);
    return ok;
}

const Procedure procedure_occlusion = {
    .name = "plug-in-featurescope-occlusion",
    .menu = N_("_Occlusion Sensitivity..."),
    .title = N_("Occlusion Sensitivity"),
    .blurb = N_("Shows which parts of the photo a network's answer depends on"),
    .help = N_("Covers the photo with a square, place after place, and asks the network "
               "each time "
               "(Zeiler and Fergus 2014). The heat map shows how the probability of a "
               "label, or the "
               "activity of a feature map, changes with the square's place: where "
               "covering hurts, "
               "the network was looking. The class map shows what the network takes the "
               "photo for. "
               "Maps become layers over the part of the photo that the network saw, with "
               "a legend; "
               "or channels, which can become the selection."),
    .icon = "featurescope-occlusion",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .looks_at = seen_always,
    .run = run_occlusion,
    .preview = PREVIEW_OCCLUSION,
};
