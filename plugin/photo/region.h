/* SPDX-License-Identifier: GPL-3.0-or-later */
/* region.h: which part of a photo a network sees, and its pixels at the network's size.
 *
 *     canvas                      network
 *     +--------------------+
 *     |   photo            |
 *     |   +---seen---+     |      +-------+
 *     |   |          | ---------> | w x h |
 *     |   +----------+     |      +-------+
 *     +--------------------+
 *
 * All rectangles are in image coordinates. `seen` is what the network's input shows; with
 * FIT_PAD it is larger than `photo`, the part of it that holds pixels. Results are laid
 * over `photo`. */
#ifndef FEATURESCOPE_PHOTO_REGION_H
#define FEATURESCOPE_PHOTO_REGION_H

#include "host.h"

typedef enum {
    FIT_CROP,    /* the largest centred rectangle of the network's proportions */
    FIT_STRETCH, /* all of it, proportions changed */
    FIT_PAD,     /* all of it, bars added */
} Fit;

typedef struct {
    GeglRectangle seen, photo;
    int width, height; /* of the network's input */
} Region;

/* The region of a picture: item is its rectangle; selection may be NULL. width and
 * height: the network's. Fails if the selection misses the item. */
gboolean region_find(Region *region,
                     const GeglRectangle *item,
                     const GeglRectangle *selection,
                     Fit fit,
                     int width,
                     int height,
                     GError **error);

/* Reads the region as height x width x 3 encoded R'G'B' values 0..1.
 *
 * Each value is the mean over the area that the network's pixel covers, with the share of
 * pixels that it covers in part: a box filter on encoded values, as ordinary tools make
 * small pictures. An axis that is enlarged is interpolated linearly. Transparent pixels
 * are seen over white; `bars` is the colour of what FIT_PAD adds. Pixels are read at
 * scale 1 in strips, so memory does not grow with the photo's height.
 *
 * item_x, item_y: where the item's corner lies in the image. */
gboolean region_read(const Region *region,
                     HostPixels *pixels,
                     int item_x,
                     int item_y,
                     const float bars[3],
                     float *rgb,
                     GError **error);

/* The same of pixels that somebody changes before they are shrunk: called for strips of
 * the photo, rect in image coordinates, R'G'B'A to be changed in place. */
typedef void (*RegionEdit)(void *user, const GeglRectangle *rect, float *rgba);
gboolean region_read_edited(const Region *region,
                            HostPixels *pixels,
                            int item_x,
                            int item_y,
                            const float bars[3],
                            RegionEdit edit,
                            void *user,
                            float *rgb,
                            GError **error);

/* A part of an image that need not begin or end at whole pixels, in image coordinates. */
typedef struct {
    double x, y, width, height;
} RegionWindow;

/* Reads a window as height x width x 4 values, in the same way, from a part of the pixels,
 * `photo`, in image coordinates, that shares something with every row and column of the
 * result. What of a value's area is no photo weighs nothing: the fourth number is the
 * share that is, by which R'G'B' are multiplied. whole: what is photo weighs all, so that
 * shares are 1. */
gboolean region_read_window(const RegionWindow *window,
                            HostPixels *pixels,
                            const GeglRectangle *photo,
                            int item_x,
                            int item_y,
                            int width,
                            int height,
                            gboolean whole,
                            float *rgba,
                            GError **error);

/* The grid of a result laid over region->photo: the middle of its pixel (u, v) lies at
 * (x + (u + 0.5) * dx, y + (v + 0.5) * dy) in pixels of the network's input. */
typedef struct {
    int width, height;
    double x, y, dx, dy;
} RegionGrid;
RegionGrid region_grid(const Region *region);

/* A point of the image in pixels of the network's input. FALSE if the network does not
 * see it. */
gboolean region_point(
    const Region *region, double x, double y, double *net_x, double *net_y);

#endif
