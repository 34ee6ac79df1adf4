/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plate_private.h: what a panel holds, for plate.c, plate_layout.c and plate_key.c. */
#ifndef FEATURESCOPE_DRAW_PLATE_PRIVATE_H
#define FEATURESCOPE_DRAW_PLATE_PRIVATE_H

#include "draw/plate.h"

typedef struct {
    char *label, *number;
    double from, to;
    float rgb[3];
} PanelValue;

struct Panel {
    char *letter, *title; /* "(a)", "(a) Photo" */
    GeglRectangle view;
    GPtrArray *pictures; /* of HostLayer */
    GArray *frames;      /* of GeglRectangle */
    char *note;          /* NULL: none */

    char *bar; /* its title; NULL: no bar */
    double low, high;
    Colormap map;
    GArray *rows;   /* of LegendRow */
    GArray *values; /* of PanelValue */
};

/* Layers under way, and where they are drawn. */
typedef struct {
    const Plate *plate;
    GPtrArray *layers;  /* of HostLayer */
    const char *letter; /* begins names, as GIMP wants each to be another; NULL: none */
    double x;           /* left edge of the panel */
    gboolean ok;        /* FALSE: there is not enough memory */
} PlateDrawing;

/* Words whose upper edge is at y, and the part `at` of whose width is at x; returns their
 * height. name: NULL: the words. */
double plate_words(PlateDrawing *drawing,
                   const char *name,
                   const char *words,
                   double x,
                   double y,
                   double at);

/* Takes what was drawn. */
void plate_take(PlateDrawing *drawing, HostLayer *layer);

/* What stands below a panel's picture, from y on; returns its height. */
double plate_key(PlateDrawing *drawing, const Panel *panel, double y);

#endif
