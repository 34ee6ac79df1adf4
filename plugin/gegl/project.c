/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/project.c: the projection that an operation shows: the same steps as of the
 * action (actions/project/), for one map. */

#include "base/fail.h"
#include "draw/paint.h"
#include "gegl/job.h"
#include "gegl/shelf.h"
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

/* --- the network's part */

/* The layer's plan, with the tensors of the last run. */
typedef struct {
    Probe probe;
    guint64 ran; /* JobInput.number of what these are of; 0: of nothing whole */
} Kept;

static void
kept_free(gpointer data)
{
    Kept *kept = data;
    probe_close(&kept->probe);
    g_free(kept);
}

static Kept *
kept_new(Net *net, const ParamValues *values, GError **error)
{
    Kept *kept = g_new0(Kept, 1);
    if (probe_open(&kept->probe, net, param_text(values, "layer"),
                   param_int(values, "threads"), error))
        return kept;
    g_free(kept);
    return NULL;
}

/* Its name on the shelf. A file that changed is another net. */
static char *
kept_name(const Net *net, const ParamValues *values)
{
    return g_strdup_printf("projection, net %p, %d threads, layer %s", (const void *)net,
                           param_int(values, "threads"), param_text(values, "layer"));
}

/* Another map of the same input needs no run. */
static gboolean
run_once(Kept *kept, const JobInput *input, const DcnProgress *progress, GError **error)
{
    if (kept->ran == input->number)
        return net_steady(kept->probe.net, error);
    kept->ran = 0;
    if (!probe_run(&kept->probe, input->seen.input, progress, error))
        return FALSE;
    kept->ran = input->number;
    return TRUE;
}

static HostLayer *
project_seen(const Job *job, Kept *kept, const Seen *seen, GError **error)
{
    Run run = {.values = job->values};
    Probe *probe = &kept->probe;
    DcnProgress progress = job_progress(job);
    Target target;
    HostLayer *layer = NULL;
    float *signal = g_try_new(float, net_pixels(probe->net) * 3);
    gboolean ok =
        signal || fail_run(error, _("There is not enough memory for a projection."));
    ok = ok && run_once(kept, job->input, &progress, error) &&
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
    Net *net = net_open(param_text(values, "model"), error);
    if (!net)
        return NULL;
    char *name = kept_name(net, values);
    Kept *kept = shelf_take(name);
    if (!kept)
        kept = kept_new(net, values, error);
    const Seen *seen = kept ? job_seen(job, net, error) : NULL;
    HostLayer *layer = seen ? project_seen(job, kept, seen, error) : NULL;
    if (kept)
        shelf_put(g_steal_pointer(&name), kept, kept_free);
    g_free(name);
    return layer;
}
