/* SPDX-License-Identifier: GPL-3.0-or-later */
/* action_dialog.h: a window with one action, which can be repeated, and Close. */
#ifndef FEATURESCOPE_GTK_ACTION_DIALOG_H
#define FEATURESCOPE_GTK_ACTION_DIALOG_H

#include <gtk/gtk.h>

#define ACTION_DIALOG_ACT 1 /* the action's response; any other closes */

/* *button is the action's. */
GtkWidget *action_dialog_new(const char *title,
                             const char *role,
                             const char *action,
                             GtkWidget **button);

/* Packs what the dialog shows. */
void action_dialog_pack(GtkWidget *dialog, GtkWidget *content);

#endif
