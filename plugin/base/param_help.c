/* SPDX-License-Identifier: GPL-3.0-or-later */
/* param_help.c: a table of parameters in words. */
#include "base/param_private.h"
#include "base/procedure.h"
#include <string.h>

char *
param_number(double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup(g_ascii_formatd(text, sizeof text, "%.10g", number));
}

char *
param_label(const Param *param)
{
    GString *label = g_string_new(NULL);
    for (const char *c = _(param->label); *c; c++) {
        /* A doubled underscore is one that is meant to be seen. */
        if (*c == '_' && *++c == '\0')
            break;
        g_string_append_c(label, *c);
    }
    if (label->len && label->str[label->len - 1] == ':')
        g_string_truncate(label, label->len - 1);
    return g_string_free(label, FALSE);
}

/* "integer from 0 to 5, default 1" */
static char *
range_of_numbers(const Param *param, const char *format)
{
    char *min = param_number(param->min);
    char *max = param_number(param->max);
    char *value = param_number(param->value);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, format, min, max, value);
    g_free(min);
    g_free(max);
    g_free(value);
    return g_string_free(text, FALSE);
}

static char *
range_of_choice(const Param *param)
{
    GString *text = g_string_new(NULL);
    for (const ParamChoice *choice = param->choices; choice->nick; choice++)
        g_string_append_printf(text, "%s%s", text->len ? ", " : "", choice->nick);
    char *range = g_strdup_printf(_("one of %s; default %s"), text->str, param->text);
    g_string_free(text, TRUE);
    return range;
}

char *
param_range(const Param *param)
{
    switch (param->type) {
    case PARAM_BOOL:
        return g_strdup(param->value != 0 ? _("yes or no, default yes")
                                          : _("yes or no, default no"));
    case PARAM_INT:
        return range_of_numbers(param, _("integer from %s to %s, default %s"));
    case PARAM_DOUBLE:
        return range_of_numbers(param, _("number from %s to %s, default %s"));
    case PARAM_POINT:
        return range_of_numbers(param, _("two integers from %s to %s, default %s"));
    case PARAM_CHOICE:
        return range_of_choice(param);
    case PARAM_COLOR:
        return g_strdup_printf(_("colour as #rrggbb, default %s"), param->text);
    case PARAM_PICKS:
        return g_strdup(_("text, several separated by \";\""));
    case PARAM_FILE:
        return g_strdup(_("file to read"));
    case PARAM_SAVE:
        return g_strdup(_("file to write"));
    case PARAM_FOLDER:
        return g_strdup(_("folder"));
    case PARAM_STRING:
    case PARAM_PICK:
        break;
    }
    return param->text && *param->text
               ? g_strdup_printf(_("text, default %s"), param->text)
               : g_strdup(_("text"));
}

char *
param_help(const Param *params, gsize n_params)
{
    GString *help = g_string_new(NULL);
    for (gsize i = 0; i < n_params; i++) {
        char *label = param_label(&params[i]);
        char *range = param_range(&params[i]);
        const char *name = params[i].name;
        if (params[i].type == PARAM_POINT)
            g_string_append_printf(help, "- `%s-x`, `%s-y`", name, name);
        else
            g_string_append_printf(help, "- `%s`", name);
        g_string_append_printf(help, " (%s; %s): %s\n", label, range, _(params[i].blurb));
        g_free(label);
        g_free(range);
    }
    return g_string_free(help, FALSE);
}
