/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/describe.c: procedures as GIMP 3 wants them described.
 *
 * Choices are plain strings here: GIMP 3 replaces an unknown nick of a GimpChoice by the
 * default and goes on, which hides a caller's mistake. Files have the action ANY, as OPEN
 * would refuse a missing one with a sentence about ranges. */
#include "gimp3/gimp3.h"

static void
add_int(GimpProcedure *gimp, const Param *param, const char *suffix, const char *label)
{
    char *name = g_strconcat(param->name, suffix, NULL);
    gimp_procedure_add_int_argument(gimp, name, label, _(param->blurb), (gint)param->min,
                                    (gint)param->max, (gint)param->value,
                                    G_PARAM_READWRITE);
    g_free(name);
}

static void
add_argument(GimpProcedure *gimp, const Param *param)
{
    const char *label = _(param->label);
    const char *blurb = _(param->blurb);
    char *long_blurb;

    switch (param->type) {
    case PARAM_BOOL:
        gimp_procedure_add_boolean_argument(gimp, param->name, label, blurb,
                                            param->value != 0, G_PARAM_READWRITE);
        break;
    case PARAM_INT:
        add_int(gimp, param, "", label);
        break;
    case PARAM_POINT:
        add_int(gimp, param, "-x", label);
        add_int(gimp, param, "-y", label);
        break;
    case PARAM_DOUBLE:
        gimp_procedure_add_double_argument(gimp, param->name, label, blurb, param->min,
                                           param->max, param->value, G_PARAM_READWRITE);
        break;
    case PARAM_FILE:
    case PARAM_SAVE:
    case PARAM_FOLDER:
        gimp_procedure_add_file_argument(gimp, param->name, label, blurb,
                                         GIMP_FILE_CHOOSER_ACTION_ANY, TRUE, NULL,
                                         G_PARAM_READWRITE);
        break;
    default: {
        char *range = param_range(param);
        long_blurb = g_strdup_printf("%s (%s)", blurb, range);
        gimp_procedure_add_string_argument(gimp, param->name, label, long_blurb,
                                           param->text ? param->text : "",
                                           G_PARAM_READWRITE);
        g_free(long_blurb);
        g_free(range);
    }
    }
}

static void
add_result(GimpProcedure *gimp, const Result *result)
{
    const char *name = result->name;
    const char *blurb = _(result->blurb);
    GParamFlags flags = G_PARAM_READWRITE;

    switch (result->type) {
    case RESULT_INT:
        gimp_procedure_add_int_return_value(gimp, name, name, blurb, G_MININT, G_MAXINT,
                                            0, flags);
        break;
    case RESULT_DOUBLE:
        gimp_procedure_add_double_return_value(gimp, name, name, blurb, -G_MAXDOUBLE,
                                               G_MAXDOUBLE, 0, flags);
        break;
    case RESULT_STRING:
        gimp_procedure_add_string_return_value(gimp, name, name, blurb, "", flags);
        break;
    case RESULT_STRINGS:
        gimp_procedure_add_string_array_return_value(gimp, name, name, blurb, flags);
        break;
    case RESULT_DOUBLES:
        gimp_procedure_add_double_array_return_value(gimp, name, name, blurb, flags);
        break;
    case RESULT_ITEMS:
        gimp_procedure_add_core_object_array_return_value(gimp, name, name, blurb,
                                                          GIMP_TYPE_ITEM, flags);
        break;
    case RESULT_IMAGE:
        gimp_procedure_add_image_return_value(gimp, name, name, blurb, TRUE, flags);
        break;
    }
}

static void
set_icon(GimpProcedure *gimp, const Procedure *procedure)
{
    char *path = adapter_icon_path(procedure);
    if (path) {
        GFile *file = g_file_new_for_path(path);
        gimp_procedure_set_icon_file(gimp, file);
        g_object_unref(file);
    }
    g_free(path);
}

void
gimp3_describe(GimpProcedure *gimp, const Procedure *procedure)
{
    char *tip = procedure_tip(procedure), *help = procedure_help(procedure);

    gimp_procedure_set_image_types(gimp, "*");
    gimp_procedure_set_sensitivity_mask(
        gimp, procedure->anywhere ? GIMP_PROCEDURE_SENSITIVE_ALWAYS
                                  : GIMP_PROCEDURE_SENSITIVE_DRAWABLE |
                                        GIMP_PROCEDURE_SENSITIVE_DRAWABLES);
    if (procedure->menu) {
        gimp_procedure_set_menu_label(gimp, _(procedure->menu));
        gimp_procedure_add_menu_path(gimp, procedure->path ? _(procedure->path)
                                                           : PROCEDURE_MENU);
    }
    gimp_procedure_set_documentation(gimp, tip, help, procedure->name);
    gimp_procedure_set_attribution(gimp, "Featurescope", "Featurescope, GPL-3.0-or-later",
                                   "2026");
    set_icon(gimp, procedure);
    for (gsize i = 0; i < procedure->n_params; i++)
        add_argument(gimp, &procedure->params[i]);
    for (gsize i = 0; i < procedure->n_results; i++)
        add_result(gimp, &procedure->results[i]);
    g_free(help);
    g_free(tip);
}
