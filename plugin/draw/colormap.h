/* SPDX-License-Identifier: GPL-3.0-or-later */
/* colormap.h: numbers and classes as colours. */
#ifndef FEATURESCOPE_DRAW_COLORMAP_H
#define FEATURESCOPE_DRAW_COLORMAP_H

#include <glib.h>

typedef enum {
    COLORMAP_VIVID,     /* dark violet over green to light yellow */
    COLORMAP_HEAT,      /* black over red to light yellow */
    COLORMAP_GRAY,      /* black to white */
    COLORMAP_DIVERGING, /* blue over white to red: white is the middle */
} Colormap;

/* The colour of t, 0 to 1, as encoded R'G'B'. */
void colormap_at(Colormap map, double t, float rgb[3]);

/* The colour of the n-th class of a class map: the first twelve are easy to tell
 * apart. */
void colormap_class(gsize n, float rgb[3]);

#endif
