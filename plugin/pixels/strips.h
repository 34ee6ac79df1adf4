/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strips.h: rows of a picture from the top, with 1 MB of them in memory at a time. */
#ifndef FEATURESCOPE_PIXELS_STRIPS_H
#define FEATURESCOPE_PIXELS_STRIPS_H

#include <gegl.h>
#include <glib.h>

typedef struct {
    /* Fills the rows of a rectangle. */
    gboolean (*read)(void *user, const GeglRectangle *rect, void *rows, GError **error);
    /* Takes row y, counted from the first. It may change it. */
    void (*take)(void *user, int y, void *row);
    void *user;
    gsize row_bytes;
} Strips;

/* Stops with the reader's error, or without memory. */
gboolean strips_read(const Strips *strips, const GeglRectangle *rect, GError **error);

#endif
