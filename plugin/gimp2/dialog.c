/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/dialog.c: asking for values in GIMP 2.10. */
#include "gimp2/gimp2.h"
#include "gtk/form.h"
#include "gtk/preset_button.h"
#include "gtk/preview.h"
#include "gtk/toolkit.h"
#include <libgimp/gimpui.h>

#define RESPONSE_RESET 1

/* So that a dialog fits the screen with its title and buttons; one of 720 pixels at
 * least. */
#define LEAST_HEIGHT 520
#define OTHERS 240

void
adapter_start_windows(void)
{
    gimp_ui_init("featurescope", FALSE);
}

typedef struct {
    GtkWidget *dialog, *preview; /* or NULL */
    Form *form;
} Asking;

static void
values_changed(void *user)
{
    Asking *asking = user;
    gtk_dialog_set_response_sensitive(GTK_DIALOG(asking->dialog), GTK_RESPONSE_OK,
                                      form_valid(asking->form));
    if (asking->preview)
        preview_changed(asking->preview);
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
preset_taken(void *user)
{
    Asking *asking = user;
    form_refresh(asking->form);
    values_changed(user);
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
    Asking asking = {.dialog = dialog, .preview = preview_new(procedure, run, values)};
    Form *form = asking.form =
        (asking.preview ? form_new_wide : form_new)(values, values_changed, &asking);
    adapter_offer_check(form, run, values);
    GtkWidget *presets =
        preset_button_new(procedure, values, NULL, preset_taken, &asking);
    adapter_dialog_pack(
        dialog, adapter_content(procedure, run, values, form, asking.preview, presets,
                                MAX(LEAST_HEIGHT, toolkit_screen_height() - OTHERS)));
    values_changed(&asking);
    gtk_widget_show(dialog);

    gint response;
    while ((response = gimp_dialog_run(GIMP_DIALOG(dialog))) == RESPONSE_RESET) {
        param_values_reset(values);
        form_refresh(form);
        values_changed(&asking);
    }
    gtk_widget_destroy(dialog);
    form_free(form);
    return response == GTK_RESPONSE_OK;
}
