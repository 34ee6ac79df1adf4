/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nine_strip.h: the strongest nine of a map, in a strip: projections above the patches
 * that caused them, as in the paper's figure 2. */
#ifndef FEATURESCOPE_GTK_WINDOWS_NINE_STRIP_H
#define FEATURESCOPE_GTK_WINDOWS_NINE_STRIP_H

#include "actions/browse/nine.h"
#include <gtk/gtk.h>

/* side: of a picture in pixels, at least. chosen: by click, or Return. */
GtkWidget *nine_strip_new(int side, void (*chosen)(void *user, gsize pair), void *user);

/* Borrowed until the next call; NULL: none. */
void nine_strip_show(GtkWidget *strip, const BrowseNine *nine);

#endif
