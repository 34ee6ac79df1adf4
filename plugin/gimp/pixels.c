/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/pixels.c: opening items and files to read their pixels; reading the selection. */
#include "pixels/pixels.h"
#include "base/fail.h"
#include "gimp/adapter.h"
#include "gimp/colors.h"

/* FALSE: it has gone since it was asked for. */
static gboolean
open_item(HostPixels *pixels, HostItem *item)
{
    pixels->buffer = adapter_buffer(item);
    /* Channels and masks are weights, not colours: no profile speaks of them. */
    if (!pixels->buffer || !adapter_is_layer(item))
        return pixels->buffer != NULL;
    HostImage *image = adapter_image_of(item);
    GimpColorProfile *profile = adapter_unknown_profile(image);
    if (!profile)
        return TRUE;
    pixels->raw = gegl_buffer_get_format(pixels->buffer);
    if (babl_format_is_palette(pixels->raw))
        pixels->raw = babl_format_with_space("R'G'B'A u8", pixels->raw);
    pixels->transform = (GObject *)colors_to_srgb(profile, pixels->raw);
    g_object_unref(profile);
    return TRUE;
}

HostPixels *
host_item_open(HostItem *item, GError **error)
{
    HostPixels *pixels = g_new0(HostPixels, 1);
    if (adapter_is_drawable(item) && open_item(pixels, item))
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
    if (!visible || !open_item(pixels, visible)) {
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

/* Pixels of three floats, one behind the other, become such of four, opaque. */
static void
add_alpha(float *pixels, gsize count)
{
    for (gsize i = count; i-- > 0;) {
        float r = pixels[3 * i], g = pixels[3 * i + 1], b = pixels[3 * i + 2];
        pixels[4 * i] = r;
        pixels[4 * i + 1] = g;
        pixels[4 * i + 2] = b;
        pixels[4 * i + 3] = 1;
    }
}

gboolean
host_pixels_read(HostPixels *pixels,
                 const GeglRectangle *rect,
                 float *rgba,
                 GError **error)
{
    GimpColorTransform *transform = (GimpColorTransform *)pixels->transform;
    if (!transform)
        return pixels_read(pixels->buffer, rect, rgba, error);

    /* By strips: the raw pixels need memory of their own. */
    const Babl *plain = colors_plain(pixels->raw), *srgb = colors_srgb(pixels->raw);
    gsize bytes = (gsize)babl_format_get_bytes_per_pixel(pixels->raw),
          width = (gsize)rect->width;
    int rows =
        CLAMP((4 << 20) / ((int)bytes * MAX(rect->width, 1)), 1, MAX(rect->height, 1));
    void *raw = g_try_malloc_n((gsize)rows, bytes * width);
    if (!raw) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("Not enough memory to read pixels"));
        return FALSE;
    }
    for (int y = 0; y < rect->height; y += rows) {
        GeglRectangle strip = {rect->x, rect->y + y, rect->width,
                               MIN(rows, rect->height - y)};
        gsize count = width * (gsize)strip.height;
        float *to = rgba + 4 * (gsize)y * width;
        gegl_buffer_get(pixels->buffer, &strip, 1.0, pixels->raw, raw,
                        GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
        gimp_color_transform_process_pixels(transform, plain, raw, srgb, to, count);
        if (!babl_format_has_alpha(srgb))
            add_alpha(to, count);
    }
    g_free(raw);
    return TRUE;
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
