/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/add.c: host_add() for GIMP 2.10.
 *
 * All pixels are written into layers that hang nowhere yet; only then are these inserted,
 * in one undo step that takes no time. So a cancel while pixels are written, which ends
 * this process, leaves the image as it was. */
#include "gimp2/gimp2.h"
#include "pixels/pixels.h"
#include <string.h>

/* --- pixels */

typedef struct {
    GimpColorTransform *transform;
    const Babl *format;
} Colors;

static gboolean
colors_convert(void *user, const float *in, void *out, int n_pixels)
{
    Colors *colors = user;
    gimp_color_transform_process_pixels(colors->transform, babl_format("R'G'B'A float"),
                                        in, colors->format, out, n_pixels);
    return TRUE;
}

/* From sRGB to what the image's profile makes of a layer's numbers; transform NULL if
 * they are the same. */
static Colors
colors_of_layer(gint32 image, const Babl *format)
{
    GimpColorProfile *from = gimp_color_profile_new_rgb_srgb();
    GimpColorProfile *to = gimp_image_get_effective_color_profile(image);
    Colors colors = {
        .transform =
            gimp_color_transform_new(from, babl_format("R'G'B'A float"), to, format,
                                     GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC,
                                     GIMP_COLOR_TRANSFORM_FLAGS_BLACK_POINT_COMPENSATION),
        .format = format,
    };
    g_object_unref(from);
    g_object_unref(to);
    return colors;
}

static gboolean
fill_layer(gint32 image, gint32 item, const HostLayer *layer, GError **error)
{
    GeglBuffer *buffer = gimp_drawable_get_buffer(item);
    gboolean done;
    if (layer->channel) {
        done = pixels_write(layer, buffer, 0, 0, NULL, NULL, NULL, error);
    } else {
        Colors colors = colors_of_layer(image, gegl_buffer_get_format(buffer));
        done = pixels_write(layer, buffer, layer->rect.x, layer->rect.y,
                            colors.transform ? colors_convert : NULL, &colors,
                            colors.format, error);
        g_clear_object(&colors.transform);
    }
    gegl_buffer_flush(buffer);
    g_object_unref(buffer);
    return done;
}

/* --- items that hang nowhere yet */

static gint32
make_item(gint32 image, const HostLayer *layer)
{
    if (layer->channel) {
        GimpRGB red = {1, 0, 0, 1};
        return gimp_channel_new(image, layer->name, gimp_image_width(image),
                                gimp_image_height(image),
                                layer->opacity / 2, /* as GIMP's own masks look */
                                &red);
    }
    GimpImageType type =
        gimp_image_base_type(image) == GIMP_GRAY ? GIMP_GRAYA_IMAGE : GIMP_RGBA_IMAGE;
    return gimp_layer_new(image, layer->name, layer->rect.width, layer->rect.height, type,
                          layer->opacity, GIMP_LAYER_MODE_NORMAL);
}

static gint32
new_item(gint32 image, const HostLayer *layer, GError **error)
{
    gint32 item = make_item(image, layer);
    if (item < 0) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("The layer \"%s\" could not be made: %s"), layer->name,
                    gimp_get_pdb_error());
        return -1;
    }
    if (!fill_layer(image, item, layer, error)) {
        gimp_item_delete(item);
        return -1;
    }
    gimp_item_set_visible(item, !layer->hidden);
    if (layer->parasite) {
        GimpParasite *parasite =
            gimp_parasite_new("featurescope", GIMP_PARASITE_PERSISTENT,
                              strlen(layer->parasite) + 1, layer->parasite);
        gimp_item_attach_parasite(item, parasite);
        gimp_parasite_free(parasite);
    }
    return item;
}

/* --- the image */

static gboolean
image_holds(gint32 image, const HostLayer *layer)
{
    GimpImageBaseType base = gimp_image_base_type(image);
    return layer->channel || base == GIMP_RGB ||
           (base == GIMP_GRAY && pixels_are_gray(layer));
}

/* An RGB image like this one, with a copy of the layer `above`, whose new id replaces
 * it. */
static gint32
rgb_image(gint32 image, gint32 *above, GError **error)
{
    char *name = gimp_image_get_name(image);
    char *title = g_strdup_printf(_("%s (Featurescope)"), name);
    gint32 made = gimp2_id(
        host_image_new(gimp_image_width(image), gimp_image_height(image), title, error));
    g_free(name);
    g_free(title);
    if (made < 0)
        return -1;

    gint32 copy = -1;
    if (*above >= 0 && gimp_item_is_layer(*above)) {
        gint x, y;
        name = gimp_item_get_name(*above);
        gimp_drawable_offsets(*above, &x, &y);
        copy = gimp_layer_new_from_drawable(*above, made);
        gimp_image_insert_layer(made, copy, -1, 0);
        gimp_layer_set_offsets(copy, x, y);
        gimp_item_set_name(copy, name);
        g_free(name);
    }
    *above = copy;
    return made;
}

typedef struct {
    gint32 image;
    gint32 parent;    /* -1: top level */
    gint position;    /* where the next layer goes */
    gint32 group;     /* that was inserted, or -1 */
    gsize n_inserted; /* items, in order */
} Place;

