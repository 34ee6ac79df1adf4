/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/add.c: host_add() for GIMP 3.
 *
 * All pixels are written into layers that hang nowhere yet; only then are these inserted,
 * in one undo step that takes no time. So a cancel while pixels are written, which ends
 * this process, leaves the image as it was. */
#include "gimp3/gimp3.h"
#include "pixels/pixels.h"
#include <string.h>

/* --- items that hang nowhere yet */

static GimpItem *
make_item(GimpImage *image, const HostLayer *layer)
{
    if (layer->channel) {
        GeglColor *red = gegl_color_new("red");
        GimpChannel *channel = gimp_channel_new(
            image, layer->name, gimp_image_get_width(image), gimp_image_get_height(image),
            layer->opacity / 2, /* as GIMP's own masks look */
            red);
        g_object_unref(red);
        return channel ? GIMP_ITEM(channel) : NULL;
    }
    GimpImageType type =
        gimp_image_get_base_type(image) == GIMP_GRAY ? GIMP_GRAYA_IMAGE : GIMP_RGBA_IMAGE;
    GimpLayer *made =
        gimp_layer_new(image, layer->name, layer->rect.width, layer->rect.height, type,
                       layer->opacity, GIMP_LAYER_MODE_NORMAL);
    return made ? GIMP_ITEM(made) : NULL;
}

static gboolean
fill_item(GimpItem *item, const HostLayer *layer, GError **error)
{
    GeglBuffer *buffer = gimp_drawable_get_buffer(GIMP_DRAWABLE(item));
    /* A channel covers the canvas; a layer its own rectangle. */
    int x = layer->channel ? 0 : layer->rect.x;
    int y = layer->channel ? 0 : layer->rect.y;
    gboolean done = pixels_write(layer, buffer, x, y, NULL, NULL, NULL, error);
    gegl_buffer_flush(buffer);
    g_object_unref(buffer);
    return done;
}

static GimpItem *
new_item(GimpImage *image, const HostLayer *layer, GError **error)
{
    GimpItem *item = make_item(image, layer);
    if (!item) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("The layer \"%s\" could not be made: %s"), layer->name,
                    gimp_pdb_get_last_error(gimp_get_pdb()));
        return NULL;
    }
    if (!fill_item(item, layer, error)) {
        gimp_item_delete(item);
        return NULL;
    }
    gimp_item_set_visible(item, !layer->hidden);
    if (layer->parasite) {
        GimpParasite *parasite =
            gimp_parasite_new("featurescope", GIMP_PARASITE_PERSISTENT,
                              (guint32)strlen(layer->parasite) + 1, layer->parasite);
        gimp_item_attach_parasite(item, parasite);
        gimp_parasite_free(parasite);
    }
    return item;
}

/* --- the image */

static gboolean
image_holds(GimpImage *image, const HostLayer *layer)
{
    GimpImageBaseType base = gimp_image_get_base_type(image);
    return layer->channel || base == GIMP_RGB ||
           (base == GIMP_GRAY && pixels_are_gray(layer));
}

/* An RGB image like this one, with a copy of the layer `above`, which takes its place. */
static GimpImage *
rgb_image(GimpImage *image, GimpItem **above, GError **error)
{
    HostImage *handle = host_image_new(gimp_image_get_width(image),
                                       gimp_image_get_height(image), NULL, error);
    if (!handle)
        return NULL;

    GimpImage *made = GIMP3_IMAGE(handle);
    GimpLayer *copy = NULL;
    if (*above && gimp_item_is_layer(*above)) {
        gint x, y;
        char *name = gimp_item_get_name(*above);
        gimp_drawable_get_offsets(GIMP_DRAWABLE(*above), &x, &y);
        copy = gimp_layer_new_from_drawable(GIMP_DRAWABLE(*above), made);
        gimp_image_insert_layer(made, copy, NULL, 0);
        gimp_layer_set_offsets(copy, x, y);
        gimp_item_set_name(GIMP_ITEM(copy), name);
        g_free(name);
    }
    *above = copy ? GIMP_ITEM(copy) : NULL;
    return made;
}

typedef struct {
    GimpImage *image;
    GimpLayer *parent; /* NULL: top level */
    gint position;     /* where the next layer goes */
    GimpLayer *group;  /* that was inserted, or NULL */
    gsize n_inserted;  /* items, in order */
} Place;

