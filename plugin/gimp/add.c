/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/add.c: host_add().
 *
 * All pixels are written into layers that hang nowhere yet; only then are these inserted,
 * in one undo step that takes no time. So a cancel while pixels are written, which ends
 * this process, leaves the image as it was. */
#include "gimp/adapter.h"
#include "gimp/colors.h"
#include "pixels/pixels.h"
#include <string.h>

/* --- the image */

HostImage *
host_image_new(int width, int height, const char *name, GError **error)
{
    HostImage *image = NULL;
    if (width >= 1 && width <= GIMP_MAX_IMAGE_SIZE && height >= 1 &&
        height <= GIMP_MAX_IMAGE_SIZE)
        image = adapter_image_new(width, height, name);
    if (!image)
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("An image of %d × %d pixels cannot be made"), width, height);
    return image;
}

HostBase
host_image_base(HostImage *image)
{
    switch (adapter_image_base(image)) {
    case GIMP_GRAY:
        return HOST_GRAY;
    case GIMP_INDEXED:
        return HOST_INDEXED;
    default:
        return HOST_RGB;
    }
}

gboolean
adapter_settled(HostImage *image, GError **error)
{
    if (!adapter_has_floating(image))
        return TRUE;
    g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                _("The image has a floating selection: anchor it first"));
    return FALSE;
}

static gboolean
image_holds(HostImage *image, const HostLayer *layer)
{
    HostBase base = host_image_base(image);
    return layer->channel || base == HOST_RGB ||
           (base == HOST_GRAY && pixels_are_gray(layer));
}

/* A person may have deleted it meanwhile. */
static gboolean
is_layer(HostItem *item)
{
    if (!item || !host_item_exists(item))
        return FALSE;
    HostKind kind = host_item_kind(item);
    return kind == HOST_LAYER || kind == HOST_GROUP;
}

HostItem *
host_item_below(HostImage *image, HostItem *item)
{
    int position;
    if (!is_layer(item))
        return NULL;
    HostItem *parent = adapter_layer_place(image, item, &position);
    return adapter_layer_at(image, parent, position + 1);
}

/* An RGB image like this one, with a copy of the layer `above`, which takes its place. */
static HostImage *
rgb_image(HostImage *image, HostItem **above, GError **error)
{
    int width, height;
    host_image_size(image, &width, &height);
    char *name = host_image_name(image);
    char *title = g_strdup_printf(_("%s (Featurescope)"), name);
    HostImage *made = host_image_new(width, height, title, error);
    g_free(name);
    g_free(title);
    if (!made)
        return NULL;
    if (!is_layer(*above)) {
        *above = NULL;
    } else if (!(*above = adapter_layer_copy(*above, made, error))) {
        host_image_delete(made);
        return NULL;
    }
    return made;
}

/* --- items that hang nowhere yet */

#define PARASITE "featurescope"

gboolean
host_item_is_result(HostItem *item)
{
    return adapter_item_has(item, PARASITE);
}

static void
attach_text(HostItem *item, const char *text)
{
    GimpParasite *parasite = gimp_parasite_new(PARASITE, GIMP_PARASITE_PERSISTENT,
                                               (guint32)strlen(text) + 1, text);
    adapter_item_attach(item, parasite);
    gimp_parasite_free(parasite);
}

/* NULL: it is no text, or GIMP cannot make one of it: then its pixels are taken. */
static HostItem *
new_text(HostImage *image, const HostLayer *layer)
{
    HostItem *item = NULL;
    if (layer->text && adapter_has_fonts())
        item = adapter_text_new(image, layer->text);
    if (item)
        adapter_layer_set_opacity(item, layer->opacity);
    return item;
}

typedef struct {
    GimpColorTransform *transform;
    const Babl *format;
} Colors;

static gboolean
convert(void *user, const float *in, void *out, int n_pixels)
{
    Colors *colors = user;
    gimp_color_transform_process_pixels(colors->transform, colors_srgb(colors->format),
                                        in, colors_plain(colors->format), out,
                                        (gsize)n_pixels);
    return TRUE;
}

