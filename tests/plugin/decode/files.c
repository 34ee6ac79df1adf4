/* SPDX-License-Identifier: GPL-3.0-or-later */
/* files.c: files of each kind are read as they are, and those that were cut off, damaged
 * or made to harm are named and passed over. */
#define _POSIX_C_SOURCE 200809L /* mkfifo() */

#include "check.h"
#include "pixels/pixels.h"
#include "plugin/fixture/colour_files.h"
#include "plugin/fixture/fixture.h"
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Six squares of one colour each: 0 1 2
 *                                 3 4 5 */
#define SQUARE 16
#define WIDTH (3 * SQUARE)
#define HEIGHT (2 * SQUARE)

static void
colour_of(int square, float rgb[3])
{
    rgb[0] = (float)(square + 1) / 7;
    rgb[1] = 1 - rgb[0];
    rgb[2] = 0.5F;
}

/* A file of them, by one of GEGL's operations; g_free(). */
static char *
save(const char *name, const char *operation, const char *format)
{
    char *path = fixture_path(name);
    float *rgba = g_new(float, 4 * WIDTH * HEIGHT);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        colour_of(i % WIDTH / SQUARE + 3 * (i / WIDTH / SQUARE), rgba + 4 * i);
        rgba[4 * i + 3] = 1;
    }
    GeglRectangle rect = {0, 0, WIDTH, HEIGHT};
    GeglBuffer *buffer = gegl_buffer_new(&rect, babl_format(format));
    gegl_buffer_set(buffer, &rect, 0, babl_format("R'G'B'A float"), rgba,
                    GEGL_AUTO_ROWSTRIDE);
    GeglNode *graph = gegl_node_new();
    GeglNode *from = gegl_node_new_child(graph, "operation", "gegl:buffer-source",
                                         "buffer", buffer, NULL);
    GeglNode *to = gegl_node_new_child(graph, "operation", operation, "path", path, NULL);
    gegl_node_link(from, to);
    fixture_ignore_leaks(TRUE); /* GEGL's own */
    gegl_node_process(to);
    fixture_ignore_leaks(FALSE);
    g_object_unref(graph);
    g_object_unref(buffer);
    g_free(rgba);
    return path;
}

/* NULL with the sentence of why not. */
static float *
decode(const char *path, int *width, int *height, char **why)
{
    gboolean unknown;
    GError *error = NULL;
    GeglBuffer *buffer = pixels_decode(path, &unknown, &error);
    *why = error ? g_strdup(error->message) : NULL;
    g_clear_error(&error);
    if (!buffer)
        return NULL;
    GeglRectangle rect = *gegl_buffer_get_extent(buffer);
    *width = rect.width;
    *height = rect.height;
    float *rgba = g_new(float, 4 * (gsize)rect.width * (gsize)rect.height);
    check(pixels_read(buffer, &rect, rgba, NULL), "pixels are read");
    g_object_unref(buffer);
    return rgba;
}

/* The squares in this order, "012345" row by row; three a row, or two. */
static void
check_squares(const char *path, const char *order, int across, double tolerance)
{
    int width = 0, height = 0;
    char *why;
    float *rgba = decode(path, &width, &height, &why);
    if (!rgba)
        check_fail("%s", why);
    check_int(width, across * SQUARE, path);
    check_int(height, 6 / across * SQUARE, path);
    for (int i = 0; i < 6 && width == across * SQUARE && height * width == 1536; i++) {
        float wanted[3];
        int x = i % across * SQUARE + SQUARE / 2, y = i / across * SQUARE + SQUARE / 2;
        colour_of(order[i] - '0', wanted);
        for (int c = 0; c < 3; c++)
            check_near((double)rgba[4 * (y * width + x) + c], (double)wanted[c],
                       tolerance, path);
    }
    g_free(why);
    g_free(rgba);
}

static void
check_refused(const char *path, const char *sentence)
{
    int width, height;
    char *why;
    float *rgba = decode(path, &width, &height, &why);
    char *name = g_path_get_basename(path);
    if (rgba)
        check_fail("%s counts as a picture", path);
    check_text(why ? why : "", sentence);
    check_text(why ? why : "", name);
    g_free(name);
    g_free(rgba);
    g_free(why);
}

