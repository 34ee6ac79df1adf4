/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse.c: the procedure that opens a window to look into a network.
 *
 * The window is for people who look for an interesting map; scripts call the other
 * procedures. The window is gtk/windows/browse_window.c; engine.h computes what it
 * shows. */

#include "actions/browse/browse.h"
#include "base/fail.h"
#include "net/picks.h"
#include "photo/seen.h"
#include "probe/probe.h"
#include "result/results.h"

static const ParamChoice thumbs[] = {
    {"activation", N_("Activations")},
    {"projection", N_("Projections")},
    {NULL, NULL},
};

static const ParamChoice sorts[] = {
    {"strength", N_("Strength")},
    {"evidence", N_("Evidence for the label")},
    {"index", N_("Number")},
    {"here", N_("Strength at the point")},
    {NULL, NULL},
};

static const ParamChoice scales[] = {
    {"own", N_("Each result its own")},
    {"held", N_("Held, to compare")},
    {NULL, NULL},
};

static const ParamChoice heats[] = {
    {"probability", N_("Probability of the label")},
    {"activity", N_("Activity of the map")},
    {NULL, NULL},
};

static const ParamChoice againsts[] = {
    {"nothing", N_("Nothing")},
    {"model", N_("Another model or checkpoint")},
    {"layer", N_("The Layer Below")},
    {NULL, NULL},
};

static const Param params[] = {
    NET_MODEL(N_("ONNX file to look into; empty: the built-in model")),
    {.name = "layer",
     .type = PARAM_PICK,
     .label = N_("L_ayer"),
     .blurb = N_(
         "Layer whose feature maps are shown, by its name; empty: the deepest one with maps before the classifier"),
     .fill = net_pick_layers,
     .depends = "model"},
    SEEN_FIT,
    {.name = "thumbnails",
     .type = PARAM_CHOICE,
     .label = N_("Thum_bnails"),
     .blurb = N_(
         "What the small pictures show: the maps themselves, or what of the photo excited the strongest unit of each"),
     .text = "activation",
     .choices = thumbs},
    {.name = "sort",
     .type = PARAM_CHOICE,
     .label = N_("Sort b_y"),
     .blurb = N_("Order of the maps: by their strongest unit, by how much the score of "
                 "the label depends on them (to first order; below each map beside its "
                 "number), by number, or by the unit that looks at the point of the "
                 "photo that was clicked"),
     .text = "strength",
     .choices = sorts},
    PROBE_METHOD,
    PROBE_UNIT,
    {.name = "scale",
     .type = PARAM_CHOICE,
     .label = N_("Bri_ghtness scale"),
     .blurb = N_(
         "Zero is mid-gray; how far values are spread from there: each projection by its own values, or by those of the one that was shown when this was chosen"),
     .text = "own",
     .choices = scales},
    PROBE_PERCENTILE(FALSE),
    {.name = "heat",
     .type = PARAM_CHOICE,
     .label = N_("Heat ma_p"),
     .blurb = N_(
         "What is followed while a gray square covers one part of the photo after another"),
     .text = "probability",
     .choices = heats},
    NET_THREADS(N_("Threa_ds")),
    {.name = "label",
     .type = PARAM_PICK,
     .label = N_("_Label"),
     .blurb = N_("Whose probability the heat map follows, and whose score the evidence "
                 "is for; empty: the predicted one"),
     .empty = N_("The predicted one"),
     .fill = net_pick_labels,
     .depends = "model"},
    {.name = "against",
     .type = PARAM_CHOICE,
     .label = N_("Compare _with"),
     .blurb =
         N_("What is shown beside it: the same layer and map of another model, or on "
            "the layer of the image below"),
     .text = "nothing",
     .choices = againsts},
    {.name = "other",
     .type = PARAM_FILE,
     .label = N_("Oth_er model"),
     .blurb = N_("ONNX file to compare with; empty: the built-in model"),
     .empty = N_("Built in"),
     .pattern = "*.onnx",
     .only_with = "against",
     .only_nicks = "model"},
};

static const Result results[] = {LAYERS_RESULTS};

static gboolean
run_browse(const Run *run, GError **error)
{
    (void)run;
    return fail_input(error,
                      _("The browser is a window for a person, so it cannot be called by "
                        "a script or repeated; “plug-in-featurescope-project” and "
                        "“plug-in-featurescope-occlusion” make the same layers."));
}

const Procedure procedure_browse = {
    .name = "plug-in-featurescope-browse",
    .menu = N_("Feature _Browser..."),
    .title = N_("Feature Browser"),
    .blurb = N_("A window to find the interesting feature map of a photo"),
    .help = N_("Shows the network's layers, all feature maps of the chosen one as small "
               "pictures, and the projection of the chosen map at once; a click on the "
               "photo chooses the unit that looks there. A heat map of occlusion grows "
               "over the photo. What is found becomes a layer without the window being "
               "closed. Interactive only."),
    .icon = "featurescope-browse",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .run = run_browse,
    .takes = procedure_takes_one,
    .window = WINDOW_BROWSE,
};
