/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scale.h: small pictures to the size of a layer, row by row.
 *
 * GEGL's scaling is not used, so that both hosts give the same values to the last bit,
 * encoded values are averaged, and memory is bounded however large the layer is. */
#ifndef FEATURESCOPE_PIXELS_SCALE_H
#define FEATURESCOPE_PIXELS_SCALE_H

#include <glib.h>

/* Takes rows y .. y + n_rows - 1 of the result, each out_width x components floats. FALSE
 * with an error stops the scaling. */
typedef gboolean (*ScaleSink)(
    void *user, int y, int n_rows, const float *rows, GError **error);

/* Scales width x height pixels of 1 or 4 components (the fourth is straight alpha) to
 * out_width x out_height, and hands them over in strips from the top.
 *
 * nearest  hard edges: each pixel is that of its centre. Otherwise the cubic filter of
 *          Mitchell and Netravali ("Reconstruction filters in computer graphics",
 *          SIGGRAPH 1988; B = C = 1/3), widened when the picture becomes smaller, cut to
 *          0..1; colours are weighted with their alpha. An unchanged size is an exact
 * copy.
 *
 * Fails without memory, or when the sink does. */
gboolean scale_pixels(const float *pixels,
                      int width,
                      int height,
                      int components,
                      int out_width,
                      int out_height,
                      gboolean nearest,
                      ScaleSink sink,
                      void *user,
                      GError **error);

/* A part of that result, in its pixels: the same to the last bit. The sink gets the rows
 * of the part alone, part->width x components floats each, by their y in the whole. */
typedef struct {
    int x, y, width, height; /* inside the result */
} ScalePart;
gboolean scale_part(const float *pixels,
                    int width,
                    int height,
                    int components,
                    int out_width,
                    int out_height,
                    gboolean nearest,
                    const ScalePart *part,
                    ScaleSink sink,
                    void *user,
                    GError **error);

#endif
