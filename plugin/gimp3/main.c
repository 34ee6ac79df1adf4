/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/main.c: Featurescope as a plug-in of GIMP 3. */
#include "base/limits.h"
#include "base/room.h"
#include "gimp3/gimp3.h"

typedef struct {
    GimpPlugIn parent;
} Featurescope;
typedef struct {
    GimpPlugInClass parent_class;
} FeaturescopeClass;

GType featurescope_get_type(void);
G_DEFINE_TYPE(Featurescope, featurescope, GIMP_TYPE_PLUG_IN)

/* GIMP itself does not check the number of drawables. */
static gboolean
check_drawables(const Procedure *procedure,
                GimpDrawable **drawables,
                gsize *n_drawables,
                GError **error)
{
    *n_drawables = 0;
    if (procedure->anywhere)
        return TRUE;
    while (drawables && drawables[*n_drawables])
        ++*n_drawables;
    if (*n_drawables == 0)
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("No layer is selected: choose the one to look at"));
    return *n_drawables > 0;
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
    AdapterValues kept = {gimp, config};
    GError *error = NULL;
    gsize n_drawables;
    GimpValueArray *returned;

    gboolean room = room_is_enough(&error);
    if (room)
        gegl_init(NULL, NULL);
    if (room && check_drawables(procedure, drawables, &n_drawables, &error) &&
        adapter_call(procedure, mode, (HostImage *)image, (HostItem **)drawables,
                     n_drawables, &kept, results, &error)) {
        returned = gimp_procedure_new_return_values(gimp, GIMP_PDB_SUCCESS, NULL);
        for (gsize i = 0; i < procedure->n_results; i++)
            gimp3_set_result(returned, (int)i + 1, &procedure->results[i], &results[i]);
    } else {
        GimpPDBStatusType status = adapter_status(error);
        if (status == GIMP_PDB_CANCEL)
            g_clear_error(&error);
        returned = gimp_procedure_new_return_values(gimp, status, error);
    }
    for (gsize i = 0; i < procedure->n_results; i++)
        result_clear(&results[i]);
    g_free(results);
    adapter_flush_now();
    return returned;
}

/* --- GIMP asks for the procedures */

static GList *
query_procedures(GimpPlugIn *plug_in)
{
    GList *names = NULL;
    char *path = adapter_help_folder();
    GFile *help = g_file_new_for_path(path);
    gimp_plug_in_set_help_domain(plug_in, ADAPTER_HELP_DOMAIN, help);
    g_object_unref(help);
    g_free(path);
    for (gsize i = 0; procedures[i]; i++)
        names = g_list_append(names, g_strdup(procedures[i]->name));
    return names;
}

static GimpProcedure *
create_procedure(GimpPlugIn *plug_in, const gchar *name)
{
    const Procedure *procedure = adapter_find(name);
    if (!procedure)
        return NULL;
    GimpProcedure *gimp = gimp_image_procedure_new(
        plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run, (gpointer)procedure, NULL);
    gimp3_describe(gimp, procedure);
    return gimp;
}

/* The catalogue lies beside the program. Without one GIMP would report that at each
 * start. */
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

int
main(int argc, char **argv)
{
    limits_set();
    return gimp_main(featurescope_get_type(), argc, argv);
}
