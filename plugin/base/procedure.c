/* SPDX-License-Identifier: GPL-3.0-or-later */
/* procedure.c: calling a procedure, its results, its help. */
#include "base/procedure.h"
#include "base/fail.h"
#include "base/text.h"
#include <string.h>

void
result_clear(ResultValue *value)
{
    g_free(value->text);
    g_strfreev(value->texts);
    if (value->numbers)
        g_array_unref(value->numbers);
    g_free(value->items);
    memset(value, 0, sizeof *value);
}

gboolean
procedure_takes(const Procedure *procedure, const Run *run, GError **error)
{
    return !procedure->takes || procedure->takes(run, error);
}

gboolean
procedure_takes_one(const Run *run, GError **error)
{
    return run->n_drawables == 1 ||
           fail_input(error, _("%d layers are selected; this works on one: select one."),
                      (int)run->n_drawables);
}

gboolean
procedure_call(const Procedure *procedure, const Run *run, GError **error)
{
    GError *failure = NULL;
    if (param_check(run->values, &failure) && procedure_takes(procedure, run, &failure) &&
        procedure->run(run, &failure)) {
        /* The run succeeded: an error that a part of it set and the rest put up with is
         * not told. */
        g_clear_error(&failure);
        return TRUE;
    }

    for (gsize i = 0; i < procedure->n_results; i++)
        result_clear(&run->results[i]);
    if (!failure)
        fail_run(&failure, _("%s failed without a reason"), procedure->name);
    text_shorten(failure->message);
    g_propagate_error(error, failure);
    return FALSE;
}

static const char *
result_type_words(ResultType type)
{
    switch (type) {
    case RESULT_INT:
        return _("integer");
    case RESULT_DOUBLE:
        return _("number");
    case RESULT_STRING:
        return _("text");
    case RESULT_STRINGS:
        return _("list of texts");
    case RESULT_DOUBLES:
        return _("list of numbers");
    case RESULT_ITEMS:
        return _("list of layers and channels");
    case RESULT_IMAGE:
        return _("image");
    }
    return "";
}

char *
procedure_tip(const Procedure *procedure)
{
    /* TRANSLATORS: words that a person may type to find these actions. */
    return g_strdup_printf("%s (%s)", _(procedure->blurb),
                           _("Featurescope: neural network, AI, explain, saliency"));
}

char *
procedure_help(const Procedure *procedure)
{
    GString *text = g_string_new(NULL);
    char *params = param_help(procedure->params, procedure->n_params);
    g_string_append_printf(text, "%s\n\n%s\n\n", _(procedure->blurb), _(procedure->help));
    if (procedure->n_params)
        g_string_append_printf(text, "%s\n\n%s\n", _("Arguments:"), params);
    if (procedure->n_results)
        g_string_append_printf(text, "%s\n\n", _("Results:"));
    for (gsize i = 0; i < procedure->n_results; i++)
        g_string_append_printf(text, "- `%s` (%s): %s\n", procedure->results[i].name,
                               result_type_words(procedure->results[i].type),
                               _(procedure->results[i].blurb));
    g_free(params);
    return g_string_free(text, FALSE);
}
