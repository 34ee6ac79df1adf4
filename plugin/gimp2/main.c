/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/main.c: Featurescope as a plug-in of GIMP 2.10. */
#include "base/limits.h"
#include "base/room.h"
#include "gimp2/gimp2.h"

/* --- GIMP asks for the procedures */

static char *
locale_folder(void)
{
    char *folder = host_data_folder();
    char *path = g_build_filename(folder, "locale", NULL);
    g_free(folder);
    return path;
}

static void
use_translations(void)
{
    char *path = locale_folder();
    bindtextdomain(GETTEXT_PACKAGE, path);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    g_free(path);
}

static void
register_help(void)
{
    char *path = adapter_help_folder();
    char *uri = g_filename_to_uri(path, NULL, NULL);
    if (uri)
        gimp_plugin_help_register(ADAPTER_HELP_DOMAIN, uri);
    g_free(uri);
    g_free(path);
}

static void
query(void)
{
    char *path = locale_folder();
    gimp_plugin_domain_register(GETTEXT_PACKAGE, path);
    g_free(path);
    register_help();
    use_translations();

    gimp_plugin_menu_branch_register("<Image>/Filters", N_("Featurescope"));
    gimp_plugin_menu_branch_register(PROCEDURE_MENU, N_("Collection"));
    gimp_plugin_menu_branch_register(PROCEDURE_MENU, N_("Network"));
    for (gsize i = 0; procedures[i]; i++)
        gimp2_register(procedures[i]);
}

/* --- a call */

/* One that runs anywhere has neither image nor drawable. */
static gboolean
check_first(const Procedure *procedure, int n_args, const GimpParam *args, GError **error)
{
    static const GimpPDBArgType types[] = {GIMP_PDB_INT32, GIMP_PDB_IMAGE,
                                           GIMP_PDB_DRAWABLE};
    int first_own = gimp2_first_own(procedure);
    gboolean fit = n_args >= first_own;
    for (int i = 0; fit && i < first_own; i++)
        fit = args[i].type == types[i];
    if (!fit)
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    first_own == 1
                        ? _("The first argument must be run-mode")
                        : _("The first arguments must be run-mode, image and drawable"));
    return fit;
}

static gboolean
call(const Procedure *procedure,
     int n_args,
     const GimpParam *args,
     ResultValue *results,
     GError **error)
{
    if (!check_first(procedure, n_args, args, error))
        return FALSE;
    int first_own = gimp2_first_own(procedure);
    GimpRunMode mode = args[0].data.d_int32;
    AdapterValues kept = {procedure->name, first_own, mode, n_args - first_own,
                          args + first_own};
    if (procedure->anywhere)
        return adapter_call(procedure, mode, NULL, NULL, 0, &kept, results, error);
    gint32 drawable = args[2].data.d_drawable;
    if (!gimp_image_is_valid(args[1].data.d_image) || !gimp_item_is_valid(drawable) ||
        gimp_item_get_image(drawable) != args[1].data.d_image) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("There is no such layer in the image"));
        return FALSE;
    }
    HostItem *item = GIMP2_ITEM(drawable);
    return adapter_call(procedure, mode, GIMP2_IMAGE(args[1].data.d_image), &item, 1,
                        &kept, results, error);
}

/* The text of an error takes the place of the first result. GIMP fills up what is missing
 * behind it; if that is the array of a list whose length the text has replaced, it takes
 * the text's address for the length and crashes. So all the places are filled. */
static void
add_error(GArray *returned, const Procedure *procedure, const char *text)
{
    gimp2_add_value(returned, GIMP_PDB_STRING)->data.d_string = g_strdup(text);
    for (gsize i = 0; procedure && i < 2 * procedure->n_results; i++)
        gimp2_add_value(returned, GIMP_PDB_INT32);
}

static void
run(const gchar *name,
    gint n_args,
    const GimpParam *args,
    gint *n_values,
    GimpParam **values)
{
    static GArray *returned; /* read after this function is left */
    GError *error = NULL;
    const Procedure *procedure = adapter_find(name);

    use_translations();
    gboolean room = room_is_enough(&error);
    if (room)
        gegl_init(NULL, NULL);

    if (returned)
        g_array_unref(returned);
    returned = g_array_new(FALSE, TRUE, sizeof(GimpParam));
    ResultValue *results = g_new0(ResultValue, procedure ? procedure->n_results + 1 : 1);
    if (!procedure && room)
        g_set_error(&error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT, _("No \"%s\" here"),
                    name);
    else if (room)
        call(procedure, n_args, args, results, &error);
    adapter_flush_now();
    GimpPDBStatusType status = adapter_status(error);
    gimp2_add_value(returned, GIMP_PDB_STATUS)->data.d_status = status;
    if (error && status != GIMP_PDB_CANCEL)
        add_error(returned, procedure, error->message);
    for (gsize i = 0; procedure && !error && i < procedure->n_results; i++)
        gimp2_add_result(returned, &procedure->results[i], &results[i]);

    for (gsize i = 0; procedure && i < procedure->n_results; i++)
        result_clear(&results[i]);
    g_free(results);
    g_clear_error(&error);
    *n_values = (gint)returned->len;
    *values = (GimpParam *)returned->data;
}

const GimpPlugInInfo PLUG_IN_INFO = {NULL, NULL, query, run};

int
main(int argc, char **argv)
{
    limits_set();
    return gimp_main(&PLUG_IN_INFO, argc, argv);
}
