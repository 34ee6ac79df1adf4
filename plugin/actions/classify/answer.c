/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.c: the classes that a network finds most probable for a photo. */

#include "actions/classify/answer.h"
#include "base/busy.h"
#include "base/fail.h"
#include "probe/runner.h"
#include <math.h>
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

GArray *
answer_best(const Labels *labels, const float *probability, gsize classes, gsize count)
{
    GArray *all = g_array_sized_new(FALSE, FALSE, sizeof(Answer), (guint)classes);
    for (gsize i = 0; i < classes; i++) {
        Answer one = {i, NULL, (double)probability[i]};
        g_array_append_val(all, one);
    }
    g_array_sort(all, likelier);
    g_array_set_size(all, (guint)MIN(count, classes));
    for (guint i = 0; i < all->len; i++) {
        Answer *one = &g_array_index(all, Answer, i);
        one->label = labels_name(labels, one->class_index);
    }
    g_array_set_clear_func(all, clear);
    return all;
}

void
answer_first(const Labels *labels,
             const float *probability,
             gsize classes,
             gsize count,
             char ***keys,
             char ***names)
{
    GArray *best = answer_best(labels, probability, classes, count);
    *keys = g_new0(char *, best->len + 1);
    *names = g_new0(char *, best->len + 1);
    for (guint i = 0; i < best->len; i++) {
        const Answer *one = &g_array_index(best, Answer, i);
        (*keys)[i] = labels_key(labels, one->class_index);
        (*names)[i] = g_strdup_printf("%s  %.0f %%", one->label, 100 * one->probability);
    }
    g_array_unref(best);
}

/* Weights that are none, or so large that a layer runs over, give no numbers. */
static gboolean
are_numbers(const Net *net, const float *values, gsize count, GError **error)
{
    for (gsize i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return fail_run(
                error,
                _("The model “%s” has no answer to this picture: what it computes is not a number (NaN)."),
                net->card.name);
    return TRUE;
}

/* Probabilities of one picture, written to out. */
static gboolean
ask(const Net *net,
    const DcnClassifier *classifier,
    const float *input,
    int threads,
    float *out,
    GError **error)
{
    RunnerPart part = {.targets = {dcn_plan_name(net->survey, classifier->tensor)},
                       .threads = threads};
    Busy busy = {.text = _("Running the network"), .from = 0.1, .to = 0.9};
    Runner runner;
    if (!runner_open(&runner, net, &part, error))
        return FALSE;
    DcnProgress progress = busy_start(&busy);
    runner_put(&runner, 0, input);
    gboolean ok = runner_run(&runner, &progress, error);
    if (ok)
        dcn_classifier_read(classifier, runner_values(&runner, 0, 0), NULL, out);
    runner_close(&runner);
    return ok && are_numbers(net, out, classifier->classes, error);
}

GArray *
answer(Net *net, const Seen *seen, gsize count, int threads, GError **error)
{
    DcnClassifier classifier;
    GArray *answers = NULL;
    if (!net_classifier(net, &classifier, error))
        return NULL;
    net_tell_answer(net, &classifier);
    float *out = g_try_new(float, classifier.classes);
    if (!out)
        fail_run(error, _("There is not enough memory for the network's answer."));
    else if (ask(net, &classifier, seen->input, threads, out, error)) {
        Labels labels = net_labels(net, classifier.classes);
        answers = answer_best(&labels, out, classifier.classes, count);
        labels_clear(&labels);
    }
    g_free(out);
    return answers;
}
