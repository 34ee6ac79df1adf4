/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bars.h: labels and their shares, as bars in a window. */
#ifndef FEATURESCOPE_GTK_BARS_H
#define FEATURESCOPE_GTK_BARS_H

#include <gtk/gtk.h>

/* A widget with a bar for each label; values from 0 to 1, as many as labels. */
GtkWidget *bars_new(char **labels, const GArray *values);

#endif
