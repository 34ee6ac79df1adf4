/* SPDX-License-Identifier: GPL-3.0-or-later */
/* param.c: values of a table of parameters.
 *
 * A value is found by name with a walk over the table: tables have some twenty lines and
 * are read a few times a run. Asking for a name that is not there, or for another type,
 * is a mistake in the program and ends it. */
#include "base/param_private.h"
#include "base/procedure.h"
#include <math.h>
#include <string.h>

void
param_pick_free(ParamPick *pick)
{
    if (pick) {
        g_free(pick->value);
        g_free(pick->label);
        g_free(pick);
    }
}

gboolean
param_is_text(ParamType type)
{
    switch (type) {
    case PARAM_BOOL:
    case PARAM_INT:
    case PARAM_DOUBLE:
    case PARAM_POINT:
        return FALSE;
    case PARAM_STRING:
    case PARAM_CHOICE:
    case PARAM_PICK:
    case PARAM_PICKS:
    case PARAM_FILE:
    case PARAM_SAVE:
    case PARAM_FOLDER:
    case PARAM_COLOR:
        return TRUE;
    }
    return FALSE;
}

/* --- the whole */

static void
value_reset(const Param *param, ParamValue *value)
{
    value->number = param->value;
    value->y = param->value;
    if (param_is_text(param->type)) {
        g_free(value->text);
        value->text = g_strdup(param->text ? param->text : "");
    }
}

void
param_values_reset(ParamValues *values)
{
    for (gsize i = 0; i < values->n_params; i++)
        value_reset(&values->params[i], &values->values[i]);
}

ParamValues *
param_values_new(const Param *params, gsize n_params)
{
    ParamValues *values = g_new0(ParamValues, 1);
    values->params = params;
    values->n_params = n_params;
    values->values = g_new0(ParamValue, n_params);
    param_values_reset(values);
    return values;
}

void
param_values_free(ParamValues *values)
{
    if (!values)
        return;
    for (gsize i = 0; i < values->n_params; i++)
        g_free(values->values[i].text);
    g_free(values->values);
    g_free(values);
}

ParamValues *
param_values_copy(const ParamValues *values)
{
    ParamValues *copy = param_values_new(values->params, values->n_params);
    for (gsize i = 0; i < values->n_params; i++) {
        g_free(copy->values[i].text);
        copy->values[i] = values->values[i];
        copy->values[i].text = g_strdup(values->values[i].text);
    }
    return copy;
}

const Param *
param_values_table(const ParamValues *values, gsize *n_params)
{
    if (n_params)
        *n_params = values->n_params;
    return values->params;
}

/* --- one value */

gboolean
param_values_have(const ParamValues *values, const char *name)
{
    for (gsize i = 0; i < values->n_params; i++)
        if (g_str_equal(values->params[i].name, name))
            return TRUE;
    return FALSE;
}

static gsize
values_find(const ParamValues *values, const char *name)
{
    for (gsize i = 0; i < values->n_params; i++)
        if (g_str_equal(values->params[i].name, name))
            return i;
    g_error("no parameter named \"%s\"", name);
    return 0;
}

/* The value of that name, which must be of this type. */
static ParamValue *
values_get(const ParamValues *values, const char *name, ParamType type)
{
    gsize i = values_find(values, name);
    if (values->params[i].type != type)
        g_error("parameter \"%s\" is of another type", name);
    return &values->values[i];
}

/* The same for any of the textual types. */
static char **
values_get_text(const ParamValues *values, const char *name)
{
    gsize i = values_find(values, name);
    if (!param_is_text(values->params[i].type))
        g_error("parameter \"%s\" is no text", name);
    return &values->values[i].text;
}

gboolean
param_bool(const ParamValues *values, const char *name)
{
    return values_get(values, name, PARAM_BOOL)->number != 0;
}

int
param_int(const ParamValues *values, const char *name)
{
    return (int)values_get(values, name, PARAM_INT)->number;
}

double
param_double(const ParamValues *values, const char *name)
{
    return values_get(values, name, PARAM_DOUBLE)->number;
}

const char *
param_text(const ParamValues *values, const char *name)
{
    return *values_get_text(values, name);
}

gboolean
param_is(const ParamValues *values, const char *name, const char *nick)
{
    return g_str_equal(values_get(values, name, PARAM_CHOICE)->text, nick);
}

void
param_point(const ParamValues *values, const char *name, int *x, int *y)
{
    const ParamValue *value = values_get(values, name, PARAM_POINT);
    *x = (int)value->number;
    *y = (int)value->y;
}

char **
param_list(const ParamValues *values, const char *name)
{
    char **parts = g_strsplit(values_get(values, name, PARAM_PICKS)->text, ";", -1);
    gsize kept = 0;

    /* "tabby; ;cat;" has two entries. */
    for (gsize i = 0; parts[i]; i++) {
        g_strstrip(parts[i]);
        if (*parts[i])
            parts[kept++] = parts[i];
        else
            g_free(parts[i]);
    }
    parts[kept] = NULL;
    return parts;
}

