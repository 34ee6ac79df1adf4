/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory_layers.c: layers and images that the host in memory is given. */
#include "base/procedure.h"
#include "host/host_memory.h"
#include "pixels/pixels.h"
#include <string.h>

static HostItem *
item_from_layer(HostImage *image, const HostLayer *layer, GError **error)
{
    GeglRectangle canvas = {0, 0, image->width, image->height};
    HostItem *item;
    if (layer->channel) {
        item = memory_item_new(image, HOST_CHANNEL, layer->name, &canvas,
                               babl_format("Y u8"));
    } else {
        const char *format = image->base == HOST_GRAY ? "Y'A u8" : "R'G'B'A u8";
        item = memory_item_new(image, HOST_LAYER, layer->name, &layer->rect,
                               babl_format(format));
    }
    if (!pixels_write(layer, item->buffer, item->rect.x, item->rect.y, NULL, NULL, NULL,
                      error)) {
        memory_item_free(item);
        return NULL;
    }
    item->opacity = layer->opacity;
    item->hidden = layer->hidden;
    item->parasite = g_strdup(layer->parasite);
    if (layer->text) {
        item->words = g_strdup(layer->text->words);
        item->letter = layer->text->size;
    }
    return item;
}

/* True if a picture of this base can show the layer's colours. */
static gboolean
base_holds(HostBase base, const HostLayer *layer)
{
    return layer->channel || base == HOST_RGB ||
           (base == HOST_GRAY && pixels_are_gray(layer));
}

static HostImage *
image_for_layers(HostImage *image, HostItem *above, HostLayer **layers, gsize n_layers)
{
    for (gsize i = 0; i < n_layers; i++)
        if (!base_holds(image->base, layers[i])) {
            HostImage *made = memory_image_new(image->width, image->height, HOST_RGB);
            if (above && above->kind == HOST_LAYER) {
                HostItem *copy =
                    memory_layer_new(made, above->name, &above->rect, "R'G'B'A u8");
                float *rgba = memory_item_get(above);
                memory_item_set(copy, rgba);
                g_free(rgba);
            }
            return made;
        }
    return image;
}

static gboolean
is_result(const GPtrArray *stack, guint position)
{
    const HostItem *item =
        position < stack->len ? g_ptr_array_index(stack, position) : NULL;
    return item && item->parasite;
}

static gboolean
shows_through(HostLayer **layers, gsize n_layers)
{
    for (gsize i = 0; i < n_layers; i++)
        if (!layers[i]->channel && !layers[i]->hidden && layers[i]->opacity < 100)
            return TRUE;
    return FALSE;
}

gboolean
host_add(HostImage **image,
         HostItem *above,
         const char *undo_name,
         const char *group_name,
         HostLayer **layers,
         gsize n_layers,
         HostItem ***items,
         GError **error)
{
    g_assert(undo_name && *undo_name);
    if (memory_host()->fail_add) {
        memory_host()->fail_add = FALSE;
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    "adding fails, as told");
        return FALSE;
    }
    if (!pixels_check_layers(layers, n_layers, error))
        return FALSE;

    HostImage *target = image_for_layers(*image, above, layers, n_layers);
    if (target != *image)
        above = target->layers->len ? g_ptr_array_index(target->layers, 0) : NULL;
    GPtrArray *made = g_ptr_array_new_with_free_func(memory_item_free);
    gsize n_plain = 0;
    for (gsize i = 0; i < n_layers; i++) {
        HostItem *item = item_from_layer(target, layers[i], error);
        if (!item) {
            g_ptr_array_unref(made);
            if (target != *image)
                host_image_delete(target);
            return FALSE;
        }
        g_ptr_array_add(made, item);
        n_plain += !layers[i]->channel;
    }

    HostItem *parent = above && above->kind <= HOST_GROUP ? above->parent : NULL;
    guint at = above && above->kind <= HOST_GROUP ? memory_item_position(above) : 0;
    GPtrArray *stack = parent ? parent->children : target->layers;
    while (at > 0 && is_result(stack, at - 1))
        at--;
    gboolean hides = above && shows_through(layers, n_layers);
    for (guint i = at; hides && is_result(stack, i); i++) {
        HostItem *result = g_ptr_array_index(stack, i);
        if (result == above)
            break;
        result->hidden = TRUE;
    }
    if (group_name && n_plain > 0) {
        GeglRectangle box = {0, 0, 0, 0};
        HostItem *group = memory_item_new(target, HOST_GROUP, group_name, &box, NULL);
        group->parent = parent;
        for (gsize i = 0; i < n_layers && !group->parasite; i++)
            group->parasite = g_strdup(layers[i]->parasite);
        group->children = g_ptr_array_new_with_free_func(memory_item_free);
        g_ptr_array_insert(stack, at, group);
        parent = group;
        stack = group->children;
        at = 0;
    }
    guint channels = 0;
    for (guint i = 0; i < made->len; i++) {
        HostItem *item = g_ptr_array_index(made, i);
        if (item->kind == HOST_CHANNEL) {
            g_ptr_array_insert(target->channels, channels++, item);
            continue;
        }
        item->parent = parent;
        g_ptr_array_insert(stack, at++, item);
        if (parent && group_name)
            gegl_rectangle_bounding_box(&parent->rect, &parent->rect, &item->rect);
    }
    g_ptr_array_set_free_func(made, NULL); /* they are the image's now */
    target->undo_steps++;
    memory_host()->adds++;
    *image = target;
    if (items)
        *items = (HostItem **)g_ptr_array_free(made, FALSE);
    else
        g_ptr_array_unref(made);
    return TRUE;
}

