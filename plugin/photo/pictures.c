/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pictures.c: the pictures that an action compares. */

#include "photo/pictures.h"
#include "base/fail.h"

const ParamChoice pictures_from[] = {
    {"layers", N_("The selected layers")},
    {"images", N_("All open images")},
    {"folder", N_("A folder")},
    {NULL, NULL},
};

gboolean
pictures_valid_folder(const ParamValues *values, GError **error)
{
    return !param_is(values, "pictures", "folder") || *param_text(values, "folder") ||
           fail_input(error, _("No folder is given."));
}

void
pictures_clear(Pictures *pictures)
{
    for (gsize i = 0; i < pictures->count; i++) {
        g_free(pictures->pictures[i].name);
        g_free(pictures->pictures[i].path);
    }
    g_free(pictures->pictures);
    folder_clear(&pictures->folder);
    if (pictures->skipped)
        g_ptr_array_unref(pictures->skipped);
    *pictures = (Pictures){0};
}

static void
add(Pictures *pictures, Picture picture)
{
    pictures->pictures[pictures->count++] = picture;
}

static void
find_layers(Pictures *pictures, const Run *run)
{
    pictures->pictures = g_new0(Picture, run->n_drawables);
    for (gsize i = 0; i < run->n_drawables; i++)
        add(pictures,
            (Picture){.name = run->n_drawables > 1 ? host_item_name(run->drawables[i])
                                                   : host_image_name(run->image),
                      .image = run->image,
                      .item = run->drawables[i]});
}

/* The layer of the run's own image is the one that the run is for, whatever it is. */
static void
find_images(Pictures *pictures, const Run *run)
{
    gsize count;
    HostImage **images = host_images(&count);
    pictures->pictures = g_new0(Picture, count);
    for (gsize i = 0; i < count; i++) {
        gboolean own = images[i] == run->image;
        HostItem *item = own ? run->drawables[0] : host_image_layer(images[i]);
        if (own || (item && !host_item_is_result(item)))
            add(pictures, (Picture){.name = host_image_name(images[i]),
                                    .image = images[i],
                                    .item = item});
    }
    g_free(images);
}

static gboolean
find_files(Pictures *pictures, const Run *run, GError **error)
{
    const char *path = param_text(run->values, "folder");
    if (!pictures_valid_folder(run->values, error) ||
        !folder_read(&pictures->folder, path, NULL, error))
        return FALSE;
    folder_sort_naturally(&pictures->folder);
    pictures->pictures = g_new0(Picture, pictures->folder.count);
    for (gsize i = 0; i < pictures->folder.count; i++)
        add(pictures,
            (Picture){.name = g_filename_display_name(pictures->folder.files[i].name),
                      .path = folder_path(&pictures->folder, i)});
    return TRUE;
}

gboolean
pictures_find(Pictures *pictures, const Run *run, GError **error)
{
    *pictures = (Pictures){.skipped = g_ptr_array_new_with_free_func(g_free)};
    if (param_is(run->values, "pictures", "layers"))
        find_layers(pictures, run);
    else if (param_is(run->values, "pictures", "images"))
        find_images(pictures, run);
    else if (!find_files(pictures, run, error))
        pictures_clear(pictures);
    return pictures->pictures != NULL;
}

HostPixels *
picture_open(const Picture *picture, GeglRectangle *rect, GError **error)
{
    HostPixels *pixels = picture->path ? host_file_open(picture->path, error)
                                       : host_item_open(picture->item, error);
    if (!pixels)
        return NULL;
    *rect = (GeglRectangle){0};
    if (picture->item)
        *rect = host_item_rect(picture->item);
    else
        host_pixels_size(pixels, &rect->width, &rect->height);
    return pixels;
}
