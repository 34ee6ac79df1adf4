/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map_projection.c: map (c) of an occlusion. */

#include "actions/occlusion/map_projection.h"
#include "base/fail.h"
#include "result/results.h"

/* Share of the values within black and white; see paint.h. */
#define PERCENTILE 99.5

void
shadow_free(Shadow *shadow)
{
    if (!shadow)
        return;
    g_free(shadow->name);
    g_free(shadow->signal);
    g_free(shadow);
}

gboolean
shadow_add(const Sweep *sweep,
           const Run *run,
           const Look *look,
           HostItem *drawable,
           GPtrArray *shadows,
           GError **error)
{
    const Net *net = sweep->net;
    Probe probe;
    Target target;
    if (!probe_open(&probe, sweep->net, sweep->layer.tensor,
                    param_int(run->values, "threads"), error))
        return FALSE;
    Shadow *shadow = g_new0(Shadow, 1);
    g_ptr_array_add(shadows, shadow);
    shadow->signal = g_try_new(float, (gsize)net->height *(gsize)net->width * 3);
    gboolean ok = shadow->signal ||
                  fail_run(error, _("There is not enough memory for a projection."));
    int map = param_int(run->values, "map");
    ok = ok && probe_run(&probe, look->input, NULL, error) &&
         probe_strongest(&probe, map, 1, FALSE, &target, error) &&
         probe_project(&probe, &target, DCN_DECONVNET, shadow->signal, NULL, error);
    if (ok) {
        shadow->region = look->region;
        shadow->drawable = drawable;
        shadow->target = target;
        shadow->name = probe_name(&probe, &target);
        probe_tell(&probe, &target);
    }
    probe_close(&probe);
    return ok;
}

gboolean
shadow_show(const Sweep *sweep,
            const Run *run,
            const Shadow *shadow,
            GPtrArray *layers,
            GError **error)
{
    const Net *net = sweep->net;
    RegionGrid grid = region_grid(&shadow->region);
    const float *signal = shadow->signal;
    gsize count = (gsize)net->height * (gsize)net->width * 3;
    float scale = paint_scale(&signal, 1, count, PERCENTILE);
    char *name = layers_name(run, shadow->drawable, g_strdup(shadow->name));
    gboolean channel = param_is(run->values, "target", "channel");
    HostLayer *layer = layers_add(layers, &shadow->region, &grid, channel, name, error);
    g_free(name);
    if (!layer)
        return FALSE;
    if (channel)
        paint_strength(signal, net->height, net->width, &grid, scale, layer->pixels);
    else
        paint_signal(signal, net->height, net->width, &grid, scale, layer->pixels);
    GKeyFile *about = about_new(&procedure_occlusion, net, &shadow->region, run->values);
    g_key_file_set_string(about, "result", "kind", "projection");
    g_key_file_set_string(about, "result", "layer", sweep->layer.shown);
    g_key_file_set_uint64(about, "result", "map", shadow->target.unit.channel);
    g_key_file_set_double(about, "result", "black", -(double)scale);
    g_key_file_set_double(about, "result", "white", (double)scale);
    layer->parasite = about_finish(about);
    return TRUE;
}
