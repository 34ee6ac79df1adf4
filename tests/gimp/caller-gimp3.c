/* SPDX-License-Identifier: GPL-3.0-or-later */
/* caller-gimp3.c: a plug-in of GIMP 3 that calls ours as careless C programs do.
 *
 * Script-fu cannot: it has no NULL, and refuses numbers out of range itself. */
#include <libgimp/gimp.h>
#include <string.h>

#define TESTED "plug-in-featurescope-hosttest"

typedef struct {
    GimpPlugIn parent;
} Caller;
typedef struct {
    GimpPlugInClass parent_class;
} CallerClass;
GType caller_get_type(void);
G_DEFINE_TYPE(Caller, caller, GIMP_TYPE_PLUG_IN)

/* Appends the status. A success is one only if the values that came in have `line`, a
 * calling error only if its text has it. */
static void
note(GString *statuses, GimpValueArray *values, const char *line)
{
    const char *word = "other";
    switch (GIMP_VALUES_GET_ENUM(values, 0)) {
    case GIMP_PDB_SUCCESS:
        word =
            strstr(GIMP_VALUES_GET_STRING(values, 3), line) ? "success" : "wrong-values";
        break;
    case GIMP_PDB_CALLING_ERROR:
        word = strstr(GIMP_VALUES_GET_STRING(values, 1), line) ? "calling-error"
                                                               : "wrong-text";
        break;
    case GIMP_PDB_EXECUTION_ERROR:
        word = "execution-error";
        break;
    default:
        break;
    }
    g_string_append_printf(statuses, "%s%s", statuses->len ? " " : "", word);
    gimp_value_array_unref(values);
}

static GimpValueArray *
run(GimpProcedure *self,
    GimpRunMode mode,
    GimpImage *image,
    GimpDrawable **drawables,
    GimpProcedureConfig *config,
    gpointer user)
{
    GimpProcedure *tested = gimp_pdb_lookup_procedure(gimp_get_pdb(), TESTED);
    GString *statuses = g_string_new(NULL);
    GimpDrawable *none[] = {NULL};
    GFile *far = g_file_new_for_uri("http://example.org/model.onnx");
    (void)mode;
    (void)config;
    (void)user;

#define CALL(line, ...)                                                                  \
    note(statuses,                                                                       \
         gimp_procedure_run(tested, "run-mode", GIMP_RUN_NONINTERACTIVE, "image", image, \
                            __VA_ARGS__, NULL),                                          \
         line)
    CALL("top=9", "drawables", drawables);
    CALL("note=a note", "drawables", drawables, "note", NULL, "layer", NULL, "model",
         NULL);
    CALL("top=9", "drawables", drawables, "top",
         0); /* GIMP takes the default: no error */
    CALL("", "drawables", none);
    CALL(
        "\"model\" is \"http://example.org/model.onnx\", which is not a file of this machine",
        "drawables", drawables, "model", far);
    note(statuses,
         gimp_procedure_run(tested, "run-mode", GIMP_RUN_WITH_LAST_VALS, "image", image,
                            "drawables", drawables, NULL),
         "top=9");

    g_object_unref(far);
    GimpValueArray *values =
        gimp_procedure_new_return_values(self, GIMP_PDB_SUCCESS, NULL);
    GIMP_VALUES_TAKE_STRING(values, 1, g_string_free(statuses, FALSE));
    return values;
}

static GList *
query_procedures(GimpPlugIn *plug_in)
{
    (void)plug_in;
    return g_list_append(NULL, g_strdup("plug-in-featurescope-caller"));
}

static GimpProcedure *
create_procedure(GimpPlugIn *plug_in, const gchar *name)
{
    GimpProcedure *self = gimp_image_procedure_new(
        plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run, NULL, NULL);
    gimp_procedure_set_image_types(self, "*");
    gimp_procedure_set_documentation(self, "Calls a procedure carelessly", "For tests",
                                     NULL);
    gimp_procedure_add_string_return_value(self, "statuses", "Statuses", "A word a call",
                                           "", G_PARAM_READWRITE);
    return self;
}

static void
caller_class_init(CallerClass *klass)
{
    GIMP_PLUG_IN_CLASS(klass)->query_procedures = query_procedures;
    GIMP_PLUG_IN_CLASS(klass)->create_procedure = create_procedure;
    GIMP_PLUG_IN_CLASS(klass)->set_i18n = NULL;
}

static void
caller_init(Caller *self)
{
    (void)self;
}

GIMP_MAIN(caller_get_type())
