/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/dialog.c: asking for values in GIMP 2.10. */
#include "gimp2/gimp2.h"
#include "gtk/preset_button.h"
#include "gtk/toolkit.h"
#include <libgimp/gimpui.h>

#define RESPONSE_RESET 1

/* So that a dialog fits the screen with its title and buttons; one of 720 pixels at
 * least. */
#define LEAST_HEIGHT 520
#define OTHERS 200

void
adapter_start_windows(void)
{
    gimp_ui_init("featurescope", FALSE);
}

static void
add_buttons(GtkDialog *dialog)
{
    gtk_dialog_add_buttons(dialog, _("_Reset"), RESPONSE_RESET, _("_Cancel"),
                           GTK_RESPONSE_CANCEL, _("_OK"), GTK_RESPONSE_OK, NULL);
    gtk_dialog_set_alternative_button_order(dialog, GTK_RESPONSE_OK, RESPONSE_RESET,
                                            GTK_RESPONSE_CANCEL, -1);
    gtk_dialog_set_default_response(dialog, GTK_RESPONSE_OK);
}

static void
changed(void *user)
{
    (void)user; /* values are kept when the dialog has gone */
}

static void
preset_taken(void *user)
{
    adapter_asking_refresh(user);
}

gboolean
adapter_ask(AdapterValues *kept,
            const Procedure *procedure,
            const Run *run,
            ParamValues *values)
{
    (void)kept;
    GtkWidget *dialog = toolkit_dialog(_(procedure->title), procedure->name);
    add_buttons(GTK_DIALOG(dialog));
    AdapterAsking *asking = adapter_asking_new(procedure, run, values, changed, NULL);
    GtkWidget *presets = preset_button_new(procedure, values, NULL, preset_taken, asking);
    adapter_asking_pack(asking, dialog, presets,
                        MAX(LEAST_HEIGHT, toolkit_screen().height - OTHERS));
    gtk_widget_show(dialog);

    gint response;
    while ((response = gimp_dialog_run(GIMP_DIALOG(dialog))) == RESPONSE_RESET) {
        param_values_reset(values);
        adapter_asking_refresh(asking);
    }
    gtk_widget_destroy(dialog);
    adapter_asking_free(asking);
    return response == GTK_RESPONSE_OK;
}
