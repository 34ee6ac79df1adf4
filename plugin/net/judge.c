/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge.c: what a network's numbers are, by one run, where its steps do not tell. */

#include "net/net_private.h"
#include <string.h>

/* Noise, so that no two channels or places are alike. Any picture would do: a net gives
 * probabilities for each, or for none. */
static float *
noise(const Net *net)
{
    gsize count = 3 * net_pixels(net);
    float *rgb = g_try_new(float, count), *input = g_try_new(float, net_input_count(net));
    GRand *random = g_rand_new_with_seed(1);
    for (gsize i = 0; rgb && i < count; i++)
        rgb[i] = (float)g_rand_double(random);
    if (rgb && input)
        net_input(net, rgb, input);
    else
        g_clear_pointer(&input, g_free);
    g_rand_free(random);
    g_free(rgb);
    return input;
}

/* FALSE: the net cannot be run. */
static gboolean
run(const Net *net, const char *tensor, DcnClassifier *classifier)
{
    DcnPlan *plan =
        net_plan(net,
                 (DcnPlanOptions){
                     .targets = &tensor, .n_targets = 1, .passes_off = DCN_PASS_WINOGRAD},
                 NULL);
    DcnContext *context = dcn_context_new(1, NULL); /* GEGL's setting may be no more */
    DcnSession *session = plan && context ? dcn_session_new(plan, context, NULL) : NULL;
    float *input = session ? noise(net) : NULL;
    gboolean ok = FALSE;
    if (input) {
        memcpy(dcn_session_input(session, 0), input,
               net_input_count(net) * sizeof *input);
        ok = dcn_forward(session, NULL, NULL);
    }
    if (ok)
        dcn_classifier_judge(
            classifier, dcn_session_tensor(session, dcn_plan_find(plan, tensor, NULL)));
    g_free(input);
    dcn_session_free(session);
    dcn_context_free(context);
    dcn_plan_free(plan);
    return ok;
}

void
net_judge(Net *net, DcnClassifier *classifier)
{
    if (!net->judged) {
        net->judged = TRUE;
        net->answer = classifier->answer;
        if (!run(net, dcn_plan_name(net->survey, classifier->tensor), classifier))
            return;
        net->answer = classifier->answer;
        char *text = g_strdup_printf(
            net->answer == DCN_ANSWER_PROBABILITIES
                ? _("“%s”: its answer is taken for probabilities, since its numbers are not below 0 and sum to 1.")
                : _("“%s”: its answer is taken for scores, since its numbers are no probabilities; those are their softmax."),
            net->card.name);
        host_message(text);
        g_free(text);
        net->told_answer = TRUE; /* see net_tell_answer() */
    }
    classifier->answer = net->answer;
    classifier->told |= net->answer == DCN_ANSWER_PROBABILITIES;
    classifier->unsure = false;
}
