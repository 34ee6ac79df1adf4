/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/dialog.c: windows of GIMP 2.10: asking for values, showing bars. */
#include "gimp2/gimp2.h"
#include "gtk/bars.h"
#include "gtk/form.h"
#include "gtk/preview.h"
#include "gtk/toolkit.h"
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#define RESPONSE_RESET 1

/* So that a dialog fits a screen 720 pixels high with its title and buttons. */
#define MAX_HEIGHT 520

static GtkWidget *
content_of(GtkWidget *dialog)
{
    GtkWidget *box = toolkit_box(GTK_ORIENTATION_VERTICAL, 6);
    gtk_container_set_border_width(GTK_CONTAINER(box), 12);
    gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(dialog))), box,
                       TRUE, TRUE, 0);
    return box;
}

static void
values_changed(void *preview)
{
    if (preview)
        preview_changed(preview);
}

gboolean
gimp2_dialog(const Procedure *procedure, const Run *run, ParamValues *values)
{
    gimp_ui_init("featurescope", FALSE);

    GtkWidget *dialog =
        gimp_dialog_new(_(procedure->title), procedure->name, NULL, 0, NULL, NULL,
                        _("_Reset"), RESPONSE_RESET, _("_Cancel"), GTK_RESPONSE_CANCEL,
                        _("_OK"), GTK_RESPONSE_OK, NULL);
    GtkWidget *preview = preview_new(procedure, run, values);
    Form *form = form_new(values, values_changed, preview);
    GtkWidget *rows = form_widget(form);
    gtk_widget_show_all(rows);
    GtkWidget *columns = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_box_pack_start(GTK_BOX(columns), toolkit_scrolled(rows, MAX_HEIGHT), TRUE, TRUE,
                       0);
    if (preview)
        gtk_box_pack_start(GTK_BOX(columns), preview, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(content_of(dialog)), columns, TRUE, TRUE, 0);
    gtk_dialog_set_alternative_button_order(GTK_DIALOG(dialog), GTK_RESPONSE_OK,
                                            RESPONSE_RESET, GTK_RESPONSE_CANCEL, -1);
    gtk_dialog_set_default_response(GTK_DIALOG(dialog), GTK_RESPONSE_OK);
    gimp_window_set_transient(GTK_WINDOW(dialog));
    gtk_widget_show_all(dialog);

    gint response;
    while ((response = gimp_dialog_run(GIMP_DIALOG(dialog))) == RESPONSE_RESET) {
        param_values_reset(values);
        form_refresh(form);
        values_changed(preview);
    }
    gtk_widget_destroy(dialog);
    form_free(form);
    return response == GTK_RESPONSE_OK;
}

void
gimp2_bars(const Procedure *procedure, const ResultValue *results)
{
    char **labels = NULL;
    GArray *values = NULL;
    if (!procedure->bars(results, &labels, &values))
        return;
    GtkWidget *dialog =
        gimp_dialog_new(_(procedure->title), procedure->name, NULL, 0, NULL, NULL,
                        _("_Close"), GTK_RESPONSE_CLOSE, NULL);
    gtk_box_pack_start(GTK_BOX(content_of(dialog)), bars_new(labels, values), TRUE, TRUE,
                       0);
    gtk_dialog_set_default_response(GTK_DIALOG(dialog), GTK_RESPONSE_CLOSE);
    gimp_window_set_transient(GTK_WINDOW(dialog));
    gtk_widget_show_all(dialog);
    gimp_dialog_run(GIMP_DIALOG(dialog));
    gtk_widget_destroy(dialog);
    g_strfreev(labels);
    g_array_unref(values);
}
