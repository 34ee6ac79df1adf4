/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classify.c: the procedure that lists the most probable classes of a photo. */

#include "actions/classify/classify.h"
#include "net/picks.h"
#include "photo/seen.h"

static const Param params[] = {
    NET_MODEL(N_("ONNX file to ask; empty: the built-in model")),
    {.name = "count",
     .type = PARAM_INT,
     .label = N_("How ma_ny"),
     .blurb = N_("How many of the most probable labels"),
     .min = 1,
     .max = 1000,
     .value = 5},
    SEEN_FIT,
    NET_THREADS(N_("Threa_ds")),
};

static const Result results[] = {
    {"label", RESULT_STRING, N_("The most probable label")},
    {"labels", RESULT_STRINGS, N_("The most probable labels, the first of them first")},
    {"probabilities", RESULT_DOUBLES, N_("Their probabilities")},
    {"classes", RESULT_DOUBLES, N_("Their numbers in the model, from 0")},
};
enum { RESULT_LABEL, RESULT_LABELS, RESULT_PROBABILITIES, RESULT_CLASSES };

void
classify_give(const GArray *answers, ResultValue *results)
{
    char **labels = g_new0(char *, answers->len + 1);
    GArray *probabilities = g_array_new(FALSE, FALSE, sizeof(double));
    GArray *classes = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < answers->len; i++) {
        const Answer *one = &g_array_index(answers, Answer, i);
        double number = (double)one->class_index;
        labels[i] = g_strdup(one->label);
        g_array_append_val(probabilities, one->probability);
        g_array_append_val(classes, number);
    }
    results[RESULT_LABEL].text = g_strdup(labels[0]);
    results[RESULT_LABELS].texts = labels;
    results[RESULT_PROBABILITIES].numbers = probabilities;
    results[RESULT_CLASSES].numbers = classes;
}

char *
classify_words(const Net *net, gsize classes)
{
    return g_strdup_printf(
        g_dngettext(
            GETTEXT_PACKAGE, "“%s” knows %zu kind.",
            "“%s” knows %zu kinds, and answers with one of them even where the photo shows none.",
            classes),
        net->card.name, classes);
}

char *
classify_text(const GArray *answers)
{
    GString *text = g_string_new(NULL);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    for (guint i = 0; i < answers->len; i++) {
        const Answer *one = &g_array_index(answers, Answer, i);
        g_ascii_formatd(number, sizeof number, "%.4f", one->probability);
        g_string_append_printf(text, "%s\t%s\n", one->label, number);
    }
    return g_string_free(text, FALSE);
}

static gboolean
run_classify(const Run *run, GError **error)
{
    Seen seen;
    Net *net = net_open(param_text(run->values, "model"), error);
    if (!net)
        return FALSE;
    host_progress_start(_("Classification"));
    net_tell(net);
    GArray *answers = NULL;
    host_progress_text(_("Reading the photo"));
    if (seen_of_drawable(&seen, run, run->drawables[0], net, error)) {
        answers = answer(net, &seen, (gsize)param_int(run->values, "count"),
                         param_int(run->values, "threads"), error);
        seen_clear(&seen);
    }
    if (answers) {
        classify_give(answers, run->results);
        g_array_unref(answers);
    }
    host_progress_end();
    return answers != NULL;
}

const Procedure procedure_classify = {
    .name = "plug-in-featurescope-classify",
    .menu = N_("_Classify..."),
    .title = N_("Classify"),
    .blurb = N_("Names what a network sees in the photo"),
    .help =
        N_("Runs a network on the layer, or on the selection's bounding box, and returns "
           "the most probable labels with their probabilities. The image stays as it "
           "is."),
    .icon = "featurescope-classify",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .looks_at = seen_always,
    .run = run_classify,
    .takes = procedure_takes_one,
    .window = WINDOW_CLASSIFY,
};
