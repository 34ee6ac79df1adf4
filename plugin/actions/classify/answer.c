/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.c: what a network takes a photo for. */

#include "actions/classify/answer.h"
#include "base/busy.h"
#include "base/fail.h"
#include <string.h>

static void
clear(void *data)
{
    g_free(((Answer *)data)->label);
}

static int
likelier(const void *a, const void *b)
{
    const Answer *first = a, *second = b;
    if (first->probability != second->probability)
        return first->probability < second->probability ? 1 : -1;
    return first->class_index > second->class_index ? 1 : -1;
}

static GArray *
sorted(const Net *net, const float *probability, gsize classes, gsize count)
{
    GArray *all = g_array_sized_new(FALSE, FALSE, sizeof(Answer), (guint)classes);
    Labels labels = net_labels(net, classes);
    for (gsize i = 0; i < classes; i++) {
        Answer one = {i, NULL, (double)probability[i]};
        g_array_append_val(all, one);
    }
    g_array_sort(all, likelier);
    g_array_set_size(all, (guint)MIN(count, classes));
    for (guint i = 0; i < all->len; i++) {
        Answer *one = &g_array_index(all, Answer, i);
        one->label = labels_name(&labels, one->class_index);
    }
    g_array_set_clear_func(all, clear);
    labels_clear(&labels);
    return all;
}

/* A forward pass whose probabilities are written to out. */
static gboolean
run_net(const Net *net,
        const DcnPlan *plan,
        const char *tensor,
        gboolean is_score,
        const DcnClassifier *classifier,
        const Look *look,
        int threads,
        float *out,
        DcnError *core)
{
    Busy busy = {.text = _("Running the network"), .from = 0.1, .to = 0.9};
    DcnContext *context = dcn_context_new(threads, core);
    DcnSession *session = context ? dcn_session_new(plan, context, core) : NULL;
    int index = session ? dcn_plan_find(plan, tensor, core) : -1;
    gboolean ok = index >= 0;
    if (ok) {
        DcnProgress progress = busy_start(&busy);
        memcpy(dcn_session_input(session, 0), look->input,
               net_input_count(net) * sizeof *look->input);
        ok = dcn_forward(session, &progress, core);
    }
    if (ok) {
        const float *values = dcn_session_tensor(session, index);
        if (is_score)
            dcn_softmax(values, classifier->classes, out);
        else
            memcpy(out, values, classifier->classes * sizeof *out);
    }
    dcn_session_free(session);
    dcn_context_free(context);
    return ok;
}

GArray *
answer(Net *net, const Look *look, gsize count, int threads, GError **error)
{
    DcnError core = {0};
    DcnClassifier classifier;
    if (!net_classifier(net, &classifier, error))
        return NULL;
    gboolean is_score = classifier.probability < 0;
    char *tensor = g_strdup(
        dcn_plan_name(net->survey, is_score ? classifier.score : classifier.probability));
    DcnPlan *plan = net_plan(net, tensor, FALSE, error);
    float *out = g_try_new(float, classifier.classes);
    GArray *answers = NULL;
    if (!out)
        fail_run(error, _("There is not enough memory for the network's answer."));
    else if (plan && !run_net(net, plan, tensor, is_score, &classifier, look, threads,
                              out, &core))
        fail_core(error, &core);
    else if (plan)
        answers = sorted(net, out, classifier.classes, count);
    g_free(out);
    g_free(tensor);
    dcn_plan_free(plan);
    return answers;
}
