/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pixbuf.c: GIF and BMP files, by gdk-pixbuf. */

#include "decode/pixbuf.h"
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

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
    int width = gdk_pixbuf_get_width(pixbuf), height = gdk_pixbuf_get_height(pixbuf);
    gboolean alpha = gdk_pixbuf_get_has_alpha(pixbuf);
    WireKind kind = WIRE_MEMORY;
    if (block_new(block, width, height,
                  babl_format(alpha ? "R'G'B'A u8" : "R'G'B' u8"))) {
        const guint8 *rows = gdk_pixbuf_read_pixels(pixbuf);
        gsize stride = (gsize)gdk_pixbuf_get_rowstride(pixbuf);
        for (int y = 0; y < height; y++)
            memcpy(block_row(block, y), rows + (gsize)y * stride,
                   (gsize)width * (alpha ? 4 : 3));
        kind = WIRE_PICTURE;
    }
    g_object_unref(pixbuf);
    return kind;
}
