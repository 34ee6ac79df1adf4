/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/dialog.c: what the dialogs of both hosts have in common. */
#include "gimp/adapter.h"
#include "gtk/script_button.h"
#include "gtk/toolkit.h"
#include <gdk/gdkkeysyms.h>
#include <libgimp/gimpui.h>

static gboolean
key_pressed(GtkWidget *dialog, GdkEventKey *event, gpointer role)
{
    (void)dialog;
    if (event->keyval != GDK_KEY_F1)
        return FALSE;
    gimp_standard_help_func(role, NULL);
    return TRUE;
}

void
adapter_help_key(GtkWidget *dialog, const char *role)
{
    g_signal_connect(dialog, "key-press-event", G_CALLBACK(key_pressed), (gpointer)role);
}

GtkWidget *
toolkit_dialog(const char *title, const char *role)
{
    GtkWidget *dialog =
        gimp_dialog_new(title, role, NULL, 0, gimp_standard_help_func, role, NULL, NULL);
    adapter_help_key(dialog, role);
    gimp_window_set_transient(GTK_WINDOW(dialog));
    return dialog;
}

GtkWidget *
adapter_content(const Procedure *procedure,
                const Run *run,
                const ParamValues *values,
                GtkWidget *rows,
                GtkWidget *preview,
                int max_height)
{
    GtkWidget *content = toolkit_box(GTK_ORIENTATION_VERTICAL, 12);
    char *words = procedure->looks_at ? procedure->looks_at(run) : NULL;
    if (words) {
        GtkWidget *label = gtk_label_new(words);
        g_object_set(label, "xalign", 0.0, NULL);
        gtk_box_pack_start(GTK_BOX(content), label, FALSE, FALSE, 0);
    }
    g_free(words);
    GtkWidget *columns = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *scrolled = toolkit_scrolled(rows, max_height);
    gtk_box_pack_start(GTK_BOX(columns), scrolled, TRUE, TRUE, 0);
    if (preview)
        gtk_box_pack_start(GTK_BOX(columns), preview, FALSE, FALSE, 0);
    gtk_box_pack_start(GTK_BOX(content), columns, TRUE, TRUE, 0);
    GtkWidget *below = toolkit_box(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_box_pack_start(GTK_BOX(below), script_button_new_for(procedure, values), FALSE,
                       FALSE, 0);
    gtk_box_pack_start(GTK_BOX(content), below, FALSE, FALSE, 0);
    return content;
}

void
adapter_dialog_pack(GtkWidget *dialog, GtkWidget *content)
{
    GtkWidget *area = gtk_dialog_get_content_area(GTK_DIALOG(dialog));
    gtk_container_set_border_width(GTK_CONTAINER(content), 12);
    gtk_widget_show_all(content);
    gtk_box_pack_start(GTK_BOX(area), content, TRUE, TRUE, 0);
}