/* Right above an item of the image, or on top. */
static Place
place_above(gint32 image, gint32 above)
{
    Place place = {image, -1, 0, -1, 0};
    if (above >= 0 && gimp_item_is_layer_mask(above))
        above = gimp_layer_from_mask(above);
    if (above >= 0 && gimp_item_is_layer(above)) {
        place.parent = gimp_item_get_parent(above);
        place.position = gimp_image_get_item_position(image, above);
    }
    return place;
}

static gboolean
insert_items(Place *place,
             const char *group,
             HostLayer **layers,
             const gint32 *items,
             gsize n_items)
{
    gboolean any_layer = FALSE;
    for (gsize i = 0; i < n_items; i++)
        any_layer |= !layers[i]->channel;

    if (group && any_layer) {
        gint32 made = gimp_layer_group_new(place->image);
        gimp_item_set_name(made, group);
        if (!gimp_image_insert_layer(place->image, made, place->parent, place->position))
            return FALSE;
        place->group = place->parent = made;
        place->position = 0;
    }
    gint channels = 0;
    for (gsize i = 0; i < n_items; i++) {
        gboolean inserted;
        if (layers[i]->channel)
            inserted = gimp_image_insert_channel(place->image, items[i], -1, channels++);
        else
            inserted = gimp_image_insert_layer(place->image, items[i], place->parent,
                                               place->position++);
        if (!inserted)
            return FALSE;
        place->n_inserted++;
        if (!layers[i]->channel)
            gimp_layer_set_offsets(items[i], layers[i]->rect.x, layers[i]->rect.y);
    }
    return TRUE;
}

/* Takes away what was inserted, when something could not be. */
static void
remove_items(const Place *place, const gint32 *items)
{
    for (gsize i = 0; i < place->n_inserted; i++) {
        if (gimp_item_is_channel(items[i]))
            gimp_image_remove_channel(place->image, items[i]);
        else
            gimp_image_remove_layer(place->image, items[i]);
    }
    if (place->group >= 0)
        gimp_image_remove_layer(place->image, place->group);
}

/* What was selected before is selected again, though inserting took that over. */
static gboolean
insert_in_one_step(Place place,
                   const char *group,
                   HostLayer **layers,
                   const gint32 *items,
                   gsize n_items)
{
    gint32 active_layer = gimp_image_get_active_layer(place.image);
    gint32 active_channel = gimp_image_get_active_channel(place.image);

    /* GIMP names the step by the procedure's menu label. */
    gimp_image_undo_group_start(place.image);
    gboolean done = insert_items(&place, group, layers, items, n_items);
    if (!done)
        remove_items(&place, items);
    if (active_channel >= 0)
        gimp_image_set_active_channel(place.image, active_channel);
    else if (active_layer >= 0)
        gimp_image_set_active_layer(place.image, active_layer);
    gimp_image_undo_group_end(place.image);
    return done;
}

/* --- displays */

/* A flush makes GIMP put the image together anew, and calls have to wait meanwhile. So it
 * comes last: the main loop of a window gets to it at once, a run when it has ended. */
static guint flushing;

static gboolean
flush_displays(gpointer nothing)
{
    (void)nothing;
    flushing = 0;
    gimp_displays_flush();
    return G_SOURCE_REMOVE;
}

void
gimp2_flush_displays(void)
{
    if (!flushing)
        return;
    g_source_remove(flushing);
    flush_displays(NULL);
}

gboolean
host_add(HostImage **image,
         HostItem *above,
         const char *undo_name,
         const char *group,
         HostLayer **layers,
         gsize n_layers,
         HostItem ***items,
         GError **error)
{
    gint32 target = gimp2_id(*image);
    gint32 below = gimp2_id(above);
    gboolean fits = TRUE, done = TRUE;
    (void)undo_name; /* see insert_in_one_step() */

    if (!pixels_check_layers(layers, n_layers, error))
        return FALSE;
    for (gsize i = 0; i < n_layers; i++)
        fits &= image_holds(target, layers[i]);
    if (fits && gimp_image_get_floating_sel(target) >= 0) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("The image has a floating selection: anchor it first"));
        return FALSE;
    }
    if (!fits)
        target = rgb_image(target, &below, error);
    if (target < 0)
        return FALSE;

    gint32 *made = g_new(gint32, n_layers + 1);
    gsize n_made = 0;
    while (done && n_made < n_layers) {
        made[n_made] = new_item(target, layers[n_made], error);
        done = made[n_made] >= 0;
        n_made += done;
    }
    if (!done) {
        for (gsize i = 0; i < n_made; i++)
            gimp_item_delete(made[i]);
    } else if (!insert_in_one_step(place_above(target, below), group, layers, made,
                                   n_made)) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("The layers could not be added: %s"), gimp_get_pdb_error());
        done = FALSE;
    }

    if (!done && !fits)
        gimp_image_delete(target);
    if (done && !fits)
        host_image_show(GIMP2_IMAGE(target));
    if (done) {
        *image = GIMP2_IMAGE(target);
        if (items) {
            *items = g_new0(HostItem *, n_layers + 1);
            for (gsize i = 0; i < n_layers; i++)
                (*items)[i] = GIMP2_ITEM(made[i]);
        }
        if (!flushing)
            flushing = g_idle_add(flush_displays, NULL);
    }
    g_free(made);
    return done;
}
