/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.c: the part of the report that is about what goes in and what comes out. */

#include "actions/model/report.h"
#include "base/fail.h"
#include <string.h>

#define FIRST_LABELS 5

/* "data: float, 1x3x224x224" */
static void
say_declared(Report *report, const char *label, const DcnDeclared *declared)
{
    char shape[128];
    const char *sizes = declared->shape.rank < 0
                            ? _("no shape")
                            : dcn_shape_print(&declared->shape, shape);
    if (declared->type == DCN_UNDEFINED)
        report_say(report, label, _("%s: not declared as a tensor"), declared->name);
    else
        report_say(report, label, "%s: %s, %s", declared->name,
                   dcn_type_name(declared->type), sizes);
}

/* --- input --- */

static const char *
why_this_size(const Net *net)
{
    DcnInputLayout layout;
    if (net->found_size)
        return _("the layers fit no other usual size");
    if (dcn_model_input_layout(net->model, &layout, NULL) && layout.height > 0 &&
        layout.width > 0)
        return _("as the file says");
    if (net->card.height)
        return _("as the card or other words of the model say");
    return _("the usual size, as the file leaves it open");
}

static const char *
how_sure(CardSure sure)
{
    switch (sure) {
    case CARD_GUESSED:
        return _("a guess");
    case CARD_LIKELY:
        return _("likely");
    case CARD_CERTAIN:
        return _("certain");
    }
    return "";
}

/* "0.485 0.456 0.406" */
static char *
numbers(const float *values, int count)
{
    GString *text = g_string_new(NULL);
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    for (int i = 0; i < count; i++)
        g_string_append_printf(
            text, "%s%s", i ? " " : "",
            g_ascii_formatd(digits, sizeof digits, "%.6g", (double)values[i]));
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
say_feeding(Report *report)
{
    const Net *net = report->net;
    const DcnPreprocessing *how = &net->card.how;
    report_say(report, _("Chosen size"), _("%d × %d pixels in %d channels, %s: %s"),
               net->width, net->height, net->channels,
               net->layout.nhwc ? "N×H×W×C" : "N×C×H×W", why_this_size(net));
    char *fed = card_feeding(&net->card, net->channels);
    report_say(report, _("Fed as"), _("%s, %s (%s)"), fed,
               net->card.because ? net->card.because : "", how_sure(net->card.sure));
    char *range = numbers(&how->range, 1), *mean = numbers(how->mean, net->channels);
    char *std = numbers(how->std, net->channels);
    report_say(report, _("Numbers"),
               _("R'G'B' of 0…1 times %s, minus mean %s, divided by deviation %s"), range,
               mean, std);
    g_free(std);
    g_free(mean);
    g_free(range);
    g_free(fed);
}

/* --- answer --- */

static const char *
taken_for(const DcnClassifier *classifier)
{
    switch (classifier->answer) {
    case DCN_ANSWER_SCORES:
        return classifier->softmax
                   ? _("probabilities by the net's own softmax; scores are what goes into it")
                   : _("scores: probabilities come by their softmax");
    case DCN_ANSWER_EACH:
        return _("labels that do not exclude each other: a sigmoid for each");
    case DCN_ANSWER_ONE:
        return _("one number, a yes or no: P of the second label is its sigmoid");
    case DCN_ANSWER_PROBABILITIES:
        return _("probabilities as they are");
    case DCN_ANSWER_ONE_PROBABILITY:
        return _("one number, a yes or no: it is P of the second label");
    }
    return "";
}

static void
say_labels(Report *report, const DcnClassifier *classifier)
{
    char *from;
    Labels labels = net_find_labels(report->net, classifier->classes, &from);
    report_title(report, _("Labels"));
    if (labels.count == 0)
        report_say(report, _("Number"), _("%zu classes without names: %s"),
                   classifier->classes, from ? from : _("nothing says any"));
    else if (from)
        report_say(report, _("Number"), _("%zu, from %s"), labels.count, from);
    else
        report_say(report, _("Number"), "%zu", labels.count);
    GString *first = g_string_new(NULL);
    for (gsize i = 0; i < MIN(FIRST_LABELS, labels.count); i++) {
        char *name = labels_name(&labels, i);
        g_string_append_printf(first, "%s“%s”", i ? ", " : "", name);
        g_free(name);
    }
    if (labels.count > FIRST_LABELS)
        g_string_append(first, ", …");
    if (labels.count)
        report_row(report, _("The first"), first->str, NULL);
    g_string_free(first, TRUE);
    labels_clear(&labels);
    g_free(from);
}

static void
say_answer(Report *report)
{
    DcnClassifier classifier;
    DcnError core = {0};
    const char *named = report->net ? report->net->card.output : NULL;
    if (!report->survey)
        return;
    if (!dcn_plan_classifier(report->survey, named, &classifier, &core)) {
        report_say(report, _("Answer"), _("none: %s"), core.text);
        return;
    }
    const char *output = dcn_plan_name(report->survey, classifier.output);
    const char *read = dcn_plan_name(report->survey, classifier.tensor);
    if (classifier.numbers == 1)
        report_say(report, _("Answer"), _("%s, one number"), output);
    else
        report_say(report, _("Answer"), _("%s, %zu numbers"), output, classifier.numbers);
    report_row(report, _("Taken for"), taken_for(&classifier), NULL);
    if (classifier.tensor != classifier.output)
        report_row(report, _("Read from"), read, NULL);
    if (report->net)
        say_labels(report, &classifier);
}

void
report_picture(Report *report)
{
    const DcnOutline *outline = report->outline;
    report_title(report, _("Input"));
    for (gsize i = 0; i < outline->n_inputs; i++)
        say_declared(report, _("Declared"), &outline->inputs[i]);
    if (report->net)
        say_feeding(report);
    report_title(report, _("Output"));
    for (gsize i = 0; i < outline->n_outputs; i++)
        say_declared(report, _("Declared"), &outline->outputs[i]);
    say_answer(report);
}
