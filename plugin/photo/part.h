/* SPDX-License-Identifier: GPL-3.0-or-later */
/* part.h: how much of what a network sees belongs to a marked part of a picture, and the
 * picture with that part covered. */
#ifndef FEATURESCOPE_PHOTO_PART_H
#define FEATURESCOPE_PHOTO_PART_H

#include "photo/region.h"

/* height x width values, 0 to 1: the share of each of the network's pixels that is
 * selected in the image. pixels: of the region, at `item`. */
gboolean part_of_selection(const Region *region,
                           HostImage *image,
                           HostPixels *pixels,
                           const GeglRectangle *item,
                           float *mask,
                           GError **error);

/* The same of a picture that is white where the part is, fitted as the photo itself. */
gboolean part_of_picture(
    HostPixels *pixels, Fit fit, int width, int height, float *mask, GError **error);

/* The box of what is not 0; of no size if all is. */
GeglRectangle part_box(const float *mask, int width, int height);

/* The part moved so that its box has its corner at x, y. Both masks are of that size. */
void part_move(const float *mask,
               const GeglRectangle *box,
               int width,
               int height,
               int x,
               int y,
               float *moved);

/* rgb (1 - mask) + fill mask; rgb, fill, out: pixels x 3. */
void part_cover(
    const float *rgb, const float *fill, const float *mask, gsize pixels, float *out);

#endif
