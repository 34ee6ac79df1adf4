/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ask.c: a network's answer to a picture, whole or with a layer or map switched off. */

#include "actions/whatif/ask.h"
#include "base/fail.h"

enum { SCORE, WATCHED }; /* targets of both runners */

/* --- opening --- */

/* Score and watched layer, from the picture or from a tensor in the middle. */
static RunnerPart
part_from(const WhatifAsker *asker, const char *start, const float *picture)
{
    return (RunnerPart){.targets = {asker->score, asker->watched.tensor},
                        .start = start,
                        .picture = picture,
                        .threads = asker->threads,
                        .context = asker->whole.context};
}

gboolean
whatif_asker_open(
    WhatifAsker *asker, Net *net, const char *layer, int threads, GError **error)
{
    *asker = (WhatifAsker){.net = net, .threads = threads};
    gboolean ok = net_classifier(net, &asker->classifier, error) &&
                  ((!*layer && !net_has_maps(net)) ||
                   net_layer(net, layer, &asker->watched, error));
    if (ok) {
        asker->classes = asker->classifier.classes;
        asker->score = g_strdup(dcn_plan_name(net->survey, asker->classifier.tensor));
        RunnerPart part = part_from(asker, NULL, NULL);
        ok = runner_open(&asker->whole, net, &part, error) &&
             (!asker->watched.tensor ||
              net_maps(asker->whole.plan, asker->whole.tensor[WATCHED],
                       asker->watched.shown, &asker->maps, error));
    }
    if (!ok)
        whatif_asker_close(asker);
    return ok;
}

static void
close_rest(WhatifAsker *asker)
{
    runner_close(&asker->rest);
    g_clear_pointer(&asker->rest_start, g_free);
}

void
whatif_asker_close(WhatifAsker *asker)
{
    close_rest(asker);
    runner_close(&asker->whole);
    net_layer_clear(&asker->watched);
    g_free(asker->score);
    *asker = (WhatifAsker){0};
}

/* --- answers --- */

void
whatif_answer_clear(WhatifAnswer *answer)
{
    g_free(answer->score);
    g_free(answer->probability);
    g_free(answer->activity);
    *answer = (WhatifAnswer){0};
}

/* Of a runner that has run. */
static gboolean
read_answer(const WhatifAsker *asker,
            const Runner *runner,
            WhatifAnswer *answer,
            GError **error)
{
    DcnUnit strongest;
    *answer = (WhatifAnswer){
        .score = g_try_new(float, asker->classes),
        .probability = g_try_new(float, asker->classes),
        .activity = g_try_new(float, MAX(asker->maps.maps, 1)), /* of 0 it gives NULL */
    };
    if (!answer->score || !answer->probability || !answer->activity) {
        whatif_answer_clear(answer);
        return fail_run(error, _("There is not enough memory for the network's answer."));
    }
    dcn_classifier_read(&asker->classifier, runner_values(runner, SCORE, 0),
                        answer->score, answer->probability);
    if (!asker->watched.tensor)
        return TRUE;
    const DcnMaps *maps = &asker->maps;
    for (gsize c = 0; c < asker->maps.maps; c++) {
        const float *map =
            runner_values(runner, WATCHED, 0) + maps->first + c * maps->map_stride;
        double sum = 0;
        for (gsize i = 0; i < maps->height * maps->width; i++)
            sum += (double)map[i * maps->place_stride];
        answer->activity[c] = (float)sum;
    }
    dcn_strongest(runner->session, runner->tensor[WATCHED], 0, 1, &strongest);
    answer->strongest = strongest.channel;
    return TRUE;
}

gboolean
whatif_ask(WhatifAsker *asker,
           const float *input,
           WhatifAnswer *answer,
           const DcnProgress *progress,
           GError **error)
{
    runner_put(&asker->whole, 0, input);
    return runner_run(&asker->whole, progress, error) &&
           read_answer(asker, &asker->whole, answer, error);
}

/* Opens the rest of the network behind a tensor, unless it is what was opened last. */
static gboolean
open_rest(WhatifAsker *asker, const char *tensor, const float *input, GError **error)
{
    if (asker->rest_start && g_str_equal(asker->rest_start, tensor)) {
        runner_picture(&asker->rest, input);
        return TRUE;
    }
    close_rest(asker);
    RunnerPart part = part_from(asker, tensor, input);
    if (!runner_open(&asker->rest, asker->net, &part, error))
        return FALSE;
    asker->rest_start = g_strdup(tensor);
    return TRUE;
}

gboolean
whatif_ask_without_layer(WhatifAsker *asker,
                         const char *tensor,
                         const float *input,
                         WhatifAnswer *answer,
                         GError **error)
{
    if (!open_rest(asker, tensor, input, error))
        return FALSE;
    runner_put(&asker->rest, 0, NULL);
    return runner_run(&asker->rest, NULL, error) &&
           read_answer(asker, &asker->rest, answer, error);
}

gboolean
whatif_ask_without_map(WhatifAsker *asker,
                       gsize map,
                       const float *input,
                       WhatifAnswer *answer,
                       GError **error)
{
    if (!open_rest(asker, asker->watched.tensor, input, error))
        return FALSE;
    float *values = runner_put(&asker->rest, 0, runner_values(&asker->whole, WATCHED, 0));
    dcn_maps_clear(&asker->maps, map, values);
    return runner_run(&asker->rest, NULL, error) &&
           read_answer(asker, &asker->rest, answer, error);
}
