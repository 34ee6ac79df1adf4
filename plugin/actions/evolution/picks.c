/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picks.c: lists of a dialog about a folder of checkpoints. */
#include "actions/evolution/picks.h"
#include "actions/evolution/settle.h"
#include "base/procedure.h"
#include "net/picks.h"
#include "photo/folder.h"

/* The last checkpoint; NULL with an error, or without one if no folder is given. */
static Net *
last_net(const ParamValues *values, GError **error)
{
    Folder folder;
    const char *path = param_text(values, "checkpoints");
    if (!*path || !folder_read(&folder, path, ".onnx", error))
        return NULL;
    folder_sort_naturally(&folder);
    char *file = folder_path(&folder, folder.count - 1);
    Net *net = net_open(file, error);
    g_free(file);
    folder_clear(&folder);
    return net;
}

GPtrArray *
evolution_pick_layers(const ParamValues *values, GError **error)
{
    Net *net = last_net(values, error);
    return net ? net_list_layers(net, error) : NULL;
}

char *
evolution_hint_layer(const ParamValues *values)
{
    Net *net = last_net(values, NULL);
    return net ? net_usual_layer(net) : NULL;
}

gboolean
evolution_valid_layer(const ParamValues *values, GError **error)
{
    NetLayer layer;
    GError *why = NULL;
    Net *net = last_net(values, &why);
    if (why) {
        g_propagate_error(error, why);
        return FALSE;
    }
    if (!net || !*param_text(values, "layer"))
        return TRUE;
    if (!net_layer(net, param_text(values, "layer"), &layer, error))
        return FALSE;
    net_layer_clear(&layer);
    return TRUE;
}

GPtrArray *
evolution_pick_listed(const ParamValues *values, GError **error)
{
    GPtrArray *list = evolution_pick_layers(values, error);
    if (list)
        g_ptr_array_remove_index(list, 0);
    return list;
}

gboolean
evolution_valid_layers(const ParamValues *values, GError **error)
{
    NetLayer layers[SETTLE_LAYERS];
    gsize count;
    GError *why = NULL;
    Net *net = last_net(values, &why);
    if (why) {
        g_propagate_error(error, why);
        return FALSE;
    }
    if (!net || !*param_text(values, "layers"))
        return TRUE;
    gboolean ok = settling_layers(net, values, layers, &count, error);
    while (count > 0)
        net_layer_clear(&layers[--count]);
    return ok;
}

/* Maps of the layer in the survey; 0: it is not known there. */
static gsize
count_maps(const DcnPlan *survey, const char *tensor)
{
    for (gsize i = 0; i < dcn_plan_layer_count(survey); i++) {
        const DcnLayer *layer = dcn_plan_layer(survey, i);
        if (g_str_equal(dcn_plan_name(survey, layer->tensor), tensor))
            return layer->maps.maps;
    }
    return 0;
}

/* What is wrong with the layer is told at its own row. */
GPtrArray *
evolution_pick_maps(const ParamValues *values, GError **error)
{
    NetLayer layer;
    (void)error;
    Net *net = last_net(values, NULL);
    const DcnPlan *survey = net ? net_survey(net, NULL) : NULL;
    if (!survey || !net_layer(net, param_text(values, "layer"), &layer, NULL))
        return NULL;
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)param_pick_free);
    gsize count = count_maps(survey, layer.tensor);
    for (gsize i = 0; i < count; i++) {
        ParamPick *pick = g_new(ParamPick, 1);
        *pick = (ParamPick){g_strdup_printf("%zu", i), g_strdup_printf(_("map %zu"), i)};
        g_ptr_array_add(list, pick);
    }
    net_layer_clear(&layer);
    return list;
}