static GByteArray *
contents(const char *path)
{
    char *bytes;
    gsize size;
    g_assert(g_file_get_contents(path, &bytes, &size, NULL));
    return g_byte_array_new_take((guint8 *)bytes, size);
}

static void
write_bytes(const char *path, const void *bytes, gsize size)
{
    g_assert(g_file_set_contents(path, bytes, (gssize)size, NULL));
}

/* --- kinds */

/* A picture of 24 bits, from the bottom. */
static char *
save_bmp(void)
{
    char *path = fixture_path("squares.bmp");
    GByteArray *file = g_byte_array_new();
    const guint32 header[] = {
        54 + 3 * WIDTH * HEIGHT, 0,    54,   40, WIDTH, HEIGHT, 1 | 24 << 16, 0,
        3 * WIDTH * HEIGHT,      2835, 2835, 0,  0};
    g_byte_array_append(file, (const guint8 *)"BM", 2);
    for (gsize i = 0; i < G_N_ELEMENTS(header); i++) {
        guint32 value = GUINT32_TO_LE(header[i]);
        g_byte_array_append(file, (const guint8 *)&value, 4);
    }
    for (int y = HEIGHT - 1; y >= 0; y--)
        for (int x = 0; x < WIDTH; x++) {
            float rgb[3];
            colour_of(x / SQUARE + 3 * (y / SQUARE), rgb);
            const guint8 bgr[3] = {(guint8)(rgb[2] * 255 + 0.5F),
                                   (guint8)(rgb[1] * 255 + 0.5F),
                                   (guint8)(rgb[0] * 255 + 0.5F)};
            g_byte_array_append(file, bgr, 3);
        }
    write_bytes(path, file->data, file->len);
    g_byte_array_unref(file);
    return path;
}

enum { JPEG, PNG, TIFF, WEBP, NETPBM, EXR };

static const struct {
    const char *name, *operation, *format;
    double tolerance;
} saved[] = {
    {"squares.jpg", "gegl:jpg-save", "R'G'B' u8", 8.0 / 255},
    {"squares.png", "gegl:png-save", "R'G'B' u8", 1.0 / 255},
    {"squares.tif", "gegl:tiff-save", "R'G'B' u8", 1.0 / 255},
    {"squares.webp", "gegl:webp-save", "R'G'B' u8", 8.0 / 255},
    {"squares.ppm", "gegl:ppm-save", "R'G'B' u8", 1.0 / 255},
    {"squares.exr", "gegl:exr-save", "RGB float", 1.0 / 255},
    {"squares.hdr", "gegl:rgbe-save", "RGB float", 3.0 / 255},
};

static char *
save_kind(gsize i)
{
    return save(saved[i].name, saved[i].operation, saved[i].format);
}

static void
each_kind_is_read(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(saved); i++) {
        char *path = save_kind(i);
        check_squares(path, "012345", 3, saved[i].tolerance);
        g_free(path);
    }
    char *path = save_bmp();
    check_squares(path, "012345", 3, 1.0 / 255);
    g_free(path);
}

static void
put_little(GByteArray *file, guint32 value, guint bytes)
{
    value = GUINT32_TO_LE(value);
    g_byte_array_append(file, (const guint8 *)&value, bytes);
}

/* A TIFF of RGB, or of what GEGL's loader leaves to libtiff, which looks at the tag:
 * YCbCr, of one component to a pixel each. */
