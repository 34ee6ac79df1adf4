/* SPDX-License-Identifier: GPL-3.0-or-later */
/* time.c: the part of the report that is about a run on this machine.
 *
 * Both runs are shown noise: in a picture of one colour the core would find much that
 * need not be computed. */

#include "actions/model/report.h"
#include "base/busy.h"
#include "base/fail.h"
#include "base/text.h"
#include "probe/probe.h"

static float *
noise(const Net *net)
{
    gsize count = net_pixels(net) * 3;
    float *rgb = g_try_new(float, count);
    float *input = rgb ? g_try_new(float, net_input_count(net)) : NULL;
    if (input) {
        GRand *random = g_rand_new_with_seed(1);
        for (gsize i = 0; i < count; i++)
            rgb[i] = (float)g_rand_double(random);
        net_input(net, rgb, input);
        g_rand_free(random);
    }
    g_free(rgb);
    return input;
}

static void
say_seconds(Report *report, const char *label, gint64 microseconds)
{
    char number[TEXT_NUMBER];
    if (microseconds < 1000000)
        report_say(report, label, _("%s ms"),
                   text_number(number, (double)microseconds / 1e3));
    else
        report_say(report, label, _("%s s"),
                   text_number(number, (double)microseconds / 1e6));
}

/* What the plan's session takes, and weights in other forms; the file itself is mapped. */
static void
say_memory(Report *report, const char *label, const DcnPlan *plan)
{
    char *run = report_bytes(dcn_plan_session_bytes(plan));
    char *weights = report_bytes(dcn_plan_weight_bytes(plan));
    report_say(report, label, _("%s, and %s of prepared weights"), run, weights);
    g_free(weights);
    g_free(run);
}

/* The answer, or, where there is none, the default layer. */
static const char *
forward_target(const Report *report)
{
    DcnClassifier classifier;
    const DcnPlan *survey = report->survey;
    if (dcn_plan_classifier(survey, report->net->card.output, &classifier, NULL))
        return dcn_plan_name(survey, classifier.output);
    int usual = dcn_plan_default_layer(survey);
    return usual < 0 ? NULL : dcn_plan_name(survey, usual);
}

static gboolean
time_forward(Report *report, const float *input, int threads, GError **error)
{
    RunnerPart part = {.targets = {forward_target(report)}, .threads = threads};
    Busy busy = {.text = _("Running the network"), .from = 0.3, .to = 0.6};
    Runner runner;
    if (!part.targets[0] || !runner_open(&runner, report->net, &part, error))
        return FALSE;
    DcnProgress progress = busy_start(&busy);
    report_say(report, _("Threads"), "%d", dcn_context_threads(runner.context));
    report_say(report, _("Forward to"), "%s", part.targets[0]);
    say_memory(report, _("Memory"), runner.plan);
    runner_put(&runner, 0, input);
    gint64 start = g_get_monotonic_time();
    gboolean ok = runner_run(&runner, &progress, error);
    if (ok)
        say_seconds(report, _("Time"), g_get_monotonic_time() - start);
    runner_close(&runner);
    return ok;
}

static gboolean
time_projection(Report *report, const float *input, int threads, GError **error)
{
    Busy busy = {.text = _("Projecting"), .from = 0.6, .to = 0.95};
    Probe probe;
    Target target;
    float *signal = g_try_new(float, net_pixels(report->net) * 3);
    if (!signal)
        return fail_run(error, _("There is not enough memory for a projection."));
    gboolean ok = probe_open(&probe, report->net, "", threads, error);
    if (ok) {
        DcnProgress progress = busy_start(&busy);
        report_row(report, _("Projection from"), probe.layer.shown, NULL);
        say_memory(report, _("Memory"), probe.runner.plan);
        ok = probe_run(&probe, input, &progress, error) &&
             probe_strongest(&probe, -1, 1, FALSE, &target, error) > 0;
        gint64 start = g_get_monotonic_time();
        ok =
            ok && probe_project(&probe, &target, DCN_DECONVNET, signal, &progress, error);
        if (ok)
            say_seconds(report, _("Time"), g_get_monotonic_time() - start);
        probe_close(&probe);
    }
    g_free(signal);
    return ok;
}

void
report_time(Report *report, int threads)
{
    if (!report->net || !report->survey)
        return;
    GError *error = NULL;
    float *input = noise(report->net);
    report_title(report, _("A run here"));
    if (!input)
        fail_run(&error, _("There is not enough memory for a picture of this size."));
    else if (!time_forward(report, input, threads, &error) && !error)
        fail_run(&error, _("The net has no output and no layer that can be computed."));
    if (error)
        report_row(report, _("No run"), error->message, NULL);
    gboolean ran = input && !error;
    g_clear_error(&error);
    if (ran && dcn_plan_default_layer(report->survey) >= 0 &&
        !time_projection(report, input, threads, &error))
        report_row(report, _("No projection"), error->message, NULL);
    g_clear_error(&error);
    g_free(input);
}
