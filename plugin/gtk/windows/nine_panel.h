/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nine_panel.h: the strongest nine of a map, with words, and a button to find them. */
#ifndef FEATURESCOPE_GTK_WINDOWS_NINE_PANEL_H
#define FEATURESCOPE_GTK_WINDOWS_NINE_PANEL_H

#include "actions/browse/nine.h"
#include <gtk/gtk.h>

/* What a person does. */
typedef struct {
    void (*find)(void *user, const char *folder); /* a folder was chosen */
    void (*stop)(void *user);
    void (*open)(void *user, gsize pair);
    void *user;
} NineCalls;

GtkWidget *nine_panel_new(const NineCalls *calls);

/* nine: borrowed until the next call; NULL: none. pass: that runs, or NULL. */
void nine_panel_show(GtkWidget *panel, const BrowseNine *nine, const BrowsePass *pass);

#endif
