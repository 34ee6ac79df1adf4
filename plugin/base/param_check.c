/* SPDX-License-Identifier: GPL-3.0-or-later */
/* param_check.c: values against their table, with a sentence for people.
 *
 * Neither host can be trusted with this: GIMP 2.10 checks nothing, GIMP 3 replaces what
 * it does not like by the default without a word. */
#include "base/fail.h"
#include "base/param_private.h"
#include <math.h>
#include <string.h>

/* One of the nicks, or an error that lists them. */
static gboolean
check_choice(const Param *param, const char *text, GError **error)
{
    GString *nicks = g_string_new(NULL);
    for (const ParamChoice *choice = param->choices; choice->nick; choice++) {
        if (g_str_equal(choice->nick, text)) {
            g_string_free(nicks, TRUE);
            return TRUE;
        }
        g_string_append_printf(nicks, "%s%s", nicks->len ? ", " : "", choice->nick);
    }
    fail_input(error, _("\"%s\" is \"%s\"; it must be one of: %s"), param->name, text,
               nicks->str);
    g_string_free(nicks, TRUE);
    return FALSE;
}

gboolean
param_color(const char *text, float rgb[3])
{
    gboolean good = strlen(text) == 7 && text[0] == '#';
    for (gsize i = 1; good && i < 7; i++)
        good = g_ascii_isxdigit(text[i]);
    for (gsize c = 0; good && c < 3; c++) {
        int high = g_ascii_xdigit_value(text[1 + 2 * c]);
        int low = g_ascii_xdigit_value(text[2 + 2 * c]);
        rgb[c] = (float)(16 * high + low) / 255;
    }
    return good;
}

static gboolean
check_color(const Param *param, const char *text, GError **error)
{
    float rgb[3];
    return param_color(text, rgb) ||
           fail_input(error, _("\"%s\" is \"%s\"; it must be a colour like #8040ff"),
                      param->name, text);
}

static gboolean
check_number(const Param *param, const char *suffix, double number, GError **error)
{
    /* Written so that NaN fails. */
    if (number >= param->min && number <= param->max)
        return TRUE;
    char *given = param_number(number);
    char *min = param_number(param->min);
    char *max = param_number(param->max);
    fail_input(error, _("\"%s%s\" is %s; it must be from %s to %s"), param->name, suffix,
               given, min, max);
    g_free(given);
    g_free(min);
    g_free(max);
    return FALSE;
}

gboolean
param_check_one(const Param *param, const ParamValue *value, GError **error)
{
    switch (param->type) {
    case PARAM_BOOL:
        return TRUE;
    case PARAM_INT:
    case PARAM_DOUBLE:
        return check_number(param, "", value->number, error);
    case PARAM_POINT:
        return check_number(param, "-x", value->number, error) &&
               check_number(param, "-y", value->y, error);
    case PARAM_FILE:
    case PARAM_SAVE:
    case PARAM_FOLDER:
        return TRUE; /* bytes of any encoding; opening the file fails if they are wrong */
    case PARAM_STRING:
    case PARAM_PICK:
    case PARAM_PICKS:
    case PARAM_CHOICE:
    case PARAM_COLOR:
        break;
    }
    if (!g_utf8_validate(value->text, -1, NULL))
        return fail_input(error, _("\"%s\" is not UTF-8 text"), param->name);
    if (param->type == PARAM_CHOICE)
        return check_choice(param, value->text, error);
    if (param->type == PARAM_COLOR)
        return check_color(param, value->text, error);
    return TRUE;
}

gboolean
param_check(const ParamValues *values, GError **error)
{
    for (gsize i = 0; i < values->n_params; i++)
        if (!param_check_one(&values->params[i], &values->values[i], error))
            return FALSE;
    return TRUE;
}
