/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/pixels.c: opening items and files to read their pixels; reading the selection. */
#include "pixels/pixels.h"
#include "base/fail.h"
#include "gimp/adapter.h"

HostPixels *
host_item_open(HostItem *item, GError **error)
{
    HostPixels *pixels = g_new0(HostPixels, 1);
    if (adapter_is_drawable(item) && adapter_open(pixels, item))
        return pixels;
    g_free(pixels);
    g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT, "%s",
                host_item_exists(item)
                    ? _("What was to be read is not a layer, channel or mask")
                    : _("The layer is gone."));
    return NULL;
}

HostPixels *
host_file_decode(const char *path, gboolean *unknown, GError **error)
{
    GeglBuffer *buffer = pixels_decode(path, unknown, error);
    if (!buffer)
        return NULL;
    HostPixels *pixels = g_new0(HostPixels, 1);
    pixels->buffer = buffer;
    return pixels;
}

/* Loads the file by GIMP's own loaders into an image that is deleted with the pixels. */
static HostPixels *
open_by_gimp(const char *path)
{
    HostImage *image = adapter_open_file(path, NULL);
    HostItem *visible = image ? adapter_visible(image) : NULL;
    HostPixels *pixels = g_new0(HostPixels, 1);
    if (!visible || !adapter_open(pixels, visible)) {
        g_free(pixels);
        if (image)
            host_image_delete(image);
        return NULL;
    }
    pixels->loaded = image;
    pixels->visible = visible;
    return pixels;
}

HostPixels *
host_file_open(const char *path, GError **error)
{
    gboolean unknown;
    GError *failure = NULL;
    HostPixels *pixels = host_file_decode(path, &unknown, &failure);
    if (!pixels && unknown)
        pixels = open_by_gimp(path);
    if (pixels)
        g_clear_error(&failure);
    else
        g_propagate_error(error, failure);
    return pixels;
}

void
host_pixels_close(HostPixels *pixels)
{
    if (!pixels)
        return;
    g_clear_object(&pixels->transform);
    g_object_unref(pixels->buffer);
    if (pixels->visible)
        adapter_item_delete(pixels->visible);
    if (pixels->loaded)
        host_image_delete(pixels->loaded);
    g_free(pixels);
}

void
host_pixels_size(const HostPixels *pixels, int *width, int *height)
{
    *width = gegl_buffer_get_width(pixels->buffer);
    *height = gegl_buffer_get_height(pixels->buffer);
}

guint64
host_pixels_profile(const HostPixels *pixels)
{
    return pixels_profile(pixels->buffer);
}

gboolean
host_pixels_are_bytes(const HostPixels *pixels)
{
    return !pixels->transform && pixels_are_bytes(pixels->buffer);
}

gboolean
host_pixels_read_bytes(HostPixels *pixels,
                       const GeglRectangle *rect,
                       guint8 *rgb,
                       GError **error)
{
    return pixels_read_bytes(pixels->buffer, rect, rgb, error);
}

void
host_selection_read(HostImage *image, const GeglRectangle *rect, float *mask)
{
    GeglRectangle bounds;
    GeglBuffer *buffer = NULL; /* none either of an image that was just closed */
    if (host_selection(image, &bounds))
        buffer = adapter_selection(image);
    if (!buffer) {
        for (gsize i = 0; i < (gsize)rect->width * rect->height; i++)
            mask[i] = 1;
        return;
    }
    gegl_buffer_get(buffer, rect, 1.0, babl_format("Y float"), mask, GEGL_AUTO_ROWSTRIDE,
                    GEGL_ABYSS_NONE);
    g_object_unref(buffer);
}
