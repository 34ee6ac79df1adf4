/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/open.c: opening an image file for the user, with a part of it selected. */
#include "base/fail.h"
#include "gimp/adapter.h"

gboolean
host_picture_show(const char *path,
                  const GeglRectangle *selected,
                  int width,
                  int height,
                  GError **error)
{
    int real_width, real_height;
    HostImage *image = adapter_load(path);
    if (!image) {
        char *name = g_filename_display_name(path);
        fail_input(error, _("“%s” cannot be opened: %s"), name, adapter_last_error());
        g_free(name);
        return FALSE;
    }
    host_image_size(image, &real_width, &real_height);
    if (real_width == width && real_height == height)
        adapter_select(image, selected);
    host_image_show(image);
    adapter_flush_later();
    return TRUE;
}
