/* paint.h: signals and heat maps as pixels.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signals. Zero is mid-gray; one scale for all channels: 0.5 + 0.5 * v / scale, cut off
 * at 0 and 1. The scale is a high percentile of |v| over the values that are not zero:
 * a unit of an early layer reaches a few pixels only, so with the zeros the percentile of
 * most pictures would be 0. */
#ifndef PAINT_H
#define PAINT_H

#include "colormap.h"
#include "region.h"

/* The nearest-rank percentile (0 to 100) of |v| over all values of all arrays that are
 * not zero; 0 if all are. */
float
paint_scale(const float *const *arrays, gsize n_arrays, gsize count, double percentile);

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
void
paint_cells(const Cells *cells, const RegionGrid *grid, gboolean smooth, float *values);

/* low becomes the map's first colour, high its last. */
void paint_colors(
    const float *values, gsize count, double low, double high, Colormap map, float *rgba);

#endif
