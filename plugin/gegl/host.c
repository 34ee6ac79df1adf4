/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/host.c: host.h inside a GEGL operation.
 *
 * There are pixels and nothing else: no image, no items, nobody to talk to. What an
 * operation has to say it says by gegl/tell.h. */
#define _GNU_SOURCE /* dladdr() */

#include "base/fail.h"
#include "gegl/pixels.h"
#include "pixels/pixels.h"
#include <dlfcn.h>

/* --- pixels in */

struct HostPixels {
    GeglBuffer *buffer;
    GeglRectangle rect;
    int level;
};

HostPixels *
gegl_pixels_new(GeglBuffer *buffer, const GeglRectangle *rect, int level)
{
    HostPixels *pixels = g_new(HostPixels, 1);
    *pixels = (HostPixels){g_object_ref(buffer), *rect, level};
    return pixels;
}

void
host_pixels_close(HostPixels *pixels)
{
    if (!pixels)
        return;
    g_object_unref(pixels->buffer);
    g_free(pixels);
}

void
host_pixels_size(const HostPixels *pixels, int *width, int *height)
{
    *width = pixels->rect.width;
    *height = pixels->rect.height;
}

/* What lies outside of the buffer is transparent. */
static void
read_as(const HostPixels *pixels,
        const GeglRectangle *rect,
        const char *format,
        void *rows)
{
    GeglRectangle there = *rect;
    there.x += pixels->rect.x;
    there.y += pixels->rect.y;
    gegl_buffer_get(pixels->buffer, &there, 1.0 / (1 << pixels->level),
                    babl_format(format), rows, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
}

gboolean
host_pixels_read(HostPixels *pixels,
                 const GeglRectangle *rect,
                 float *rgba,
                 GError **error)
{
    (void)error;
    read_as(pixels, rect, "R'G'B'A float", rgba);
    return TRUE;
}

gboolean
host_pixels_are_bytes(const HostPixels *pixels)
{
    GeglRectangle extent = *gegl_buffer_get_extent(pixels->buffer);
    return pixels->level == 0 && pixels_are_bytes(pixels->buffer) &&
           gegl_rectangle_contains(&extent, &pixels->rect);
}

gboolean
host_pixels_read_bytes(HostPixels *pixels,
                       const GeglRectangle *rect,
                       guint8 *rgb,
                       GError **error)
{
    (void)error;
    read_as(pixels, rect, "R'G'B' u8", rgb);
    return TRUE;
}

/* --- places */

static gboolean
has_models(const char *folder)
{
    char *model = g_build_filename(folder, "models", "default.onnx", NULL);
    gboolean has = g_file_test(model, G_FILE_TEST_EXISTS);
    g_free(model);
    return has;
}

/* The plug-in's folder: beside a person's own module there is a link to it, that of the
 * system's module lies where it was installed. */
char *
host_data_folder(void)
{
    Dl_info module = {0};
    gboolean known = dladdr((void *)(guintptr)host_data_folder, &module) != 0;
    char *path = g_canonicalize_filename(known ? module.dli_fname : ".", NULL);
    char *beside = g_path_get_dirname(path);
    char *link = g_build_filename(beside, "featurescope", NULL);
    char **folders = g_strsplit(DATA_FOLDERS, ":", 0);
    char *found = pixels_data_folder(path); /* told, or in the tree of the sources */
    const char *told = g_getenv("FEATURESCOPE_DATA"), *other = NULL;
    if ((!told || !*told) && has_models(link))
        other = link;
    for (char **folder = folders; !other && !has_models(found) && *folder; folder++)
        if (has_models(*folder))
            other = *folder;
    if (other) {
        g_free(found);
        found = g_strdup(other);
    }
    g_strfreev(folders);
    g_free(link);
    g_free(beside);
    g_free(path);
    return found;
}

const char *
host_name(void)
{
    return "GEGL";
}

/* --- nobody is there: remarks and progress go nowhere */

void
host_progress_start(const char *text)
{
    (void)text;
}

void
host_progress_text(const char *text)
{
    (void)text;
}

void
host_progress(double done)
{
    (void)done;
}

void
host_progress_end(void)
{
}

void
host_message(const char *text)
{
    (void)text;
}

void
host_background(float rgb[3])
{
    rgb[0] = rgb[1] = rgb[2] = 1;
}

void
host_progress_part(double from, double to)
{
    (void)from;
    (void)to;
}

void
host_progress_whole(void)
{
}

/* --- there is no image; nobody asks */

HostImage **
host_images(gsize *count)
{
    *count = 0;
    return NULL;
}

char *
host_image_name(HostImage *image)
{
    (void)image;
    return g_strdup("");
}

gboolean
host_image_has_profile(HostImage *image)
{
    (void)image;
    return FALSE;
}

gboolean
procedure_call_apart(const Procedure *procedure, const Run *run, GError **error)
{
    return procedure_call(procedure, run, error);
}

HostItem *
host_image_layer(HostImage *image)
{
    (void)image;
    return NULL;
}

gboolean
host_item_is_result(HostItem *item)
{
    (void)item;
    return FALSE;
}

HostItem *
host_item_below(HostImage *image, HostItem *item)
{
    (void)image;
    (void)item;
    return NULL;
}

void
host_image_size(HostImage *image, int *width, int *height)
{
    (void)image;
    *width = *height = 0;
}

HostBase
host_image_base(HostImage *image)
{
    (void)image;
    return HOST_RGB;
}

gboolean
host_item_exists(HostItem *item)
{
    (void)item;
    return FALSE;
}

HostKind
host_item_kind(HostItem *item)
{
    (void)item;
    return HOST_LAYER;
}

char *
host_item_name(HostItem *item)
{
    (void)item;
    return g_strdup("");
}

GeglRectangle
host_item_rect(HostItem *item)
{
    (void)item;
    return (GeglRectangle){0};
}

gboolean
host_selection(HostImage *image, GeglRectangle *bounds)
{
    (void)image;
    (void)bounds;
    return FALSE;
}

void
host_selection_read(HostImage *image, const GeglRectangle *rect, float *mask)
{
    (void)image;
    for (gsize i = 0; i < (gsize)rect->width * (gsize)rect->height; i++)
        mask[i] = 1;
}

static void *
none(GError **error)
{
    fail_run(error, "%s", "an operation has no images");
    return NULL;
}

HostPixels *
host_item_open(HostItem *item, GError **error)
{
    (void)item;
    return none(error);
}

HostPixels *
host_file_open(const char *path, GError **error)
{
    (void)path;
    return none(error);
}

HostPixels *
host_file_decode(const char *path, gboolean *unknown, GError **error)
{
    (void)path;
    *unknown = FALSE;
    return none(error);
}

guint64
host_pixels_profile(const HostPixels *pixels)
{
    (void)pixels;
    return 0;
}

guint
host_most_profiles(void)
{
    return G_MAXUINT;
}

HostImage *
host_image_new(int width, int height, const char *name, GError **error)
{
    (void)width;
    (void)height;
    (void)name;
    return none(error);
}

HostImage *
host_image_open(const char *path, HostItem **photo, GError **error)
{
    (void)path;
    (void)photo;
    return none(error);
}

gboolean
host_image_save(HostImage *image, const char *path, GError **error)
{
    (void)image;
    (void)path;
    return none(error) != NULL;
}

gboolean
host_picture_show(const char *path,
                  const GeglRectangle *selected,
                  int width,
                  int height,
                  GError **error)
{
    (void)path;
    (void)selected;
    (void)width;
    (void)height;
    return none(error) != NULL;
}

void
host_image_show(HostImage *image)
{
    (void)image;
}

void
host_image_delete(HostImage *image)
{
    (void)image;
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
    (void)image;
    (void)above;
    (void)undo_name;
    (void)group;
    (void)layers;
    (void)n_layers;
    (void)items;
    return none(error) != NULL;
}
