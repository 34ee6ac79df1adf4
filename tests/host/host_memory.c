/* SPDX-License-Identifier: GPL-3.0-or-later */
/* host_memory.c: host.h with pictures in memory only; see host_memory.h. */
#include "host/host_memory.h"
#include "base/procedure.h"
#include "base/text.h"
#include "pixels/pixels.h"
#include <string.h>

/* --- what happened */

static MemoryHost host;

MemoryHost *
memory_host(void)
{
    if (!host.messages)
        memory_host_reset();
    return &host;
}

void
memory_host_reset(void)
{
    if (host.messages) {
        g_ptr_array_unref(host.messages);
        g_ptr_array_unref(host.progress);
        g_free(host.shown);
    }
    host = (MemoryHost){.profiles = host.profiles, .most_profiles = host.most_profiles};
    host.messages = g_ptr_array_new_with_free_func(g_free);
    host.progress = g_ptr_array_new_with_free_func(g_free);
    for (int c = 0; c < 3; c++)
        host.background[c] = 1;
}

/* --- host.h: what is open */

HostImage **
host_images(gsize *count)
{
    GPtrArray *all = memory_images();
    *count = all->len;
    HostImage **images = g_new0(HostImage *, all->len + 1);
    for (guint i = 0; i < all->len; i++)
        images[i] = g_ptr_array_index(all, i);
    return images;
}

char *
host_image_name(HostImage *image)
{
    return g_strdup(image->name);
}

HostItem *
host_image_layer(HostImage *image)
{
    HostItem *item = image->selected;
    if (item && (item->kind == HOST_LAYER || item->kind == HOST_GROUP))
        return item;
    return image->layers->len ? g_ptr_array_index(image->layers, image->layers->len - 1)
                              : NULL;
}

void
host_image_size(HostImage *image, int *width, int *height)
{
    *width = image->width;
    *height = image->height;
}

HostBase
host_image_base(HostImage *image)
{
    return image->base;
}

/* Items are freed with their image, and callers do not ask about items of a freed image,
 * so each item that is not NULL exists. */
gboolean
host_item_exists(HostItem *item)
{
    return item != NULL;
}

gboolean
host_item_is_result(HostItem *item)
{
    return item->parasite != NULL;
}

HostKind
host_item_kind(HostItem *item)
{
    return item->kind;
}

char *
host_item_name(HostItem *item)
{
    return g_strdup(item->name);
}

HostItem *
host_item_below(HostImage *image, HostItem *item)
{
    (void)image;
    if (item->kind != HOST_LAYER && item->kind != HOST_GROUP)
        return NULL;
    GPtrArray *stack = memory_item_stack(item);
    guint below = memory_item_position(item) + 1;
    return below < stack->len ? g_ptr_array_index(stack, below) : NULL;
}

GeglRectangle
host_item_rect(HostItem *item)
{
    return item->rect;
}

gboolean
host_selection(HostImage *image, GeglRectangle *bounds)
{
    if (!image->selection)
        return FALSE;
    int left = image->width, top = image->height, right = 0, bottom = 0;
    for (int y = 0; y < image->height; y++)
        for (int x = 0; x < image->width; x++)
            if (image->selection[(gsize)y * image->width + x] > 0) {
                left = MIN(left, x);
                top = MIN(top, y);
                right = MAX(right, x + 1);
                bottom = MAX(bottom, y + 1);
            }
    /* A selection without pixels counts as no selection, as in GIMP. */
    if (right <= left)
        return FALSE;
    *bounds = (GeglRectangle){left, top, right - left, bottom - top};
    return TRUE;
}

void
host_selection_read(HostImage *image, const GeglRectangle *rect, float *mask)
{
    GeglRectangle bounds;
    gboolean selected = host_selection(image, &bounds);
    for (int y = rect->y; y < rect->y + rect->height; y++)
        for (int x = rect->x; x < rect->x + rect->width; x++) {
            gboolean inside = x >= 0 && y >= 0 && x < image->width && y < image->height;
            if (!selected)
                *mask++ = 1;
            else
                *mask++ = inside ? image->selection[(gsize)y * image->width + x] : 0;
        }
}

void
host_background(float rgb[3])
{
    memcpy(rgb, memory_host()->background, 3 * sizeof(float));
}

/* --- host.h: pixels in */

struct HostPixels {
    GeglBuffer *buffer;
};

