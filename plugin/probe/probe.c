/* SPDX-License-Identifier: GPL-3.0-or-later */
/* probe.c: one layer of a network, run on pictures and projected back. */

#include "probe/probe.h"
#include "base/fail.h"

/* --- running --- */

gboolean
probe_open(Probe *probe, Net *net, const char *layer, int threads, GError **error)
{
    DcnMaps maps;
    *probe = (Probe){.net = net};
    gboolean ok = net_layer(net, layer, &probe->layer, error);
    if (ok) {
        RunnerPart part = {.targets = {probe->layer.tensor},
                           .purpose = RUNNER_PROJECT,
                           .threads = threads};
        ok = runner_open(&probe->runner, net, &part, error) &&
             net_maps(probe->runner.plan, probe->runner.tensor[0], probe->layer.shown,
                      &maps, error);
    }
    if (!ok) {
        probe_close(probe);
        return FALSE;
    }
    probe->maps = maps.maps;
    probe->height = maps.height;
    probe->width = maps.width;
    probe->layout = maps;
    probe->map = g_new(float, maps.height *maps.width);
    return TRUE;
}

gboolean
probe_open_beside(Probe *probe, const Probe *other, int threads, GError **error)
{
    *probe = (Probe){0};
    if (!runner_open_beside(&probe->runner, &other->runner, threads, error))
        return FALSE;
    probe->net = other->net;
    probe->layer =
        (NetLayer){g_strdup(other->layer.tensor), g_strdup(other->layer.shown)};
    probe->maps = other->maps;
    probe->height = other->height;
    probe->width = other->width;
    probe->layout = other->layout;
    probe->map = g_new(float, other->height * other->width);
    return TRUE;
}

void
probe_close(Probe *probe)
{
    runner_close(&probe->runner);
    net_layer_clear(&probe->layer);
    g_free(probe->map);
    *probe = (Probe){0};
}

gboolean
probe_run(Probe *probe, const float *input, const DcnProgress *progress, GError **error)
{
    runner_put(&probe->runner, 0, input);
    return runner_run(&probe->runner, progress, error);
}

const float *
probe_tensor(const Probe *probe)
{
    return runner_values(&probe->runner, 0, 0);
}

const float *
probe_values(const Probe *probe, gsize map)
{
    const DcnMaps *layout = &probe->layout;
    if (layout->place_stride == 1)
        return probe_tensor(probe) + layout->first + map * layout->map_stride;
    dcn_maps_read(layout, probe_tensor(probe), map, probe->map);
    return probe->map;
}

gsize
probe_rank(const Probe *probe, gsize count, DcnUnit *units)
{
    return dcn_strongest(probe->runner.session, probe->runner.tensor[0], 0, count, units);
}

DcnUnit
probe_unit(const Probe *probe, gsize map)
{
    return dcn_strongest_of_map(probe->runner.session, probe->runner.tensor[0], 0, map);
}

/* --- projecting --- */

const ParamChoice probe_methods[] = {
    {"deconvnet", N_("Deconvnet (Zeiler & Fergus)")},
    {"guided", N_("Guided backpropagation")},
    {"gradient", N_("Gradient")},
    {NULL, NULL},
};

const ParamChoice probe_units[] = {
    {"strongest", N_("Strongest unit of the map")},
    {"map", N_("Whole map")},
    {"point", N_("Unit at a point of the image")},
    {NULL, NULL},
};

DcnMethod
probe_method(const ParamValues *values)
{
    return param_is(values, "method", "guided")     ? DCN_GUIDED
           : param_is(values, "method", "gradient") ? DCN_GRADIENT
                                                    : DCN_DECONVNET;
}

gboolean
probe_project(Probe *probe,
              const Target *target,
              DcnMethod method,
              float *signal,
              const DcnProgress *progress,
              GError **error)
{
    const Net *net = probe->net;
    DcnError core = {0};
    DcnSeed seed = {.tensor = probe->runner.tensor[0],
                    .whole_map = target->whole,
                    .unit = target->unit};
    float *raw = g_try_new(float, net_input_count(net));
    if (!raw)
        return fail_run(error, _("There is not enough memory for a projection."));
    gboolean ok = dcn_project(probe->runner.session, &seed, method, raw, progress, &core);
    if (ok)
        dcn_signal_to_rgb(&net->card.how, &net->layout, (size_t)net->height,
                          (size_t)net->width, raw, signal);
    g_free(raw);
    return (ok || fail_core(error, &core)) && net_steady(net, error);
}
