/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layers.c: the part of the report that is about the net's inside: layers with maps, how
 * signals go back, and what cannot be computed. */

#include "actions/model/report.h"
#include "base/fail.h"
#include <string.h>

#define MOST_KINDS 512
#define MOST_SHUT 32

/* --- layers --- */

static void
say_layers(Report *report)
{
    const DcnPlan *survey = report->survey;
    gsize count = dcn_plan_layer_count(survey);
    int usual = dcn_plan_default_layer(survey);
    char *title = g_strdup_printf(_("Layers (%zu), with maps × height × width"), count);
    report_title(report, title);
    for (gsize i = 0; i < count; i++) {
        const DcnLayer *layer = dcn_plan_layer(survey, i);
        const gint64 *dim = layer->shape.dim;
        char *size = layer->shape.rank == 4
                         ? g_strdup_printf("%lld × %lld × %lld", (long long)dim[1],
                                           (long long)dim[2], (long long)dim[3])
                         : g_strdup_printf("%lld", (long long)dim[1]);
        char *op = layer->tensor == usual ? g_strdup_printf(_("%s (default)"), layer->op)
                                          : g_strdup(layer->op);
        report_row(report, layer->name, size, op, NULL);
        g_free(op);
        g_free(size);
    }
    g_free(title);
}

/* --- rules --- */

static const char *
rule_words(DcnRule rule)
{
    switch (rule) {
    case DCN_RULE_DERIVATIVE:
        return _("the derivative, in all three methods");
    case DCN_RULE_TRANSPOSED:
        return _("the transposed linear map, biases ignored");
    case DCN_RULE_STATISTICS:
        return _(
            "the derivative, through the picture's mean and deviation too, in all three methods");
    case DCN_RULE_STRAIGHT:
        return _(
            "straight through rounding, times the scales; nothing where a level was cut");
    case DCN_RULE_SWITCH:
        return _("to the place of the maximum (the switch)");
    case DCN_RULE_RECTIFIER:
        return _(
            "deconvnet max(0, g) whatever the input was; guided max(0, g) where it was active; gradient g where it was active");
    case DCN_RULE_UNCHANGED:
        return _("deconvnet unchanged; guided and gradient its derivative");
    case DCN_RULE_NOTHING:
        return _("it is flat: nothing comes back");
    case DCN_RULE_REFUSED:
        return _("no way back: a projection through it is refused");
    }
    return "";
}

static char *
operator_name(const char *domain, const char *name)
{
    return g_strconcat(domain, *domain ? "." : "", name, NULL);
}

static void
say_rules(Report *report)
{
    DcnStepKind *kinds = g_new(DcnStepKind, MOST_KINDS);
    gsize count = dcn_plan_step_kinds(report->survey, kinds, MOST_KINDS);
    gboolean rectifies = FALSE;
    report_title(report, _("How a signal g goes back, by operator"));
    for (gsize i = 0; i < count; i++) {
        char *name = operator_name(kinds[i].domain, kinds[i].name);
        char *steps = g_strdup_printf("%zu ×", kinds[i].steps);
        report_row(report, name, steps, rule_words(kinds[i].rule), NULL);
        rectifies = rectifies || kinds[i].rule == DCN_RULE_RECTIFIER ||
                    kinds[i].rule == DCN_RULE_UNCHANGED;
        g_free(steps);
        g_free(name);
    }
    if (count && !rectifies)
        report_row(report, _("So deconvnet, guided and gradient give the same here."),
                   NULL);
    g_free(kinds);
}

/* --- what cannot be computed --- */

/* What a person can do about it; NULL: nothing that is known. */
static char *
remedy(const DcnShutNode *node)
{
    if (node->known && node->opset < node->since)
        return g_strdup_printf(_("export the net again with opset %d or later"),
                               node->since);
    if (!node->known && g_str_has_prefix(node->domain, "com.microsoft"))
        return g_strdup(_(
            "take the file from before ONNX Runtime's optimiser, or export without it"));
    if (!node->known && *node->domain)
        return g_strdup_printf(
            _("“%s” is no domain of ONNX: export the net without operators of the program's own"),
            node->domain);
    if (node->code == DCN_ERROR_SHAPE)
        return g_strdup(_("a card beside the model can say another size"));
    return NULL;
}

static long long
opset_of(const Report *report, const DcnShutNode *node)
{
    const DcnOutline *outline = report->outline;
    for (gsize i = 0; *node->domain && i < outline->n_opsets; i++)
        if (g_str_equal(outline->opsets[i].domain, node->domain))
            return outline->opsets[i].version;
    return node->opset;
}

static void
say_shut_node(Report *report, const DcnShutNode *node)
{
    char *name = operator_name(node->domain, node->name), *help = remedy(node);
    report_say(report, _("Node"), _("%s: %s, opset %lld"), node->node, name,
               opset_of(report, node));
    report_row(report, _("Reason"), node->reason, NULL);
    report_say(report, _("Nodes behind it"), "%zu", node->shut);
    if (help)
        report_row(report, _("Remedy"), help, NULL);
    g_free(help);
    g_free(name);
}

static void
say_shut(Report *report)
{
    DcnError reason = {0};
    gsize computed = 0, all = dcn_model_node_count(report->model);
    DcnShutNode *nodes = g_new(DcnShutNode, MOST_SHUT);
    gsize count = 0;
    gboolean told =
        dcn_plan_shut_nodes(report->survey, nodes, MOST_SHUT, &count, &computed, &reason);
    gboolean whole = told && dcn_plan_is_whole(report->survey, &reason);
    report_title(report, _("What is unsupported"));
    if (count == 0 && whole) {
        report_row(report, _("Nothing: all nodes can be computed."), NULL);
    } else {
        for (gsize i = 0; i < count; i++)
            say_shut_node(report, &nodes[i]);
        if (count == 0)
            report_row(report, _("Reason"), reason.text, NULL);
        report_say(report, _("Still works"), _("%zu of %zu nodes, %zu layers"), computed,
                   all, dcn_plan_layer_count(report->survey));
        if (whole)
            report_row(report, _("Outputs"), _("all of them can be computed"), NULL);
    }
    g_free(nodes);
}

/* --- a file that is no model for the core --- */

static void
say_operators(Report *report)
{
    const DcnOutline *outline = report->outline;
    report_title(report, _("Operators of the file"));
    for (gsize i = 0; i < outline->n_operators; i++) {
        const DcnOperatorCount *operator= & outline->operators[i];
        char *name = operator_name(operator->domain, operator->name);
        report_say(report, name, "%zu ×", operator->nodes);
        g_free(name);
    }
}

void
report_layers(Report *report)
{
    if (!report->survey) {
        say_operators(report);
        if (report->no_plan.code != DCN_OK) {
            report_title(report, _("What is unsupported"));
            report_row(report, _("Reason"), report->no_plan.text, NULL);
        }
        return;
    }
    say_layers(report);
    say_rules(report);
    say_shut(report);
}
