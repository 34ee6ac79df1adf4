/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_beside.h: the second column of the browser's window: what another model shows, or
 * the same one on another layer of the image, beside what the first shows, on one scale,
 * and the difference. Projections, or heat maps. */
#ifndef FEATURESCOPE_GTK_WINDOWS_BROWSE_BESIDE_H
#define FEATURESCOPE_GTK_WINDOWS_BROWSE_BESIDE_H

#include "gtk/windows/browse_follow.h"

/* Opens again what the values say is compared with; what cannot be is told, and compared
 * no longer. */
void browse_beside_reload(BrowseFollow *window);

/* The window's engine goes, and this one with it. */
void browse_beside_close(BrowseFollow *window);

/* The window's layer is open: its counterpart opens. */
void browse_beside_layer(BrowseFollow *window);

/* The window shows a projection: the same comes here. */
void browse_beside_follow(BrowseFollow *window);

/* TRUE if both are there, so that they have one scale. */
gboolean browse_beside_is_there(const BrowseFollow *window);

/* Shows it, with the window's scale; nothing if it is not there. */
void browse_beside_show(BrowseFollow *window);

/* The window's square slides, stops, or what came of it is forgotten: so it is here. */
void browse_beside_occlude(BrowseFollow *window,
                           const BrowseSquare *square,
                           const float gray[3]);
void browse_beside_stop(BrowseFollow *window);
void browse_beside_no_heat(BrowseFollow *window);
gboolean browse_beside_occluding(const BrowseFollow *window);

/* The heat maps of both; see beside_heats(). */
gboolean browse_beside_heats(const BrowseFollow *window, Heat *heats[2]);

/* A person wants heat maps, or projections. user: the BrowseFollow. */
void browse_beside_heats_toggled(void *user, gboolean heats);

/* What both show as a finished figure. */
gboolean browse_beside_figure(const BrowseFollow *window, const Run *run, GError **error);

/* The nearest layer below the window's that is no result of ours; NULL: none. */
HostItem *browse_beside_below(const BrowseFollow *window);

/* A person wants to choose whom to compare with: a menu below the button
 * (browse_beside_menu.c). user: the BrowseFollow. */
void browse_beside_menu(void *user, GtkWidget *button);

#endif
