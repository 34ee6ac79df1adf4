/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.h: a canvas that shows a picture as large as it fits.
 *
 * Places are shares of the picture: 0, 0 is its upper left corner, 1, 1 its lower right
 * one. */
#ifndef FEATURESCOPE_GTK_PICTURE_H
#define FEATURESCOPE_GTK_PICTURE_H

#include <gtk/gtk.h>

/* chosen: a place was clicked, or moved to by arrow keys; NULL: it is only to be seen. */
GtkWidget *picture_new(int width,
                       int height,
                       void (*chosen)(void *user, double x, double y),
                       void *user);

/* Takes the surface; NULL: none. crisp: pixels are to be told apart. */
void picture_set(GtkWidget *picture, cairo_surface_t *surface, gboolean crisp);

/* What lies over it, with this opacity. Takes the surface; NULL: nothing. */
void picture_cover(GtkWidget *picture, cairo_surface_t *surface, double opacity);

/* Draws a box; NULL: none. */
typedef struct {
    double x, y, width, height;
} PictureBox;
void picture_box(GtkWidget *picture, const PictureBox *box);

/* Marks a place; x below 0: none. */
void picture_mark(GtkWidget *picture, double x, double y);

#endif
