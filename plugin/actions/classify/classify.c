/* SPDX-License-Identifier: GPL-3.0-or-later */
/* classify.c: the procedure that lists the most probable classes of a photo. */

#include "actions/classify/answer.h"
#include "base/fail.h"
#include "net/picks.h"
#include "photo/seen.h"

static const Param params[] = {
    NET_MODEL(N_("ONNX file to ask; empty: the built-in model")),
    {.name = "count",
     .type = PARAM_INT,
     .label = N_("_How many"),
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

static void
give_results(const Run *run, const GArray *answers)
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
    run->results[RESULT_LABEL].text = g_strdup(labels[0]);
    run->results[RESULT_LABELS].texts = labels;
    run->results[RESULT_PROBABILITIES].numbers = probabilities;
    run->results[RESULT_CLASSES].numbers = classes;
}

static gboolean
run_classify(const Run *run, GError **error)
{
    Seen seen;
    if (run->n_drawables != 1)
        return fail_input(error,
                          _("%d layers are selected; the answer is for one: select one."),
                          (int)run->n_drawables);
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
        give_results(run, answers);
        g_array_unref(answers);
    }
    host_progress_end();
    return answers != NULL;
}

static gboolean
bars(const ResultValue *values, char ***labels, GArray **numbers)
{
    *labels = g_strdupv(values[RESULT_LABELS].texts);
    *numbers = g_array_ref(values[RESULT_PROBABILITIES].numbers);
    return TRUE;
}

extern const Procedure procedure_check;

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
    .looks_at = seen_words,
    .run = run_classify,
    .bars = bars,
    .beside = &procedure_check,
    .beside_label = N_("Chec_k..."),
};
