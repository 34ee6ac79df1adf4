/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orientation.c: tests of photos that lie on their side. */
#include "decode/orientation.h"
#include "plugin/fixture/check_main.h"
#include "plugin/fixture/colour_files.h"
#include "plugin/fixture/squares.h"
#include <string.h>

/* A file's first mark, an unimportant segment, EXIF with two entries, then pixels. */
static GByteArray *
jpeg_head(gboolean little, int orientation)
{
    static const guint8 begin[] = {0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2};
    static const guint8 big[] = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 2, 1,  0, 0,
                                 4,   0,   0, 0,  1, 0, 0, 0, 5, 1, 18, 0, 3,
                                 0,   0,   0, 1,  0, 0, 0, 0, 0, 0, 0,  0};
    static const guint8 small[] = {'I', 'I', 42, 0, 8, 0, 0, 0, 2, 0,  0, 1, 4,
                                   0,   1,   0,  0, 0, 5, 0, 0, 0, 18, 1, 3, 0,
                                   1,   0,   0,  0, 0, 0, 0, 0, 0, 0,  0, 0};
    const guint8 *tiff = little ? small : big;
    guint8 segment[] = {0xff, 0xe1, 0, 8 + sizeof big, 'E', 'x', 'i', 'f', 0, 0};
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, begin, sizeof begin);
    g_byte_array_append(bytes, segment, sizeof segment);
    guint at = bytes->len;
    g_byte_array_append(bytes, tiff, sizeof big);
    bytes->data[at + (little ? 30 : 31)] = (guint8)orientation;
    return bytes;
}

static void
the_tag_is_found_in_either_byte_order(void)
{
    enum { TYPE = 18 + 24, VALUE = 18 + 30 };
    enum { BYTE = 1, TEXT, SHORT, LONG, RATIO, BYTE_S, RAW, SHORT_S, LONG_S };
    for (int little = 0; little < 2; little++)
        for (int wanted = 0; wanted <= 9; wanted++)
            for (int type = BYTE; type <= LONG_S; type++) {
                gboolean number = type != TEXT && type != RATIO && type != RAW;
                int way = number && wanted >= 1 && wanted <= 8 ? wanted : 1;
                GByteArray *bytes = jpeg_head(little, 0);
                bytes->data[TYPE + !little] = (guint8)type;
                int last = type == LONG || type == LONG_S     ? 3
                           : type == SHORT || type == SHORT_S ? 1
                                                              : 0;
                bytes->data[VALUE + (little ? 0 : last)] = (guint8)wanted;
                g_assert_cmpint(orientation_of(bytes->data, bytes->len), ==, way);
                g_byte_array_unref(bytes);
            }
}

/* Each copy has a size of its own, so that a read behind its end is noticed. */
static void
what_is_cut_off_or_damaged_is_upright(void)
{
    GByteArray *bytes = jpeg_head(FALSE, 6);
    for (guint size = 0; size < bytes->len - 4; size++) {
        guint8 *copy = g_memdup2(bytes->data, size);
        g_assert_cmpint(orientation_of(copy, size), ==, 1);
        g_free(copy);
    }
    for (guint at = 0; at < bytes->len; at++)
        for (int value = 0; value < 256; value += 15) {
            guint8 *copy = g_memdup2(bytes->data, bytes->len);
            copy[at] = (guint8)value;
            int got = orientation_of(copy, bytes->len);
            g_assert_true(got >= 1 && got <= 8);
            g_free(copy);
        }
    g_byte_array_unref(bytes);
}

/* Stored: a b c     What is seen by each number, row by row.
 *         d e f */
