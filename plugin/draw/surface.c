/* SPDX-License-Identifier: GPL-3.0-or-later */
/* surface.c: pixels as cairo draws them. */

#include "draw/surface.h"
#include <glib.h>
#include <math.h>

cairo_surface_t *
surface_of_pixels(const float *pixels, int channels, int width, int height)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        return surface;
    unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < height; y++) {
        guint32 *row = (guint32 *)(void *)(data + (gsize)y * (gsize)stride);
        for (int x = 0; x < width; x++, pixels += channels) {
            guint32 pixel = 0;
            for (int c = 0; c < 3; c++)
                pixel = pixel << 8 | (guint32)lroundf(255 * CLAMP(pixels[c], 0, 1));
            row[x] = pixel;
        }
    }
    cairo_surface_mark_dirty(surface);
    return surface;
}
