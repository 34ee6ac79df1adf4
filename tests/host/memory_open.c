/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory_open.c: what is open in the host in memory, and its pixels. */
#include "base/procedure.h"
#include "host/host_memory.h"
#include "pixels/pixels.h"
#include <string.h>

HostImage **
host_images(gsize *count)
{
    GPtrArray *all = memory_images();
    *count = all->len;
    HostImage **images = g_new0(HostImage *, all->len + 1);
    for (guint i = 0; i < all->len; i++)
        images[i] = g_ptr_array_index(all, i);
    return images;
}

char *
host_image_name(HostImage *image)
{
    return g_strdup(image->name);
}

HostItem *
host_image_layer(HostImage *image)
{
    HostItem *item = image->selected;
    if (item && (item->kind == HOST_LAYER || item->kind == HOST_GROUP))
        return item;
    return image->layers->len ? g_ptr_array_index(image->layers, image->layers->len - 1)
                              : NULL;
}

void
host_image_size(HostImage *image, int *width, int *height)
{
    *width = image->width;
    *height = image->height;
}

HostBase
host_image_base(HostImage *image)
{
    return image->base;
}

/* Items are freed with their image, and callers do not ask about items of a freed image,
 * so each item that is not NULL exists. */
gboolean
host_item_exists(HostItem *item)
{
    return item != NULL;
}

gboolean
host_item_is_result(HostItem *item)
{
    return item->parasite != NULL;
}

HostKind
host_item_kind(HostItem *item)
{
    return item->kind;
}

char *
host_item_name(HostItem *item)
{
    return g_strdup(item->name);
}

HostItem *
host_item_below(HostImage *image, HostItem *item)
{
    (void)image;
    if (item->kind != HOST_LAYER && item->kind != HOST_GROUP)
        return NULL;
    GPtrArray *stack = memory_item_stack(item);
    guint below = memory_item_position(item) + 1;
    return below < stack->len ? g_ptr_array_index(stack, below) : NULL;
}

GeglRectangle
host_item_rect(HostItem *item)
{
    return item->rect;
}

gboolean
host_selection(HostImage *image, GeglRectangle *bounds)
{
    if (!image->selection)
        return FALSE;
    int left = image->width, top = image->height, right = 0, bottom = 0;
    for (int y = 0; y < image->height; y++)
        for (int x = 0; x < image->width; x++)
            if (image->selection[(gsize)y * image->width + x] > 0) {
                left = MIN(left, x);
                top = MIN(top, y);
                right = MAX(right, x + 1);
                bottom = MAX(bottom, y + 1);
            }
    /* A selection without pixels counts as no selection, as in GIMP. */
    if (right <= left)
        return FALSE;
    *bounds = (GeglRectangle){left, top, right - left, bottom - top};
    return TRUE;
}

void
host_selection_read(HostImage *image, const GeglRectangle *rect, float *mask)
{
    GeglRectangle bounds;
    gboolean selected = host_selection(image, &bounds);
    for (int y = rect->y; y < rect->y + rect->height; y++)
        for (int x = rect->x; x < rect->x + rect->width; x++) {
            gboolean inside = x >= 0 && y >= 0 && x < image->width && y < image->height;
            if (!selected)
                *mask++ = 1;
            else
                *mask++ = inside ? image->selection[(gsize)y * image->width + x] : 0;
        }
}

void
host_background(float rgb[3])
{
    memcpy(rgb, memory_host()->background, 3 * sizeof(float));
}

/* --- host.h: pixels in */

struct HostPixels {
    GeglBuffer *buffer;
};

static HostPixels *
pixels_new(GeglBuffer *buffer)
{
    HostPixels *pixels = g_new0(HostPixels, 1);
    pixels->buffer = buffer;
    return pixels;
}

/* Gives the pixels of the lowest child of a group without blending the others, which is
 * enough for a test. */
static GeglBuffer *
group_buffer(HostItem *item)
{
    while (item->children && item->children->len)
        item = g_ptr_array_index(item->children, item->children->len - 1);
    return item->buffer;
}

HostPixels *
host_item_open(HostItem *item, GError **error)
{
    GeglBuffer *buffer = item->kind == HOST_GROUP ? group_buffer(item) : item->buffer;
    if (!buffer) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("\"%s\" has no pixels"), item->name);
        return NULL;
    }
    return pixels_new(g_object_ref(buffer));
}

HostPixels *
host_file_open(const char *path, GError **error)
{
    gboolean unknown;
    GeglBuffer *buffer = pixels_decode(path, &unknown, error);
    return buffer ? pixels_new(buffer) : NULL;
}

HostPixels *
host_file_decode(const char *path, gboolean *unknown, GError **error)
{
    GeglBuffer *buffer = pixels_decode(path, unknown, error);
    return buffer ? pixels_new(buffer) : NULL;
}

guint64
host_pixels_profile(const HostPixels *pixels)
{
    return pixels_profile(pixels->buffer);
}

void
host_pixels_close(HostPixels *pixels)
{
    if (pixels) {
        g_object_unref(pixels->buffer);
        g_free(pixels);
    }
}

void
host_pixels_size(const HostPixels *pixels, int *width, int *height)
{
    *width = gegl_buffer_get_width(pixels->buffer);
    *height = gegl_buffer_get_height(pixels->buffer);
}

static gboolean
reading_works(GError **error)
{
    gboolean fails = memory_host()->fail_read;
    memory_host()->fail_read = FALSE;
    if (fails)
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    "reading fails, as told");
    return !fails;
}

gboolean
host_pixels_read(HostPixels *pixels,
                 const GeglRectangle *rect,
                 float *rgba,
                 GError **error)
{
    return reading_works(error) && pixels_read(pixels->buffer, rect, rgba, error);
}

gboolean
host_pixels_are_bytes(const HostPixels *pixels)
{
    return pixels_are_bytes(pixels->buffer);
}

gboolean
host_pixels_read_bytes(HostPixels *pixels,
                       const GeglRectangle *rect,
                       guint8 *rgb,
                       GError **error)
{
    return reading_works(error) && pixels_read_bytes(pixels->buffer, rect, rgb, error);
}
