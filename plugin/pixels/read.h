/* SPDX-License-Identifier: GPL-3.0-or-later */
/* read.h: pixels of a buffer in sRGB. */
#ifndef FEATURESCOPE_PIXELS_READ_H
#define FEATURESCOPE_PIXELS_READ_H

#include <gegl.h>
#include <glib.h>

/* Encoded sRGB with straight alpha, for host_pixels_read(), as GEGL and babl convert the
 * buffer's format. */
gboolean pixels_read(GeglBuffer *buffer,
                     const GeglRectangle *rect,
                     float *rgba,
                     GError **error);

/* For host_pixels_are_bytes() and host_pixels_read_bytes(). */
gboolean pixels_are_bytes(GeglBuffer *buffer);
gboolean pixels_read_bytes(GeglBuffer *buffer,
                           const GeglRectangle *rect,
                           guint8 *rgb,
                           GError **error);

#endif
