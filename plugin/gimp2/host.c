/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/host.c: host.h for GIMP 2.10, but for adding layers (add.c).
 *
 * GIMP 2.10 hands out pixels as numbers of the image's own colour space and leaves the
 * profile to us: buffers carry no space of their own there. */
#include "gimp2/gimp2.h"
#include "pixels/pixels.h"

static gboolean attended;

void
gimp2_set_attended(gboolean whether)
{
    attended = whether;
}

gboolean
gimp2_attended(void)
{
    return attended;
}

void *
gimp2_handle(gint32 id)
{
    return id < 0 ? NULL : GINT_TO_POINTER(id + 1);
}

gint32
gimp2_id(const void *handle)
{
    return handle ? GPOINTER_TO_INT(handle) - 1 : -1;
}

/* --- what is open */

void
host_image_size(HostImage *image, int *width, int *height)
{
    *width = gimp_image_width(gimp2_id(image));
    *height = gimp_image_height(gimp2_id(image));
}

HostBase
host_image_base(HostImage *image)
{
    switch (gimp_image_base_type(gimp2_id(image))) {
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
    return gimp_item_is_valid(gimp2_id(item));
}

HostKind
host_item_kind(HostItem *item)
{
    gint32 id = gimp2_id(item);
    if (gimp_item_is_layer_mask(id))
        return HOST_MASK;
    if (gimp_item_is_channel(id))
        return HOST_CHANNEL;
    return gimp_item_is_group(id) ? HOST_GROUP : HOST_LAYER;
}

char *
host_item_name(HostItem *item)
{
    return gimp_item_get_name(gimp2_id(item));
}

GeglRectangle
host_item_rect(HostItem *item)
{
    gint32 id = gimp2_id(item);
    GeglRectangle rect;
    gimp_drawable_offsets(id, &rect.x, &rect.y);
    rect.width = gimp_drawable_width(id);
    rect.height = gimp_drawable_height(id);
    return rect;
}

gboolean
host_selection(HostImage *image, GeglRectangle *bounds)
{
    gboolean selected;
    gint left, top, right, bottom;
    if (!gimp_selection_bounds(gimp2_id(image), &selected, &left, &top, &right,
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
    GeglBuffer *buffer =
        gimp_drawable_get_buffer(gimp_image_get_selection(gimp2_id(image)));
    gegl_buffer_get(buffer, rect, 1.0, babl_format("Y float"), mask, GEGL_AUTO_ROWSTRIDE,
                    GEGL_ABYSS_NONE);
    g_object_unref(buffer);
}

void
host_background(float rgb[3])
{
    GimpRGB color = {1, 1, 1, 1};
    gimp_context_get_background(&color);
    rgb[0] = (float)color.r;
    rgb[1] = (float)color.g;
    rgb[2] = (float)color.b;
}

/* --- pixels in */

struct HostPixels {
    GeglBuffer *buffer;
    const Babl *raw;               /* as the buffer gives them */
    GimpColorTransform *transform; /* from raw; NULL: GEGL knows the colours */
    gint32 loaded;                 /* an image of our own to delete, or -1 */
};

static GimpColorTransform *
transform_to_srgb(gint32 image, const Babl *raw)
{
    GimpColorProfile *from = gimp_image_get_effective_color_profile(image);
    GimpColorProfile *to = gimp_color_profile_new_rgb_srgb();
    GimpColorTransform *transform =
        gimp_color_transform_new(from, raw, to, babl_format("R'G'B'A float"),
                                 GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC,
                                 GIMP_COLOR_TRANSFORM_FLAGS_BLACK_POINT_COMPENSATION);
    g_object_unref(from);
    g_object_unref(to);
    return transform;
}

static HostPixels *
open_drawable(gint32 drawable, gint32 loaded)
{
    HostPixels *pixels = g_new0(HostPixels, 1);
    pixels->buffer = gimp_drawable_get_buffer(drawable);
    pixels->raw = gimp_drawable_is_indexed(drawable)
                      ? babl_format("R'G'B'A u8")
                      : gegl_buffer_get_format(pixels->buffer);
    pixels->loaded = loaded;
    /* Channels and masks are weights, not colours: no profile speaks of them. */
    if (gimp_item_is_layer(drawable))
        pixels->transform = transform_to_srgb(gimp_item_get_image(drawable), pixels->raw);
    return pixels;
}

HostPixels *
host_item_open(HostItem *item, GError **error)
{
    gint32 id = gimp2_id(item);
    if (!gimp_item_is_valid(id) || !gimp_item_is_drawable(id)) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("What was to be read is no layer, channel or mask"));
        return NULL;
    }
    return open_drawable(id, -1);
}

HostPixels *
host_file_decode(const char *path, gboolean *unknown, GError **error)
{
    GeglBuffer *buffer = pixels_decode(path, unknown, error);
    if (!buffer)
        return NULL;
    HostPixels *pixels = g_new0(HostPixels, 1);
    pixels->buffer = buffer;
    pixels->loaded = -1;
    return pixels;
}

HostPixels *
host_file_open(const char *path, GError **error)
{
    gboolean unknown;
    GError *failure = NULL;
    HostPixels *pixels = host_file_decode(path, &unknown, &failure);
    if (pixels)
        return pixels;
    if (unknown) {
        gint32 image = gimp_file_load(GIMP_RUN_NONINTERACTIVE, path, path);
        gint32 visible =
            image < 0 ? -1 : gimp_layer_new_from_visible(image, image, "visible");
        if (visible >= 0) {
            g_clear_error(&failure);
            return open_drawable(visible, image);
        }
        if (image >= 0)
            gimp_image_delete(image);
    }
    g_propagate_error(error, failure);
    return NULL;
}

void
host_pixels_close(HostPixels *pixels)
{
    if (!pixels)
        return;
    g_clear_object(&pixels->transform);
    g_object_unref(pixels->buffer);
    if (pixels->loaded >= 0)
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
    if (!pixels->transform)
        return pixels_read(pixels->buffer, rect, rgba, error);

    /* By strips: the raw pixels need memory of their own. */
    int bytes = babl_format_get_bytes_per_pixel(pixels->raw);
    int rows = CLAMP((4 << 20) / (bytes * MAX(rect->width, 1)), 1, MAX(rect->height, 1));
    void *raw = g_try_malloc_n(rows, (gsize)bytes * rect->width);
    if (!raw) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("Not enough memory to read pixels"));
        return FALSE;
    }
    for (int y = 0; y < rect->height; y += rows) {
        GeglRectangle strip = {rect->x, rect->y + y, rect->width,
                               MIN(rows, rect->height - y)};
        gegl_buffer_get(pixels->buffer, &strip, 1.0, pixels->raw, raw,
                        GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
        gimp_color_transform_process_pixels(
            pixels->transform, pixels->raw, raw, babl_format("R'G'B'A float"),
            rgba + 4 * (gsize)y * rect->width, (gsize)strip.width * strip.height);
    }
    g_free(raw);
    return TRUE;
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

/* --- images */

HostImage *
host_image_new(int width, int height, const char *name, GError **error)
{
    gint32 image = -1;
    if (width >= 1 && width <= GIMP_MAX_IMAGE_SIZE && height >= 1 &&
        height <= GIMP_MAX_IMAGE_SIZE)
        image = gimp_image_new(width, height, GIMP_RGB);
    if (image < 0) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("An image of %d × %d pixels cannot be made"), width, height);
        return NULL;
    }
    /* A name, not a place on the disk: saving asks where. */
    gimp_image_set_filename(image, name);
    gimp_image_clean_all(image);
    return GIMP2_IMAGE(image);
}

void
host_image_show(HostImage *image)
{
    if (attended)
        gimp_display_new(gimp2_id(image));
}

void
host_image_delete(HostImage *image)
{
    gimp_image_delete(gimp2_id(image));
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
    if (!name)
        name = g_strconcat("GIMP ", gimp_version(), NULL);
    return name;
}
