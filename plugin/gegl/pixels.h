/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/pixels.h: an operation's input, to be read as host.h says. */
#ifndef FEATURESCOPE_GEGL_PIXELS_H
#define FEATURESCOPE_GEGL_PIXELS_H

#include "host.h"

/* rect: of the input, in pixels of the level: level n has half as many each way as level
 * n - 1. The buffer is kept. host_pixels_close(). */
HostPixels *gegl_pixels_new(GeglBuffer *buffer, const GeglRectangle *rect, int level);

#endif
