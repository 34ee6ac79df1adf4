/* SPDX-License-Identifier: GPL-3.0-or-later */
/* around.h: what a network sees of a photo and what lies around that, to be moved.
 *
 *     +--------------------+  the photo
 *     |     ............   |
 *     |     .  +----+  .   |  ....: what is read, at the network's scale or, where the
 *     |     .  |seen|  .   |        photo has the pixels, at twice that
 *     |     .  +----+  .   |
 *     |     ............   |
 *     +--------------------+
 *
 * A picture that is shifted, turned or made smaller brings in what lies beside it: the
 * photo itself, as far as it goes. What it does not have is the nearest pixel of its
 * edge, or one colour. */
#ifndef FEATURESCOPE_PHOTO_AROUND_H
#define FEATURESCOPE_PHOTO_AROUND_H

#include "photo/region.h"

typedef struct {
    int width, height;   /* of the network's input */
    int scale;           /* samples for each of its pixels, along each axis: 1 or 2 */
    GeglBuffer *samples; /* "RaGaBaA float", its origin at the corner of what is seen;
                             the numbers are encoded values, which GEGL does not know */
    gboolean repeat;     /* beyond the samples: their edge; else `fill` */
    float fill[3];       /* R'G'B' */
} Around;

/* How far beyond what is seen, in pixels of the network's input. */
typedef struct {
    double left, top, right, bottom;
} AroundMargin;

/* What is beyond the photo. */
typedef enum {
    AROUND_EDGE, /* the nearest pixel */
    AROUND_MEAN, /* the mean colour of what is seen */
} AroundFill;

/* Reads region->seen and the margin from pixels that lie at `item` of the image. Where the
 * region has bars, these go on outside, in their colour, whatever `fill` says. The
 * picture is zero after a failure. */
gboolean around_read(Around *around,
                     HostPixels *pixels,
                     const GeglRectangle *item,
                     const Region *region,
                     AroundMargin margin,
                     AroundFill fill,
                     const float bars[3],
                     GError **error);
void around_clear(Around *around);

/* A linear map of places, from the middle of what is seen, in pixels of the network's
 * input: the result shows at (x, y) what lies at (xx x + xy y + x0, yx x + yy y + y0). */
typedef struct {
    double xx, xy, x0, yx, yy, y0;
} AroundMap;

/* rgb: height x width x 3, R'G'B'. Between samples it is linear, each value being the mean
 * of scale x scale places. FALSE without memory. */
gboolean around_show(const Around *around, const AroundMap *map, float *rgb);

#endif
