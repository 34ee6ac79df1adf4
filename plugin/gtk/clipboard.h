/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clipboard.h: a text for other programs, also once this one has ended. */
#ifndef FEATURESCOPE_GTK_CLIPBOARD_H
#define FEATURESCOPE_GTK_CLIPBOARD_H

#include <gtk/gtk.h>

void clipboard_put(GtkWidget *widget, const char *text);

#endif
