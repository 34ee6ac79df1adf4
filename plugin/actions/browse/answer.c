/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.c: what the network takes the photo for, beside the browser's maps. */

#include "actions/browse/private.h"
#include "base/fail.h"
#include "probe/runner.h"

typedef struct {
    Browse *browse;
    DcnClassifier classifier;
} Asking;

/* --- the thread's part --- */

static void
answer_arrived(void *user, void *news)
{
    Browse *browse = user;
    float **probability = news;
    g_free(browse->answer);
    browse->answer = g_steal_pointer(probability);
    browse_tell(browse, BROWSE_ANSWER);
}

static void
answer_unsent(void *news)
{
    float **probability = news;
    g_free(*probability);
    g_free(probability);
}

static float *
ask(Work *work, const Asking *asking, GError **error)
{
    const Browse *browse = asking->browse;
    const Net *net = browse->net;
    DcnProgress progress = {browse_goes_on, work};
    RunnerPart part = {.targets = {dcn_plan_name(net->survey, asking->classifier.tensor)},
                       .threads = browse->threads};
    Runner runner;
    float *out = g_try_new(float, asking->classifier.classes);
    if (!out) {
        fail_run(error, _("There is not enough memory for the network's answer."));
        return NULL;
    }
    gboolean ok = runner_open(&runner, net, &part, error);
    if (ok) {
        runner_put(&runner, 0, browse->seen.input);
        ok = runner_run(&runner, &progress, error);
    }
    if (ok)
        dcn_classifier_read(&asking->classifier, runner_values(&runner, 0, 0), NULL, out);
    else
        g_clear_pointer(&out, g_free);
    runner_close(&runner);
    return out;
}

static void
run_answer(Work *work, void *request)
{
    const Asking *asking = request;
    GError *error = NULL;
    float *out = ask(work, asking, &error);
    if (!out) {
        browse_fail(asking->browse, work, error);
        return;
    }
    float **sent = g_new(float *, 1);
    *sent = out;
    work_send(work, answer_arrived, asking->browse, sent, answer_unsent);
}

/* --- the main loop's part --- */

gboolean
browse_ask_answer(Browse *browse, GError **error)
{
    DcnClassifier classifier;
    if (!net_classifier(browse->net, &classifier, error))
        return FALSE;
    Asking *asking = g_new(Asking, 1);
    *asking = (Asking){browse, classifier};
    worker_post(browse->worker, LANE_ANSWER, run_answer, asking, g_free);
    return TRUE;
}

const float *
browse_answer(const Browse *browse)
{
    return browse->answer;
}
