/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ask.c: a network asked what it thinks, whole or with something switched off. */

#include "actions/whatif/ask.h"
#include "base/fail.h"
#include <string.h>

/* --- opening --- */

/* Score and watched layer, from the picture or from a tensor in the middle. */
static DcnPlan *
plan_from(const WhatifAsker *asker, const char *start, GError **error)
{
    const char *targets[2] = {asker->score, asker->watched.tensor};
    return net_plan_with(asker->net,
                         (DcnPlanOptions){.targets = targets,
                                          .n_targets = 2,
                                          .start = start,
                                          .bypass = true,
                                          /* one run does not pay for it */
                                          .passes_off = DCN_PASS_WINOGRAD},
                         error);
}

/* Maps are axis 1, 1 x C x H x W or 1 x C. */
static gboolean
find_maps(WhatifAsker *asker, GError **error)
{
    const DcnShape *shape = dcn_plan_shape(asker->plan, asker->watched_tensor);
    char text[128];
    if ((shape->rank != 4 && shape->rank != 2) || shape->dim[0] != 1)
        return fail_input(
            error,
            _("“%s” has the shape %s; a layer to look at has maps: 1×C×H×W or 1×C."),
            asker->watched.shown, dcn_shape_print(shape, text));
    asker->maps = (gsize)shape->dim[1];
    asker->units = dcn_shape_count(shape) / asker->maps;
    return TRUE;
}

gboolean
whatif_asker_open(
    WhatifAsker *asker, Net *net, const char *layer, int threads, GError **error)
{
    DcnError core = {0};
    DcnClassifier classifier;
    *asker = (WhatifAsker){.net = net, .threads = threads};
    gboolean ok = net_classifier(net, &classifier, error) &&
                  net_layer(net, layer, &asker->watched, error);
    if (ok) {
        asker->classes = classifier.classes;
        asker->score = g_strdup(dcn_plan_name(net->survey, classifier.score));
        asker->plan = plan_from(asker, NULL, error);
        ok = asker->plan != NULL;
    }
    if (ok) {
        asker->score_tensor = dcn_plan_find(asker->plan, asker->score, &core);
        asker->watched_tensor = dcn_plan_find(asker->plan, asker->watched.tensor, &core);
        ok = (asker->score_tensor >= 0 && asker->watched_tensor >= 0) ||
             fail_core(error, &core);
    }
    ok = ok && find_maps(asker, error);
    if (ok) {
        asker->context = dcn_context_new(threads, &core);
        if (asker->context)
            asker->session = dcn_session_new(asker->plan, asker->context, &core);
        ok = asker->session || fail_core(error, &core);
    }
    if (!ok)
        whatif_asker_close(asker);
    return ok;
}

void
whatif_asker_close(WhatifAsker *asker)
{
    dcn_session_free(asker->session);
    dcn_plan_free(asker->plan);
    dcn_context_free(asker->context);
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

/* Of a session that has run. */
static gboolean
read_answer(const WhatifAsker *asker,
            const DcnSession *session,
            int score,
            int watched,
            WhatifAnswer *answer,
            GError **error)
{
    DcnUnit strongest;
    *answer = (WhatifAnswer){
        .score = g_try_new(float, asker->classes),
        .probability = g_try_new(float, asker->classes),
        .activity = g_try_new(float, asker->maps),
    };
    if (!answer->score || !answer->probability || !answer->activity) {
        whatif_answer_clear(answer);
        return fail_run(error, _("There is not enough memory for the network's answer."));
    }
    memcpy(answer->score, dcn_session_tensor(session, score),
           asker->classes * sizeof *answer->score);
    dcn_softmax(answer->score, asker->classes, answer->probability);
    const float *values = dcn_session_tensor(session, watched);
    for (gsize c = 0; c < asker->maps; c++) {
        double sum = 0;
        for (gsize i = 0; i < asker->units; i++)
            sum += (double)*values++;
        answer->activity[c] = (float)sum;
    }
    dcn_strongest(session, watched, 0, 1, &strongest);
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
    DcnError core = {0};
    memcpy(dcn_session_input(asker->session, 0), input,
           net_input_count(asker->net) * sizeof *input);
    if (!dcn_forward(asker->session, progress, &core))
        return fail_core(error, &core);
    return read_answer(asker, asker->session, asker->score_tensor, asker->watched_tensor,
                       answer, error);
}

/* The rest of the network on values of a tensor; NULL: zeroes. */
static gboolean
ask_from(const WhatifAsker *asker,
         const char *tensor,
         const float *values,
         const float *input,
         WhatifAnswer *answer,
         GError **error)
{
    DcnError core = {0};
    DcnPlan *plan = plan_from(asker, tensor, error);
    if (!plan)
        return FALSE;
    int score = dcn_plan_find(plan, asker->score, &core);
    int watched = dcn_plan_find(plan, asker->watched.tensor, &core);
    gboolean ok = score >= 0 && watched >= 0;
    DcnSession *session = ok ? dcn_session_new(plan, asker->context, &core) : NULL;
    if (session) {
        gsize count = dcn_shape_count(dcn_plan_shape(plan, dcn_plan_input(plan, 0)));
        if (values)
            memcpy(dcn_session_input(session, 0), values, count * sizeof *values);
        else
            memset(dcn_session_input(session, 0), 0, count * sizeof *values);
        if (dcn_plan_input_count(plan) > 1)
            memcpy(dcn_session_input(session, 1), input,
                   net_input_count(asker->net) * sizeof *input);
    }
    ok = session && dcn_forward(session, NULL, &core);
    ok = ok ? read_answer(asker, session, score, watched, answer, error)
            : fail_core(error, &core);
    dcn_session_free(session);
    dcn_plan_free(plan);
    return ok;
}

gboolean
whatif_ask_without_layer(const WhatifAsker *asker,
                         const char *tensor,
                         const float *input,
                         WhatifAnswer *answer,
                         GError **error)
{
    return ask_from(asker, tensor, NULL, input, answer, error);
}

gboolean
whatif_ask_without_map(const WhatifAsker *asker,
                       gsize map,
                       const float *input,
                       WhatifAnswer *answer,
                       GError **error)
{
    gsize count = asker->maps * asker->units;
    float *values = g_try_new(float, count);
    if (!values)
        return fail_run(error, _("There is not enough memory for the network's answer."));
    memcpy(values, dcn_session_tensor(asker->session, asker->watched_tensor),
           count * sizeof *values);
    memset(values + map * asker->units, 0, asker->units * sizeof *values);
    gboolean ok = ask_from(asker, asker->watched.tensor, values, input, answer, error);
    g_free(values);
    return ok;
}
