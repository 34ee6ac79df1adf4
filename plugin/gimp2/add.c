/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp2/add.c: the steps of host_add() in GIMP 2.10; gimp/add.c has their order. */
#include "gimp2/gimp2.h"
#include "pixels/pixels.h"
#include <math.h>

/* --- items that hang nowhere yet */

HostItem *
adapter_item_new(HostImage *image, const HostLayer *layer)
{
    gint32 id = gimp2_id(image);
    if (layer->channel) {
        GimpRGB red = {1, 0, 0, 1};
        return GIMP2_ITEM(gimp_channel_new(id, layer->name, gimp_image_width(id),
                                           gimp_image_height(id),
                                           layer->opacity / 2, /* as GIMP's own masks */
                                           &red));
    }
    GimpImageType type =
        gimp_image_base_type(id) == GIMP_GRAY ? GIMP_GRAYA_IMAGE : GIMP_RGBA_IMAGE;
    return GIMP2_ITEM(gimp_layer_new(id, layer->name, layer->rect.width,
                                     layer->rect.height, type, layer->opacity,
                                     GIMP_LAYER_MODE_NORMAL));
}

HostItem *
adapter_group_new(HostImage *image, const char *name)
{
    gint32 group = gimp_layer_group_new(gimp2_id(image));
    gimp_item_set_name(group, name);
    return GIMP2_ITEM(group);
}

HostItem *
adapter_text_new(HostImage *image, const HostText *text)
{
    gint32 layer = gimp_text_layer_new(gimp2_id(image), text->words, "Sans-serif",
                                       text->size, GIMP_UNIT_PIXEL);
    return layer < 0 ? NULL : GIMP2_ITEM(layer);
}

void
adapter_text_finish(HostItem *item, const HostLayer *layer)
{
    const HostText *text = layer->text;
    gint32 id = gimp2_id(item);
    GimpRGB color;
    if (!gimp_item_is_text_layer(id))
        return;
    gimp_rgb_set(&color, (double)text->rgb[0], (double)text->rgb[1],
                 (double)text->rgb[2]);
    gimp_text_layer_set_color(id, &color);
    gimp_item_set_name(id, layer->name);
    /* GIMP's letters may be a little wider or narrower than those that were measured. */
    double beyond = layer->rect.width - gimp_drawable_width(id);
    gimp_layer_set_offsets(id, layer->rect.x + (int)floor(text->at * beyond + 0.5),
                           layer->rect.y);
}

gboolean
adapter_has_fonts(void)
{
    static int n_fonts = -1;
    if (n_fonts < 0) {
        char **fonts = gimp_fonts_get_list("", &n_fonts);
        g_strfreev(fonts);
    }
    return n_fonts > 0;
}

void
adapter_item_delete(HostItem *item)
{
    gimp_item_delete(gimp2_id(item));
}

void
adapter_layer_set_opacity(HostItem *layer, double opacity)
{
    gimp_layer_set_opacity(gimp2_id(layer), opacity);
}

void
adapter_item_set_visible(HostItem *item, gboolean visible)
{
    gimp_item_set_visible(gimp2_id(item), visible);
}

void
adapter_item_attach(HostItem *item, const GimpParasite *parasite)
{
    gimp_item_attach_parasite(gimp2_id(item), parasite);
}

gboolean
adapter_item_has(HostItem *item, const char *parasite)
{
    gint n;
    char **names = gimp_item_get_parasite_list(gimp2_id(item), &n);
    gboolean found = FALSE;
    for (gint i = 0; i < n; i++)
        found |= g_str_equal(names[i], parasite);
    g_strfreev(names);
    return found;
}

/* --- into the image */

HostItem *
adapter_layer_of_mask(HostItem *mask)
{
    return GIMP2_ITEM(gimp_layer_from_mask(gimp2_id(mask)));
}

HostItem *
adapter_layer_place(HostImage *image, HostItem *layer, int *position)
{
    *position = gimp_image_get_item_position(gimp2_id(image), gimp2_id(layer));
    return GIMP2_ITEM(gimp_item_get_parent(gimp2_id(layer)));
}

HostItem *
adapter_layer_at(HostImage *image, HostItem *parent, int position)
{
    gint n;
    gint *layers = parent ? gimp_item_get_children(gimp2_id(parent), &n)
                          : gimp_image_get_layers(gimp2_id(image), &n);
    HostItem *layer = position >= 0 && position < n ? GIMP2_ITEM(layers[position]) : NULL;
    g_free(layers);
    return layer;
}

gboolean
adapter_insert_layer(HostImage *image, HostItem *layer, HostItem *parent, int position)
{
    return gimp_image_insert_layer(gimp2_id(image), gimp2_id(layer), gimp2_id(parent),
                                   position);
}

gboolean
adapter_insert_channel(HostImage *image, HostItem *channel, int position)
{
    return gimp_image_insert_channel(gimp2_id(image), gimp2_id(channel), -1, position);
}

void
adapter_remove_layer(HostImage *image, HostItem *layer)
{
    gimp_image_remove_layer(gimp2_id(image), gimp2_id(layer));
}

void
adapter_remove_channel(HostImage *image, HostItem *channel)
{
    gimp_image_remove_channel(gimp2_id(image), gimp2_id(channel));
}

void
adapter_layer_move(HostItem *layer, int x, int y)
{
    gimp_layer_set_offsets(gimp2_id(layer), x, y);
}

gboolean
adapter_image_exists(HostImage *image)
{
    return gimp_image_is_valid(gimp2_id(image));
}

gboolean
adapter_has_floating(HostImage *image)
{
    return gimp_image_get_floating_sel(gimp2_id(image)) >= 0;
}

struct AdapterSelected {
    gint32 layer, channel; /* -1: none */
};

AdapterSelected *
adapter_undo_start(HostImage *image)
{
    AdapterSelected *selected = g_new(AdapterSelected, 1);
    selected->layer = gimp_image_get_active_layer(gimp2_id(image));
    selected->channel = gimp_image_get_active_channel(gimp2_id(image));
    gimp_image_undo_group_start(gimp2_id(image));
    return selected;
}

void
adapter_undo_end(HostImage *image, AdapterSelected *selected)
{
    if (selected->channel >= 0)
        gimp_image_set_active_channel(gimp2_id(image), selected->channel);
    else if (selected->layer >= 0)
        gimp_image_set_active_layer(gimp2_id(image), selected->layer);
    gimp_image_undo_group_end(gimp2_id(image));
    g_free(selected);
}
