/* SPDX-License-Identifier: GPL-3.0-or-later */
/* path.h: a button that shows a file or folder, and one that clears it; or, where files
 * are offered, a button with a menu of them. */
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

/* Offers files: the button drops a menu of the empty value, those that ship (ended by
 * NULL; taken over), the files chosen last for the parameter of this name, and others
 * beside the last one that fit the pattern ("*.onnx"); its last entry opens the chooser,
 * which shows such files first. There is no button to clear then. Call it before the
 * widget is shown; the texts are borrowed. */
void path_offer(GtkWidget *path, const char *name, const char *pattern, char **shipped);

/* What the label's mnemonic goes to. */
GtkWidget *path_button(GtkWidget *path);

const char *path_get(GtkWidget *path); /* "": none */
void path_set(GtkWidget *path, const char *value);

#endif
