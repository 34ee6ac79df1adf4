/* SPDX-License-Identifier: GPL-3.0-or-later */
/* legend.h: layers that say what the colours of a heat map mean. */
#ifndef FEATURESCOPE_DRAW_LEGEND_H
#define FEATURESCOPE_DRAW_LEGEND_H

#include "draw/colormap.h"
#include "host.h"

/* A bar of the map's colours with ticks at round numbers. The layer lies in the lower
 * left corner of `over` and takes its letters' size from it. NULL if that is too small to
 * be read, or without memory. */
HostLayer *legend_bar(const char *name,
                      const GeglRectangle *over,
                      const char *title,
                      double low,
                      double high,
                      Colormap map);

/* Rows of a colour and a text. */
typedef struct {
    float rgb[3];
    char *text;
} LegendRow;
HostLayer *legend_rows(const char *name,
                       const GeglRectangle *over,
                       const char *title,
                       const LegendRow *rows,
                       gsize n_rows);

/* Round numbers from low to high, about `wanted` of them: multiples of 1, 2 or 5 times a
 * power of ten. Returns how many; ticks has room for 2 * wanted + 2. */
gsize legend_ticks(double low, double high, gsize wanted, double *ticks);

#endif
