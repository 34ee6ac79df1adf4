/* SPDX-License-Identifier: GPL-3.0-or-later */
/* try.c: removes the selection, layers or a map, and asks the network again. */

#include "actions/whatif/try.h"
#include "base/fail.h"

gboolean
whatif_try_selection(Whatif *whatif,
                     const WhatifCut *cut,
                     const WhatifFill *fill,
                     float *rgb,
                     GError **error)
{
    const Net *net = whatif->asker.net;
    WhatifAnswer answer;
    float *input = g_try_new(float, net_input_count(net));
    gboolean ok =
        (input && whatif_cut_fill(cut, fill, rgb)) ||
        fail_run(error, _("There is not enough memory for the network's input."));
    if (ok)
        net_input(net, rgb, input);
    ok = ok && whatif_ask(&whatif->asker, input, &answer, NULL, error);
    if (ok)
        /* TRANSLATORS: what is removed, inside a sentence: "Without the selection". */
        whatif_add(whatif, _("the selection"), &answer);
    g_free(input);
    return ok;
}

gboolean
whatif_try_map(Whatif *whatif, const WhatifCut *cut, GError **error)
{
    WhatifAnswer answer;
    if (!whatif_ask_without_map(&whatif->asker, whatif->map, cut->seen.input, &answer,
                                error))
        return FALSE;
    /* TRANSLATORS: a layer of the network and the number of one of its feature maps. */
    char *name =
        g_strdup_printf(_("map %d · %s"), (int)whatif->map, whatif->asker.watched.shown);
    whatif_add(whatif, name, &answer);
    g_free(name);
    return TRUE;
}

static void
clear_layer(void *layer)
{
    net_layer_clear(layer);
}

/* TRUE if the score can change with the tensor: so not for the score itself and what
 * lies behind it. */
static gboolean
leads_to_score(const Whatif *whatif, const DcnPlan *survey, int tensor)
{
    int score = dcn_plan_find(survey, whatif->asker.score, NULL);
    DcnBox box = {{0, 0, 0}, {1, 1, 1}}, changed;
    const DcnShape *shape = dcn_plan_shape(survey, tensor);
    for (int axis = 0; axis < 3 && axis + 1 < shape->rank; axis++)
        box.end[axis] = shape->dim[axis + 1];
    return tensor != score && score >= 0 &&
           dcn_plan_reach_ahead(survey, tensor, &box, score, &changed);
}

GArray *
whatif_layers(const Whatif *whatif, const ParamValues *values, GError **error)
{
    Net *net = net_open(param_text(values, "model"), error);
    const DcnPlan *survey = net ? net_survey(net, error) : NULL;
    if (!survey)
        return NULL;
    GArray *layers = g_array_new(FALSE, FALSE, sizeof(NetLayer));
    char **names = param_list(values, "layers");
    gboolean ok = TRUE;
    for (gsize i = 0; ok && names[i]; i++) {
        NetLayer layer;
        ok = net_layer(net, names[i], &layer, error);
        if (ok)
            g_array_append_val(layers, layer);
    }
    for (gsize i = 0; !names[0] && i < dcn_plan_layer_count(survey); i++) {
        const DcnLayer *one = dcn_plan_layer(survey, i);
        NetLayer layer = {g_strdup(dcn_plan_name(survey, one->tensor)),
                          g_strdup(one->name)};
        if (leads_to_score(whatif, survey, one->tensor))
            g_array_append_val(layers, layer);
        else
            net_layer_clear(&layer);
    }
    g_array_set_clear_func(layers, clear_layer);
    g_strfreev(names);
    if (ok && !layers->len)
        ok = fail_input(error, _("The model “%s” has no layers to switch off."),
                        net->card.name);
    if (ok)
        return layers;
    g_array_unref(layers);
    return NULL;
}

gboolean
whatif_try_layers(Whatif *whatif,
                  const GArray *layers,
                  const WhatifCut *cut,
                  const DcnProgress *progress,
                  GError **error)
{
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < layers->len; i++) {
        const NetLayer *layer = &g_array_index(layers, NetLayer, i);
        WhatifAnswer answer;
        ok = whatif_ask_without_layer(&whatif->asker, layer->tensor, cut->seen.input,
                                      &answer, error);
        if (ok)
            whatif_add(whatif, layer->shown, &answer);
        if (ok && !progress->report((double)(i + 1) / layers->len, progress->user))
            ok = fail_stopped(error);
    }
    return ok;
}
