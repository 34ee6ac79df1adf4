/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/open.c: opening image files as GIMP does, and what goes wrong with files. */
#include "base/fail.h"
#include "gimp/adapter.h"
#include "pixels/loader.h"
#include "pixels/wire.h"

HostImage *
adapter_open_file(const char *path, GError **error)
{
    LoaderWatch *watch = loader_watch(path, WIRE_SECONDS);
    HostImage *image = adapter_load(path);
    gboolean late = loader_unwatch(watch);
    if (image)
        return image;
    char *name = g_filename_display_basename(path);
    if (late)
        fail_input(error,
                   _("“%s” cannot be opened: its loader needed more than %d seconds"),
                   name, WIRE_SECONDS);
    else
        fail_input(error, _("“%s” cannot be opened: %s"), name, adapter_last_error());
    g_free(name);
    return NULL;
}

HostImage *
host_image_open(const char *path, HostItem **photo, GError **error)
{
    HostImage *image = adapter_open_file(path, error);
    *photo = image ? adapter_lowest(image) : NULL;
    if (*photo || !image)
        return image;
    char *name = g_filename_display_basename(path);
    fail_input(error, _("“%s” cannot be opened: there is no layer in it"), name);
    g_free(name);
    host_image_delete(image);
    return NULL;
}

gboolean
host_picture_show(const char *path,
                  const GeglRectangle *selected,
                  int width,
                  int height,
                  GError **error)
{
    int real_width, real_height;
    HostImage *image = adapter_open_file(path, error);
    if (!image)
        return FALSE;
    host_image_size(image, &real_width, &real_height);
    if (real_width == width && real_height == height)
        adapter_select(image, selected);
    host_image_show(image);
    adapter_flush_later();
    return TRUE;
}

void
adapter_fail_save(const char *path, GError **error)
{
    char *name = g_filename_display_basename(path);
    fail_run(error, _("“%s” cannot be written: %s"), name, adapter_last_error());
    g_free(name);
}