static void
all_eight_ways_are_turned(void)
{
    static const char *const seen[8] = {"abcdef", "cbafed", "fedcba", "defabc",
                                        "adbecf", "daebfc", "fcebda", "cfbead"};
    static const char *const formats[] = {"Y' u8",      "Y' u16",     "R'G'B' u8",
                                          "R'G'B'A u8", "R'G'B' u16", "R'G'B'A float"};
    for (gsize f = 0; f < G_N_ELEMENTS(formats); f++)
        for (int way = 1; way <= 8; way++) {
            Block block;
            g_assert_true(block_new(&block, 3, 2, babl_format(formats[f])));
            gsize pixel = block.size / 6;
            for (gsize i = 0; i < block.size; i++)
                block.at[i] = (guint8)((gsize)'a' + i / pixel + 16 * (i % pixel));
            g_assert_true(orientation_apply(&block, way));
            g_assert_cmpint(block.width, ==, way < 5 ? 3 : 2);
            g_assert_cmpint(block.height, ==, way < 5 ? 2 : 3);
            for (gsize i = 0; i < block.size; i++)
                g_assert_cmpint(
                    block.at[i], ==,
                    (guint8)((gsize)seen[way - 1][i / pixel] + 16 * (i % pixel)));
            block_clear(&block);
        }
}

/* A JPEG whose left half is red, as stored; the tag says that its right is up. */
static void
a_file_is_decoded_upright(void)
{
    g_autofree char *plain = fixture_path("plain.jpg");
    g_autofree char *lying = fixture_path("lying.jpg");
    g_autofree char *contents = NULL;
    GeglRectangle rect = {0, 0, 64, 32}, one = {0, 0, 1, 1};
    gsize size;
    guint8 rgb[64 * 32 * 3];
    for (int i = 0; i < 64 * 32; i++) {
        gboolean red = i % 64 < 32;
        memcpy(rgb + 3 * i, red ? "\xe0\x20\x20" : "\x20\x20\xe0", 3);
    }
    GeglBuffer *buffer = gegl_buffer_new(&rect, babl_format("R'G'B' u8"));
    gegl_buffer_set(buffer, &rect, 0, babl_format("R'G'B' u8"), rgb, GEGL_AUTO_ROWSTRIDE);
    GeglNode *graph = gegl_node_new();
    GeglNode *from = gegl_node_new_child(graph, "operation", "gegl:buffer-source",
                                         "buffer", buffer, NULL);
    GeglNode *to =
        gegl_node_new_child(graph, "operation", "gegl:jpg-save", "path", plain, NULL);
    gegl_node_link(from, to);
    fixture_ignore_leaks(TRUE); /* GEGL's own */
    gegl_node_process(to);
    fixture_ignore_leaks(FALSE);
    g_object_unref(graph);
    g_object_unref(buffer);
    g_assert_true(g_file_get_contents(plain, &contents, &size, NULL));
    GByteArray *bytes = jpeg_head(TRUE, 8); /* seen: its right side is up */
    g_byte_array_append(bytes, (const guint8 *)contents + 2, (guint)size - 2);
    g_assert_true(
        g_file_set_contents(lying, (const char *)bytes->data, bytes->len, NULL));
    g_byte_array_unref(bytes);

    GError *error = NULL;
    gboolean unknown;
    fixture_ignore_leaks(TRUE);
    HostPixels *pixels = host_file_decode(lying, &unknown, &error);
    fixture_ignore_leaks(FALSE);
    int width, height;
    float top[4], bottom[4];
    g_assert_no_error(error);
    host_pixels_size(pixels, &width, &height);
    g_assert_cmpint(width, ==, 32);
    g_assert_cmpint(height, ==, 64);
    g_assert_true(host_pixels_read(pixels, &one, top, &error));
    one.y = 63;
    g_assert_true(host_pixels_read(pixels, &one, bottom, &error));
    g_assert_cmpfloat(top[2], >, 0.7);    /* blue, of the right */
    g_assert_cmpfloat(bottom[0], >, 0.7); /* red */
    host_pixels_close(pixels);
}

/* --- files of each kind */

static const char *const seen[8] = {"012345", "210543", "543210", "345012",
                                    "031425", "304152", "524130", "251403"};

/* EXIF data with the tag alone. */
static void
put_exif(GByteArray *to, int way)
{
    static const guint8 head[] = "MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1";
    const guint8 rest[] = {0, (guint8)way, 0, 0, 0, 0, 0, 0};
    g_byte_array_append(to, head, sizeof head - 1);
    g_byte_array_append(to, rest, sizeof rest);
}

