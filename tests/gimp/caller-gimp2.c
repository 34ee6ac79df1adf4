/* SPDX-License-Identifier: GPL-3.0-or-later */
/* caller-gimp2.c: a plug-in of GIMP 2.10 that calls ours as careless C programs do.
 *
 * Script-fu cannot: it counts arguments, and has no NULL. */
#include <libgimp/gimp.h>
#include <string.h>

#define TESTED "plug-in-featurescope-hosttest"

static void
query(void)
{
    static const GimpParamDef args[] = {
        {GIMP_PDB_IMAGE, (char *)"image", (char *)"Image"},
        {GIMP_PDB_DRAWABLE, (char *)"drawable", (char *)"Drawable"},
    };
    static const GimpParamDef results[] = {
        {GIMP_PDB_STRING, (char *)"statuses", (char *)"A word a call"},
    };
    gimp_install_procedure("plug-in-featurescope-caller", "Calls a procedure carelessly",
                           "For tests", "Featurescope", "GPL-3.0-or-later", "2026", NULL,
                           NULL, GIMP_PLUGIN, G_N_ELEMENTS(args), G_N_ELEMENTS(results),
                           args, results);
}

/* Appends "success", "calling-error" ...; after a success the arguments as they came in
 * are looked through for `line`. */
static void
call(GString *statuses, int n_args, const GimpParam *args, const char *line)
{
    gint n_values;
    GimpParam *values = gimp_run_procedure2(TESTED, &n_values, n_args, args);
    const char *word = "other";
    switch (values[0].data.d_status) {
    case GIMP_PDB_SUCCESS:
        word = strstr(values[3].data.d_string, line) ? "success" : "wrong-values";
        break;
    case GIMP_PDB_CALLING_ERROR:
        word = "calling-error";
        break;
    case GIMP_PDB_EXECUTION_ERROR:
        word = "execution-error";
        break;
    default:
        break;
    }
    g_string_append_printf(statuses, "%s%s", statuses->len ? " " : "", word);
    gimp_destroy_params(values, n_values);
}

static void
run(const gchar *name, gint n, const GimpParam *given, gint *n_values, GimpParam **values)
{
    static GimpParam returned[2];
    GimpParam args[30] = {
        {.type = GIMP_PDB_INT32, .data.d_int32 = GIMP_RUN_NONINTERACTIVE},
        {.type = GIMP_PDB_IMAGE, .data.d_image = given[0].data.d_image},
        {.type = GIMP_PDB_DRAWABLE, .data.d_drawable = given[1].data.d_drawable},
        {.type = GIMP_PDB_STRING}, /* task: NULL, as the next ones */
        {.type = GIMP_PDB_STRING},
        {.type = GIMP_PDB_STRING},
        {.type = GIMP_PDB_STRING},
        {.type = GIMP_PDB_INT32, .data.d_int32 = 77}, /* top */
    };
    GString *statuses = g_string_new(NULL);
    (void)name;
    (void)n;

    call(statuses, 3, args, "top=9");     /* all are missing */
    call(statuses, 8, args, "top=77");    /* NULLs, then a value, then none */
    call(statuses, 5, args, "task=read"); /* some */
    args[7].data.d_int32 = 0;             /* out of range */
    call(statuses, 8, args, "");
    args[0].data.d_int32 = 9; /* no run mode */
    call(statuses, 3, args, "");
    args[0].data.d_int32 = GIMP_RUN_WITH_LAST_VALS;
    call(statuses, 3, args, "top=9"); /* nothing was run before */

    returned[0].type = GIMP_PDB_STATUS;
    returned[0].data.d_status = GIMP_PDB_SUCCESS;
    returned[1].type = GIMP_PDB_STRING;
    returned[1].data.d_string = g_string_free(statuses, FALSE);
    *n_values = 2;
    *values = returned;
}

const GimpPlugInInfo PLUG_IN_INFO = {NULL, NULL, query, run};

MAIN()
