/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_nine.h: the strongest nine of the map that is shown, in the browser's window. */
#ifndef FEATURESCOPE_GTK_WINDOWS_BROWSE_NINE_H
#define FEATURESCOPE_GTK_WINDOWS_BROWSE_NINE_H

#include "gtk/windows/browse_follow.h"

/* A projection has been shown: the nine of its map come, once it has been there for a
 * moment. */
void browse_nine_follow(BrowseFollow *window);

/* Nothing more comes; call before the engine goes. */
void browse_nine_stop(BrowseFollow *window);

/* Shows what there is of the nine; how far a pass is. */
void browse_nine_show(BrowseFollow *window);
void browse_nine_show_pass(BrowseFollow *window);

/* What a person does; user: the BrowseFollow. */
void browse_nine_find(void *user, const char *folder);
void browse_nine_end_pass(void *user);
void browse_nine_open(void *user, gsize pair);

#endif