static GByteArray *
with_exif(const char *kind, const char *plain, int way)
{
    GByteArray *file = file_contents(plain), *exif = g_byte_array_new(),
               *made = g_byte_array_new();
    put_exif(exif, way);
    if (*kind == 'j') {
        g_byte_array_append(made, (const guint8 *)"\xff\xd8\xff\xe1\0\42Exif\0\0", 12);
        g_byte_array_append(made, exif->data, exif->len);
        g_byte_array_append(made, file->data + 2, file->len - 2);
    } else if (*kind == 'p') {
        g_byte_array_append(made, file->data, 33);
        colour_put_chunk(made, "eXIf", exif->data, exif->len);
        g_byte_array_append(made, file->data + 33, file->len - 33);
    } else {
        g_byte_array_append(made, file->data, file->len);
        g_byte_array_append(made, (const guint8 *)"EXIF", 4);
        file_put_little(made, exif->len, 4);
        g_byte_array_append(made, exif->data, exif->len);
        guint32 size = GUINT32_TO_LE(made->len - 8);
        memcpy(made->data + 4, &size, 4);
    }
    g_byte_array_unref(exif);
    g_byte_array_unref(file);
    return made;
}

static void
each_kind_is_seen_upright(void)
{
    static const struct {
        const char *kind;
        gsize saved;
    } kinds[] = {{"jpg", SQUARES_JPEG}, {"png", SQUARES_PNG}, {"webp", SQUARES_WEBP}};
    for (int way = 1; way <= 8; way++) {
        int across = way < 5 ? 3 : 2;
        for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
            char *plain = squares_save(kinds[k].saved);
            char *path = g_strconcat(plain, ".lying.", kinds[k].kind, NULL);
            GByteArray *file = with_exif(kinds[k].kind, plain, way);
            file_write(path, file->data, file->len);
            squares_check(path, seen[way - 1], across, 8.0 / 255);
            g_byte_array_unref(file);
            g_free(path);
            g_free(plain);
        }
        for (int difference = 0; difference < 2; difference++) {
            char *path = fixture_path("lying.tif");
            GByteArray *file = squares_tiff(way, difference);
            file_write(path, file->data, file->len);
            squares_check(path, seen[way - 1], across, 3.0 / 255);
            g_byte_array_unref(file);
            g_free(path);
        }
    }
}

/* Also where libtiff has a look at it: luminance and colour differences. */
static void
a_tiff_that_says_no_way_is_upright(void)
{
    enum { ENTRY = 10 + 6 * 12, SHORT = 3, LONG = 4 };
    static const struct {
        guint8 type, value[4];
        int way;
    } said[] = {{SHORT, {0}, 1},         {SHORT, {9}, 1}, {SHORT, {0, 6}, 1},
                {LONG, {0, 0, 0, 8}, 1}, {LONG, {6}, 6},  {LONG, {1}, 1}};
    char *path = fixture_path("said.tif");
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++)
        for (int difference = 0; difference < 2; difference++) {
            GByteArray *file = squares_tiff(1, difference);
            file->data[ENTRY + 2] = said[i].type;
            memcpy(file->data + ENTRY + 8, said[i].value, 4);
            file_write(path, file->data, file->len);
            squares_check(path, seen[said[i].way - 1], said[i].way < 5 ? 3 : 2,
                          3.0 / 255);
            g_byte_array_unref(file);
        }
    g_free(path);
}

FIXTURE_MAIN(CHECK_TEST(the_tag_is_found_in_either_byte_order),
             CHECK_TEST(what_is_cut_off_or_damaged_is_upright),
             CHECK_TEST(all_eight_ways_are_turned),
             CHECK_TEST(a_file_is_decoded_upright),
             CHECK_TEST(each_kind_is_seen_upright),
             CHECK_TEST(a_tiff_that_says_no_way_is_upright))