static GByteArray *
tiff(int way, gboolean colour_difference)
{
    enum { SHORT = 3, LONG = 4, ENTRIES = 11, PIXELS = 8 + 2 + 12 * ENTRIES + 4 + 6 };
    const guint32 entries[ENTRIES][4] = {{256, SHORT, 1, WIDTH},
                                         {257, SHORT, 1, HEIGHT},
                                         {258, SHORT, 3, PIXELS - 6},
                                         {259, SHORT, 1, 1},
                                         {262, SHORT, 1, colour_difference ? 6 : 2},
                                         {273, LONG, 1, PIXELS},
                                         {274, SHORT, 1, (guint32)way},
                                         {277, SHORT, 1, 3},
                                         {278, SHORT, 1, HEIGHT},
                                         {279, LONG, 1, 3 * WIDTH * HEIGHT},
                                         {530, SHORT, 2, 1 | 1 << 16}};
    GByteArray *file = g_byte_array_new();
    g_byte_array_append(file, (const guint8 *)"II*\0\10\0\0\0\13\0", 10);
    for (int i = 0; i < ENTRIES; i++) {
        put_little(file, entries[i][0], 2);
        put_little(file, entries[i][1], 2);
        put_little(file, entries[i][2], 4);
        put_little(file, entries[i][3], 4);
    }
    g_byte_array_append(file, (const guint8 *)"\0\0\0\0\10\0\10\0\10", 10);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        float rgb[3];
        double v[3], out[3];
        colour_of(i % WIDTH / SQUARE + 3 * (i / WIDTH / SQUARE), rgb);
        for (int c = 0; c < 3; c++)
            out[c] = v[c] = (double)rgb[c] * 255;
        if (colour_difference) {
            out[0] = 0.299 * v[0] + 0.587 * v[1] + 0.114 * v[2];
            out[1] = (v[2] - out[0]) / 1.772 + 128;
            out[2] = (v[0] - out[0]) / 1.402 + 128;
        }
        for (int c = 0; c < 3; c++)
            put_little(file, (guint32)(out[c] + 0.5), 1);
    }
    return file;
}

static void
check_cuts(const char *path)
{
    GByteArray *whole = contents(path);
    char *cut = g_strconcat(path, ".cut", NULL);
    for (guint parts = 1; parts < 8; parts++) {
        write_bytes(cut, whole->data, 60 + (whole->len - 60) / 8 * parts);
        check_refused(cut, "is damaged");
    }
    g_free(cut);
    g_byte_array_unref(whole);
}

static void
what_was_cut_off_is_no_picture(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(saved); i++) {
        char *path = save_kind(i);
        if (i == TIFF) { /* what GEGL saves ends with a profile */
            GByteArray *file = tiff(1, FALSE);
            write_bytes(path, file->data, file->len);
            g_byte_array_unref(file);
        }
        check_cuts(path);
        g_free(path);
    }
    char *path = save_bmp();
    check_cuts(path);
    g_free(path);
}

/* One bit of each chunk that is needed. */
static void
a_damaged_png_is_no_picture(void)
{
    char *path = save_kind(PNG), *damaged = fixture_path("damaged.png");
    GByteArray *whole = contents(path);
    for (guint at = 8; at < whole->len; at += 7) {
        guint8 *copy = g_memdup2(whole->data, whole->len);
        copy[at] ^= 0x20;
        write_bytes(damaged, copy, whole->len);
        gboolean unknown;
        GeglBuffer *buffer = pixels_decode(damaged, &unknown, NULL);
        /* A chunk that is not needed may be damaged: it is passed over. */
        if (buffer) {
            g_object_unref(buffer);
            check_squares(damaged, "012345", 3, 1.0 / 255);
        }
        g_free(copy);
    }
    g_byte_array_unref(whole);
    g_free(damaged);
    g_free(path);
}

/* --- primaries */

/* Red, green, blue and white of an EXR file become others. */
static void
put_primaries(GByteArray *exr, const float primaries[8])
{
    static const char name[] = "chromaticities\0chromaticities\0 \0\0";
    for (guint at = 0; at + sizeof name + 32 < exr->len; at++)
        if (memcmp(exr->data + at, name, sizeof name) == 0) {
            memcpy(exr->data + at + sizeof name, primaries, 32);
            return;
        }
    check(FALSE, "the file states primaries");
}

/* babl 0.1.98 ends the process at the eleventh colour space, and later ones soon after. */
static void
any_number_of_primaries_is_not_too_many(void)
{
    char *path = save_kind(EXR), *why;
    GByteArray *exr = contents(path);
    for (int i = 0; i < 40; i++) {
        float primaries[8] = {
            0.64F + (float)i * 1e-4F, 0.33F, 0.3F, 0.6F, 0.15F, 0.06F, 0.3127F, 0.329F};
        put_primaries(exr, primaries); /* nearly sRGB's */
        write_bytes(path, exr->data, exr->len);
        check_squares(path, "012345", 3, 4.0 / 255);
    }
    const float wide[8] = {0.7347F, 0.2653F, 0.1596F, 0.8404F,
                           0.0366F, 0.0001F, 0.3457F, 0.3585F}; /* ProPhoto's */
    int width, height;
    put_primaries(exr, wide);
    write_bytes(path, exr->data, exr->len);
    float *rgba = decode(path, &width, &height, &why);
    /* Its green of 6/7 is out of sRGB's reach, where red is below 0. */
    check(rgba && rgba[0] < 0, "they are looked at");
    g_free(rgba);
    g_free(why);
    g_byte_array_unref(exr);
    g_free(path);
}

