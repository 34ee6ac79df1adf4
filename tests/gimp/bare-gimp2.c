/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bare-gimp2.c: reading and writing alone, in GIMP 2.10. */
#include "gimp/share.h"
#include "gimp2/gimp2.h"

/* Floats of R'G'B'A, gray all over. */
static float *
gray_pixels(const GeglRectangle *rect)
{
    gsize count = (gsize)rect->width * (gsize)rect->height * 4;
    float *pixels = g_new(float, count);
    for (gsize i = 0; i < count; i++)
        pixels[i] = 0.5f;
    return pixels;
}

double
bare_read(HostItem *item, const GeglRectangle *rect)
{
    float *pixels = gray_pixels(rect);
    gint64 start = g_get_monotonic_time();
    GeglBuffer *buffer = gimp_drawable_get_buffer(gimp2_id(item));
    gegl_buffer_get(buffer, rect, 1.0, babl_format("R'G'B'A float"), pixels,
                    GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    g_object_unref(buffer);
    double took = (double)(g_get_monotonic_time() - start) / 1e3;
    g_free(pixels);
    return took;
}

double
bare_write(HostImage *image, const GeglRectangle *rect)
{
    float *pixels = gray_pixels(rect);
    gint64 start = g_get_monotonic_time();
    gint32 layer = gimp_layer_new(gimp2_id(image), "bare", rect->width, rect->height,
                                  GIMP_RGBA_IMAGE, 100, GIMP_LAYER_MODE_NORMAL);
    GeglBuffer *buffer = gimp_drawable_get_buffer(layer);
    gegl_buffer_set(buffer, GEGL_RECTANGLE(0, 0, rect->width, rect->height), 0,
                    babl_format("R'G'B'A float"), pixels, GEGL_AUTO_ROWSTRIDE);
    gegl_buffer_flush(buffer);
    g_object_unref(buffer);
    double took = (double)(g_get_monotonic_time() - start) / 1e3;
    gimp_item_delete(layer);
    g_free(pixels);
    return took;
}
