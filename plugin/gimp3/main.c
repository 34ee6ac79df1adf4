/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/main.c: Featurescope as a plug-in of GIMP 3. */
#include "gimp3/gimp3.h"
#include "gtk/windows.h"
#include <libgimp/gimpui.h>
#include <locale.h>

typedef struct {
    GimpPlugIn parent;
} Featurescope;
typedef struct {
    GimpPlugInClass parent_class;
} FeaturescopeClass;

GType featurescope_get_type(void);
G_DEFINE_TYPE(Featurescope, featurescope, GIMP_TYPE_PLUG_IN)

static GimpPDBStatusType
status_of(const GError *error)
{
    if (g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_CANCELLED))
        return GIMP_PDB_CANCEL;
    if (g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT))
        return GIMP_PDB_CALLING_ERROR;
    return GIMP_PDB_EXECUTION_ERROR;
}

/* GIMP itself enforces no number of drawables. */
static gboolean
check_drawables(GimpDrawable **drawables, gsize *n_drawables, GError **error)
{
    *n_drawables = 0;
    while (drawables && drawables[*n_drawables])
        ++*n_drawables;
    if (*n_drawables == 0)
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("No layer is selected: choose the one to look at"));
    return *n_drawables > 0;
}

/* A window that stands for the dialog and the run. */
static gboolean
run_window(WindowRun window,
           GimpProcedureConfig *config,
           const Run *run,
           ParamValues *values,
           GError **error)
{
    gimp_ui_init("featurescope");
    gboolean done =
        gimp3_read_config(config, values, error) && window(run, values, error);
    if (done)
        gimp3_write_config(config, values);
    return done;
}

static gboolean
call(GimpProcedure *gimp,
     const Procedure *procedure,
     GimpRunMode mode,
     GimpImage *image,
     GimpDrawable **drawables,
     GimpProcedureConfig *config,
     ResultValue *results,
     GError **error)
{
    gsize n_drawables;
    if (!check_drawables(drawables, &n_drawables, error))
        return FALSE;
    gimp3_set_attended(mode != GIMP_RUN_NONINTERACTIVE);
    WindowRun window = mode == GIMP_RUN_INTERACTIVE ? window_of(procedure) : NULL;
    ParamValues *values = param_values_new(procedure->params, procedure->n_params);
    Run run = {
        .interactive = mode == GIMP_RUN_INTERACTIVE,
        .image = (HostImage *)image,
        .drawables = (HostItem **)drawables,
        .n_drawables = n_drawables,
        .values = values,
        .results = results,
    };
    if (mode == GIMP_RUN_INTERACTIVE && !window &&
        !gimp3_dialog(gimp, config, procedure, &run)) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_CANCELLED, _("Cancelled"));
        param_values_free(values);
        return FALSE;
    }
    gboolean done = window ? run_window(window, config, &run, values, error)
                           : gimp3_read_config(config, values, error) &&
                                 procedure_call(procedure, &run, error);
    if (done && run.interactive && !window && procedure->bars)
        gimp3_bars(procedure, results);
    param_values_free(values);
    return done;
}

static GimpValueArray *
run(GimpProcedure *gimp,
    GimpRunMode mode,
    GimpImage *image,
    GimpDrawable **drawables,
    GimpProcedureConfig *config,
    gpointer user)
{
    const Procedure *procedure = user;
    ResultValue *results = g_new0(ResultValue, procedure->n_results + 1);
    GError *error = NULL;
    GimpValueArray *returned;

    gegl_init(NULL, NULL);
    if (call(gimp, procedure, mode, image, drawables, config, results, &error)) {
        returned = gimp_procedure_new_return_values(gimp, GIMP_PDB_SUCCESS, NULL);
        for (gsize i = 0; i < procedure->n_results; i++)
            gimp3_set_result(returned, (int)i + 1, &procedure->results[i], &results[i]);
    } else {
        GimpPDBStatusType status = status_of(error);
        if (status == GIMP_PDB_CANCEL)
            g_clear_error(&error);
        returned = gimp_procedure_new_return_values(gimp, status, error);
    }
    for (gsize i = 0; i < procedure->n_results; i++)
        result_clear(&results[i]);
    g_free(results);
    gimp3_flush_displays();
    return returned;
}

/* --- asked what there is */

static GList *
query_procedures(GimpPlugIn *plug_in)
{
    GList *names = NULL;
    (void)plug_in;
    for (gsize i = 0; procedures[i]; i++)
        names = g_list_append(names, g_strdup(procedures[i]->name));
    return names;
}

static GimpProcedure *
create_procedure(GimpPlugIn *plug_in, const gchar *name)
{
    for (gsize i = 0; procedures[i]; i++)
        if (g_str_equal(procedures[i]->name, name)) {
            GimpProcedure *gimp =
                gimp_image_procedure_new(plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run,
                                         (gpointer)procedures[i], NULL);
            gimp3_describe(gimp, procedures[i]);
            return gimp;
        }
    return NULL;
}

/* The catalogue lies beside the program. Without one GIMP would say so at each start. */
static gboolean
set_i18n(GimpPlugIn *plug_in, const gchar *name, gchar **domain, gchar **folder)
{
    (void)plug_in;
    (void)name;
    char *own = g_path_get_dirname(gimp_get_progname());
    char *path = g_build_filename(own, "locale", NULL);
    gboolean there = g_file_test(path, G_FILE_TEST_IS_DIR);
    g_free(own);
    g_free(path);
    if (!there)
        return FALSE;
    *domain = g_strdup(GETTEXT_PACKAGE);
    *folder = g_strdup("locale");
    return TRUE;
}

static void
featurescope_class_init(FeaturescopeClass *klass)
{
    GimpPlugInClass *plug_in = GIMP_PLUG_IN_CLASS(klass);
    plug_in->query_procedures = query_procedures;
    plug_in->create_procedure = create_procedure;
    plug_in->set_i18n = set_i18n;
}

static void
featurescope_init(Featurescope *self)
{
    (void)self;
}

GIMP_MAIN(featurescope_get_type())
