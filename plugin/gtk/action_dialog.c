/* SPDX-License-Identifier: GPL-3.0-or-later */
/* action_dialog.c: a window with one action, which can be repeated, and Close. */
#include "gtk/action_dialog.h"
#include "base/procedure.h"
#include "gtk/toolkit.h"

GtkWidget *
action_dialog_new(const char *title,
                  const char *role,
                  const char *action,
                  GtkWidget **button)
{
    GtkWidget *dialog = toolkit_dialog(title, role);
    *button = gtk_dialog_add_button(GTK_DIALOG(dialog), action, ACTION_DIALOG_ACT);
    gtk_dialog_add_button(GTK_DIALOG(dialog), _("_Close"), GTK_RESPONSE_CLOSE);
    gtk_dialog_set_default_response(GTK_DIALOG(dialog), GTK_RESPONSE_CLOSE);
    return dialog;
}

void
action_dialog_pack(GtkWidget *dialog, GtkWidget *content)
{
    gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(dialog))), content,
                       TRUE, TRUE, 0);
}