/* A channel covers the canvas; a layer its own rectangle. */
static gboolean
fill(HostImage *image, HostItem *item, const HostLayer *layer, GError **error)
{
    GeglBuffer *buffer = adapter_buffer(item);
    GimpColorProfile *profile = layer->channel ? NULL : adapter_unknown_profile(image);
    Colors colors = {.format = gegl_buffer_get_format(buffer)};
    if (profile)
        colors.transform = colors_from_srgb(profile, colors.format);
    gboolean done =
        pixels_write(layer, buffer, layer->channel ? 0 : layer->rect.x,
                     layer->channel ? 0 : layer->rect.y,
                     colors.transform ? convert : NULL, &colors, colors.format, error);
    gegl_buffer_flush(buffer);
    g_object_unref(buffer);
    g_clear_object(&colors.transform);
    g_clear_object(&profile);
    return done;
}

static HostItem *
new_pixels(HostImage *image, const HostLayer *layer, GError **error)
{
    HostItem *item = adapter_item_new(image, layer);
    if (!item) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("The layer \"%s\" could not be made: %s"), layer->name,
                    adapter_last_error());
        return NULL;
    }
    if (!fill(image, item, layer, error)) {
        adapter_item_delete(item);
        return NULL;
    }
    return item;
}

static HostItem *
new_item(HostImage *image, const HostLayer *layer, GError **error)
{
    HostItem *item = new_text(image, layer);
    if (!item)
        item = new_pixels(image, layer, error);
    if (!item)
        return NULL;
    adapter_item_set_visible(item, !layer->hidden);
    if (layer->parasite)
        attach_text(item, layer->parasite);
    return item;
}

/* One for each layer, or none. Ended by NULL; g_free() */
static HostItem **
new_items(HostImage *image, HostLayer **layers, gsize n_layers, GError **error)
{
    HostItem **items = g_new0(HostItem *, n_layers + 1);
    for (gsize i = 0; i < n_layers; i++) {
        items[i] = new_item(image, layers[i], error);
        if (!items[i]) {
            while (i--)
                adapter_item_delete(items[i]);
            g_free(items);
            return NULL;
        }
    }
    return items;
}

/* --- into the image */

typedef struct {
    HostImage *image;
    HostItem *above;  /* the layer that it is right above, but for results; or NULL */
    HostItem *parent; /* NULL: top level */
    int position;     /* where the next layer goes */
    HostItem *group;  /* that was inserted, or NULL */
    gsize n_inserted; /* items, in order */
    int next_channel; /* where the next channel goes */
} Place;

static HostItem *
result_at(const Place *place, int position)
{
    HostItem *layer = adapter_layer_at(place->image, place->parent, position);
    return layer && host_item_is_result(layer) ? layer : NULL;
}

/* Above an item of the image and the results that lie on it, or on top. */
static Place
place_above(HostImage *image, HostItem *above)
{
    Place place = {.image = image};
    if (above && host_item_exists(above) && host_item_kind(above) == HOST_MASK)
        above = adapter_layer_of_mask(above);
    if (is_layer(above)) {
        place.parent = adapter_layer_place(image, above, &place.position);
        place.above = above;
    }
    while (place.position > 0 && result_at(&place, place.position - 1))
        place.position--;
    return place;
}

/* The results from a place down to the layer that they are of, if there is one. */
static GPtrArray *
results_under(const Place *place)
{
    GPtrArray *results = g_ptr_array_new();
    HostItem *result;
    for (int i = place->position; place->above && (result = result_at(place, i)); i++) {
        if (result == place->above)
            break;
        g_ptr_array_add(results, result);
    }
    return results;
}

static gboolean
shows_through(HostLayer **layers, gsize n_layers)
{
    for (gsize i = 0; i < n_layers; i++)
        if (!layers[i]->channel && !layers[i]->hidden && layers[i]->opacity < 100)
            return TRUE;
    return FALSE;
}

/* about: the text that makes it known as a result; NULL: none. (On a layer that hangs in
 * the image already, GIMP takes a text for something that it cannot undo, and says so in
 * a window when the step is undone.) */
