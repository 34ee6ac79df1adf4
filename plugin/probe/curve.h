/* SPDX-License-Identifier: GPL-3.0-or-later */
/* curve.h: how a class's probability runs while cells of a picture are exchanged, one
 * after the other: the deletion and insertion curves by which saliency maps are judged
 * (Petsiuk, Das & Saenko 2018, "RISE", section 4.3).
 *
 *     deletion:  from the photo to gray, the most important cells first
 *     insertion: from a blurred photo to the photo, the most important cells first */
#ifndef FEATURESCOPE_PROBE_CURVE_H
#define FEATURESCOPE_PROBE_CURVE_H

#include "probe/runner.h"

/* A grid over the net's input, as that of DcnOcclusionMaps: cell (i, j) begins at row
 * i * step and column j * step, and is cut off at the edges. */
typedef struct {
    gsize rows, columns;
    int step; /* pixels */
} CurveGrid;
CurveGrid curve_grid(const Net *net, int step);

/* A net run on pictures whose cells change. */
typedef struct {
    const Net *net;
    const DcnClassifier *classifier;
    gsize class_index;
    CurveGrid grid;
    Runner runner;
    float *rgb;        /* the picture as it is now, height x width x 3 */
    float *scores, *p; /* room for a number a class each */
} Curves;

/* Borrows net and classifier. The curves are zero after a failure. */
gboolean curves_open(Curves *curves,
                     Net *net,
                     const DcnClassifier *classifier,
                     gsize class_index,
                     const CurveGrid *grid,
                     int threads,
                     GError **error);
void curves_close(Curves *curves);

/* After so many cells were exchanged. */
typedef struct {
    gsize cells;
    double probability; /* of the class */
    gsize best;         /* the most probable class */
    double best_probability;
} CurvePoint;

/* from, to: pictures, height x width x 3. order: the grid's cells, in the order in which
 * those of `to` come. points[i].cells are given, rising; the rest is written. */
gboolean curves_run(Curves *curves,
                    const float *from,
                    const float *to,
                    const gsize *order,
                    CurvePoint *points,
                    gsize count,
                    GError **error);

/* The mean of the probability over the share of cells, by trapezoids. */
double curve_area(const CurvePoint *points, gsize count);

/* The fewest cells of an order after which the class is not the most probable one. points:
 * of curves_run() with the same pictures and order, the first of no cells. point->cells is
 * 0 if that never comes, or if another class was the most probable one before. */
gboolean curves_change(Curves *curves,
                       const float *from,
                       const float *to,
                       const gsize *order,
                       const CurvePoint *points,
                       gsize count,
                       CurvePoint *point,
                       GError **error);

/* --- orders --- */

/* The cells by value, the largest first; equal ones in a random order that a seed
 * settles, so that none is preferred. values NULL: all are equal. g_free() */
gsize *curve_order(const CurveGrid *grid, const float *values, guint32 seed);

/* The mean over each cell of a value a pixel. cells: rows x columns. */
void curve_cells(
    const CurveGrid *grid, const float *values, int height, int width, float *cells);

#endif
