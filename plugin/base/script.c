/* SPDX-License-Identifier: GPL-3.0-or-later */
/* script.c: a call of a procedure as text. */

#include "base/script.h"
#include <string.h>

/* --- one value --- */

void
script_append_number(GString *out, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, g_ascii_formatd(number, sizeof number, "%.10g", value));
}

void
script_append_text(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            g_string_append_printf(out, "\\%c", *text);
        else if (*text == '\n')
            g_string_append(out, "\\n");
        else
            g_string_append_c(out, *text);
    g_string_append_c(out, '"');
}

static gboolean
is_file(const Param *param)
{
    return param->type == PARAM_FILE || param->type == PARAM_SAVE ||
           param->type == PARAM_FOLDER;
}

static const char *
truth(ScriptLanguage language, gboolean yes)
{
    static const char *const words[][2] = {
        [SCRIPT_SCHEME_2] = {"0", "1"},
        [SCRIPT_SCHEME_3] = {"#f", "#t"},
        [SCRIPT_PYTHON_3] = {"False", "True"},
    };
    return words[language][yes ? 1 : 0];
}

/* Not of a point. */
static void
append_value(GString *out,
             ScriptLanguage language,
             const Param *param,
             const ParamValues *values)
{
    if (param->type == PARAM_BOOL) {
        g_string_append(out, truth(language, param_bool(values, param->name)));
    } else if (param->type == PARAM_INT) {
        script_append_number(out, param_int(values, param->name));
    } else if (param->type == PARAM_DOUBLE) {
        script_append_number(out, param_double(values, param->name));
    } else if (is_file(param) && language == SCRIPT_PYTHON_3) {
        g_string_append(out, "Gio.File.new_for_path(");
        script_append_text(out, param_text(values, param->name));
        g_string_append_c(out, ')');
    } else {
        script_append_text(out, param_text(values, param->name));
    }
}

/* --- one argument --- */

static void
append_named(GString *out,
             ScriptLanguage language,
             const char *name,
             const char *suffix,
             const char *value)
{
    if (language == SCRIPT_SCHEME_2)
        g_string_append_printf(out, "\n    %s", value);
    else if (language == SCRIPT_SCHEME_3)
        g_string_append_printf(out, "\n    #:%s%s %s", name, suffix, value);
    else
        g_string_append_printf(out, "config.set_property(\"%s%s\", %s)\n", name, suffix,
                               value);
}

/* g_free() */
static char *
argument_text(ScriptLanguage language, const Param *param, const ParamValues *values)
{
    GString *out = g_string_new(NULL), *value = g_string_new(NULL);
    if (param->type == PARAM_POINT) {
        int at[2];
        param_point(values, param->name, &at[0], &at[1]);
        for (int axis = 0; axis < 2; axis++) {
            g_string_truncate(value, 0);
            script_append_number(value, at[axis]);
            append_named(out, language, param->name, axis ? "-y" : "-x", value->str);
        }
    } else {
        append_value(value, language, param, values);
        append_named(out, language, param->name, "", value->str);
    }
    g_string_free(value, TRUE);
    return g_string_free(out, FALSE);
}

/* --- the call --- */

static void
append_arguments(GString *out,
                 ScriptLanguage language,
                 const Procedure *procedure,
                 const ParamValues *values)
{
    ParamValues *usual = param_values_new(procedure->params, procedure->n_params);
    for (gsize i = 0; i < procedure->n_params; i++) {
        char *text = argument_text(language, &procedure->params[i], values);
        char *left_out = argument_text(language, &procedure->params[i], usual);
        if (language == SCRIPT_SCHEME_2 || !g_str_equal(text, left_out))
            g_string_append(out, text);
        g_free(left_out);
        g_free(text);
    }
    param_values_free(usual);
}

/* One that needs no image. */
static void
append_call_anywhere(GString *out,
                     ScriptLanguage language,
                     const Procedure *procedure,
                     const ParamValues *values)
{
    static const char *const begins[] = {
        [SCRIPT_SCHEME_2] = "(%s RUN-NONINTERACTIVE",
        [SCRIPT_SCHEME_3] = "(%s #:run-mode RUN-NONINTERACTIVE",
        [SCRIPT_PYTHON_3] =
            "from gi.repository import Gimp, Gio\n"
            "procedure = Gimp.get_pdb().lookup_procedure(\"%s\")\n"
            "config = procedure.create_config()\n"
            "config.set_property(\"run-mode\", Gimp.RunMode.NONINTERACTIVE)\n",
    };
    char **parts = g_strsplit(begins[language], "%s", 2);
    g_string_append_printf(out, "%s%s%s", parts[0], procedure->name, parts[1]);
    g_strfreev(parts);
    append_arguments(out, language, procedure, values);
    g_string_append(out, language == SCRIPT_PYTHON_3 ? "result = procedure.run(config)\n"
                                                     : ")\n");
}

char *
script_text(ScriptLanguage language,
            const Procedure *procedure,
            const ParamValues *values)
{
    GString *out = g_string_new(NULL);
    if (procedure->anywhere) {
        append_call_anywhere(out, language, procedure, values);
        return g_string_free(out, FALSE);
    }
    switch (language) {
    case SCRIPT_SCHEME_2:
        g_string_append_printf(
            out,
            "(let* ((image (vector-ref (cadr (gimp-image-list)) 0))\n"
            "       (drawable (car (gimp-image-get-active-drawable image))))\n"
            "  (%s RUN-NONINTERACTIVE image drawable",
            procedure->name);
        append_arguments(out, language, procedure, values);
        g_string_append(out, "))\n");
        break;
    case SCRIPT_SCHEME_3:
        g_string_append_printf(
            out,
            "(let* ((image (vector-ref (car (gimp-get-images)) 0))\n"
            "       (drawables (car (gimp-image-get-selected-drawables image))))\n"
            "  (%s #:run-mode RUN-NONINTERACTIVE\n"
            "    #:image image #:drawables drawables",
            procedure->name);
        append_arguments(out, language, procedure, values);
        g_string_append(out, "))\n");
        break;
    case SCRIPT_PYTHON_3:
        g_string_append_printf(
            out,
            "from gi.repository import Gimp, Gio\n"
            "image = Gimp.get_images()[0]\n"
            "procedure = Gimp.get_pdb().lookup_procedure(\"%s\")\n"
            "config = procedure.create_config()\n"
            "config.set_property(\"run-mode\", Gimp.RunMode.NONINTERACTIVE)\n"
            "config.set_property(\"image\", image)\n"
            "config.set_core_object_array(\"drawables\", image.get_selected_drawables())\n",
            procedure->name);
        append_arguments(out, language, procedure, values);
        g_string_append(out, "result = procedure.run(config)\n");
        break;
    }
    return g_string_free(out, FALSE);
}
