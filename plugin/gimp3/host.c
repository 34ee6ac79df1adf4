/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/host.c: images, items and their pixels in GIMP 3.
 *
 * Buffers of GIMP 3 know the colour space of their image, so babl does all
 * conversions. */
#include "gimp3/gimp3.h"
#include "pixels/pixels.h"
#include <stdlib.h>

/* --- what is open */

static int
by_id(const void *a, const void *b)
{
    gint x = gimp_image_get_id(*(GimpImage *const *)a);
    gint y = gimp_image_get_id(*(GimpImage *const *)b);
    return x < y ? -1 : x > y;
}

HostImage **
host_images(gsize *count)
{
    GimpImage **images = gimp_get_images();
    gsize n = 0;
    while (images && images[n])
        n++;
    if (n > 1)
        qsort(images, n, sizeof(GimpImage *), by_id);
    *count = n;
    return (HostImage **)images;
}

char *
host_image_name(HostImage *image)
{
    return gimp_image_get_name(GIMP3_IMAGE(image));
}

HostItem *
host_image_layer(HostImage *image)
{
    GimpLayer **layers = gimp_image_get_selected_layers(GIMP3_IMAGE(image));
    GimpLayer *layer = layers ? layers[0] : NULL;
    g_free(layers);
    if (!layer) {
        layers = gimp_image_get_layers(GIMP3_IMAGE(image));
        for (gsize i = 0; layers && layers[i]; i++)
            layer = layers[i];
        g_free(layers);
    }
    return (HostItem *)layer;
}

void
host_image_size(HostImage *image, int *width, int *height)
{
    *width = gimp_image_get_width(GIMP3_IMAGE(image));
    *height = gimp_image_get_height(GIMP3_IMAGE(image));
}

GimpImageBaseType
adapter_image_base(HostImage *image)
{
    return gimp_image_get_base_type(GIMP3_IMAGE(image));
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

GeglBuffer *
adapter_selection(HostImage *image)
{
    GimpSelection *selection = gimp_image_get_selection(GIMP3_IMAGE(image));
    return gimp_drawable_get_buffer(GIMP_DRAWABLE(selection));
}

void
host_background(float rgb[3])
{
    GeglColor *color = gimp_context_get_background();
    gegl_color_get_pixel(color, babl_format("R'G'B' float"), rgb);
    g_object_unref(color);
}

/* --- pixels in */

gboolean
adapter_is_drawable(HostItem *item)
{
    return GIMP_IS_DRAWABLE(item) && gimp_item_is_valid(GIMP3_ITEM(item));
}

gboolean
adapter_is_layer(HostItem *item)
{
    return GIMP_IS_LAYER(item);
}

GeglBuffer *
adapter_buffer(HostItem *item)
{
    return gimp_drawable_get_buffer(GIMP_DRAWABLE(item));
}

HostImage *
adapter_image_of(HostItem *item)
{
    return (HostImage *)gimp_item_get_image(GIMP3_ITEM(item));
}

/* One of which babl makes no space, as it consists of tables. */
GimpColorProfile *
adapter_unknown_profile(HostImage *image)
{
    GimpColorProfile *profile = gimp_image_get_color_profile(GIMP3_IMAGE(image));
    if (profile && gimp_color_profile_get_space(
                       profile, GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC, NULL))
        g_clear_object(&profile);
    return profile;
}

HostImage *
adapter_load(const char *path)
{
    GFile *file = g_file_new_for_path(path);
    GimpImage *loaded = gimp_file_load(GIMP_RUN_NONINTERACTIVE, file);
    g_object_unref(file);
    if (loaded)
        gimp3_turn_upright(loaded);
    return (HostImage *)loaded;
}

HostItem *
adapter_visible(HostImage *image)
{
    GimpImage *gimp = GIMP3_IMAGE(image);
    return (HostItem *)gimp_layer_new_from_visible(gimp, gimp, "visible");
}

/* --- images */

gboolean
host_image_has_profile(HostImage *image)
{
    GimpColorProfile *profile = gimp_image_get_color_profile(GIMP3_IMAGE(image));
    gboolean has = profile != NULL;
    g_clear_object(&profile);
    return has;
}

/* To load an image makes a colour space of its profile, and babl looks for ways from each
 * to all others: the sixteenth profile took GIMP 3.0.4 half a minute, and at some ninety
 * it ends. */
guint
host_most_profiles(void)
{
    return 8;
}

HostItem *
adapter_lowest(HostImage *image)
{
    HostItem *lowest = NULL;
    GimpLayer **layers = gimp_image_get_layers(GIMP3_IMAGE(image));
    for (gsize i = 0; layers && layers[i]; i++)
        lowest = (HostItem *)layers[i];
    g_free(layers);
    return lowest;
}

gboolean
host_image_save(HostImage *image, const char *path, GError **error)
{
    GFile *file = g_file_new_for_path(path);
    GimpImage *seen = NULL;
    if (!g_str_has_suffix(path, ".xcf")) {
        seen = gimp_image_duplicate(GIMP3_IMAGE(image));
        gimp_image_flatten(seen);
    }
    gboolean ok = gimp_file_save(GIMP_RUN_NONINTERACTIVE,
                                 seen ? seen : GIMP3_IMAGE(image), file, NULL);
    if (!ok)
        adapter_fail_save(path, error);
    if (seen)
        gimp_image_delete(seen);
    g_object_unref(file);
    return ok;
}

HostImage *
adapter_image_new(int width, int height, const char *name)
{
    GimpImage *image = gimp_image_new(width, height, GIMP_RGB);
    /* A name is a file in GIMP 3, and would be taken for one that exists. The layers'
     * names tell enough. */
    (void)name;
    if (image)
        gimp_image_clean_all(image);
    return (HostImage *)image;
}

void
adapter_select(HostImage *image, const GeglRectangle *rect)
{
    GimpImage *gimp = GIMP3_IMAGE(image);
    gimp_image_undo_disable(gimp);
    gimp_image_select_rectangle(gimp, GIMP_CHANNEL_OP_REPLACE, rect->x, rect->y,
                                rect->width, rect->height);
    gimp_image_undo_enable(gimp);
    gimp_image_clean_all(gimp);
}

void
host_image_show(HostImage *image)
{
    if (gimp_image_undo_is_enabled(GIMP3_IMAGE(image))) /* it is not after loading */
        gimp_image_undo_disable(GIMP3_IMAGE(image));
    gimp_image_undo_enable(GIMP3_IMAGE(image)); /* which forgets all steps */
    if (adapter_attended())
        gimp_display_new(GIMP3_IMAGE(image));
}

void
host_image_delete(HostImage *image)
{
    gimp_image_delete(GIMP3_IMAGE(image));
}

const char *
adapter_last_error(void)
{
    return gimp_pdb_get_last_error(gimp_get_pdb());
}