/* --- gray, ink */

static void
png_of_all_kinds_is_exact(void)
{
    static const ColourKind kinds[] = {COLOUR_GRAY, COLOUR_RGB, COLOUR_GRAY_ALPHA,
                                       COLOUR_RGB_ALPHA, COLOUR_PALETTE};
    char *path = fixture_path("kind.png"), *why;
    guint16 wide[4 * COLOUR_WIDTH * COLOUR_HEIGHT];
    guint8 narrow[G_N_ELEMENTS(wide)];
    for (gsize i = 0; i < G_N_ELEMENTS(wide); i++) {
        wide[i] = (guint16)(i * 40503);
        narrow[i] = (guint8)(wide[i] >> 8);
    }
    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
        for (int bits = 8; bits <= (kinds[k] == COLOUR_PALETTE ? 8 : 16); bits += 8) {
            int width, height, channels = colour_channels(kinds[k]);
            colour_png(path, kinds[k], bits, bits == 16 ? (void *)wide : narrow, NULL,
                       NULL);
            float *rgba = decode(path, &width, &height, &why);
            double worst = rgba ? 0 : 1;
            for (int i = 0; rgba && i < COLOUR_WIDTH * COLOUR_HEIGHT; i++)
                for (int c = 0; c < 4; c++) {
                    int at =
                        channels * i + (c < 3 ? (channels > 2 ? c : 0) : channels - 1);
                    double value = bits == 16 ? wide[at] / 65535.0 : narrow[at] / 255.0;
                    if (kinds[k] == COLOUR_PALETTE)
                        value = (guint8)(narrow[i] * (37 + 50 * c)) / 255.0;
                    if (c == 3 && channels % 2 == 1)
                        value = 1;
                    worst = fmax(worst, fabs((double)rgba[4 * i + c] - value));
                }
            check_near(worst, 0, 1e-6, "the worst value");
            g_free(rgba);
            g_free(why);
        }
    g_free(path);
}

/* Appends the lowest `count` bits of a value, the highest first. */
static void
put_bits(GByteArray *file, guint *left, guint value, guint count)
{
    while (count-- > 0) {
        if (*left == 0) {
            if (file->len && file->data[file->len - 1] == 0xff)
                g_byte_array_append(file, (const guint8 *)"", 1);
            g_byte_array_append(file, (const guint8 *)"", 1);
            *left = 8;
        }
        file->data[file->len - 1] |= (guint8)((value >> count & 1) << --*left);
    }
}

/* A JPEG of 8 x 8 pixels of one colour, with a component for each value: four are inks as
 * Adobe's programs store them, 255 for none. */
