/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oriented.c: the squares as a camera stores them that was held in one of eight ways, for
 * the tests of GIMP.
 *
 *     oriented FOLDER
 *
 * 1.jpg to 8.jpg and 1.tif to 8.tif: the same pixels, and EXIF's orientation of this number. */
#include "plugin/fixture/fixture.h"
#include "plugin/fixture/squares.h"
#include <glib/gstdio.h>

static void
put(const char *folder, int way, const char *suffix, const GByteArray *file)
{
    char *name = g_strdup_printf("%d.%s", way, suffix),
         *path = g_build_filename(folder, name, NULL);
    file_write(path, file->data, file->len);
    g_free(path);
    g_free(name);
}

/* A segment of one entry, behind the mark that begins a JPEG. */
static GByteArray *
jpeg_of(const GByteArray *plain, int way)
{
    static const guint8 exif[] = {0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,
                                  'M',  'M',  0, 42, 0,   0,   0,   8,   0, 1,
                                  1,    18,   0, 3,  0,   0,   0,   1,   0};
    const guint8 end[] = {(guint8)way, 0, 0, 0, 0, 0, 0};
    GByteArray *file = g_byte_array_new();
    g_byte_array_append(file, plain->data, 2);
    g_byte_array_append(file, exif, sizeof exif);
    g_byte_array_append(file, end, sizeof end);
    return g_byte_array_append(file, plain->data + 2, plain->len - 2);
}

int
main(int argc, char **argv)
{
    if (argc != 2 || g_mkdir_with_parents(argv[1], 0777) != 0) {
        g_printerr("usage: oriented FOLDER\n");
        return 2;
    }
    fixture_start(&argc, &argv);
    char *path = squares_save(SQUARES_JPEG);
    GByteArray *plain = file_contents(path);
    for (int way = 1; way <= 8; way++) {
        GByteArray *jpeg = jpeg_of(plain, way), *tiff = squares_tiff(way, FALSE);
        put(argv[1], way, "jpg", jpeg);
        put(argv[1], way, "tif", tiff);
        g_byte_array_unref(jpeg);
        g_byte_array_unref(tiff);
    }
    g_byte_array_unref(plain);
    g_free(path);
    fixture_end();
    return 0;
}
