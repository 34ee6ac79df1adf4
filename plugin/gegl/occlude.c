/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/occlude.c: the heat map that an operation shows: the same steps as of the action
 * (actions/occlusion/), for the map that this puts on top. */

#include "actions/occlusion/maps.h"
#include "base/fail.h"
#include "gegl/job.h"
#include "gegl/shelf.h"
#include "gegl/tell.h"

/* Once every 4th row and column is known, a map may be shown that becomes no finer. */
static gboolean
is_enough(void *user, const DcnOcclusionMaps *maps)
{
    const Job *job = user;
    if (!job->until || maps->grid == 0 || maps->grid > 4 || maps->grid == 1 ||
        g_get_monotonic_time() < job->until)
        return FALSE;
    tell_once(_("The heat map is coarse: “patience” is over before all of it is known."));
    return TRUE;
}

static HostLayer *
paint(const Run *run, Heat *heat, GError **error)
{
    RegionGrid grid = region_grid(&heat->region);
    gboolean smooth = param_bool(run->values, "smooth");
    HostLayer *layer =
        host_layer_new("", &heat->region.photo, grid.width, grid.height, 4);
    if (!layer) {
        fail_run(error, _("There is not enough memory for the result."));
        return NULL;
    }
    char *remark = heat_is_flat(heat) ? heat_remark(heat) : NULL;
    if (remark)
        tell_once(remark);
    g_free(remark);
    heat_range_own(heat);
    heat_colors(heat, &grid, smooth, layer->pixels);
    layer->nearest = !smooth || heat->kind == HEAT_CLASS;
    layer->opacity = param_double(run->values, "opacity");
    return layer;
}

static void
kept_free(gpointer kept)
{
    occlusion_kept_free(kept);
}

HostLayer *
occlude_compute(const Job *job, GError **error)
{
    Run run = {.values = job->values};
    DcnProgress progress = job_progress(job);
    Occlusion occlusion;
    HostLayer *layer = NULL;
    Net *net = net_open(param_text(job->values, "model"), error);
    if (!net || !occlusion_prepare(&occlusion, &run, net, error))
        return NULL;
    char *name = g_strdup_printf("heat map, net %p", (void *)net);
    OcclusionKept *kept = shelf_take(name);
    if (!kept)
        kept = occlusion_kept_new();
    occlusion.progress = &progress;
    occlusion.enough = is_enough;
    occlusion.user = (void *)job;
    occlusion.kept = kept;
    GPtrArray *heats = g_ptr_array_new_with_free_func(heat_free);
    const Seen *seen = job_seen(job, net, error);
    if (seen && occlusion_run(&occlusion, &run, seen, NULL, heats, error))
        layer = paint(&run, g_ptr_array_index(heats, 0), error);
    shelf_put(name, kept, kept_free);
    g_ptr_array_unref(heats);
    occlusion_clear(&occlusion);
    return layer;
}
