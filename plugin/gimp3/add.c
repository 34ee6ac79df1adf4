/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp3/add.c: the steps of host_add() in GIMP 3; gimp/add.c has their order. */
#include "base/fail.h"
#include "gimp3/gimp3.h"
#include "pixels/pixels.h"
#include <math.h>

/* --- items that hang nowhere yet */

HostItem *
adapter_item_new(HostImage *image, const HostLayer *layer)
{
    GimpImage *gimp = GIMP3_IMAGE(image);
    if (layer->channel) {
        GeglColor *red = gegl_color_new("red");
        GimpChannel *channel = gimp_channel_new(
            gimp, layer->name, gimp_image_get_width(gimp), gimp_image_get_height(gimp),
            layer->opacity / 2, /* as GIMP's own masks look */
            red);
        g_object_unref(red);
        return (HostItem *)channel;
    }
    GimpImageType type =
        gimp_image_get_base_type(gimp) == GIMP_GRAY ? GIMP_GRAYA_IMAGE : GIMP_RGBA_IMAGE;
    return (HostItem *)gimp_layer_new(gimp, layer->name, layer->rect.width,
                                      layer->rect.height, type, layer->opacity,
                                      GIMP_LAYER_MODE_NORMAL);
}

HostItem *
adapter_group_new(HostImage *image, const char *name)
{
    return (HostItem *)gimp_group_layer_new(GIMP3_IMAGE(image), name);
}

/* The one that stands for whatever the system has; else the user's own. */
static GimpFont *
plain_font(void)
{
    GimpFont *font = gimp_font_get_by_name("Sans-serif");
    return font ? font : gimp_context_get_font();
}

HostItem *
adapter_text_new(HostImage *image, const HostText *text)
{
    GimpTextLayer *layer = gimp_text_layer_new(
        GIMP3_IMAGE(image), text->words, plain_font(), text->size, gimp_unit_pixel());
    return (HostItem *)layer;
}

void
adapter_text_finish(HostItem *item, const HostLayer *layer)
{
    const HostText *text = layer->text;
    if (!gimp_item_is_text_layer(GIMP3_ITEM(item)))
        return;
    GeglColor *color = gegl_color_new(NULL);
    gegl_color_set_pixel(color, babl_format("R'G'B' float"), text->rgb);
    gimp_text_layer_set_color(GIMP_TEXT_LAYER(item), color);
    g_object_unref(color);
    gimp_item_set_name(GIMP3_ITEM(item), layer->name);
    /* GIMP's letters may be a little wider or narrower than those that were measured. */
    double beyond = layer->rect.width - gimp_drawable_get_width(GIMP_DRAWABLE(item));
    gimp_layer_set_offsets(GIMP_LAYER(item),
                           layer->rect.x + (int)floor(text->at * beyond + 0.5),
                           layer->rect.y);
}

gboolean
adapter_has_fonts(void)
{
    static int known = -1;
    if (known < 0) {
        GimpFont **fonts = gimp_fonts_get_list("");
        known = fonts && fonts[0];
        g_free(fonts);
    }
    return known > 0;
}

void
adapter_item_delete(HostItem *item)
{
    gimp_item_delete(GIMP3_ITEM(item));
}

void
adapter_layer_set_opacity(HostItem *layer, double opacity)
{
    gimp_layer_set_opacity(GIMP_LAYER(layer), opacity);
}

void
adapter_item_set_visible(HostItem *item, gboolean visible)
{
    gimp_item_set_visible(GIMP3_ITEM(item), visible);
}

void
adapter_item_attach(HostItem *item, const GimpParasite *parasite)
{
    gimp_item_attach_parasite(GIMP3_ITEM(item), parasite);
}

gboolean
adapter_item_has(HostItem *item, const char *parasite)
{
    char **names = gimp_item_get_parasite_list(GIMP3_ITEM(item));
    gboolean found = names && g_strv_contains((const char *const *)names, parasite);
    g_strfreev(names);
    return found;
}

