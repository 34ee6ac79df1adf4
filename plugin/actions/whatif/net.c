/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net.c: a network opened for what-if, and what is followed in it. */

#include "actions/whatif/whatif.h"

static void
clear_trial(void *data)
{
    WhatifTrial *trial = data;
    g_free(trial->removed);
    whatif_answer_clear(&trial->answer);
}

gboolean
whatif_open(Whatif *whatif, const ParamValues *values, GError **error)
{
    *whatif = (Whatif){0};
    Net *net = net_open(param_text(values, "model"), error);
    if (!net || !whatif_asker_open(&whatif->asker, net, param_text(values, "layer"),
                                   param_int(values, "threads"), error))
        return FALSE;
    whatif->labels = net_labels(net, whatif->asker.classes);
    whatif->after = g_array_new(FALSE, FALSE, sizeof(WhatifTrial));
    g_array_set_clear_func(whatif->after, clear_trial);
    return TRUE;
}

void
whatif_close(Whatif *whatif)
{
    whatif_asker_close(&whatif->asker);
    labels_clear(&whatif->labels);
    whatif_answer_clear(&whatif->before);
    g_free(whatif->label);
    g_clear_pointer(&whatif->after, g_array_unref);
    *whatif = (Whatif){0};
}

gboolean
whatif_begin(Whatif *whatif,
             const ParamValues *values,
             const float *input,
             const DcnProgress *progress,
             GError **error)
{
    int map = param_int(values, "map");
    const char *label = param_text(values, "label");
    const WhatifAsker *asker = &whatif->asker;
    gsize wanted;
    if (!asker->watched.tensor && (map >= 0 || param_is(values, "remove", "map")))
        return net_fail_without_maps(asker->net, error);
    if ((asker->watched.tensor &&
         !net_check_map(map, asker->maps.maps, asker->watched.shown, error)) ||
        (*label && !labels_find(&whatif->labels, asker->classes, label, &wanted, error)))
        return FALSE;
    whatif_answer_clear(&whatif->before);
    g_array_set_size(whatif->after, 0);
    if (!whatif_ask(&whatif->asker, input, &whatif->before, progress, error))
        return FALSE;
    if (!*label)
        whatif_top(whatif->before.probability, whatif->asker.classes, 1, &wanted);
    whatif->class_index = wanted;
    g_free(whatif->label);
    whatif->label = labels_name(&whatif->labels, wanted);
    whatif->map = map < 0 ? whatif->before.strongest : (gsize)map;
    return TRUE;
}

void
whatif_add(Whatif *whatif, const char *removed, WhatifAnswer *answer)
{
    WhatifTrial trial = {g_strdup(removed), *answer};
    g_array_append_val(whatif->after, trial);
    *answer = (WhatifAnswer){0};
}
