/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/host.c: host.h for GIMP 3, but for adding layers (add.c).
 *
 * Buffers of GIMP 3 know the colour space of their image, so babl does all conversions. */
#include "gimp3/gimp3.h"
#include "pixels/pixels.h"

static gboolean attended;

void
gimp3_set_attended(gboolean whether)
{
    attended = whether;
}

gboolean
gimp3_attended(void)
{
    return attended;
}

/* --- what is open */

void
host_image_size(HostImage *image, int *width, int *height)
{
    *width = gimp_image_get_width(GIMP3_IMAGE(image));
    *height = gimp_image_get_height(GIMP3_IMAGE(image));
}

HostBase
host_image_base(HostImage *image)
{
    switch (gimp_image_get_base_type(GIMP3_IMAGE(image))) {
    case GIMP_GRAY:
        return HOST_GRAY;
    case GIMP_INDEXED:
        return HOST_INDEXED;
    default:
        return HOST_RGB;
    }
}

gboolean
host_item_exists(HostItem *item)
{
    return gimp_item_is_valid(GIMP3_ITEM(item));
}

HostKind
host_item_kind(HostItem *item)
{
    GimpItem *gimp = GIMP3_ITEM(item);
    if (gimp_item_is_layer_mask(gimp))
        return HOST_MASK;
    if (gimp_item_is_channel(gimp))
        return HOST_CHANNEL;
    return gimp_item_is_group(gimp) ? HOST_GROUP : HOST_LAYER;
}

char *
host_item_name(HostItem *item)
{
    return gimp_item_get_name(GIMP3_ITEM(item));
}

GeglRectangle
host_item_rect(HostItem *item)
{
    GimpDrawable *drawable = GIMP_DRAWABLE(item);
    GeglRectangle rect;
    gimp_drawable_get_offsets(drawable, &rect.x, &rect.y);
    rect.width = gimp_drawable_get_width(drawable);
    rect.height = gimp_drawable_get_height(drawable);
    return rect;
}

gboolean
host_selection(HostImage *image, GeglRectangle *bounds)
{
    gboolean selected;
    gint left, top, right, bottom;
    if (!gimp_selection_bounds(GIMP3_IMAGE(image), &selected, &left, &top, &right,
                               &bottom) ||
        !selected)
        return FALSE;
    *bounds = (GeglRectangle){left, top, right - left, bottom - top};
    return TRUE;
}

void
host_selection_read(HostImage *image, const GeglRectangle *rect, float *mask)
{
    GeglRectangle bounds;
    if (!host_selection(image, &bounds)) {
        for (gsize i = 0; i < (gsize)rect->width * rect->height; i++)
            mask[i] = 1;
        return;
    }
    GimpSelection *selection = gimp_image_get_selection(GIMP3_IMAGE(image));
    GeglBuffer *buffer = gimp_drawable_get_buffer(GIMP_DRAWABLE(selection));
    gegl_buffer_get(buffer, rect, 1.0, babl_format("Y float"), mask, GEGL_AUTO_ROWSTRIDE,
                    GEGL_ABYSS_NONE);
    g_object_unref(buffer);
}

void
host_background(float rgb[3])
{
    GeglColor *color = gimp_context_get_background();
    gegl_color_get_pixel(color, babl_format("R'G'B' float"), rgb);
    g_object_unref(color);
}

/* --- pixels in */

struct HostPixels {
    GeglBuffer *buffer;
    GimpImage *loaded; /* of our own, to delete; or NULL */
};

static HostPixels *
open_drawable(GimpDrawable *drawable, GimpImage *loaded)
{
    HostPixels *pixels = g_new0(HostPixels, 1);
    pixels->buffer = gimp_drawable_get_buffer(drawable);
    pixels->loaded = loaded;
    return pixels;
}

HostPixels *
host_item_open(HostItem *item, GError **error)
{
    if (!GIMP_IS_DRAWABLE(item) || !gimp_item_is_valid(GIMP3_ITEM(item))) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("What was to be read is no layer, channel or mask"));
        return NULL;
    }
    return open_drawable(GIMP_DRAWABLE(item), NULL);
}

/* By GIMP's own loaders, into an image that lives as long as the pixels. */
static HostPixels *
open_by_gimp(const char *path)
{
    GFile *file = g_file_new_for_path(path);
    GimpImage *image = gimp_file_load(GIMP_RUN_NONINTERACTIVE, file);
    g_object_unref(file);
    if (!image)
        return NULL;
    GimpLayer *visible = gimp_layer_new_from_visible(image, image, "visible");
    if (!visible) {
        gimp_image_delete(image);
        return NULL;
    }
    return open_drawable(GIMP_DRAWABLE(visible), image);
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
    g_object_unref(pixels->buffer);
    if (pixels->loaded)
        gimp_image_delete(pixels->loaded);
    g_free(pixels);
}

void
host_pixels_size(const HostPixels *pixels, int *width, int *height)
{
    *width = gegl_buffer_get_width(pixels->buffer);
    *height = gegl_buffer_get_height(pixels->buffer);
}

gboolean
host_pixels_read(HostPixels *pixels,
                 const GeglRectangle *rect,
                 float *rgba,
                 GError **error)
{
    return pixels_read(pixels->buffer, rect, rgba, error);
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
    return pixels_read_bytes(pixels->buffer, rect, rgb, error);
}

/* --- images */

HostImage *
host_image_new(int width, int height, const char *name, GError **error)
{
    GimpImage *image = NULL;
    if (width >= 1 && width <= GIMP_MAX_IMAGE_SIZE && height >= 1 &&
        height <= GIMP_MAX_IMAGE_SIZE)
        image = gimp_image_new(width, height, GIMP_RGB);
    if (!image) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("An image of %d × %d pixels cannot be made"), width, height);
        return NULL;
    }
    /* A name is a file in GIMP 3, and would be taken for one that exists. The layers'
     * names tell enough. */
    (void)name;
    gimp_image_clean_all(image);
    return (HostImage *)image;
}

void
host_image_show(HostImage *image)
{
    if (attended)
        gimp_display_new(GIMP3_IMAGE(image));
}

void
host_image_delete(HostImage *image)
{
    gimp_image_delete(GIMP3_IMAGE(image));
}

/* --- talking */

void
host_progress_start(const char *text)
{
    gimp_progress_init(text);
}

void
host_progress_text(const char *text)
{
    gimp_progress_set_text(text);
}

void
host_progress(double done)
{
    gimp_progress_update(done);
}

void
host_progress_end(void)
{
    gimp_progress_end();
}

void
host_message(const char *text)
{
    gimp_message(text);
}

/* --- places */

char *
host_data_folder(void)
{
    return pixels_data_folder(gimp_get_progname());
}

const char *
host_name(void)
{
    static char *name;
    if (!name) {
        char *version = gimp_version();
        name = g_strconcat("GIMP ", version, NULL);
        g_free(version);
    }
    return name;
}