HostItem *
adapter_layer_copy(HostItem *layer, HostImage *image, GError **error)
{
    GimpImage *gimp = GIMP3_IMAGE(image);
    gint x, y;
    gimp_drawable_get_offsets(GIMP_DRAWABLE(layer), &x, &y);
    GimpLayer *copy = gimp_layer_new_from_drawable(GIMP_DRAWABLE(layer), gimp);
    char *name = gimp_item_get_name(GIMP3_ITEM(layer));
    if (!copy || !gimp_image_insert_layer(gimp, copy, NULL, 0)) {
        fail_run(error, _("The layer \"%s\" could not be made: %s"), name,
                 adapter_last_error());
        g_free(name);
        return NULL;
    }
    gimp_layer_set_offsets(copy, x, y);
    gimp_item_set_name(GIMP_ITEM(copy), name);
    g_free(name);
    return (HostItem *)copy;
}

/* --- into the image */

HostItem *
adapter_layer_of_mask(HostItem *mask)
{
    return (HostItem *)gimp_layer_from_mask(GIMP_LAYER_MASK(mask));
}

HostItem *
adapter_layer_place(HostImage *image, HostItem *layer, int *position)
{
    *position = gimp_image_get_item_position(GIMP3_IMAGE(image), GIMP3_ITEM(layer));
    return (HostItem *)gimp_item_get_parent(GIMP3_ITEM(layer));
}

HostItem *
adapter_layer_at(HostImage *image, HostItem *parent, int position)
{
    GimpItem **layers = parent ? gimp_item_get_children(GIMP3_ITEM(parent))
                               : (GimpItem **)gimp_image_get_layers(GIMP3_IMAGE(image));
    GimpItem *layer = NULL;
    for (int i = 0; layers && layers[i] && i <= position; i++)
        layer = i == position ? layers[i] : NULL;
    g_free(layers);
    return (HostItem *)layer;
}

gboolean
adapter_insert_layer(HostImage *image, HostItem *layer, HostItem *parent, int position)
{
    return gimp_image_insert_layer(GIMP3_IMAGE(image), GIMP_LAYER(layer),
                                   parent ? GIMP_LAYER(parent) : NULL, position);
}

gboolean
adapter_insert_channel(HostImage *image, HostItem *channel, int position)
{
    return gimp_image_insert_channel(GIMP3_IMAGE(image), GIMP_CHANNEL(channel), NULL,
                                     position);
}

void
adapter_remove_layer(HostImage *image, HostItem *layer)
{
    gimp_image_remove_layer(GIMP3_IMAGE(image), GIMP_LAYER(layer));
}

void
adapter_remove_channel(HostImage *image, HostItem *channel)
{
    gimp_image_remove_channel(GIMP3_IMAGE(image), GIMP_CHANNEL(channel));
}

void
adapter_layer_move(HostItem *layer, int x, int y)
{
    gimp_layer_set_offsets(GIMP_LAYER(layer), x, y);
}

gboolean
adapter_image_exists(HostImage *image)
{
    return gimp_image_is_valid(GIMP3_IMAGE(image));
}

gboolean
adapter_has_floating(HostImage *image)
{
    return gimp_image_get_floating_sel(GIMP3_IMAGE(image)) != NULL;
}

struct AdapterSelected {
    GimpLayer **layers; /* ended by NULL */
    GimpChannel **channels;
};

AdapterSelected *
adapter_undo_start(HostImage *image)
{
    AdapterSelected *selected = g_new(AdapterSelected, 1);
    selected->layers = gimp_image_get_selected_layers(GIMP3_IMAGE(image));
    selected->channels = gimp_image_get_selected_channels(GIMP3_IMAGE(image));
    gimp_image_undo_group_start(GIMP3_IMAGE(image));
    return selected;
}

void
adapter_undo_end(HostImage *image, AdapterSelected *selected)
{
    GimpImage *gimp = GIMP3_IMAGE(image);
    if (selected->channels && selected->channels[0])
        gimp_image_set_selected_channels(gimp, (const GimpChannel **)selected->channels);
    else if (selected->layers && selected->layers[0])
        gimp_image_set_selected_layers(gimp, (const GimpLayer **)selected->layers);
    gimp_image_undo_group_end(gimp);
    g_free(selected->layers);
    g_free(selected->channels);
    g_free(selected);
}
