/* SPDX-License-Identifier: GPL-3.0-or-later */
/* memory_image.c: pictures in memory, as a test sets them up and looks at them. */
#include "host/host_memory.h"
#include "pixels/pixels.h"

/* --- making pictures */

void
memory_item_free(gpointer data)
{
    HostItem *item = data;
    g_free(item->name);
    g_free(item->parasite);
    g_free(item->words);
    g_clear_object(&item->buffer);
    if (item->children)
        g_ptr_array_unref(item->children);
    g_free(item);
}

GPtrArray *
memory_images(void)
{
    static GPtrArray *images;
    if (!images)
        images = g_ptr_array_new();
    return images;
}

HostImage *
memory_image_new(int width, int height, HostBase base)
{
    HostImage *image = g_new0(HostImage, 1);
    image->width = width;
    image->height = height;
    image->base = base;
    image->name = g_strdup("image");
    image->layers = g_ptr_array_new_with_free_func(memory_item_free);
    image->channels = g_ptr_array_new_with_free_func(memory_item_free);
    g_ptr_array_add(memory_images(), image);
    return image;
}

HostItem *
memory_item_new(HostImage *image,
                HostKind kind,
                const char *name,
                const GeglRectangle *rect,
                const Babl *format)
{
    HostItem *item = g_new0(HostItem, 1);
    item->image = image;
    item->kind = kind;
    item->name = g_strdup(name);
    item->rect = *rect;
    item->opacity = 100;
    if (format)
        item->buffer =
            gegl_buffer_new(GEGL_RECTANGLE(0, 0, rect->width, rect->height), format);
    return item;
}

HostItem *
memory_layer_new(HostImage *image,
                 const char *name,
                 const GeglRectangle *rect,
                 const char *format)
{
    HostItem *item = memory_item_new(image, HOST_LAYER, name, rect, babl_format(format));
    g_ptr_array_insert(image->layers, 0, item);
    image->selected = item;
    return item;
}

HostItem *
memory_channel_new(HostImage *image, const char *name, HostKind kind)
{
    GeglRectangle rect = {0, 0, image->width, image->height};
    HostItem *item = memory_item_new(image, kind, name, &rect, babl_format("Y u8"));
    g_ptr_array_insert(image->channels, 0, item);
    image->selected = item;
    return item;
}

GPtrArray *
memory_item_stack(HostItem *item)
{
    return item->parent ? item->parent->children : item->image->layers;
}

guint
memory_item_position(HostItem *item)
{
    guint at = 0;
    g_ptr_array_find(memory_item_stack(item), item, &at);
    return at;
}

HostItem *
memory_group_new(HostItem *layer, const char *name)
{
    HostItem *group = memory_item_new(layer->image, HOST_GROUP, name, &layer->rect, NULL);
    guint at = memory_item_position(layer);
    GPtrArray *stack = memory_item_stack(layer);
    group->parent = layer->parent;
    group->children = g_ptr_array_new_with_free_func(memory_item_free);
    g_ptr_array_index(stack, at) = group;
    g_ptr_array_add(group->children, layer);
    layer->parent = group;
    return group;
}

HostItem *
memory_layer_load(HostImage *image, const char *path, int x, int y, GError **error)
{
    gboolean unknown;
    GeglBuffer *buffer = pixels_decode(path, &unknown, error);
    if (!buffer)
        return NULL;
    GeglRectangle rect = {x, y, gegl_buffer_get_width(buffer),
                          gegl_buffer_get_height(buffer)};
    char *name = g_path_get_basename(path);
    HostItem *item = memory_item_new(image, HOST_LAYER, name, &rect, NULL);
    item->buffer = buffer;
    g_ptr_array_insert(image->layers, 0, item);
    image->selected = item;
    g_free(name);
    return item;
}

void
memory_item_set(HostItem *item, const float *rgba)
{
    gegl_buffer_set(item->buffer,
                    GEGL_RECTANGLE(0, 0, item->rect.width, item->rect.height), 0,
                    babl_format("R'G'B'A float"), rgba, GEGL_AUTO_ROWSTRIDE);
}

