/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/scheme.c: writes a table's names and defaults as pairs of Scheme. */
#include "gimp2/scheme.h"

static void
append_number(GString *out, const char *name, const char *suffix, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof number, "%.10g", value);
    g_string_append_printf(out, "\n   (\"%s%s\" . %s)", name, suffix, number);
}

static void
append_text(GString *out, const char *name, const char *text)
{
    g_string_append_printf(out, "\n   (\"%s\" . \"", name);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
    g_string_append(out, "\")");
}

void
scheme_defaults(GString *out, const Procedure *procedure)
{
    for (gsize i = 0; i < procedure->n_params; i++) {
        const Param *param = &procedure->params[i];
        switch (param->type) {
        case PARAM_BOOL:
        case PARAM_INT:
        case PARAM_DOUBLE:
            append_number(out, param->name, "", param->value);
            break;
        case PARAM_POINT:
            append_number(out, param->name, "-x", param->value);
            append_number(out, param->name, "-y", param->value);
            break;
        default:
            append_text(out, param->name, param->text ? param->text : "");
        }
    }
}
