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

/* --- a whole file */

typedef struct {
    int width, height; /* 0: not known yet */
    gboolean large;
} Told;

static void
take_size(GdkPixbufLoader *loader, int width, int height, gpointer user)
{
    Told *told = user;
    gboolean any = width > 0 && height > 0; /* without, the loader is left to fail */
    *told = (Told){width, height,
                   any && !block_fits(width, height, babl_format("R'G'B'A u8"))};
    if (told->large)
        gdk_pixbuf_loader_set_size(loader, 0, 0); /* ends it, as it knows */
}

/* The loader reads until it tells a size that is too large. Asked for the size first, and
 * then for the pixels, those of HEIF and AVIF would decode the picture twice. */
static gboolean
feed(GdkPixbufLoader *loader, const Told *told, GMappedFile *file, GError **error)
{
    enum { STEP = 1 << 16 };
    const guint8 *bytes = (const guint8 *)g_mapped_file_get_contents(file);
    gsize size = bytes ? g_mapped_file_get_length(file) : 0, at = 0;
    gboolean good = TRUE;
    for (; good && at < size && !told->large; at += MIN(size - at, STEP))
        good = gdk_pixbuf_loader_write(loader, bytes + at, MIN(size - at, STEP), error);
    return gdk_pixbuf_loader_close(loader, good ? error : NULL) && good;
}

WireKind
pixbuf_load(const char *path, WireAnswer *answer, Block *block, GBytes **icc)
{
    GMappedFile *file = g_mapped_file_new(path, FALSE, NULL);
    if (!file)
        return WIRE_MEMORY;
    Told told = {0};
    GError *error = NULL;
    GdkPixbufLoader *loader = gdk_pixbuf_loader_new();
    g_signal_connect(loader, "size-prepared", G_CALLBACK(take_size), &told);
    gboolean good = feed(loader, &told, file, &error);
    GdkPixbuf *pixbuf = good ? gdk_pixbuf_loader_get_pixbuf(loader) : NULL;
    WireKind kind = WIRE_DAMAGED;
    answer->width = told.width;
    answer->height = told.height;
    if (told.large)
        kind = WIRE_LARGE;
    else if (pixbuf)
        kind = take_pixels(pixbuf, block);
    else if (g_error_matches(error, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_UNKNOWN_TYPE))
        kind = WIRE_UNKNOWN;
    if (kind == WIRE_PICTURE)
        *icc = take_profile(pixbuf);
    g_clear_error(&error);
    g_object_unref(loader);
    g_mapped_file_unref(file);
    return kind;
}

/* --- a large JPEG */

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
