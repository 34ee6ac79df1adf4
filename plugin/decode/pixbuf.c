/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pixbuf.c: files that GEGL has no loader for, by gdk-pixbuf. */

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

/* Loaders of HEIF, AVIF and JPEG XL tell of a file's profile in base64. NULL: no word of it. */
static GBytes *
take_profile(GdkPixbuf *pixbuf)
{
    const char *text = gdk_pixbuf_get_option(pixbuf, "icc-profile");
    gsize size = 0;
    guchar *bytes = text && *text ? g_base64_decode(text, &size) : NULL;
    return bytes ? g_bytes_new_take(bytes, size) : NULL;
}

/* Of a file whose size could not be told. */
static WireKind
why_not(const char *path)
{
    GError *error = NULL;
    GdkPixbuf *pixbuf = gdk_pixbuf_new_from_file(path, &error);
    g_clear_object(&pixbuf);
    gboolean unknown =
        g_error_matches(error, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_UNKNOWN_TYPE);
    g_clear_error(&error);
    return unknown ? WIRE_UNKNOWN : WIRE_DAMAGED;
}

WireKind
pixbuf_load(const char *path, WireAnswer *answer, Block *block, GBytes **icc)
{
    if (!gdk_pixbuf_get_file_info(path, &answer->width, &answer->height))
        return why_not(path);
    if (!block_fits(answer->width, answer->height, babl_format("R'G'B'A u8")))
        return WIRE_LARGE;
    GdkPixbuf *pixbuf = gdk_pixbuf_new_from_file(path, NULL);
    if (!pixbuf)
        return WIRE_DAMAGED;
    WireKind kind = take_pixels(pixbuf, block);
    if (kind == WIRE_PICTURE)
        *icc = take_profile(pixbuf);
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
