/* SPDX-License-Identifier: GPL-3.0-or-later */
/* settle_layers.c: which layers the chart shows. */

#include "actions/evolution/settle.h"
#include "base/fail.h"

static gboolean
named_layers(
    Net *net, char *const *names, NetLayer *layers, gsize *n_layers, GError **error)
{
    for (; *names; names++) {
        if (!**names)
            continue;
        if (*n_layers == SETTLE_LAYERS)
            return fail_input(error, _("More than %d layers are named."), SETTLE_LAYERS);
        if (!net_layer(net, *names, &layers[*n_layers], error))
            return FALSE;
        (*n_layers)++;
    }
    return TRUE;
}

static gboolean
usual_layers(Net *net, NetLayer *layers, gsize *n_layers, GError **error)
{
    const DcnPlan *survey = net_survey(net, error);
    DcnKernels kernels;
    gsize all = 0;
    if (!survey)
        return FALSE;
    for (gsize i = 0; net_next_convolution(survey, &i, &kernels);)
        all++;
    if (!all)
        return fail_input(error, _("“%s” has no convolution; name the layers."),
                          net->path);
    gsize wanted = MIN(all, SETTLE_LAYERS), number = 0;
    for (gsize i = 0; net_next_convolution(survey, &i, &kernels); number++) {
        gsize next = wanted < 2 ? 0 : *n_layers * (all - 1) / (wanted - 1);
        if (number != next || *n_layers == wanted)
            continue;
        const char *tensor = dcn_plan_name(survey, kernels.answer);
        if (!net_layer(net, tensor, &layers[*n_layers], error))
            return FALSE;
        (*n_layers)++;
    }
    return TRUE;
}

gboolean
settling_layers(Net *net,
                const ParamValues *values,
                NetLayer layers[SETTLE_LAYERS],
                gsize *n_layers,
                GError **error)
{
    char **names = param_list(values, "layers");
    *n_layers = 0;
    gboolean ok = named_layers(net, names, layers, n_layers, error) &&
                  (*n_layers || usual_layers(net, layers, n_layers, error));
    g_strfreev(names);
    return ok;
}
