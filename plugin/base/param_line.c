/* SPDX-License-Identifier: GPL-3.0-or-later */
/* param_line.c: values as a line that a person types: names and values in turn. */
#include "base/param_line.h"
#include "base/fail.h"
#include "base/param_private.h"
#include <string.h>

/* --- words --- */

/* The next word, and the rest of the line; NULL at its end. g_free() */
static char *
next_word(const char **line)
{
    const char *at = *line;
    while (g_ascii_isspace(*at))
        at++;
    if (!*at)
        return NULL;
    GString *word = g_string_new(NULL);
    gboolean quoted = *at == '"';
    for (at += quoted; *at && (quoted ? *at != '"' : !g_ascii_isspace(*at)); at++) {
        if (quoted && *at == '\\' && (at[1] == '"' || at[1] == '\\'))
            at++;
        g_string_append_c(word, *at);
    }
    *line = quoted && *at ? at + 1 : at;
    return g_string_free(word, FALSE);
}

/* --- values --- */

static gboolean
read_number(const char *text, gboolean whole, double *number)
{
    char *end;
    *number = g_ascii_strtod(text, &end);
    return *text && !*end && (!whole || *number == (double)(gint64)*number);
}

/* As scripts of both hosts write it. */
static gboolean
read_truth(const char *text, double *number)
{
    static const char *const yes[] = {"1", "#t", "true", NULL};
    static const char *const no[] = {"0", "#f", "false", NULL};
    char *lower = g_ascii_strdown(text, -1);
    gboolean is_yes = g_strv_contains(yes, lower);
    gboolean known = is_yes || g_strv_contains(no, lower);
    *number = is_yes;
    g_free(lower);
    return known;
}

/* Sets a value, or one side of a point. */
static gboolean
set_value(const Param *param,
          ParamValue *value,
          gboolean is_y,
          const char *name,
          const char *text,
          GError **error)
{
    ParamValue given = *value;
    double *number = is_y ? &given.y : &given.number;
    gboolean reads = TRUE;
    if (param_is_text(param->type))
        given.text = (char *)text;
    else if (param->type == PARAM_BOOL)
        reads = read_truth(text, number);
    else
        reads = read_number(text, param->type != PARAM_DOUBLE, number);
    if (!reads) {
        char *range = param_range(param);
        fail_input(error, _("“%s” is “%s”; it must be: %s."), name, text, range);
        g_free(range);
        return FALSE;
    }
    if (!param_check_one(param, &given, error))
        return FALSE;
    if (param_is_text(param->type)) {
        g_free(value->text);
        given.text = g_strdup(text);
    }
    *value = given;
    return TRUE;
}

/* TRUE if it is the parameter's, which may be a side of a point. */
static gboolean
is_called(const Param *param, const char *name, gboolean *is_y)
{
    *is_y = FALSE;
    if (param->type != PARAM_POINT)
        return g_str_equal(param->name, name);
    gsize length = strlen(param->name);
    *is_y = g_str_has_suffix(name, "-y");
    return strncmp(param->name, name, length) == 0 &&
           (g_str_equal(name + length, "-x") || g_str_equal(name + length, "-y"));
}

static gboolean
fail_unknown(const ParamValues *values, const char *name, GError **error)
{
    GPtrArray *names = g_ptr_array_new();
    for (gsize i = 0; i < values->n_params; i++)
        g_ptr_array_add(names, (gpointer)values->params[i].name);
    g_ptr_array_add(names, NULL);
    char *all = g_strjoinv(", ", (char **)names->pdata);
    fail_input(error, _("There is no argument “%s”. These are known: %s."), name, all);
    g_free(all);
    g_ptr_array_unref(names);
    return FALSE;
}

static gboolean
read_pair(ParamValues *values, const char *name, const char *text, GError **error)
{
    if (!text)
        return fail_input(error, _("No value is given for “%s”."), name);
    gboolean is_y;
    for (gsize i = 0; i < values->n_params; i++)
        if (is_called(&values->params[i], name, &is_y))
            return set_value(&values->params[i], &values->values[i], is_y, name, text,
                             error);
    return fail_unknown(values, name, error);
}

gboolean
param_line_read(ParamValues *values, const char *line, GError **error)
{
    char *name;
    gboolean ok = TRUE;
    while (ok && (name = next_word(&line))) {
        char *text = next_word(&line);
        ok = read_pair(values, name, text, error);
        g_free(text);
        g_free(name);
    }
    return ok;
}
