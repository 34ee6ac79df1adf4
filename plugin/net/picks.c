/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picks.c: lists to choose from in a dialog: a model's layers, convolutions, labels. */

#include "net/picks.h"
#include "base/fail.h"
#include "base/procedure.h"

static void
pick_free(void *pick)
{
    param_pick_free(pick);
}

static void
pick_add(GPtrArray *list, const char *value, char *label)
{
    ParamPick *pick = g_new(ParamPick, 1);
    *pick = (ParamPick){g_strdup(value), label};
    g_ptr_array_add(list, pick);
}

GPtrArray *
net_list_layers(Net *net, GError **error)
{
    const DcnPlan *survey = net_survey(net, error);
    if (!survey)
        return NULL;
    GPtrArray *list = g_ptr_array_new_with_free_func(pick_free);
    int usual = dcn_plan_default_layer(survey);
    pick_add(list, "",
             usual < 0
                 ? g_strdup(_("(default)"))
                 : g_strdup_printf(_("(default: %s)"), net_shown_name(survey, usual)));
    for (gsize i = 0; i < dcn_plan_layer_count(survey); i++) {
        const DcnLayer *layer = dcn_plan_layer(survey, i);
        const DcnMaps *maps = &layer->maps;
        char *size = layer->spatial ? g_strdup_printf("%zu × %zu × %zu", maps->maps,
                                                      maps->height, maps->width)
                                    : g_strdup_printf("%zu", maps->maps);
        pick_add(list, layer->name,
                 g_strdup_printf("%s  (%s, %s)", layer->name, layer->op, size));
        g_free(size);
    }
    return list;
}

GPtrArray *
net_pick_layers(const ParamValues *values, GError **error)
{
    Net *net = net_open(param_text(values, "model"), error);
    return net ? net_list_layers(net, error) : NULL;
}

GPtrArray *
net_pick_listed(const ParamValues *values, GError **error)
{
    GPtrArray *list = net_pick_layers(values, error);
    if (list)
        g_ptr_array_remove_index(list, 0);
    return list;
}

GPtrArray *
net_pick_convolutions(const ParamValues *values, GError **error)
{
    Net *net = net_open(param_text(values, "model"), error);
    const DcnPlan *survey = net ? net_survey(net, error) : NULL;
    if (!survey)
        return NULL;
    GPtrArray *list = g_ptr_array_new_with_free_func(pick_free);
    DcnKernels kernels;
    const DcnLayer *layer;
    pick_add(list, "", g_strdup(_("(the first one)")));
    for (gsize i = 0; (layer = net_next_convolution(survey, &i, &kernels));) {
        const int64_t *dim = kernels.weights.shape.dim;
        pick_add(list, layer->name,
                 g_strdup_printf("%s  (%d × %d × %d × %d)", layer->name, (int)dim[0],
                                 (int)dim[1], (int)dim[2], (int)dim[3]));
    }
    return list;
}

GPtrArray *
net_pick_labels(const ParamValues *values, GError **error)
{
    DcnClassifier classifier;
    Net *net = net_open(param_text(values, "model"), error);
    if (!net || !net_classifier(net, &classifier, error))
        return NULL;
    GPtrArray *list = g_ptr_array_new_with_free_func(pick_free);
    Labels labels = net_labels(net, classifier.classes);
    for (gsize i = 0; i < classifier.classes; i++) {
        char *key = labels_key(&labels, i);
        pick_add(list, key, labels_name(&labels, i));
        g_free(key);
    }
    labels_clear(&labels);
    return list;
}

char *
net_usual_layer(Net *net)
{
    const DcnPlan *survey = net_survey(net, NULL);
    int usual = survey ? dcn_plan_default_layer(survey) : -1;
    return usual < 0 ? NULL
                     : g_strdup_printf(_("%s (default)"), net_shown_name(survey, usual));
}

char *
net_hint_layer(const ParamValues *values)
{
    Net *net = net_open(param_text(values, "model"), NULL);
    return net ? net_usual_layer(net) : NULL;
}

char *
net_hint_convolution(const ParamValues *values)
{
    Net *net = net_open(param_text(values, "model"), NULL);
    const DcnPlan *survey = net ? net_survey(net, NULL) : NULL;
    DcnKernels kernels;
    gsize i = 0;
    const DcnLayer *first = survey ? net_next_convolution(survey, &i, &kernels) : NULL;
    return first ? g_strdup_printf(_("%s (the first)"), first->name) : NULL;
}

char *
net_pick_remark(const ParamValues *values)
{
    const Net *net = net_open(param_text(values, "model"), NULL);
    return net ? net_remark(net) : NULL;
}

/* --- lists of layers --- */

gboolean
net_layers(NetLayers *layers, Net *net, const ParamValues *values, GError **error)
{
    char **names = param_list(values, "layers");
    gboolean ok = TRUE;
    *layers = (NetLayers){.count = 0};
    for (char **name = names; ok && *name; name++) {
        if (!**name)
            continue;
        ok = (layers->count < NET_MOST_LAYERS ||
              fail_input(error, _("More than %d layers are named."), NET_MOST_LAYERS)) &&
             net_layer(net, *name, &layers->layers[layers->count], error);
        layers->count += ok;
    }
    g_strfreev(names);
    return ok;
}

void
net_layers_clear(NetLayers *layers)
{
    for (gsize k = 0; k < layers->count; k++)
        net_layer_clear(&layers->layers[k]);
    layers->count = 0;
}

gboolean
net_valid_layers(const ParamValues *values, GError **error)
{
    NetLayers layers;
    if (!*param_text(values, "layers"))
        return TRUE;
    Net *net = net_open(param_text(values, "model"), error);
    if (!net)
        return FALSE;
    gboolean ok = net_layers(&layers, net, values, error);
    net_layers_clear(&layers);
    return ok;
}

/* --- what a run could take --- */

gboolean
net_valid_layer(const ParamValues *values, GError **error)
{
    NetLayer layer;
    const char *wanted = param_text(values, "layer");
    Net *net = net_open(param_text(values, "model"), error);
    if (!net)
        return FALSE;
    if (!*wanted)
        return TRUE; /* which is the default one, the run finds out */
    if (!net_layer(net, wanted, &layer, error))
        return FALSE;
    net_layer_clear(&layer);
    return TRUE;
}

static gboolean
valid_names(const ParamValues *values, char *const *names, GError **error)
{
    DcnClassifier classifier;
    if (!names[0] || !*names[0])
        return TRUE;
    Net *net = net_open(param_text(values, "model"), error);
    if (!net || !net_classifier(net, &classifier, error))
        return FALSE;
    Labels labels = net_labels(net, classifier.classes);
    gboolean ok = TRUE;
    gsize found;
    for (; ok && *names; names++)
        ok = labels_find(&labels, classifier.classes, *names, &found, error);
    labels_clear(&labels);
    return ok;
}

gboolean
net_valid_label(const ParamValues *values, GError **error)
{
    char *const names[] = {(char *)param_text(values, "label"), NULL};
    return valid_names(values, names, error);
}

gboolean
net_valid_labels(const ParamValues *values, GError **error)
{
    char **names = param_list(values, "labels");
    gboolean ok = valid_names(values, names, error);
    g_strfreev(names);
    return ok;
}