static HostPixels *
pixels_new(GeglBuffer *buffer)
{
    HostPixels *pixels = g_new0(HostPixels, 1);
    pixels->buffer = buffer;
    return pixels;
}

/* Gives the pixels of the lowest child of a group without blending the others, which is
 * enough for a test. */
static GeglBuffer *
group_buffer(HostItem *item)
{
    while (item->children && item->children->len)
        item = g_ptr_array_index(item->children, item->children->len - 1);
    return item->buffer;
}

HostPixels *
host_item_open(HostItem *item, GError **error)
{
    GeglBuffer *buffer = item->kind == HOST_GROUP ? group_buffer(item) : item->buffer;
    if (!buffer) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("\"%s\" has no pixels"), item->name);
        return NULL;
    }
    return pixels_new(g_object_ref(buffer));
}

HostPixels *
host_file_open(const char *path, GError **error)
{
    gboolean unknown;
    GeglBuffer *buffer = pixels_decode(path, &unknown, error);
    return buffer ? pixels_new(buffer) : NULL;
}

HostPixels *
host_file_decode(const char *path, gboolean *unknown, GError **error)
{
    GeglBuffer *buffer = pixels_decode(path, unknown, error);
    return buffer ? pixels_new(buffer) : NULL;
}

guint64
host_pixels_profile(const HostPixels *pixels)
{
    return pixels_profile(pixels->buffer);
}

void
host_pixels_close(HostPixels *pixels)
{
    if (pixels) {
        g_object_unref(pixels->buffer);
        g_free(pixels);
    }
}

void
host_pixels_size(const HostPixels *pixels, int *width, int *height)
{
    *width = gegl_buffer_get_width(pixels->buffer);
    *height = gegl_buffer_get_height(pixels->buffer);
}

static gboolean
reading_works(GError **error)
{
    gboolean fails = memory_host()->fail_read;
    host.fail_read = FALSE;
    if (fails)
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    "reading fails, as told");
    return !fails;
}

gboolean
host_pixels_read(HostPixels *pixels,
                 const GeglRectangle *rect,
                 float *rgba,
                 GError **error)
{
    return reading_works(error) && pixels_read(pixels->buffer, rect, rgba, error);
}

gboolean
host_pixels_are_bytes(const HostPixels *pixels)
{
    return pixels_are_bytes(pixels->buffer);
}

gboolean
host_pixels_read_bytes(HostPixels *pixels,
                       const GeglRectangle *rect,
                       guint8 *rgb,
                       GError **error)
{
    return reading_works(error) && pixels_read_bytes(pixels->buffer, rect, rgb, error);
}

/* --- host.h: layers out */

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
        host.fail_add = FALSE;
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
    host.adds++;
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
    g_free(host.shown);
    host.shown = g_strdup(path);
    if (gegl_buffer_get_width(buffer) == width &&
        gegl_buffer_get_height(buffer) == height)
        host.selected = *selected;
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

/* --- host.h: talking, places */

void
host_progress_part(double from, double to)
{
    memory_host()->in_part = TRUE;
    host.part_from = from;
    host.part_to = to;
}

void
host_progress_whole(void)
{
    memory_host()->in_part = FALSE;
}

void
host_progress_start(const char *text)
{
    memory_host()->progress_open++;
    if (!host.in_part)
        g_ptr_array_add(host.progress, g_strdup(text));
}

void
host_progress_text(const char *text)
{
    if (!memory_host()->in_part)
        g_ptr_array_add(host.progress, g_strdup(text));
}

void
host_progress(double done)
{
    if (memory_host()->in_part)
        done = host.part_from + (host.part_to - host.part_from) * done;
    host.progress_done = done;
    if (host.on_progress)
        host.on_progress(done);
}

void
host_progress_end(void)
{
    memory_host()->progress_open--;
}

void
host_message(const char *text)
{
    char *shorter = text_shorten(g_strdup(text));
    guint at;
    if (memory_host()->in_part &&
        g_ptr_array_find_with_equal_func(host.messages, shorter, g_str_equal, &at))
        g_free(shorter);
    else
        g_ptr_array_add(host.messages, shorter);
}

char *
host_data_folder(void)
{
    char *program = g_file_read_link("/proc/self/exe", NULL);
    char *folder = pixels_data_folder(program ? program : "./test");
    g_free(program);
    return folder;
}

const char *
host_name(void)
{
    return "memory";
}