static void
flat_jpeg(const char *path, const guint8 *values, guint8 count)
{
    static const guint8 adobe[] = "\xff\xee\0\16Adobe\0d\0\0\0\0\0";
    guint8 table[67] = {0};
    GByteArray *file = g_byte_array_new();
    memset(table, 8, sizeof table); /* so that a block's first number is v - 128 */
    memcpy(table, "\0\103\0", 3);
    g_byte_array_append(file, (const guint8 *)"\xff\xd8", 2);
    if (count == 4)
        g_byte_array_append(file, adobe, sizeof adobe - 1);
    g_byte_array_append(file, (const guint8 *)"\xff\xdb", 2);
    g_byte_array_append(file, table, sizeof table);
    const guint8 frame[] = {0xff, 0xc0, 0, (guint8)(8 + 3 * count), 8, 0, 8, 0, 8, count};
    g_byte_array_append(file, frame, sizeof frame);
    for (guint8 i = 1; i <= count; i++)
        g_byte_array_append(file, (const guint8[]){i, 0x11, 0}, 3);
    /* Sizes 0 .. 8 have codes of four bits; the end of a block has the bit 0. */
    static const guint8 codes[] = {0xff, 0xc4, 0, 28, 0,    0, 0, 0, 9, 0, 0, 0, 0, 0, 0,
                                   0,    0,    0, 0,  0,    0, 0, 1, 2, 3, 4, 5, 6, 7, 8,
                                   0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                   0,    0,    0, 0,  0,    0, 0};
    g_byte_array_append(file, codes, sizeof codes);
    const guint8 scan[] = {0xff, 0xda, 0, (guint8)(6 + 2 * count), count};
    g_byte_array_append(file, scan, sizeof scan);
    for (guint8 i = 1; i <= count; i++)
        g_byte_array_append(file, (const guint8[]){i, 0}, 2);
    g_byte_array_append(file, (const guint8[]){0, 63, 0}, 3);
    guint left = 0;
    for (guint8 i = 0; i < count; i++) {
        int number = values[i] - 128, size = 0;
        while (ABS(number) >> size)
            size++;
        put_bits(file, &left, (guint)size, 4);
        put_bits(file, &left, (guint)(number < 0 ? number - 1 : number), (guint)size);
        put_bits(file, &left, 0, 1);
    }
    put_bits(file, &left, 0xff, left);
    g_byte_array_append(file, (const guint8 *)"\xff\xd9", 2);
    write_bytes(path, file->data, file->len);
    g_byte_array_unref(file);
}

static void
ink_and_gray_in_jpeg_are_as_dark_as_they_are(void)
{
    static const guint8 values[][4] = {{255, 255, 255, 255},
                                       {255, 255, 255, 128},
                                       {200, 90, 30, 200},
                                       {70, 70, 70, 255}};
    char *path = fixture_path("flat.jpg"), *why;
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        for (guint8 count = 1; count <= 4; count += 3) {
            int width = 0, height = 0;
            flat_jpeg(path, values[i], count);
            float *rgba = decode(path, &width, &height, &why);
            check_int(width * height, 64, why ? why : "its size");
            for (int c = 0; rgba && c < 3; c++)
                check_near((double)rgba[c],
                           count == 1 ? values[i][0] / 255.0
                                      : values[i][c] * values[i][3] / 65025.0,
                           1.0 / 255, "a value");
            g_free(rgba);
            g_free(why);
        }
    g_free(path);
}

/* --- netpbm */

static void
headers_of_netpbm_may_be_written_in_any_way(void)
{
    static const struct {
        const char *bytes;
        gsize size;
        float wanted[3]; /* the second of two pixels; the third value is of P6 */
    } files[] = {
        {"P5\n2 1\n255\n\1\2", 13, {2 / 255.0F, 2 / 255.0F, 2 / 255.0F}},
        {"P5 2 1 10 \1\2", 12, {51 / 255.0F, 51 / 255.0F, 51 / 255.0F}},
        {"P5#c\n2#d\n 1 65535\n\0\1\2\3",
         22,
         {515 / 65535.0F, 515 / 65535.0F, 515 / 65535.0F}},
        {"P6\t2\r1\n7\n\1\2\3\4\5\6", 15, {146 / 255.0F, 182 / 255.0F, 219 / 255.0F}},
    };
    char *path = fixture_path("odd.ppm"), *why;
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        int width = 0, height = 0;
        write_bytes(path, files[i].bytes, files[i].size);
        float *rgba = decode(path, &width, &height, &why);
        check_int(width, 2, why ? why : "width");
        check_int(height, 1, "height");
        if (rgba)
            check_floats(rgba + 4, files[i].wanted, 3, 1e-6);
        g_free(rgba);
        g_free(why);
        write_bytes(path, files[i].bytes, files[i].size - 1);
        check_refused(path, "is damaged");
    }
    g_free(path);
}

/* --- moving pictures */

static void
check_four(const char *path, const float wanted[4][4])
{
    int width = 0, height = 0;
    char *why;
    float *rgba = decode(path, &width, &height, &why);
    check_int(width, 2, why ? why : "width");
    check_int(height, 2, "height");
    for (int i = 0; rgba && width * height == 4 && i < 4; i++)
        if (wanted[i][3] > 0)
            check_floats(rgba + 4 * i, wanted[i], 4, 1e-6);
        else
            check_near((double)rgba[4 * i + 3], 0, 0, "alpha");
    g_free(rgba);
    g_free(why);
}

