/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.c: a target's name, and what a user is told of it and of the layer. */

#include "base/procedure.h"
#include "base/text.h"
#include "probe/probe.h"

char *
probe_name(const Probe *probe, const Target *target)
{
    char number[TEXT_NUMBER];
    GString *name = g_string_new(NULL);
    g_string_append_printf(name, _("map %d"), (int)target->unit.channel);
    if (target->whole)
        g_string_append(name, _(" (whole)"));
    if (target->silent)
        g_string_append(name, _(" · silent"));
    else
        g_string_append_printf(name, " · %s", text_number(number, target->unit.value));
    if (target->saturated)
        g_string_append(name, _(" · saturated"));
    g_string_append_printf(name, " · %s", probe->layer.shown);
    return g_string_free(name, FALSE);
}

gboolean
probe_methods_differ(const Probe *probe)
{
    return dcn_plan_methods_differ(probe->runner.plan, probe->runner.tensor[0]);
}

void
probe_tell_methods(const Probe *probe)
{
    if (probe_methods_differ(probe))
        return;
    char *text = g_strdup_printf(
        _("%s: deconvnet, guided backpropagation and gradient give the same, since no rectifier (ReLU) lies between this layer and the picture."),
        probe->layer.shown);
    host_message(text);
    g_free(text);
}

char *
probe_silence(const Probe *probe, const Target *target)
{
    if (!target->silent)
        return NULL;
    return g_strdup_printf(
        target->whole
            ? _("Map %d of %s is silent here: no unit of it is above zero, so there is nothing to project and the picture is plain gray.")
            : _("The unit of map %d of %s is silent here: its value is zero, so there is nothing to project and the picture is plain gray."),
        (int)target->unit.channel, probe->layer.shown);
}

void
probe_tell(const Probe *probe, const Target *target)
{
    char *text = probe_silence(probe, target), number[TEXT_NUMBER];
    if (!text && target->saturated)
        text = g_strdup_printf(
            _("Map %d of %s is saturated here: many of its units have the same highest value, %s."),
            (int)target->unit.channel, probe->layer.shown,
            text_number(number, target->unit.value));
    if (text)
        host_message(text);
    g_free(text);
}
