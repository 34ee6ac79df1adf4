/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/copy.c: a layer in another image, which has no profile.
 *
 * GIMP itself would take it from one profile to the other by babl, and end at about the
 * eleventh profile (decode/profile.h). So it is given a copy of the image from which the
 * profile was taken off: values go over as they are, with masks, groups and modes. Then
 * the pixels are written again, with the colours that the profile makes of them, by lcms2
 * in this process, as they are read everywhere else. */
#include "base/fail.h"
#include "gimp2/gimp2.h"

#define STRIP_BYTES (4 << 20)

/* --- colours */

static gboolean
copy_rows(HostPixels *from, GeglBuffer *to, int width, int height, GError **error)
{
    const Babl *format = babl_format("R'G'B'A float");
    gsize row = 4 * sizeof(float) * (gsize)width;
    int rows = CLAMP((int)(STRIP_BYTES / row), 1, height);
    float *rgba = g_try_malloc_n(rows, row);
    if (!rgba)
        return fail_run(error, "%s", _("Not enough memory to read pixels"));
    gboolean ok = TRUE;
    for (int y = 0; ok && y < height; y += rows) {
        GeglRectangle strip = {0, y, width, MIN(rows, height - y)};
        ok = host_pixels_read(from, &strip, rgba, error);
        if (ok)
            gegl_buffer_set(to, &strip, 0, format, rgba, GEGL_AUTO_ROWSTRIDE);
    }
    g_free(rgba);
    return ok;
}

static gboolean
copy_colours(HostItem *from, HostItem *to, GError **error)
{
    HostPixels *pixels = host_item_open(from, error);
    if (!pixels)
        return FALSE;
    GeglRectangle rect = host_item_rect(from);
    GeglBuffer *buffer = gimp_drawable_get_buffer(gimp2_id(to));
    gboolean ok = copy_rows(pixels, buffer, rect.width, rect.height, error);
    gegl_buffer_flush(buffer);
    g_object_unref(buffer);
    host_pixels_close(pixels);
    return ok;
}

/* Of a layer, or of all layers of a group, whose copy has the same in the same order. */
static gboolean
copy_all_colours(HostItem *from, HostItem *to, GError **error)
{
    if (host_item_kind(from) != HOST_GROUP)
        return copy_colours(from, to, error);
    gint n_from, n_to;
    gint *children = gimp_item_get_children(gimp2_id(from), &n_from);
    gint *copies = gimp_item_get_children(gimp2_id(to), &n_to);
    gboolean ok = TRUE;
    for (gint i = 0; ok && i < MIN(n_from, n_to); i++)
        ok = copy_all_colours(GIMP2_ITEM(children[i]), GIMP2_ITEM(copies[i]), error);
    g_free(copies);
    g_free(children);
    return ok;
}

/* --- values */

/* The layer of an image's copy that stands where this one does; NULL: there is none. */
static HostItem *
twin_of(HostItem *layer, HostImage *image, HostImage *copy)
{
    int position;
    HostItem *parent = adapter_layer_place(image, layer, &position);
    HostItem *above = parent ? twin_of(parent, image, copy) : NULL;
    return parent && !above ? NULL : adapter_layer_at(copy, above, position);
}

/* In no image yet, of the kind that image has. */
static HostItem *
with_profile_off(HostItem *layer, HostImage *image)
{
    gint32 from = gimp_item_get_image(gimp2_id(layer));
    gint32 copy = gimp_image_duplicate(from);
    if (copy < 0)
        return NULL;
    gimp_image_set_color_profile(copy, NULL);
    HostItem *twin = twin_of(layer, GIMP2_IMAGE(from), GIMP2_IMAGE(copy));
    gint32 made =
        twin ? gimp_layer_new_from_drawable(gimp2_id(twin), gimp2_id(image)) : -1;
    gimp_image_delete(copy);
    return GIMP2_ITEM(made);
}

/* --- both */

static HostItem *
copy_into(HostItem *layer, HostImage *image, GError **error)
{
    HostImage *from = GIMP2_IMAGE(gimp_item_get_image(gimp2_id(layer)));
    gboolean profile = host_image_has_profile(from);
    HostItem *copy =
        profile
            ? with_profile_off(layer, image)
            : GIMP2_ITEM(gimp_layer_new_from_drawable(gimp2_id(layer), gimp2_id(image)));
    if (!copy || !gimp_image_insert_layer(gimp2_id(image), gimp2_id(copy), -1, 0)) {
        char *name = host_item_name(layer);
        fail_run(error, _("The layer \"%s\" could not be made: %s"), name,
                 adapter_last_error());
        g_free(name);
        return NULL;
    }
    return !profile || copy_all_colours(layer, copy, error) ? copy : NULL;
}

HostItem *
adapter_layer_copy(HostItem *layer, HostImage *image, GError **error)
{
    HostItem *copy = copy_into(layer, image, error);
    if (!copy)
        return NULL;
    gint x, y;
    gimp_drawable_offsets(gimp2_id(layer), &x, &y);
    gimp_layer_set_offsets(gimp2_id(copy), x, y);
    char *name = host_item_name(layer);
    gimp_item_set_name(gimp2_id(copy), name);
    g_free(name);
    return copy;
}
