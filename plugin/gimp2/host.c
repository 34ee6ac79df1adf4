/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/host.c: images, items and their pixels in GIMP 2.10.
 *
 * GIMP 2.10 hands out pixels as numbers of the image's own colour space and leaves the
 * profile to us: buffers carry no space of their own there. */
#include "gimp2/gimp2.h"
#include "pixels/pixels.h"
#include <stdlib.h>

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

static int
by_id(const void *a, const void *b)
{
    gint x = *(const gint *)a, y = *(const gint *)b;
    return x < y ? -1 : x > y;
}

HostImage **
host_images(gsize *count)
{
    gint n = 0;
    gint *ids = gimp_image_list(&n);
    HostImage **images = g_new0(HostImage *, (gsize)n + 1);
    qsort(ids, (size_t)n, sizeof *ids, by_id);
    for (gint i = 0; i < n; i++)
        images[i] = GIMP2_IMAGE(ids[i]);
    g_free(ids);
    *count = (gsize)n;
    return images;
}

char *
host_image_name(HostImage *image)
{
    return gimp_image_get_name(gimp2_id(image));
}

HostItem *
host_image_layer(HostImage *image)
{
    gint32 layer = gimp_image_get_active_layer(gimp2_id(image));
    if (layer < 0) {
        gint n = 0;
        gint *layers = gimp_image_get_layers(gimp2_id(image), &n);
        layer = n > 0 ? layers[n - 1] : -1;
        g_free(layers);
    }
    return GIMP2_ITEM(layer);
}

void
host_image_size(HostImage *image, int *width, int *height)
{
    *width = gimp_image_width(gimp2_id(image));
    *height = gimp_image_height(gimp2_id(image));
}

GimpImageBaseType
adapter_image_base(HostImage *image)
{
    return gimp_image_base_type(gimp2_id(image));
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

GeglBuffer *
adapter_selection(HostImage *image)
{
    return gimp_drawable_get_buffer(gimp_image_get_selection(gimp2_id(image)));
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

gboolean
adapter_is_drawable(HostItem *item)
{
    gint32 id = gimp2_id(item);
    return gimp_item_is_valid(id) && gimp_item_is_drawable(id);
}

gboolean
adapter_is_layer(HostItem *item)
{
    return gimp_item_is_layer(gimp2_id(item));
}

GeglBuffer *
adapter_buffer(HostItem *item)
{
    return gimp_drawable_get_buffer(gimp2_id(item));
}

HostImage *
adapter_image_of(HostItem *item)
{
    return GIMP2_IMAGE(gimp_item_get_image(gimp2_id(item)));
}

/* Buffers have no colour spaces. */
GimpColorProfile *
adapter_unknown_profile(HostImage *image)
{
    return gimp_image_get_effective_color_profile(gimp2_id(image));
}

HostImage *
adapter_load(const char *path)
{
    return GIMP2_IMAGE(gimp_file_load(GIMP_RUN_NONINTERACTIVE, path, path));
}

HostItem *
adapter_visible(HostImage *image)
{
    gint32 id = gimp2_id(image);
    return GIMP2_ITEM(gimp_layer_new_from_visible(id, id, "visible"));
}

/* --- images */

gboolean
host_image_has_profile(HostImage *image)
{
    GimpColorProfile *profile = gimp_image_get_color_profile(gimp2_id(image));
    gboolean has = profile != NULL;
    g_clear_object(&profile);
    return has;
}

guint
host_most_profiles(void)
{
    return G_MAXUINT; /* buffers have no colour spaces */
}

HostItem *
adapter_lowest(HostImage *image)
{
    gint count = 0;
    gint *layers = gimp_image_get_layers(gimp2_id(image), &count);
    HostItem *lowest = count ? GIMP2_ITEM(layers[count - 1]) : NULL;
    g_free(layers);
    return lowest;
}

/* A copy of one layer. GIMP itself ends at about the eleventh profile for which its babl
 * looks for a conversion, as the background's colour and compositing want; so the copy has
 * none meanwhile. Its values stay as they are. */
static gint32
flat_copy(gint32 image)
{
    gint32 copy = gimp_image_duplicate(image);
    GimpColorProfile *profile = gimp_image_get_color_profile(copy);
    if (profile)
        gimp_image_set_color_profile(copy, NULL);
    gimp_image_flatten(copy);
    if (profile)
        gimp_image_set_color_profile(copy, profile);
    g_clear_object(&profile);
    return copy;
}

gboolean
host_image_save(HostImage *image, const char *path, GError **error)
{
    gint32 seen = -1, saved = gimp2_id(image);
    if (!g_str_has_suffix(path, ".xcf"))
        saved = seen = flat_copy(saved);
    gboolean ok = gimp_file_save(GIMP_RUN_NONINTERACTIVE, saved,
                                 gimp_image_get_active_drawable(saved), path, path);
    if (!ok)
        adapter_fail_save(path, error);
    if (seen >= 0)
        gimp_image_delete(seen);
    return ok;
}

HostImage *
adapter_image_new(int width, int height, const char *name)
{
    gint32 image = gimp_image_new(width, height, GIMP_RGB);
    if (image >= 0) {
        /* A name, not a place on the disk: saving asks where. */
        gimp_image_set_filename(image, name);
        gimp_image_clean_all(image);
    }
    return GIMP2_IMAGE(image);
}

void
adapter_select(HostImage *image, const GeglRectangle *rect)
{
    gint32 id = gimp2_id(image);
    gimp_image_undo_disable(id);
    gimp_image_select_rectangle(id, GIMP_CHANNEL_OP_REPLACE, rect->x, rect->y,
                                rect->width, rect->height);
    gimp_image_undo_enable(id);
    gimp_image_clean_all(id);
}

void
host_image_show(HostImage *image)
{
    if (gimp_image_undo_is_enabled(gimp2_id(image))) /* it is not after loading */
        gimp_image_undo_disable(gimp2_id(image));
    gimp_image_undo_enable(gimp2_id(image)); /* which forgets all steps */
    if (adapter_attended())
        gimp_display_new(gimp2_id(image));
}

void
host_image_delete(HostImage *image)
{
    gimp_image_delete(gimp2_id(image));
}

const char *
adapter_last_error(void)
{
    return gimp_get_pdb_error();
}
