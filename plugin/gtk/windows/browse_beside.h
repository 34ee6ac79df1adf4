/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_beside.h: the second column of the browser's window: the projection by another
 * model, or on another layer of the image, beside that of the first, on one scale. */
#ifndef FEATURESCOPE_GTK_WINDOWS_BROWSE_BESIDE_H
#define FEATURESCOPE_GTK_WINDOWS_BROWSE_BESIDE_H

#include "gtk/windows/browse_follow.h"

/* Opens again what is compared with, if anything is: the window's model or fit has
 * changed. */
void browse_beside_reload(BrowseFollow *window);

/* The window's engine goes, and this one with it; who it was is remembered until
 * browse_beside_free(). */
void browse_beside_close(BrowseFollow *window);
void browse_beside_free(BrowseFollow *window);

/* The window's layer is open: its counterpart opens. */
void browse_beside_layer(BrowseFollow *window);

/* The window shows a projection: the same comes here. */
void browse_beside_follow(BrowseFollow *window);

/* TRUE if both are there, so that they have one scale. */
gboolean browse_beside_is_there(const BrowseFollow *window);

/* Shows it, with the window's scale; nothing if it is not there. */
void browse_beside_show(BrowseFollow *window);

/* A person wants to choose whom to compare with: a menu below the button. user: the
 * BrowseFollow. */
void browse_beside_menu(void *user, GtkWidget *button);

#endif