/* Black, red, blue and the clear colour; then all blue. */
static void
of_an_animated_gif_the_first_is_seen(void)
{
    static const guint8 file[] = {
        'G',  'I',  'F', '8', '9', 'a', 2, 0, 2,   0, 0x91, 0, 0, /* four colours */
        0,    0,    0,   255, 0,   0,   0, 0, 255, 0, 255,  0,    /* black red blue */
        0x21, 0xf9, 4,   1,   10,  0,   3, 0,                     /* 3 is clear */
        0x2c, 0,    0,   0,   0,   2,   0, 2, 0,   0, 2,    3, 0x44,
        0xa8, 0x15, 0,                        /* 4 0 1 4 2 3 5 */
        0x21, 0xf9, 4,   0,   10,  0,   0, 0, /* none is clear */
        0x2c, 0,    0,   0,   0,   2,   0, 2, 0,   0, 2,    3, 0x94,
        0x28, 0x15, 0, /* 4 2 2 4 2 2 5 */
        0x3b};
    static const float wanted[4][4] = {{0, 0, 0, 1}, {1, 0, 0, 1}, {0, 0, 1, 1}, {0}};
    char *path = fixture_path("moving.gif");
    write_bytes(path, file, sizeof file);
    check_four(path, wanted);
    write_bytes(path, file, 40);
    check_refused(path, "is damaged");
    g_free(path);
}

/* A frame of the squares to the right of a canvas that is one square wider. */
static void
of_an_animated_webp_the_first_is_seen(void)
{
    char *still = save_kind(WEBP), *path = fixture_path("moving.webp"), *why;
    GByteArray *frame = contents(still), *file = g_byte_array_new();
    guint length = frame->len - 12; /* without RIFF */
    g_byte_array_append(file, (const guint8 *)"RIFF", 4);
    put_little(file, 4 + 18 + 14 + 24 + length, 4);
    g_byte_array_append(file, (const guint8 *)"WEBPVP8X\12\0\0\0\22\0\0\0", 16);
    put_little(file, WIDTH + SQUARE - 1, 3);
    put_little(file, HEIGHT - 1, 3);
    g_byte_array_append(file, (const guint8 *)"ANIM\6\0\0\0\0\0\0\0\0\0ANMF", 18);
    put_little(file, 16 + length, 4);
    put_little(file, SQUARE / 2, 3);
    put_little(file, 0, 3);
    put_little(file, WIDTH - 1, 3);
    put_little(file, HEIGHT - 1, 3);
    put_little(file, 100, 4);
    g_byte_array_append(file, frame->data + 12, length);
    write_bytes(path, file->data, file->len);

    int width = 0, height = 0;
    float *rgba = decode(path, &width, &height, &why);
    check_int(width, WIDTH + SQUARE, why ? why : "width");
    check_int(height, HEIGHT, "height");
    for (int square = 0; rgba && square < 8; square++) {
        int x = square % 4 * SQUARE + 8, y = square / 4 * SQUARE + 8;
        const float *pixel = rgba + 4 * (y * width + x);
        float wanted[3];
        colour_of(square % 4 - 1 + square / 4 * 3, wanted);
        check_near((double)pixel[3], square % 4 > 0, 0, "alpha");
        if (square % 4 > 0)
            check_floats(pixel, wanted, 3, 8.0 / 255);
    }
    write_bytes(path, file->data, file->len - length / 2);
    check_refused(path, "is damaged");
    g_byte_array_unref(file);
    g_byte_array_unref(frame);
    g_free(rgba);
    g_free(why);
    g_free(path);
    g_free(still);
}

