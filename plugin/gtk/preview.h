/* SPDX-License-Identifier: GPL-3.0-or-later */
/* preview.h: a picture beside a dialog's rows of what the run would make. */
#ifndef FEATURESCOPE_GTK_PREVIEW_H
#define FEATURESCOPE_GTK_PREVIEW_H

#include "base/procedure.h"
#include <gtk/gtk.h>

/* NULL if this procedure has none. The picture is of the run's image and drawables and
 * follows the values; both are borrowed for as long as the widget lives. */
GtkWidget *preview_new(const Procedure *procedure,
                       const Run *run,
                       const ParamValues *values);

/* A person has changed the values. */
void preview_changed(GtkWidget *preview);

#endif
