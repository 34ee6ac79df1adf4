/* SPDX-License-Identifier: GPL-3.0-or-later */
/* paint.h: signals and heat maps as pixels.
 *
 * Signals. Zero is mid-gray; one scale for all channels: 0.5 + 0.5 * v / scale, cut off
 * at 0 and 1. The scale is a high percentile of |v|. A unit of an early layer reaches a
 * few pixels only; over all values its percentile would be 0, so zeros count up to nine
 * times the number of other values: with 99.5, 0.5 % of a full picture and at most 5 % of
 * a spot are cut off. */
#ifndef FEATURESCOPE_DRAW_PAINT_H
#define FEATURESCOPE_DRAW_PAINT_H

#include "draw/colormap.h"
#include "photo/region.h"

/* The usual one. */
#define PAINT_PERCENTILE 99.5

/* That percentile (0 to 100, by rank) over all arrays of `count` values each; 0 if all
 * values are. */
float paint_scale(const float *const *arrays,
                  gsize n_arrays,
                  gsize count,
                  double percentile);

/* signal: height x width x 3 of the network's input. rgba: grid, opaque. */
void paint_signal(const float *signal,
                  int height,
                  int width,
                  const RegionGrid *grid,
                  float scale,
                  float *rgba);

/* The same as one value a pixel: the largest |v| / scale of the three channels. */
void paint_strength(const float *signal,
                    int height,
                    int width,
                    const RegionGrid *grid,
                    float scale,
                    float *values);

/* A map of square cells over the network's input; cell (i, j) covers rows i * step up to
 * (i + 1) * step. */
typedef struct {
    const float *values; /* rows x columns */
    gsize rows, columns;
    double step;
} Cells;

/* Its values on a grid: smoothly between the middles of cells, or by cell. */
void paint_cells(const Cells *cells,
                 const RegionGrid *grid,
                 gboolean smooth,
                 float *values);

/* low becomes the map's first colour, high its last. */
void paint_colors(
    const float *values, gsize count, double low, double high, Colormap map, float *rgba);

#endif
