/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pixbuf.c: GIF and BMP files, by gdk-pixbuf. */

#include "decode/pixbuf.h"
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

static WireKind
take_pixels(GdkPixbuf *pixbuf, Block *block)
{
    int width = gdk_pixbuf_get_width(pixbuf), height = gdk_pixbuf_get_height(pixbuf);
    gboolean alpha = gdk_pixbuf_get_has_alpha(pixbuf);
    if (!block_new(block, width, height, babl_format(alpha ? "R'G'B'A u8" : "R'G'B' u8")))
        return WIRE_MEMORY;
    const guint8 *rows = gdk_pixbuf_read_pixels(pixbuf);
    gsize stride = (gsize)gdk_pixbuf_get_rowstride(pixbuf);
    for (int y = 0; y < height; y++)
        memcpy(block_row(block, y), rows + (gsize)y * stride,
               (gsize)width * (alpha ? 4 : 3));
    return WIRE_PICTURE;
}

WireKind
pixbuf_load(const char *path, WireAnswer *answer, Block *block)
{
    if (!gdk_pixbuf_get_file_info(path, &answer->width, &answer->height))
        return WIRE_UNKNOWN;
    if (!block_fits(answer->width, answer->height, babl_format("R'G'B'A u8")))
        return WIRE_LARGE;
    GdkPixbuf *pixbuf = gdk_pixbuf_new_from_file(path, NULL);
    if (!pixbuf)
        return WIRE_DAMAGED;
    WireKind kind = take_pixels(pixbuf, block);
    g_object_unref(pixbuf);
    return kind;
}

/* To a size that fits; libjpeg takes the next of its own. */
static void
make_smaller(GdkPixbufLoader *loader, int width, int height, gpointer user)
{
    (void)user;
    int factor = 2;
    while (factor < 8 &&
           !block_fits(width / factor, height / factor, babl_format("R'G'B' u8")))
        factor *= 2;
    gdk_pixbuf_loader_set_size(loader, MAX(width / factor, 1), MAX(height / factor, 1));
}

WireKind
jpeg_small(const guint8 *bytes, gsize size, WireAnswer *answer, Block *block)
{
    (void)answer;
    GdkPixbufLoader *loader = gdk_pixbuf_loader_new_with_type("jpeg", NULL);
    if (!loader)
        return WIRE_LARGE;
    g_signal_connect(loader, "size-prepared", G_CALLBACK(make_smaller), NULL);
    gboolean good = gdk_pixbuf_loader_write(loader, bytes, size, NULL);
    good = gdk_pixbuf_loader_close(loader, NULL) && good;
    GdkPixbuf *pixbuf = good ? gdk_pixbuf_loader_get_pixbuf(loader) : NULL;
    WireKind kind = pixbuf ? take_pixels(pixbuf, block) : WIRE_DAMAGED;
    g_object_unref(loader);
    return kind;
}
