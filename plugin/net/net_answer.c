/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net_answer.c: which output of a model is its answer, and how sure that is. */

#include "base/fail.h"
#include "net/net_private.h"

/* --- names --- */

static gboolean
fits(gsize names, const DcnClassifier *classifier)
{
    return names == classifier->classes || names == classifier->numbers ||
           (names == 1000 && classifier->classes == 1001);
}

/* The card, or words of other programs, name as many classes. */
static gboolean
names_fit(const Net *net, const DcnClassifier *classifier)
{
    const Card *card = &net->card;
    if (card->labels.count)
        return fits(card->labels.count, classifier);
    for (gsize i = 0; i < card->words.n_lists; i++)
        if (fits(card->words.lists[i].count, classifier))
            return TRUE;
    return FALSE;
}

/* Of several outputs, one for which there are names is rather the answer. */
static void
prefer_named(Net *net, DcnClassifier *classifier)
{
    Card *card = &net->card;
    if (card->output || (!card->labels.count && !card->words.n_lists) ||
        names_fit(net, classifier))
        return;
    for (gsize i = 0; i < dcn_model_output_count(net->model); i++) {
        DcnClassifier other;
        const char *name = dcn_model_output(net->model, i);
        if (!dcn_plan_classifier(net->survey, name, &other, NULL) ||
            !names_fit(net, &other))
            continue;
        card->output = g_strdup(name);
        *classifier = other;
        return;
    }
}

/* --- the answer --- */

gboolean
net_classifier(Net *net, DcnClassifier *classifier, GError **error)
{
    DcnError core = {0};
    const DcnPlan *survey = net_survey(net, error);
    if (!survey)
        return FALSE;
    if (dcn_plan_classifier(survey, net->card.output, classifier, &core)) {
        prefer_named(net, classifier);
        if (classifier->unsure)
            net_judge(net, classifier);
        return TRUE;
    }
    return fail_input(
        error,
        core.code == DCN_ERROR_SHAPE && net_has_maps(net)
            ? _("The model “%s” gives no labels and probabilities: %s. Projections and the activity of its maps work.")
            : _("The model “%s” gives no labels and probabilities: %s."),
        net->card.name, core.text);
}

void
net_tell_answer(const Net *net, const DcnClassifier *classifier)
{
    gsize classes = classifier->classes;
    /* As many numbers as ImageNet has classes are these. */
    if (net->told_answer || classifier->told || names_fit(net, classifier) ||
        classes == 1000 || classes == 1001)
        return;
    ((Net *)net)->told_answer = TRUE; /* as in net_tell() */
    char size[128], *text;
    const char *name = dcn_plan_name(net->survey, classifier->output);
    const DcnShape *shape = dcn_plan_shape(net->survey, classifier->output);
    if (classifier->numbers == 1)
        text = g_strdup_printf(
            _("“%s”: its output “%s” is one number and is taken for the score of a yes or no (a guess): a regression looks the same. A card beside the model can name the class."),
            net->card.name, name);
    else
        text = g_strdup_printf(
            _("“%s”: its output “%s” (%s) is taken for the scores of %zu classes (a guess): no softmax ends it and no names are known, and an embedding or a regression looks the same. A card beside the model can name the classes."),
            net->card.name, name, dcn_shape_print(shape, size), classes);
    host_message(text);
    g_free(text);
}
