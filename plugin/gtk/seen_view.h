/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seen_view.h: what of the open photo a dialog's action looks at: a small picture with
 * the frame of what the network sees, and words. */
#ifndef FEATURESCOPE_GTK_SEEN_VIEW_H
#define FEATURESCOPE_GTK_SEEN_VIEW_H

#include "base/procedure.h"
#include <gtk/gtk.h>

/* NULL if this procedure never looks at one. The words stand below the picture, or, level,
 * beside it. side: of the picture, in pixels; width: of both, or 0: as wide as the words
 * are. Run and values are borrowed for as long as
 * the widget lives. moved is called when another selection or another place of the layer
 * is looked at: in a host, a person goes on working beside a dialog. */
GtkWidget *seen_view_new(const Procedure *procedure,
                         const Run *run,
                         const ParamValues *values,
                         GtkOrientation orientation,
                         int side,
                         int width,
                         void (*moved)(void *user),
                         void *user);

/* The values have changed. */
void seen_view_changed(GtkWidget *view);

/* FALSE: there is nothing to look at, as its words say. */
gboolean seen_view_valid(GtkWidget *view);

#endif
