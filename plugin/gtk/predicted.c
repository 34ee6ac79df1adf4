/* SPDX-License-Identifier: GPL-3.0-or-later */
/* predicted.c: the labels that a network finds most probable for the photo, at the top of
 * a dialog's lists of labels.
 *
 * The browser's engine asks the network (engine.h), once a model, fit and part of the
 * photo. What cannot be asked leaves the lists as they are: the run says why. */
#include "gtk/predicted.h"
#include "actions/browse/engine.h"
#include "actions/classify/answer.h"
#include "net/picks.h"

#define FIRST 5
#define SETTLE_MS 300 /* after the preview, which is waited for more */

struct Predicted {
    const Procedure *procedure;
    const Run *run;
    const ParamValues *values;
    Form *form;
    Browse *browse;
    Labels labels;
    gsize classes;
    char *asked; /* about what; or NULL */
    guint timer;
};

static void
close_net(Predicted *predicted)
{
    browse_free(predicted->browse);
    predicted->browse = NULL;
    labels_clear(&predicted->labels);
}

void
predicted_free(Predicted *predicted)
{
    if (!predicted)
        return;
    if (predicted->timer)
        g_source_remove(predicted->timer);
    close_net(predicted);
    g_free(predicted->asked);
    g_free(predicted);
}

static void
news_came(void *user, BrowseNews news)
{
    Predicted *predicted = user;
    char **keys, **names;
    if (news != BROWSE_ANSWER)
        return;
    answer_first(&predicted->labels, browse_answer(predicted->browse), predicted->classes,
                 FIRST, &keys, &names);
    form_put_first(predicted->form, net_pick_labels, keys, names);
    g_strfreev(keys);
    g_strfreev(names);
}

static void
ask(Predicted *predicted)
{
    Seen seen;
    DcnClassifier classifier;
    Run run = *predicted->run;
    run.values = predicted->values;
    Net *net = net_open(param_text(run.values, "model"), NULL);
    if (!net || !net_classifier(net, &classifier, NULL) ||
        !seen_of_drawable(&seen, &run, run.drawables[0], net, NULL))
        return;
    predicted->classes = classifier.classes;
    predicted->labels = net_labels(net, classifier.classes);
    predicted->browse =
        browse_new(net, &seen, param_int(run.values, "threads"), news_came, predicted);
    seen_clear(&seen);
    browse_ask_answer(predicted->browse, NULL);
}

static gboolean
settled(gpointer user)
{
    Predicted *predicted = user;
    predicted->timer = 0;
    Run run = *predicted->run;
    run.values = predicted->values;
    if (!host_item_exists(run.drawables[0]) ||
        predicted->procedure->looks_at(predicted->values) != LOOK_SEEN)
        return G_SOURCE_REMOVE;
    char *now = seen_key(&run);
    if (predicted->asked && g_str_equal(predicted->asked, now)) {
        g_free(now);
        return G_SOURCE_REMOVE;
    }
    g_free(predicted->asked);
    predicted->asked = now;
    close_net(predicted);
    ask(predicted);
    return G_SOURCE_REMOVE;
}

void
predicted_follow(Predicted *predicted)
{
    if (!predicted)
        return;
    if (predicted->timer)
        g_source_remove(predicted->timer);
    predicted->timer = g_timeout_add(SETTLE_MS, settled, predicted);
}

static gboolean
has_labels(const Procedure *procedure)
{
    for (gsize i = 0; i < procedure->n_params; i++)
        if (procedure->params[i].fill == net_pick_labels)
            return TRUE;
    return FALSE;
}

Predicted *
predicted_new(const Procedure *procedure,
              const Run *run,
              const ParamValues *values,
              Form *form)
{
    if (!procedure->looks_at || !run->n_drawables || !has_labels(procedure))
        return NULL;
    Predicted *predicted = g_new0(Predicted, 1);
    predicted->procedure = procedure;
    predicted->run = run;
    predicted->values = values;
    predicted->form = form;
    predicted_follow(predicted);
    return predicted;
}
