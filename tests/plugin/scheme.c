/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scheme.c: writes a table's names and defaults as pairs of Scheme. */
#include "plugin/scheme.h"
#include "base/script.h"

static void
append_pair_of_number(GString *out, const char *name, const char *suffix, double value)
{
    g_string_append_printf(out, "\n   (\"%s%s\" . ", name, suffix);
    script_append_number(out, value);
    g_string_append_c(out, ')');
}

static void
append_pair_of_text(GString *out, const char *name, const char *text)
{
    g_string_append_printf(out, "\n   (\"%s\" . ", name);
    script_append_text(out, text);
    g_string_append_c(out, ')');
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
            append_pair_of_number(out, param->name, "", param->value);
            break;
        case PARAM_POINT:
            append_pair_of_number(out, param->name, "-x", param->value);
            append_pair_of_number(out, param->name, "-y", param->value);
            break;
        default:
            append_pair_of_text(out, param->name, param->text ? param->text : "");
        }
    }
}
