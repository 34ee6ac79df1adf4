/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/register.c: procedures into the PDB of GIMP 2.10. */
#include "gimp2/gimp2.h"

static void
add_arg(GArray *args, GimpPDBArgType type, const char *name, const char *description)
{
    GimpParamDef def = {type, g_strdup(name), g_strdup(description)};
    g_array_append_val(args, def);
}

static GArray *
arguments(const Procedure *procedure)
{
    GArray *args = g_array_new(FALSE, FALSE, sizeof(GimpParamDef));
    add_arg(
        args, GIMP_PDB_INT32, "run-mode",
        "The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1), RUN-WITH-LAST-VALS (2) }");
    if (!procedure->anywhere) {
        add_arg(args, GIMP_PDB_IMAGE, "image", "The image");
        add_arg(args, GIMP_PDB_DRAWABLE, "drawable", "The layer, group, channel or mask");
    }
    for (gsize i = 0; i < procedure->n_params; i++) {
        const Param *param = &procedure->params[i];
        char *range = param_range(param);
        char *text = g_strdup_printf("%s (%s)", _(param->blurb), range);
        if (param->type == PARAM_POINT) {
            char *x = g_strconcat(param->name, "-x", NULL);
            char *y = g_strconcat(param->name, "-y", NULL);
            add_arg(args, GIMP_PDB_INT32, x, text);
            add_arg(args, GIMP_PDB_INT32, y, text);
            g_free(x);
            g_free(y);
        } else {
            add_arg(args, gimp2_arg_type(param->type), param->name, text);
        }
        g_free(range);
        g_free(text);
    }
    return args;
}

static void
add_list(GArray *args, GimpPDBArgType type, const char *name, const char *description)
{
    char *count = g_strconcat("num-", name, NULL);
    add_arg(args, GIMP_PDB_INT32, count, "Number of elements of the next");
    add_arg(args, type, name, description);
    g_free(count);
}

static GArray *
result_arguments(const Procedure *procedure)
{
    GArray *args = g_array_new(FALSE, FALSE, sizeof(GimpParamDef));
    for (gsize i = 0; i < procedure->n_results; i++) {
        const char *name = procedure->results[i].name;
        const char *blurb = _(procedure->results[i].blurb);
        switch (procedure->results[i].type) {
        case RESULT_INT:
            add_arg(args, GIMP_PDB_INT32, name, blurb);
            break;
        case RESULT_DOUBLE:
            add_arg(args, GIMP_PDB_FLOAT, name, blurb);
            break;
        case RESULT_STRING:
            add_arg(args, GIMP_PDB_STRING, name, blurb);
            break;
        case RESULT_IMAGE:
            add_arg(args, GIMP_PDB_IMAGE, name, blurb);
            break;
        case RESULT_STRINGS:
            add_list(args, GIMP_PDB_STRINGARRAY, name, blurb);
            break;
        case RESULT_DOUBLES:
            add_list(args, GIMP_PDB_FLOATARRAY, name, blurb);
            break;
        case RESULT_ITEMS:
            add_list(args, GIMP_PDB_INT32ARRAY, name, blurb);
            break;
        }
    }
    return args;
}

static void
register_icon(const Procedure *procedure)
{
    char *path = adapter_icon_path(procedure);
    if (path)
        gimp_plugin_icon_register(procedure->name, GIMP_ICON_TYPE_IMAGE_FILE,
                                  (const guint8 *)path);
    g_free(path);
}

void
gimp2_register(const Procedure *procedure)
{
    GArray *args = arguments(procedure);
    GArray *results = result_arguments(procedure);
    char *tip = procedure_tip(procedure), *help = procedure_help(procedure);

    gimp_install_procedure(
        procedure->name, tip, help, "Featurescope", "Featurescope, GPL-3.0-or-later",
        "2026", procedure->menu, /* GIMP translates it */
        procedure->anywhere ? "" : "*", GIMP_PLUGIN, args->len, results->len,
        (const GimpParamDef *)args->data, (const GimpParamDef *)results->data);
    register_icon(procedure);
    if (procedure->menu)
        gimp_plugin_menu_register(procedure->name, /* GIMP translates this too */
                                  procedure->path ? procedure->path : PROCEDURE_MENU);
    g_free(help);
    g_free(tip);
    /* The definitions' texts are not freed, as this process ends soon. */
    g_array_free(args, TRUE);
    g_array_free(results, TRUE);
}
