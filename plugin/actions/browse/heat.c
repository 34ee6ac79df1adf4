/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat.c: the heat map of an occlusion, as it grows. */

#include "actions/browse/private.h"
#include "actions/occlusion/square.h"
#include "base/fail.h"
#include "photo/fill.h"

/* Microseconds between two pictures of the growing map. */
#define PAUSE 40000

typedef struct {
    Browse *browse;
    Work *work;
    BrowseSquare square;
    char *tensor, *shown; /* of the layer that is followed; NULL: none */
    float *fill;
    gint64 sent; /* when */
} Occluding;

static void
occluding_free(void *user)
{
    Occluding *occluding = user;
    g_free(occluding->tensor);
    g_free(occluding->shown);
    g_free(occluding->fill);
    g_free(occluding);
}

void
browse_heat_free(void *user)
{
    BrowseHeat *heat = user;
    if (!heat)
        return;
    g_free(heat->shown);
    g_free(heat->values);
    g_free(heat);
}

/* --- the thread's part --- */

static BrowseHeat *
tell_heat(const Occluding *occluding, const DcnOcclusionMaps *maps, gboolean over)
{
    const BrowseSquare *square = &occluding->square;
    gsize class_index =
        square->class_index < 0 ? maps->base_best : (gsize)square->class_index;
    BrowseHeat *heat = g_new(BrowseHeat, 1);
    *heat = (BrowseHeat){
        .rows = maps->rows,
        .columns = maps->columns,
        .known = maps->n_known,
        .size = square->size,
        .step = square->step,
        .follow = square->follow,
        .over = over,
        .class_index = class_index,
        .map = maps->channel,
        .shown = g_strdup(occluding->shown),
        .values = g_new(float, maps->rows * maps->columns),
        .base = (double)(square->follow ? maps->base_activity
                                        : maps->base_probability[class_index]),
        .rounding = dcn_occlusion_rounding(
            maps, square->follow ? DCN_MAP_OF_ACTIVITY : DCN_MAP_OF_PROBABILITY,
            class_index),
    };
    for (gsize i = 0; i < maps->rows; i++)
        for (gsize j = 0; j < maps->columns; j++) {
            gsize cell = dcn_occlusion_cell(maps, i, j);
            float value = (float)heat->base;
            if (cell != SIZE_MAX)
                value = square->follow
                            ? maps->activity[cell]
                            : maps->probability[cell * maps->classes + class_index];
            heat->values[i * maps->columns + j] = value;
        }
    return heat;
}

static void
heat_arrived(void *user, void *news)
{
    Browse *browse = user;
    BrowseHeat **heat = news;
    browse_heat_free(browse->heat);
    browse->heat = g_steal_pointer(heat);
    browse->occluding = !browse->heat->over;
    browse_tell(browse, BROWSE_HEAT);
}

static void
heat_unsent(void *news)
{
    BrowseHeat **heat = news;
    browse_heat_free(*heat);
    g_free(heat);
}

static void
send_heat(const Occluding *occluding, const DcnOcclusionMaps *maps, gboolean over)
{
    BrowseHeat **sent = g_new(BrowseHeat *, 1);
    *sent = tell_heat(occluding, maps, over);
    work_send(occluding->work, heat_arrived, occluding->browse, sent, heat_unsent);
}

static bool
cells_came(const DcnOcclusionMaps *maps, void *user)
{
    Occluding *occluding = user;
    gint64 now = g_get_monotonic_time();
    if ((occluding->square.follow || maps->probability) &&
        now - occluding->sent >= PAUSE) {
        occluding->sent = now;
        send_heat(occluding, maps, FALSE);
    }
    return work_goes_on(occluding->work);
}

static void
run_occlude(Work *work, void *request)
{
    Occluding *occluding = request;
    Browse *browse = occluding->browse;
    const Net *net = browse->net;
    DcnError core = {0};
    DcnOcclusionMaps maps = {0};
    GError *error = NULL;
    occluding->work = work;
    DcnOcclusion options = {
        .size = occluding->square.size,
        .step = occluding->square.step,
        .fill = occluding->fill,
        .layer = occluding->tensor,
        .channel = occluding->tensor ? occluding->square.map : -1,
        .height = net->height,
        .width = net->width,
        .survey = net->survey,
        .output = net->card.output,
        .cells = cells_came,
        .cells_user = occluding,
    };
    DcnProgress progress = {browse_goes_on, work};
    DcnContext *context = dcn_context_new(browse->threads, &core);
    gboolean ok = context && dcn_occlude(net->model, context, &options,
                                         browse->seen.input, &maps, &progress, &core);
    if (!ok)
        fail_core(&error, &core);
    else if (!net_steady(net, &error))
        ; /* the error says so */
    else if (!occluding->square.follow && !maps.probability)
        fail_run(&error, _("The model “%s” gave no probabilities."), net->card.name);
    if (error)
        browse_fail(browse, work, error);
    else
        send_heat(occluding, &maps, TRUE);
    dcn_occlusion_maps_free(&maps);
    dcn_context_free(context);
}

/* --- the main loop's part --- */

/* What the square shows, as the network's input. */
static float *
fill_input(const Net *net, const float gray[3])
{
    gsize pixels = net_pixels(net);
    float *rgb = g_new(float, pixels * 3), *input = g_new(float, net_input_count(net));
    for (gsize i = 0; i < pixels * 3; i++)
        rgb[i] = gray[i % 3];
    net_input(net, rgb, input);
    g_free(rgb);
    return input;
}

void
browse_occlude(Browse *browse, const BrowseSquare *square, const float gray[3])
{
    GError *error = NULL;
    DcnClassifier classifier;
    Occluding *occluding = g_new(Occluding, 1);
    *occluding = (Occluding){.browse = browse, .square = *square};
    if (!square_settle(browse->net, &occluding->square.size, &occluding->square.step,
                       &error) ||
        (!square->follow && !net_classifier(browse->net, &classifier, &error))) {
        g_free(occluding);
        browse_fail_now(browse, error);
        return;
    }
    if (square->follow && browse->maps) {
        occluding->tensor = g_strdup(browse->maps->layer.tensor);
        occluding->shown = g_strdup(browse->maps->layer.shown);
    }
    occluding->fill = fill_input(browse->net, gray);
    browse->occluding = TRUE;
    worker_post(browse->worker, LANE_OCCLUDE, run_occlude, occluding, occluding_free);
}

void
browse_stop(Browse *browse)
{
    worker_stop(browse->worker, LANE_OCCLUDE);
    browse->occluding = FALSE;
    if (browse->heat)
        browse->heat->over = TRUE;
}

void
browse_no_heat(Browse *browse)
{
    browse_stop(browse);
    g_clear_pointer(&browse->heat, browse_heat_free);
}