/* --- which way up */

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
    GByteArray *file = contents(plain), *exif = g_byte_array_new(),
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
        put_little(made, exif->len, 4);
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
    } kinds[] = {{"jpg", JPEG}, {"png", PNG}, {"webp", WEBP}};
    for (int way = 1; way <= 8; way++) {
        int across = way < 5 ? 3 : 2;
        for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
            char *plain = save_kind(kinds[k].saved);
            char *path = g_strconcat(plain, ".lying.", kinds[k].kind, NULL);
            GByteArray *file = with_exif(kinds[k].kind, plain, way);
            write_bytes(path, file->data, file->len);
            check_squares(path, seen[way - 1], across, 8.0 / 255);
            g_byte_array_unref(file);
            g_free(path);
            g_free(plain);
        }
        for (int difference = 0; difference < 2; difference++) {
            char *path = fixture_path("lying.tif");
            GByteArray *file = tiff(way, difference);
            write_bytes(path, file->data, file->len);
            check_squares(path, seen[way - 1], across, 3.0 / 255);
            g_byte_array_unref(file);
            g_free(path);
        }
    }
}

/* --- made to harm */

static void
sizes_that_lie_cost_nothing(void)
{
    static const char radiance[] =
        "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 99999 +X 99999\n";
    char *path = fixture_path("lying.hdr");
    GByteArray *file = g_byte_array_new();
    g_byte_array_append(file, (const guint8 *)radiance, sizeof radiance - 1);
    for (int i = 0; i < 600; i++)
        g_byte_array_append(file, (const guint8 *)"\2\2\47\17", 4);
    write_bytes(path, file->data, file->len);
    check_refused(path, "is damaged");
    g_free(path);

    path = fixture_path("lying.png");
    const guint8 header[13] = {0, 3, 13, 64, 0, 3, 13, 64, 8, 0}; /* 200,000 each */
    g_byte_array_set_size(file, 0);
    g_byte_array_append(file, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
    colour_put_chunk(file, "IHDR", header, sizeof header);
    colour_put_chunk(file, "IDAT", (const guint8 *)"x\x9c\3\0\0\0\0\1", 8);
    colour_put_chunk(file, "IEND", NULL, 0);
    write_bytes(path, file->data, file->len);
    check_refused(path, "200000 × 200000 pixels would take more than");
    g_byte_array_unref(file);
    g_free(path);

    path = fixture_path("lying.ppm");
    write_bytes(path, "P6 99999999 99999999 255 abc", 28);
    check_refused(path, "is damaged");
    g_free(path);
}

static void
what_is_no_file_is_not_opened(void)
{
    char *fifo = fixture_path("fifo.png"), *link = fixture_path("link.png"),
         *socket_path = fixture_path("s.png"), *none = fixture_path("none.png"),
         *empty = fixture_path("empty.png");
    g_assert(mkfifo(fifo, 0600) == 0 && symlink("fifo.png", link) == 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_strlcpy(address.sun_path, socket_path, sizeof address.sun_path);
    int made = socket(AF_UNIX, SOCK_STREAM, 0);
    g_assert(bind(made, (struct sockaddr *)&address, sizeof address) == 0);
    check_refused(fifo, "is not a regular file");
    check_refused(link, "is not a regular file");
    check_refused(socket_path, "is not a regular file");
    check_refused("/dev/zero", "is not a regular file");
    check_refused("/dev", "cannot be read");
    check_refused(none, "cannot be read");
    fixture_write("empty.png", "");
    check_refused(empty, "not an image of a known format");
    close(made);
    g_free(empty);
    g_free(none);
    g_free(socket_path);
    g_free(link);
    g_free(fifo);
}

static const CheckTest tests[] = {
    CHECK_TEST(each_kind_is_read),
    CHECK_TEST(what_was_cut_off_is_no_picture),
    CHECK_TEST(a_damaged_png_is_no_picture),
    CHECK_TEST(any_number_of_primaries_is_not_too_many),
    CHECK_TEST(png_of_all_kinds_is_exact),
    CHECK_TEST(ink_and_gray_in_jpeg_are_as_dark_as_they_are),
    CHECK_TEST(headers_of_netpbm_may_be_written_in_any_way),
    CHECK_TEST(of_an_animated_gif_the_first_is_seen),
    CHECK_TEST(of_an_animated_webp_the_first_is_seen),
    CHECK_TEST(each_kind_is_seen_upright),
    CHECK_TEST(sizes_that_lie_cost_nothing),
    CHECK_TEST(what_is_no_file_is_not_opened),
};

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    int status = check_run(tests, G_N_ELEMENTS(tests));
    fixture_end();
    return status;
}
