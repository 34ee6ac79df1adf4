/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pick.h: an entry with a list that is searched while typing. */
#ifndef FEATURESCOPE_GTK_PICK_H
#define FEATURESCOPE_GTK_PICK_H

#include "base/param.h"
#include <gtk/gtk.h>

/* several: values separated by ";"; choosing one appends it. Otherwise it replaces. */
GtkWidget *pick_new(gboolean several);

/* The entry inside: its text is the value, and its signal "changed" reports a change. */
GtkWidget *pick_entry(GtkWidget *pick);

/* Puts lines to the top of the list, in this order: values, ended by NULL, and the labels
 * that they have from then on. What is not in the list is left out. */
void pick_put_first(GtkWidget *pick, char *const *values, char *const *labels);

/* Replaces the list by an array of ParamPick; NULL: none. The text stays. */
void pick_fill(GtkWidget *pick, const GPtrArray *picks);

#endif
