/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer_list.h: the layers of a network, of which one is chosen. */
#ifndef FEATURESCOPE_GTK_WINDOWS_LAYER_LIST_H
#define FEATURESCOPE_GTK_WINDOWS_LAYER_LIST_H

#include "net/net.h"
#include <gtk/gtk.h>

/* chosen: by a person, by name. */
GtkWidget *layer_list_new(int width,
                          int height,
                          void (*chosen)(void *user, const char *layer),
                          void *user);

/* Shows the layers of the net, with this one chosen: a name as in the list, or empty for
 * the default one. Returns the name of the chosen one, borrowed from the net; NULL if
 * there are none. */
const char *layer_list_fill(GtkWidget *list, const DcnPlan *survey, const char *wanted);

/* No layers. */
void layer_list_clear(GtkWidget *list);

#endif
