/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fail.c: errors with a translated headline and a sentence for the user. */

#include "base/fail.h"
#include "base/text.h"

G_DEFINE_QUARK(featurescope_procedure_error, procedure_error)

static void
set(GError **error, ProcedureError code, const char *format, va_list args)
{
    char *text = text_valid(g_strdup_vprintf(format, args));
    g_set_error_literal(error, PROCEDURE_ERROR, (gint)code, text_end_once(text));
    g_free(text);
}

gboolean
fail_input(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set(error, PROCEDURE_ERROR_INPUT, format, args);
    va_end(args);
    return FALSE;
}

gboolean
fail_run(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set(error, PROCEDURE_ERROR_FAILED, format, args);
    va_end(args);
    return FALSE;
}

gboolean
fail_stopped(GError **error)
{
    g_set_error_literal(error, PROCEDURE_ERROR, PROCEDURE_ERROR_CANCELLED, _("Stopped"));
    return FALSE;
}

static const char *
headline(DcnCode code)
{
    switch (code) {
    case DCN_ERROR_FILE:
        return _("The model file cannot be read");
    case DCN_ERROR_FORMAT:
        return _("The file is not a usable ONNX model");
    case DCN_ERROR_UNSUPPORTED:
        return _("The model uses something that Featurescope does not know");
    case DCN_ERROR_SHAPE:
        return _("Sizes inside the model do not fit together");
    case DCN_ERROR_NAME:
        return _("Unknown name");
    case DCN_ERROR_VALUE:
        return _("A value is out of its range");
    case DCN_ERROR_MEMORY:
        return _("There is not enough memory");
    case DCN_CANCELLED:
        return _("Stopped");
    case DCN_OK:
        break;
    }
    return _("Featurescope failed");
}

static ProcedureError
kind(DcnCode code)
{
    switch (code) {
    case DCN_CANCELLED:
        return PROCEDURE_ERROR_CANCELLED;
    case DCN_OK:
    case DCN_ERROR_MEMORY:
        return PROCEDURE_ERROR_FAILED;
    default:
        return PROCEDURE_ERROR_INPUT;
    }
}

gboolean
fail_core(GError **error, const DcnError *core)
{
    /* TRANSLATORS: a headline, and an English sentence with details. */
    char *text =
        text_valid(g_strdup_printf(_("%s: %s."), headline(core->code), core->text));
    g_set_error_literal(error, PROCEDURE_ERROR, (gint)kind(core->code),
                        text_end_once(text));
    g_free(text);
    return FALSE;
}