float *
memory_item_get(HostItem *item)
{
    float *rgba = g_new(float, 4 * (gsize)item->rect.width * item->rect.height);
    pixels_read(item->buffer, GEGL_RECTANGLE(0, 0, item->rect.width, item->rect.height),
                rgba, NULL);
    return rgba;
}

void
memory_select(HostImage *image, const GeglRectangle *rect)
{
    g_clear_pointer(&image->selection, g_free);
    if (!rect)
        return;
    image->selection = g_new0(float, (gsize)image->width * image->height);
    for (int y = MAX(rect->y, 0); y < MIN(rect->y + rect->height, image->height); y++)
        for (int x = MAX(rect->x, 0); x < MIN(rect->x + rect->width, image->width); x++)
            image->selection[(gsize)y * image->width + x] = 1;
}

/* The item at *index of a stack; *index falls by the items passed. */
static HostItem *
stack_item(GPtrArray *stack, guint *index)
{
    for (guint i = 0; i < stack->len; i++) {
        HostItem *item = g_ptr_array_index(stack, i);
        if ((*index)-- == 0)
            return item;
        if (item->children) {
            HostItem *found = stack_item(item->children, index);
            if (found)
                return found;
        }
    }
    return NULL;
}

HostItem *
memory_image_item(HostImage *image, guint index)
{
    return stack_item(image->layers, &index);
}

guint
memory_image_count(HostImage *image)
{
    guint count = 0;
    while (memory_image_item(image, count))
        count++;
    return count;
}

static gboolean
save_buffer(GeglBuffer *buffer, const char *path)
{
    GeglNode *graph = gegl_node_new();
    GeglNode *source = gegl_node_new_child(graph, "operation", "gegl:buffer-source",
                                           "buffer", buffer, NULL);
    GeglNode *save = gegl_node_new_child(graph, "operation", "gegl:png-save", "path",
                                         path, "bitdepth", 8, NULL);
    gegl_node_link(source, save);
    gegl_node_process(save);
    g_object_unref(graph);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

gboolean
memory_item_save(HostItem *item, const char *path)
{
    return save_buffer(item->buffer, path);
}

/* Lays a layer over what is there. */
static void
lay_over(const HostImage *image, HostItem *item, float *flat)
{
    float *rgba = memory_item_get(item), *pixel = rgba;
    for (int y = item->rect.y; y < item->rect.y + item->rect.height; y++)
        for (int x = item->rect.x; x < item->rect.x + item->rect.width; x++, pixel += 4) {
            if (x < 0 || y < 0 || x >= image->width || y >= image->height)
                continue;
            float *below = flat + 4 * ((gsize)y * (gsize)image->width + (gsize)x);
            float alpha = pixel[3] * (float)item->opacity / 100;
            float sum = alpha + below[3] * (1 - alpha);
            for (int c = 0; c < 3 && sum > 0; c++)
                below[c] = (alpha * pixel[c] + below[3] * (1 - alpha) * below[c]) / sum;
            below[3] = sum;
        }
    g_free(rgba);
}

float *
memory_image_flat(HostImage *image)
{
    float *flat = g_new0(float, 4 * (gsize)image->width * (gsize)image->height);
    for (guint i = memory_image_count(image); i-- > 0;) {
        HostItem *item = memory_image_item(image, i);
        if (item->kind == HOST_LAYER && !item->hidden)
            lay_over(image, item, flat);
    }
    return flat;
}

gboolean
memory_image_save(HostImage *image, const char *path)
{
    GeglRectangle all = {0, 0, image->width, image->height};
    GeglBuffer *buffer = gegl_buffer_new(&all, babl_format("R'G'B'A u8"));
    float *flat = memory_image_flat(image);
    gegl_buffer_set(buffer, &all, 0, babl_format("R'G'B'A float"), flat,
                    GEGL_AUTO_ROWSTRIDE);
    gboolean saved = save_buffer(buffer, path);
    g_free(flat);
    g_object_unref(buffer);
    return saved;
}