static gboolean
insert_group(Place *place, const char *name, const char *about)
{
    HostItem *group = adapter_group_new(place->image, name);
    if (group && about)
        attach_text(group, about);
    if (!group ||
        !adapter_insert_layer(place->image, group, place->parent, place->position))
        return FALSE;
    place->group = place->parent = group;
    place->position = 0;
    return TRUE;
}

static gboolean
insert_item(Place *place, const HostLayer *layer, HostItem *item)
{
    if (layer->channel)
        return adapter_insert_channel(place->image, item, place->next_channel++);
    if (!adapter_insert_layer(place->image, item, place->parent, place->position++))
        return FALSE;
    adapter_layer_move(item, layer->rect.x, layer->rect.y);
    if (layer->text)
        adapter_text_finish(item, layer);
    return TRUE;
}

static gboolean
insert_items(
    Place *place, const char *group, HostLayer **layers, HostItem **items, gsize n_items)
{
    gboolean any_layer = FALSE;
    const char *about = NULL;
    for (gsize i = 0; i < n_items; i++) {
        any_layer |= !layers[i]->channel;
        if (!about)
            about = layers[i]->parasite;
    }
    if (group && any_layer && !insert_group(place, group, about))
        return FALSE;
    while (place->n_inserted < n_items) {
        if (!insert_item(place, layers[place->n_inserted], items[place->n_inserted]))
            return FALSE;
        place->n_inserted++;
    }
    return TRUE;
}

/* Takes away what was inserted, when something could not be. */
static void
remove_items(const Place *place, HostLayer **layers, HostItem **items)
{
    for (gsize i = 0; i < place->n_inserted; i++) {
        if (layers[i]->channel)
            adapter_remove_channel(place->image, items[i]);
        else
            adapter_remove_layer(place->image, items[i]);
    }
    if (place->group)
        adapter_remove_layer(place->image, place->group);
}

/* What was selected before is selected again, though inserting took that over. GIMP names
 * the step by the procedure's menu label. */
static gboolean
insert_in_one_step(
    Place place, const char *group, HostLayer **layers, HostItem **items, gsize n_items)
{
    GPtrArray *under = results_under(&place);
    AdapterSelected *selected = adapter_undo_start(place.image);
    gboolean done = insert_items(&place, group, layers, items, n_items);
    if (!done)
        remove_items(&place, layers, items);
    gboolean hide = done && shows_through(layers, n_items);
    for (guint i = 0; hide && i < under->len; i++)
        adapter_item_set_visible(g_ptr_array_index(under, i), FALSE);
    adapter_undo_end(place.image, selected);
    g_ptr_array_unref(under);
    return done;
}

/* Adds to an image that can hold the layers. Returns the items, NULL if nothing was
 * added. */
static HostItem **
add_to(HostImage *image,
       HostItem *above,
       const char *group,
       HostLayer **layers,
       gsize n_layers,
       GError **error)
{
    HostItem **items = new_items(image, layers, n_layers, error);
    if (items &&
        !insert_in_one_step(place_above(image, above), group, layers, items, n_layers)) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("The layers could not be added: %s"), adapter_last_error());
        g_clear_pointer(&items, g_free);
    }
    return items;
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
    HostImage *target = *image;
    gboolean fits = TRUE;
    (void)undo_name; /* see insert_in_one_step() */

    if (!pixels_check_layers(layers, n_layers, error))
        return FALSE;
    if (!adapter_image_exists(target)) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("The image was closed meanwhile"));
        return FALSE;
    }
    for (gsize i = 0; i < n_layers; i++)
        fits &= image_holds(target, layers[i]);
    if (fits && !adapter_settled(target, error))
        return FALSE;
    if (!fits)
        target = rgb_image(target, &above, error);
    if (!target)
        return FALSE;

    HostItem **made = add_to(target, above, group, layers, n_layers, error);
    if (!made) {
        if (!fits)
            host_image_delete(target);
        return FALSE;
    }
    if (!fits)
        host_image_show(target);
    adapter_flush_later();
    *image = target;
    if (items)
        *items = g_steal_pointer(&made);
    g_free(made);
    return TRUE;
}
