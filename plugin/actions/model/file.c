/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file.c: the part of the report that is about the file. */

#include "actions/model/report.h"
#include "base/fail.h"
#include "net/hash.h"
#include <glib/gstdio.h>

static void
say_size(Report *report, const char *label, const char *path)
{
    GStatBuf now;
    if (g_stat(path, &now) != 0)
        return;
    char *bytes = report_bytes((guint64)now.st_size);
    char *count = report_count((guint64)now.st_size);
    report_say(report, label, _("%s (%s bytes)"), bytes, count);
    g_free(count);
    g_free(bytes);
}

static void
say_sum(Report *report, const char *path)
{
    char *sum = hash_file(path);
    report_row(report, "SHA-256", sum ? sum : _("cannot be computed"), NULL);
    g_free(sum);
}

/* Files of weights. They are opened only if the core has opened them before: a name in a
 * model's file may lead anywhere. */
static void
say_externals(Report *report)
{
    const DcnOutline *outline = report->outline;
    if (!report->net) {
        for (gsize i = 0; i < outline->n_externals; i++)
            report_row(report, _("Weights in"), outline->externals[i], NULL);
        return;
    }
    for (gsize i = 1; report->net->files[i]; i++) {
        report_row(report, _("Weights in"), dcn_model_external(report->model, i - 1),
                   NULL);
        say_size(report, _("Size"), report->net->files[i]);
        say_sum(report, report->net->files[i]);
    }
}

static void
say_opsets(Report *report)
{
    const DcnOutline *outline = report->outline;
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < outline->n_opsets; i++)
        g_string_append_printf(text, "%s%s %lld", i ? ", " : "",
                               *outline->opsets[i].domain ? outline->opsets[i].domain
                                                          : "ONNX",
                               (long long)outline->opsets[i].version);
    report_row(report, _("Opsets"), text->str, NULL);
    report_say(report, _("IR version"), "%lld", (long long)outline->ir_version);
    g_string_free(text, TRUE);
}

/* Indices, shapes, truth values and texts are no parameters. */
static gboolean
holds_parameters(DcnType type)
{
    return type != DCN_INT64 && type != DCN_BOOL && type != DCN_STRING &&
           type != DCN_UNDEFINED;
}

/* "1,235,496 (float 1,235,000, int8 496)" */
static void
say_parameters(Report *report)
{
    const DcnOutline *outline = report->outline;
    GString *types = g_string_new(NULL);
    guint64 all = 0;
    for (gsize i = 0; i < outline->n_weights; i++) {
        const DcnWeightCount *weights = &outline->weights[i];
        if (!holds_parameters(weights->type))
            continue;
        char *count = report_count(weights->values);
        all = weights->values > G_MAXUINT64 - all ? G_MAXUINT64 : all + weights->values;
        g_string_append_printf(types, "%s%s %s", types->len ? ", " : "",
                               dcn_type_name(weights->type), count);
        g_free(count);
    }
    char *count = report_count(all);
    if (types->len)
        report_say(report, _("Parameters"), "%s (%s)", count, types->str);
    else
        report_row(report, _("Parameters"), count, NULL);
    g_free(count);
    g_string_free(types, TRUE);
}

void
report_file(Report *report)
{
    const DcnOutline *outline = report->outline;
    char *name = g_filename_display_basename(report->path);
    report_title(report, _("File"));
    report_row(report, _("Name"), name, NULL);
    say_size(report, _("Size"), report->path);
    say_sum(report, report->path);
    say_externals(report);
    if (*outline->producer)
        report_say(report, _("Written by"), "%s %s", outline->producer,
                   outline->producer_version);
    else
        report_row(report, _("Written by"), _("the file does not say it"), NULL);
    if (*outline->graph)
        report_row(report, _("Graph"), outline->graph, NULL);
    say_opsets(report);
    char *nodes = report_count(outline->n_nodes);
    report_row(report, _("Nodes"), nodes, NULL);
    say_parameters(report);
    if (report->problem)
        report_row(report, _("Problem"), report->problem->message, NULL);
    g_free(nodes);
    g_free(name);
}
