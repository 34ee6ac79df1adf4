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

/* made: longest side of the source's pictures, in pixels; side: of a picture as shown. */
GtkWidget *grid_new(const GridSource *source, int made, int side, int width, int height);

/* The chosen picture stays in sight. */
void grid_set_side(GtkWidget *grid, int side);

/* The widget that takes the focus. */
GtkWidget *grid_focus(GtkWidget *grid);

/* chosen: -1: none; scrolled to. */
void grid_fill(GtkWidget *grid, gsize count, gssize chosen);

void grid_scroll_to_top(GtkWidget *grid);

/* Pictures have changed. */
void grid_redraw(GtkWidget *grid);

#endif
