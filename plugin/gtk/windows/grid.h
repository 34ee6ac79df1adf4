/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grid.h: many small pictures in rows, of which one is chosen.
 *
 * It asks for a picture only when it paints it, so there may be very many. */
#ifndef FEATURESCOPE_GTK_WINDOWS_GRID_H
#define FEATURESCOPE_GTK_WINDOWS_GRID_H

#include <gtk/gtk.h>

#define GRID_LABEL 64

typedef struct {
    /* The picture in a place, borrowed, or NULL: none yet; and what stands below it. */
    cairo_surface_t *(*tile)(void *user, gsize place, char label[static GRID_LABEL]);
    void (*chosen)(void *user, gsize place);   /* by click or key */
    void (*pointed)(void *user, gssize place); /* the pointer is there; -1: nowhere */
    void *user;
} GridSource;

/* side: of a picture, in pixels. */
GtkWidget *grid_new(const GridSource *source, int side, int width, int height);

/* The widget that takes the focus. */
GtkWidget *grid_focus(GtkWidget *grid);

/* chosen: -1: none; scrolled to. */
void grid_fill(GtkWidget *grid, gsize count, gssize chosen);

/* Pictures have changed. */
void grid_redraw(GtkWidget *grid);

#endif