void
param_set_bool(ParamValues *values, const char *name, gboolean value)
{
    values_get(values, name, PARAM_BOOL)->number = value ? 1 : 0;
}

void
param_set_int(ParamValues *values, const char *name, int value)
{
    values_get(values, name, PARAM_INT)->number = value;
}

void
param_set_double(ParamValues *values, const char *name, double value)
{
    values_get(values, name, PARAM_DOUBLE)->number = value;
}

void
param_set_text(ParamValues *values, const char *name, const char *value)
{
    char **text = values_get_text(values, name);
    char *copy = g_strdup(value ? value : ""); /* value may be the text itself */
    g_free(*text);
    *text = copy;
}

void
param_set_point(ParamValues *values, const char *name, int x, int y)
{
    ParamValue *value = values_get(values, name, PARAM_POINT);
    value->number = x;
    value->y = y;
}

/* --- which count */

gboolean
param_applies(const ParamValues *values, const Param *param)
{
    if (!param->only_with)
        return TRUE;

    gsize i = values_find(values, param->only_with);
    const Param *other = &values->params[i];
    const char *nick;
    char number[16];
    if (other->type == PARAM_BOOL) {
        nick = values->values[i].number != 0 ? "true" : "false";
    } else if (other->type == PARAM_INT) {
        g_snprintf(number, sizeof number, "%d", (int)values->values[i].number);
        nick = number;
    } else {
        nick = *values_get_text(values, param->only_with);
    }

    char **nicks = g_strsplit(param->only_nicks, ";", -1);
    gboolean found = g_strv_contains((const char *const *)nicks, nick);
    g_strfreev(nicks);
    return found && param_applies(values, other);
}

/* --- as text and back */

#define GROUP "values"

char *
param_values_save(const ParamValues *values)
{
    GKeyFile *file = g_key_file_new();
    for (gsize i = 0; i < values->n_params; i++) {
        const Param *param = &values->params[i];
        const ParamValue *value = &values->values[i];
        if (param_is_text(param->type)) {
            g_key_file_set_string(file, GROUP, param->name, value->text);
        } else if (param->type == PARAM_POINT) {
            char *x = g_strconcat(param->name, "-x", NULL);
            char *y = g_strconcat(param->name, "-y", NULL);
            g_key_file_set_integer(file, GROUP, x, (int)value->number);
            g_key_file_set_integer(file, GROUP, y, (int)value->y);
            g_free(x);
            g_free(y);
        } else if (param->type == PARAM_BOOL) {
            g_key_file_set_boolean(file, GROUP, param->name, value->number != 0);
        } else if (param->type == PARAM_INT) {
            g_key_file_set_integer(file, GROUP, param->name, (int)value->number);
        } else {
            g_key_file_set_double(file, GROUP, param->name, value->number);
        }
    }
    char *text = g_key_file_to_data(file, NULL, NULL);
    g_key_file_free(file);
    return text;
}

/* Reads one value; FALSE if it is not there or does not read. value->text is new. */
static gboolean
value_load(const Param *param, GKeyFile *file, ParamValue *value)
{
    GError *error = NULL;
    if (param_is_text(param->type)) {
        value->text = g_key_file_get_string(file, GROUP, param->name, &error);
    } else if (param->type == PARAM_POINT) {
        char *x = g_strconcat(param->name, "-x", NULL);
        char *y = g_strconcat(param->name, "-y", NULL);
        value->number = g_key_file_get_integer(file, GROUP, x, &error);
        if (!error)
            value->y = g_key_file_get_integer(file, GROUP, y, &error);
        g_free(x);
        g_free(y);
    } else if (param->type == PARAM_BOOL) {
        value->number = g_key_file_get_boolean(file, GROUP, param->name, &error);
    } else if (param->type == PARAM_INT) {
        value->number = g_key_file_get_integer(file, GROUP, param->name, &error);
    } else {
        value->number = g_key_file_get_double(file, GROUP, param->name, &error);
    }
    gboolean read = error == NULL;
    g_clear_error(&error);
    return read;
}

void
param_values_load(ParamValues *values, const char *text)
{
    if (!text)
        return;
    GKeyFile *file = g_key_file_new();
    if (g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, NULL)) {
        for (gsize i = 0; i < values->n_params; i++) {
            const Param *param = &values->params[i];
            ParamValue loaded = {0};
            if (value_load(param, file, &loaded) &&
                param_check_one(param, &loaded, NULL)) {
                g_free(values->values[i].text);
                values->values[i] = loaded;
            } else {
                g_free(loaded.text);
            }
        }
    }
    g_key_file_free(file);
}
