/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/dialog.c: asking for values in GIMP 3.
 *
 * GIMP's procedure dialog brings buttons, reset, and presets; the rows are ours, as it
 * has none for lists that depend on a file. Its config and our values follow each
 * other. */
#include "gimp3/gimp3.h"
#include "gtk/toolkit.h"
#include <libgimp/gimpui.h>

/* So that a dialog fits the screen with its title and buttons; one of 720 pixels at
 * least. */
#define LEAST_HEIGHT 500
#define OTHERS 240

void
adapter_start_windows(void)
{
    gimp_ui_init("featurescope");
}

typedef struct {
    AdapterValues *kept;
    ParamValues *values;
    AdapterAsking *dialog;
    gulong listening; /* to the config */
} Asking;

/* A person changed a widget. */
static void
changed(void *user)
{
    Asking *asking = user;
    g_signal_handler_block(asking->kept->config, asking->listening);
    adapter_values_save(asking->kept, asking->values);
    g_signal_handler_unblock(asking->kept->config, asking->listening);
}

/* Reset, or a preset was loaded. */
static void
config_changed(GObject *config, GParamSpec *pspec, gpointer user)
{
    Asking *asking = user;
    (void)config;
    (void)pspec;
    adapter_values_load(asking->kept, asking->values, NULL);
    adapter_asking_refresh(asking->dialog);
}

gboolean
adapter_ask(AdapterValues *kept,
            const Procedure *procedure,
            const Run *run,
            ParamValues *values)
{
    Asking asking = {.kept = kept, .values = values};
    asking.dialog = adapter_asking_new(procedure, run, values, changed, &asking);
    adapter_values_save(kept, values);

    GtkWidget *dialog =
        gimp_procedure_dialog_new(kept->gimp, kept->config, _(procedure->title));
    adapter_help_key(dialog, procedure->name);
    asking.listening =
        g_signal_connect(kept->config, "notify", G_CALLBACK(config_changed), &asking);
    adapter_asking_pack(asking.dialog, dialog, NULL,
                        MAX(LEAST_HEIGHT, toolkit_screen().height - OTHERS));
    gboolean ok = gimp_procedure_dialog_run(GIMP_PROCEDURE_DIALOG(dialog));

    g_signal_handler_disconnect(kept->config, asking.listening);
    gtk_widget_destroy(dialog);
    adapter_asking_free(asking.dialog);
    return ok;
}