/* Right above an item of the image, or on top. */
static Place
place_above(GimpImage *image, GimpItem *above)
{
    Place place = {.image = image};
    if (above && gimp_item_is_layer_mask(above)) {
        GimpLayer *masked = gimp_layer_from_mask(GIMP_LAYER_MASK(above));
        above = masked ? GIMP_ITEM(masked) : NULL;
    }
    if (above && gimp_item_is_layer(above)) {
        GimpItem *parent = gimp_item_get_parent(above);
        place.parent = parent ? GIMP_LAYER(parent) : NULL;
        place.position = gimp_image_get_item_position(image, above);
    }
    return place;
}

static gboolean
insert_items(
    Place *place, const char *group, HostLayer **layers, GimpItem **items, gsize n_items)
{
    gboolean any_layer = FALSE;
    for (gsize i = 0; i < n_items; i++)
        any_layer |= !layers[i]->channel;

    if (group && any_layer) {
        GimpLayer *made = GIMP_LAYER(gimp_group_layer_new(place->image, group));
        if (!gimp_image_insert_layer(place->image, made, place->parent, place->position))
            return FALSE;
        place->group = place->parent = made;
        place->position = 0;
    }
    gint channels = 0;
    for (gsize i = 0; i < n_items; i++) {
        gboolean inserted;
        if (layers[i]->channel)
            inserted = gimp_image_insert_channel(place->image, GIMP_CHANNEL(items[i]),
                                                 NULL, channels++);
        else
            inserted = gimp_image_insert_layer(place->image, GIMP_LAYER(items[i]),
                                               place->parent, place->position++);
        if (!inserted)
            return FALSE;
        place->n_inserted++;
        if (!layers[i]->channel)
            gimp_layer_set_offsets(GIMP_LAYER(items[i]), layers[i]->rect.x,
                                   layers[i]->rect.y);
    }
    return TRUE;
}

/* Takes away what was inserted, when something could not be. */
static void
remove_items(const Place *place, GimpItem **items)
{
    for (gsize i = 0; i < place->n_inserted; i++) {
        if (gimp_item_is_channel(items[i]))
            gimp_image_remove_channel(place->image, GIMP_CHANNEL(items[i]));
        else
            gimp_image_remove_layer(place->image, GIMP_LAYER(items[i]));
    }
    if (place->group)
        gimp_image_remove_layer(place->image, place->group);
}

/* What was selected before is selected again, though inserting took that over. */
static gboolean
insert_in_one_step(
    Place place, const char *group, HostLayer **layers, GimpItem **items, gsize n_items)
{
    GimpLayer **selected = gimp_image_get_selected_layers(place.image);
    GimpChannel **channels = gimp_image_get_selected_channels(place.image);

    /* GIMP names the step by the procedure's menu label. */
    gimp_image_undo_group_start(place.image);
    gboolean done = insert_items(&place, group, layers, items, n_items);
    if (!done)
        remove_items(&place, items);
    if (channels && channels[0])
        gimp_image_set_selected_channels(place.image, (const GimpChannel **)channels);
    else if (selected && selected[0])
        gimp_image_set_selected_layers(place.image, (const GimpLayer **)selected);
    gimp_image_undo_group_end(place.image);
    g_free(selected);
    g_free(channels);
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
gimp3_flush_displays(void)
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
    GimpImage *target = GIMP3_IMAGE(*image);
    GimpItem *below = above ? GIMP3_ITEM(above) : NULL;
    gboolean fits = TRUE, done = TRUE;
    (void)undo_name; /* see insert_in_one_step() */

    if (!pixels_check_layers(layers, n_layers, error))
        return FALSE;
    for (gsize i = 0; i < n_layers; i++)
        fits &= image_holds(target, layers[i]);
    if (fits && gimp_image_get_floating_sel(target)) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("The image has a floating selection: anchor it first"));
        return FALSE;
    }
    if (!fits)
        target = rgb_image(target, &below, error);
    if (!target)
        return FALSE;

    GimpItem **made = g_new0(GimpItem *, n_layers + 1);
    gsize n_made = 0;
    while (done && n_made < n_layers) {
        made[n_made] = new_item(target, layers[n_made], error);
        done = made[n_made] != NULL;
        n_made += done;
    }
    if (!done) {
        for (gsize i = 0; i < n_made; i++)
            gimp_item_delete(made[i]);
    } else if (!insert_in_one_step(place_above(target, below), group, layers, made,
                                   n_made)) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("The layers could not be added: %s"),
                    gimp_pdb_get_last_error(gimp_get_pdb()));
        done = FALSE;
    }

    if (!done && !fits)
        gimp_image_delete(target);
    if (done && !fits)
        host_image_show((HostImage *)target);
    if (done) {
        *image = (HostImage *)target;
        if (!flushing)
            flushing = g_idle_add(flush_displays, NULL);
        if (items)
            *items = (HostItem **)g_steal_pointer(&made);
    }
    g_free(made);
    return done;
}
