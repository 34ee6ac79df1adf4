/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/project.c: the projection that an operation shows: the same steps as of the
 * action (actions/project/), for one map. */

#include "base/fail.h"
#include "draw/paint.h"
#include "gegl/job.h"
#include "gegl/tell.h"
#include "probe/field.h"
#include "result/frame.h"
#include "result/results.h"

static gboolean
choose(
    const Job *job, const Probe *probe, const Seen *seen, Target *target, GError **error)
{
    const ParamValues *values = job->values;
    int map = param_int(values, "map");
    if (!param_is(values, "unit", "point"))
        return probe_strongest(probe, map, 1, param_is(values, "unit", "map"), target,
                               error) > 0;
    double x = job->rect.x + job->x * job->rect.width,
           y = job->rect.y + job->y * job->rect.height, net_x, net_y;
    if (region_point(&seen->region, x, y, &net_x, &net_y))
        return probe_at(probe, map, 1, net_x, net_y, target, error) > 0;
    return fail_input(error, _("The point lies outside what the network sees."));
}

/* Says why a projection is plain gray, as the action's is. */
static void
tell_gray(const Probe *probe, const Target *target, float scale)
{
    char *text = probe_silence(probe, target);
    if (!text && !(scale > 0)) {
        char *name = probe_name(probe, target);
        text = g_strdup_printf(
            _("%s: no signal reaches the picture, so the projection is plain gray."),
            name);
        g_free(name);
    }
    if (text)
        tell_once(text);
    g_free(text);
}

/* The projection as a layer over what it covers. */
static HostLayer *
paint(const Run *run,
      const Probe *probe,
      const Target *target,
      const Seen *seen,
      const float *signal,
      GError **error)
{
    const Net *net = probe->net;
    Region region = seen->region;
    if (param_is(run->values, "area", "field") && !target->whole)
        region = field_region(probe, &target->unit, &region);
    RegionGrid grid = region_grid(&region);
    HostLayer *layer = host_layer_new("", &region.photo, grid.width, grid.height, 4);
    if (!layer) {
        fail_run(error, _("There is not enough memory for the result."));
        return NULL;
    }
    float scale = paint_scale(&signal, 1, net_pixels(net) * 3,
                              param_double(run->values, "percentile"));
    tell_gray(probe, target, scale);
    paint_signal(signal, net->height, net->width, &grid, scale, layer->pixels);
    frame_zero(run, layer);
    return layer;
}

static HostLayer *
project_seen(const Job *job, Probe *probe, const Seen *seen, GError **error)
{
    Run run = {.values = job->values};
    DcnProgress progress = job_progress(job);
    Target target;
    HostLayer *layer = NULL;
    float *signal = g_try_new(float, net_pixels(probe->net) * 3);
    gboolean ok =
        signal || fail_run(error, _("There is not enough memory for a projection."));
    ok = ok && probe_run(probe, seen->input, &progress, error) &&
         choose(job, probe, seen, &target, error) &&
         probe_project(probe, &target, probe_method(job->values), signal, &progress,
                       error);
    if (ok)
        layer = paint(&run, probe, &target, seen, signal, error);
    g_free(signal);
    return layer;
}

HostLayer *
project_compute(const Job *job, GError **error)
{
    const ParamValues *values = job->values;
    Probe probe;
    Net *net = net_open(param_text(values, "model"), error);
    if (!net || !probe_open(&probe, net, param_text(values, "layer"),
                            param_int(values, "threads"), error))
        return NULL;
    const Seen *seen = job_seen(job, net, error);
    HostLayer *layer = seen ? project_seen(job, &probe, seen, error) : NULL;
    probe_close(&probe);
    return layer;
}
