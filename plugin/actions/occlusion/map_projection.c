/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map_projection.c: map (c) of an occlusion. */

#include "actions/occlusion/map_projection.h"
#include "base/fail.h"
#include "result/frame.h"

/* Share of the values within black and white; see paint.h. */
#define PERCENTILE 99.5

void
map_projection_free(void *user)
{
    MapProjection *projection = user;
    if (!projection)
        return;
    g_free(projection->name);
    g_free(projection->silence);
    g_free(projection->signal);
    g_free(projection);
}

gboolean
map_projection_add(const Occlusion *occlusion,
                   const Run *run,
                   const Seen *seen,
                   HostItem *drawable,
                   GPtrArray *projections,
                   GError **error)
{
    const Net *net = occlusion->net;
    Probe probe;
    Target target;
    if (!probe_open(&probe, occlusion->net, occlusion->layer.tensor,
                    param_int(run->values, "threads"), error))
        return FALSE;
    MapProjection *projection = g_new0(MapProjection, 1);
    g_ptr_array_add(projections, projection);
    projection->signal = g_try_new(float, net_pixels(net) * 3);
    gboolean ok = projection->signal ||
                  fail_run(error, _("There is not enough memory for a projection."));
    int map = param_int(run->values, "map");
    ok = ok && probe_run(&probe, seen->input, occlusion->progress, error) &&
         probe_strongest(&probe, map, 1, FALSE, &target, error) &&
         probe_project(&probe, &target, DCN_DECONVNET, projection->signal,
                       occlusion->progress, error);
    if (ok) {
        projection->region = frame_region(run, &seen->region);
        projection->drawable = drawable;
        projection->target = target;
        projection->name = probe_name(&probe, &target);
        projection->silence = probe_silence(&probe, &target);
        if (!occlusion->progress) /* else nobody is to be told yet */
            probe_tell(&probe, &target);
    }
    probe_close(&probe);
    return ok;
}

float
map_projection_scale(const Net *net, const MapProjection *projection)
{
    const float *signal = projection->signal;
    return paint_scale(&signal, 1, net_pixels(net) * 3, PERCENTILE);
}

gboolean
map_projection_show(const Occlusion *occlusion,
                    const Run *run,
                    const MapProjection *projection,
                    GPtrArray *layers,
                    GError **error)
{
    const Net *net = occlusion->net;
    RegionGrid grid = region_grid(&projection->region);
    const float *signal = projection->signal;
    float scale = map_projection_scale(net, projection);
    char *name = layers_name(run, projection->drawable, g_strdup(projection->name));
    gboolean channel = param_is(run->values, "target", "channel");
    HostLayer *layer =
        layers_add(layers, &projection->region, &grid, channel, name, error);
    g_free(name);
    if (!layer)
        return FALSE;
    if (channel)
        paint_strength(signal, net->height, net->width, &grid, scale, layer->pixels);
    else
        paint_signal(signal, net->height, net->width, &grid, scale, layer->pixels);
    GKeyFile *about =
        about_new(&procedure_occlusion, net, &projection->region, run->values);
    g_key_file_set_string(about, "result", "kind", "projection");
    g_key_file_set_string(about, "result", "layer", occlusion->layer.shown);
    g_key_file_set_uint64(about, "result", "map", projection->target.unit.channel);
    g_key_file_set_double(about, "result", "black", -(double)scale);
    g_key_file_set_double(about, "result", "white", (double)scale);
    layer->parasite = about_finish(about);
    return TRUE;
}
