/* SPDX-License-Identifier: GPL-3.0-or-later */
/* action.c: the procedure that feeds a photo in each of the common ways, and writes the
 * card of the one that is right. It is a procedure of its own, and not a parameter of
 * classify, since it answers once a way, and since it writes a file. */

#include "actions/check/check.h"
#include "base/busy.h"
#include "base/fail.h"
#include "net/picks.h"
#include "photo/seen.h"

/* "none" and the nicks of conventions.h. */
static const ParamChoice uses[] = {
    {"none", N_("None")},
    {"imagenet", N_("ImageNet's (PyTorch)")},
    {"caffe", N_("Caffe's")},
    {"signed", N_("−1…1")},
    {"unit", N_("0…1")},
    {"bytes", N_("0…255")},
    {"caffe-scaled", N_("Caffe's, scaled")},
    {"bytes-mean", N_("0…255 less a mean")},
    {"bytes-bgr", N_("0…255, B G R (Custom Vision)")},
    {"unit-bgr", N_("0…1, B G R (MobileViT)")},
    {"negative", N_("1…0 (negative)")},
    {"mnist", N_("MNIST's (PyTorch)")},
    {NULL, NULL},
};

static const Param params[] = {
    NET_MODEL(N_("ONNX file to ask; empty: the built-in model")),
    SEEN_FIT,
    {.name = "use",
     .type = PARAM_CHOICE,
     .label = N_("_Use"),
     .blurb =
         N_("Which way is written into the model's card, so that the model is always "
            "fed so"),
     .text = "none",
     .choices = uses,
     .advanced = TRUE},
    NET_THREADS(N_("Threa_ds")),
};

static const Result results[] = {
    {"conventions", RESULT_STRINGS,
     N_("The ways in which the photo was fed, as the argument “use” calls them; “other”: "
        "as it is fed now, which is none of these")},
    {"labels", RESULT_STRINGS, N_("The most probable label by each")},
    {"probabilities", RESULT_DOUBLES, N_("Its probability")},
    {"answers", RESULT_STRINGS,
     N_("The five most probable labels by each, with percent")},
    {"used", RESULT_STRING, N_("The way in which the model is fed from now on")},
    {"card", RESULT_STRING, N_("The card that was written; empty: none")},
};
enum {
    RESULT_CONVENTIONS,
    RESULT_LABELS,
    RESULT_PROBABILITIES,
    RESULT_ANSWERS,
    RESULT_USED,
    RESULT_CARD
};

/* "tabby 40.4 %; lynx 0.3 %" */
static char *
sentence(const GArray *answers)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < answers->len; i++) {
        const Answer *one = &g_array_index(answers, Answer, i);
        g_string_append_printf(text, "%s%s %.1f %%", i ? "; " : "", one->label,
                               100 * one->probability);
    }
    return g_string_free(text, FALSE);
}

void
check_give(const Check *check, const char *used, const char *card, ResultValue *values)
{
    guint count = check->rows->len, given = 0;
    char **nicks = g_new0(char *, count + 1), **labels = g_new0(char *, count + 1),
         **answers = g_new0(char *, count + 1);
    GArray *probabilities = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < count; i++) {
        const CheckRow *row = check->rows->pdata[i];
        if (!row->answers)
            continue;
        const Answer *first = &g_array_index(row->answers, Answer, 0);
        nicks[given] = g_strdup(row->nick);
        labels[given] = g_strdup(first->label);
        answers[given++] = sentence(row->answers);
        g_array_append_val(probabilities, first->probability);
    }
    values[RESULT_CONVENTIONS].texts = nicks;
    values[RESULT_LABELS].texts = labels;
    values[RESULT_PROBABILITIES].numbers = probabilities;
    values[RESULT_ANSWERS].texts = answers;
    values[RESULT_USED].text = g_strdup(used);
    values[RESULT_CARD].text = g_strdup(card ? card : "");
}

static gboolean
ask_all(Check *check, const float *rgb, GError **error)
{
    guint count = check->rows->len;
    for (guint i = 0; i < count; i++) {
        Busy busy = {.text = _("Running the network"),
                     .from = 0.1 + 0.8 * i / count,
                     .to = 0.1 + 0.8 * (i + 1) / count};
        DcnProgress progress = busy_start(&busy);
        if (!check_ask(check, check->rows->pdata[i], rgb, &progress, error))
            return FALSE;
    }
    return TRUE;
}

/* Writes the card, if one is wanted, last: a failure gives no results. */
static gboolean
use(const Run *run, const Check *check, GError **error)
{
    const char *wanted = param_text(run->values, "use");
    char *card = NULL;
    if (g_str_equal(wanted, "none")) {
        check_give(check, check_used(check)->nick, NULL, run->results);
        return TRUE;
    }
    const CheckRow *row = check_find(check, wanted);
    if (!row)
        return fail_input(error, _("The model “%s” cannot be fed as “%s”."),
                          check->net->card.name, wanted);
    if (!net_feed_as(check->net, &row->how, &card, error))
        return FALSE;
    check_give(check, wanted, card, run->results);
    g_free(card);
    return TRUE;
}

static gboolean
run_check(const Run *run, GError **error)
{
    Seen seen;
    Check check;
    Net *net = net_open(param_text(run->values, "model"), error);
    if (!net)
        return FALSE;
    host_progress_start(_("Check of the preparation"));
    host_progress_text(_("Reading the photo"));
    gboolean ok = seen_of_drawable(&seen, run, run->drawables[0], net, error);
    if (ok) {
        ok = check_open(&check, net, param_int(run->values, "threads"), error);
        if (ok) {
            ok = ask_all(&check, seen.rgb, error) && use(run, &check, error);
            check_close(&check);
        }
        seen_clear(&seen);
    }
    host_progress_end();
    return ok;
}

const Procedure procedure_check = {
    .name = "plug-in-featurescope-check",
    .menu = N_("Check How Pictures Are Fe_d..."),
    .path = PROCEDURE_NETWORK,
    .title = N_("Check How Pictures Are Fed"),
    .blurb = N_("Shows the answers of a network that is fed in each of the common ways"),
    .help = N_(
        "Networks want their pictures prepared as in training, and a file rarely says "
        "how: which order of channels, which range, which mean. Feeds the layer, or the "
        "selection's bounding box, in each of the common ways, and returns the answers "
        "side by side. The way whose answers fit the photo can be written into the "
        "model's card: beside the model or, where that folder cannot be written to, in "
        "the user's own. The image stays as it is."),
    .icon = "featurescope-check",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .looks_at = seen_always,
    .run = run_check,
    .takes = procedure_takes_one,
    .window = WINDOW_CHECK,
};
