/* SPDX-License-Identifier: GPL-3.0-or-later */
/* path.h: a button that shows a file or folder, and one that clears it. */
#ifndef FEATURESCOPE_GTK_PATH_H
#define FEATURESCOPE_GTK_PATH_H

#include <gtk/gtk.h>

/* title  of the chooser
 * empty  what the button says without a path
 *
 * changed is called when a person chose, not by path_set(). */
GtkWidget *path_new(GtkFileChooserAction action,
                    const char *title,
                    const char *empty,
                    void (*changed)(void *user),
                    void *user);

/* What the label's mnemonic goes to. */
GtkWidget *path_button(GtkWidget *path);

const char *path_get(GtkWidget *path); /* "": none */
void path_set(GtkWidget *path, const char *value);

#endif