HostImage *
host_image_new(int width, int height, const char *name, GError **error)
{
    if (width < 1 || height < 1 || width > 524288 || height > 524288) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("An image of %d × %d pixels cannot be made"), width, height);
        return NULL;
    }
    HostImage *image = memory_image_new(width, height, HOST_RGB);
    g_free(image->name);
    image->name = g_strdup(name);
    return image;
}

gboolean
host_picture_show(const char *path,
                  const GeglRectangle *selected,
                  int width,
                  int height,
                  GError **error)
{
    gboolean unknown;
    GeglBuffer *buffer = pixels_decode(path, &unknown, error);
    if (!buffer)
        return FALSE;
    g_free(memory_host()->shown);
    memory_host()->shown = g_strdup(path);
    if (gegl_buffer_get_width(buffer) == width &&
        gegl_buffer_get_height(buffer) == height)
        memory_host()->selected = *selected;
    g_object_unref(buffer);
    return TRUE;
}

gboolean
host_image_has_profile(HostImage *image)
{
    (void)image;
    return memory_host()->profiles;
}

guint
host_most_profiles(void)
{
    guint most = memory_host()->most_profiles;
    return most > 0 ? most : G_MAXUINT;
}

gboolean
procedure_call_apart(const Procedure *procedure, const Run *run, GError **error)
{
    memory_host()->apart++;
    return procedure_call(procedure, run, error);
}

HostImage *
host_image_open(const char *path, HostItem **photo, GError **error)
{
    HostImage *image = memory_image_new(1, 1, HOST_RGB);
    *photo = memory_layer_load(image, path, 0, 0, error);
    memory_host()->opened++;
    if (!*photo) {
        host_image_delete(image);
        return NULL;
    }
    image->width = (*photo)->rect.width;
    image->height = (*photo)->rect.height;
    return image;
}

/* A PNG of the lowest layer; as XCF, the names of all layers. */
gboolean
host_image_save(HostImage *image, const char *path, GError **error)
{
    gboolean ok;
    if (g_str_has_suffix(path, ".xcf")) {
        GString *names = g_string_new(NULL);
        for (guint i = 0; i < memory_image_count(image); i++)
            g_string_append_printf(names, "%s\n", memory_image_item(image, i)->name);
        ok = g_file_set_contents(path, names->str, -1, NULL);
        g_string_free(names, TRUE);
    } else {
        ok = memory_item_save(g_ptr_array_index(image->layers, image->layers->len - 1),
                              path);
    }
    if (!ok)
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED, "%s cannot be saved",
                    path);
    return ok;
}

void
host_image_show(HostImage *image)
{
    image->shown = TRUE;
}

void
host_image_delete(HostImage *image)
{
    memory_host()->deleted++;
    g_ptr_array_remove(memory_images(), image);
    g_ptr_array_unref(image->layers);
    g_ptr_array_unref(image->channels);
    g_free(image->selection);
    g_free(image->name);
    g_free(image);
}
