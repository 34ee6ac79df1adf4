/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/call.c: one call of a procedure, from the values to the status. */
#include "base/fail.h"
#include "base/recent.h"
#include "gimp/adapter.h"
#include "gtk/text_window.h"
#include "gtk/windows/windows.h"
#include <signal.h>

const Procedure *
adapter_find(const char *name)
{
    for (gsize i = 0; procedures[i]; i++)
        if (g_str_equal(procedures[i]->name, name))
            return procedures[i];
    return NULL;
}

static gboolean
first_window_shown(gpointer user)
{
    (void)user;
    host_progress_end();
    return G_SOURCE_REMOVE;
}

/* A large photo, or a model's file, is read before the first window is there: until that
 * has been drawn, the image's own window says what was called. (Without an image, GIMP
 * would open a window for it.) */
static void
start_windows(const Procedure *procedure, const Run *run)
{
    if (run->n_drawables) {
        host_progress_start(_(procedure->title));
        g_idle_add_full(G_PRIORITY_LOW, first_window_shown, NULL, NULL);
    }
    adapter_start_windows();
}

/* Shows the window that replaces the dialog and the run. */
static gboolean
run_window(WindowRun window,
           const Procedure *procedure,
           const Run *run,
           AdapterValues *kept,
           ParamValues *values,
           GError **error)
{
    if (!procedure_takes(procedure, run, error))
        return FALSE;
    start_windows(procedure, run);
    window(run, values);
    adapter_values_save(kept, values);
    recent_save(values);
    return TRUE;
}

/* A person who repeats a run was told by its dialog. */
static void
count_as_told(const Procedure *procedure, const ParamValues *values)
{
    for (gsize i = 0; i < procedure->n_params; i++)
        if (procedure->params[i].remark)
            g_free(procedure->params[i].remark(values));
}

static void
clear_results(const Procedure *procedure, ResultValue *results)
{
    for (gsize i = 0; i < procedure->n_results; i++)
        result_clear(&results[i]);
}

gboolean
adapter_run_beside(const Procedure *procedure,
                   const Run *run,
                   const ParamValues *values,
                   GError **error)
{
    Run other = *run;
    char *text = param_values_save(values);
    ParamValues *shared = param_values_new(procedure->params, procedure->n_params);
    param_values_load(shared, text);
    other.values = shared;
    other.results = g_new0(ResultValue, procedure->n_results);
    gboolean ok = procedure_takes(procedure, &other, error);
    if (ok)
        window_of(procedure)(&other, shared);
    clear_results(procedure, other.results);
    g_free(other.results);
    param_values_free(shared);
    g_free(text);
    return ok;
}

/* The image may be closed, or its layer deleted, while the dialog asks. */
static gboolean
still_there(const Procedure *procedure, const Run *run, GError **error)
{
    if (!procedure->looks_at || procedure->looks_at(run->values) == LOOK_NOT)
        return TRUE;
    for (gsize i = 0; i < run->n_drawables; i++)
        if (!host_item_exists(run->drawables[i]))
            return fail_input(error, _("The layer is gone."));
    return TRUE;
}

/* A dialog, the run, and the text of what came out. */
static gboolean
run_dialog(const Procedure *procedure,
           const Run *run,
           AdapterValues *kept,
           ParamValues *values,
           GError **error)
{
    start_windows(procedure, run);
    if (!adapter_ask(kept, procedure, run, values)) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_CANCELLED, _("Cancelled"));
        return FALSE;
    }
    adapter_values_save(kept, values);
    recent_save(values);
    gboolean ok =
        still_there(procedure, run, error) && procedure_call(procedure, run, error);
    if (ok && procedure->text)
        text_window(_(procedure->title), procedure->name, procedure->text(run->results));
    return ok;
}

gboolean
adapter_call(const Procedure *procedure,
             GimpRunMode mode,
             HostImage *image,
             HostItem **drawables,
             gsize n_drawables,
             AdapterValues *kept,
             ResultValue *results,
             GError **error)
{
    signal(SIGXFSZ, SIG_IGN); /* writing too large a file is an error, and no end */
    adapter_set_attended(mode != GIMP_RUN_NONINTERACTIVE);
    ParamValues *values = param_values_new(procedure->params, procedure->n_params);
    Run run = {
        .interactive = mode == GIMP_RUN_INTERACTIVE,
        .image = image,
        .drawables = drawables,
        .n_drawables = n_drawables,
        .values = values,
        .results = results,
    };
    WindowRun window = run.interactive ? window_of(procedure) : NULL;
    /* Told before a person fills in a dialog. Scripts may look at what floats. */
    gboolean done = (!run.interactive || !n_drawables || adapter_settled(image, error)) &&
                    adapter_values_load(kept, values, error);
    if (done && mode == GIMP_RUN_WITH_LAST_VALS)
        count_as_told(procedure, values);
    if (done && run.interactive)
        recent_load(values);
    if (done && window)
        done = run_window(window, procedure, &run, kept, values, error);
    else if (done && run.interactive)
        done = run_dialog(procedure, &run, kept, values, error);
    else if (done)
        done = procedure_call(procedure, &run, error);
    param_values_free(values);
    return done;
}

GimpPDBStatusType
adapter_status(const GError *error)
{
    if (!error)
        return GIMP_PDB_SUCCESS;
    if (g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_CANCELLED))
        return GIMP_PDB_CANCEL;
    if (g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT))
        return GIMP_PDB_CALLING_ERROR;
    return GIMP_PDB_EXECUTION_ERROR;
}

char *
adapter_icon_path(const Procedure *procedure)
{
    if (!procedure->icon)
        return NULL;
    char *folder = host_data_folder();
    char *file = g_strconcat(procedure->icon, ".svg", NULL);
    char *path = g_build_filename(folder, "icons", file, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        g_clear_pointer(&path, g_free);
    g_free(file);
    g_free(folder);
    return path;
}

char *
adapter_help_folder(void)
{
    char *folder = host_data_folder();
    char *path = g_build_filename(folder, "help", NULL);
    g_free(folder);
    return path;
}
