/* SPDX-License-Identifier: GPL-3.0-or-later */
/* surface.h: pixels as cairo draws them. */
#ifndef FEATURESCOPE_DRAW_SURFACE_H
#define FEATURESCOPE_DRAW_SURFACE_H

#include <cairo.h>

/* Of height x width x channels, of which the first three are encoded R'G'B'; opaque. The
 * caller destroys it; without memory it is one that draws nothing. */
cairo_surface_t *surface_of_pixels(const float *pixels,
                                   int channels,
                                   int width,
                                   int height);

#endif
