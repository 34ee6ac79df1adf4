/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kinds.c: files of each kind are read as they are. */

#include "pixels/pixels.h"
#include "plugin/fixture/check_main.h"
#include "plugin/fixture/colour_files.h"
#include "plugin/fixture/jpeg_file.h"
#include "plugin/fixture/squares.h"
#include <string.h>

static void
each_kind_is_read(void)
{
    for (gsize i = 0; i < SQUARES_KINDS; i++) {
        char *path = squares_save(i);
        squares_check(path, "012345", 3, squares_tolerance(i));
        g_free(path);
    }
    char *path = squares_bmp();
    squares_check(path, "012345", 3, 1.0 / 255);
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
    char *path = squares_save(SQUARES_EXR), *why;
    GByteArray *exr = file_contents(path);
    for (int i = 0; i < 13; i++) {
        float primaries[8] = {
            0.64F + (float)i * 1e-4F, 0.33F, 0.3F, 0.6F, 0.15F, 0.06F, 0.3127F, 0.329F};
        put_primaries(exr, primaries); /* nearly sRGB's */
        file_write(path, exr->data, exr->len);
        squares_check(path, "012345", 3, 4.0 / 255);
    }
    const float wide[8] = {0.7347F, 0.2653F, 0.1596F, 0.8404F,
                           0.0366F, 0.0001F, 0.3457F, 0.3585F}; /* ProPhoto's */
    int width, height;
    put_primaries(exr, wide);
    file_write(path, exr->data, exr->len);
    float *rgba = file_decode(path, &width, &height, &why);
    /* Its green of 6/7 is out of sRGB's reach, where red is below 0. */
    check(rgba && rgba[0] < 0, "they are looked at");
    g_free(rgba);
    g_free(why);
    const float of_xyz[8] = {1, 0, 0, 1, 0, 0, 1.0F / 3, 1.0F / 3};
    put_primaries(exr, of_xyz);
    file_write(path, exr->data, exr->len);
    file_check_refused(path, "is of a kind that is not read here: OpenEXR");
    g_byte_array_unref(exr);
    g_free(path);
}

/* What ends GEGL's loader: values that several pixels share, and pixels of many values. */
static void
an_exr_of_another_kind_is_named(void)
{
    static const char name[] = "channels\0chlist";
    enum { BEHIND = sizeof name + 4, ACROSS = 2 + 8, DOWN = ACROSS + 4 };
    char *path = squares_save(SQUARES_EXR);
    GByteArray *exr = file_contents(path);
    guint8 *list = exr->data;
    while (memcmp(list, name, sizeof name) != 0)
        list++;
    static const int places[] = {BEHIND + ACROSS, BEHIND + DOWN};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        check_int(list[places[i]], 1, "as many values as pixels");
        list[places[i]] = 2;
        file_write(path, exr->data, exr->len);
        file_check_refused(path, "is of a kind that is not read here: OpenEXR");
        list[places[i]] = 1;
    }
    exr->data[5] |= 8;
    file_write(path, exr->data, exr->len);
    file_check_refused(path, "is of a kind that is not read here: OpenEXR");
    exr->data[5] &= 0xf7;
    file_write(path, exr->data, exr->len);
    squares_check(path, "012345", 3, 4.0 / 255);
    g_byte_array_unref(exr);
    g_free(path);
}

/* --- gray, ink */

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
            GByteArray *file = jpeg_blocks(values[i], count, 1, FALSE);
            file_write(path, file->data, file->len);
            g_byte_array_unref(file);
            float *rgba = file_decode(path, &width, &height, &why);
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

/* --- moving pictures */

static void
check_four(const char *path, const float wanted[4][4])
{
    int width = 0, height = 0;
    char *why;
    float *rgba = file_decode(path, &width, &height, &why);
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
    file_write(path, file, sizeof file);
    check_four(path, wanted);
    file_write(path, file, 40);
    file_check_refused(path, "is damaged");
    guint8 none[sizeof file];
    memcpy(none, file, sizeof file);
    none[6] = none[8] = 0; /* a canvas of no pixels */
    file_write(path, none, sizeof none);
    file_check_refused(path, "is damaged");
    g_free(path);
}

/* Black, red, blue and the clear colour below and to the right of a row and a column. */
static void
a_gif_is_as_large_as_its_canvas(void)
{
    static const guint8 file[] = {
        'G',  'I',  'F', '8', '9', 'a', 3, 0, 3,   0, 0x91, 0, 0, /* four colours */
        0,    0,    0,   255, 0,   0,   0, 0, 255, 0, 255,  0,    /* black red blue */
        0x21, 0xf9, 4,   1,   10,  0,   3, 0,                     /* 3 is clear */
        0x2c, 1,    0,   1,   0,   2,   0, 2, 0,   0, 2,    3, 0x44,
        0xa8, 0x15, 0, /* 4 0 1 4 2 3 5 */
        0x3b};
    static const float wanted[9][4] = {{0},          {0}, {0},          {0}, {0, 0, 0, 1},
                                       {1, 0, 0, 1}, {0}, {0, 0, 1, 1}, {0}};
    char *path = fixture_path("canvas.gif"), *why;
    int width = 0, height = 0;
    file_write(path, file, sizeof file);
    float *rgba = file_decode(path, &width, &height, &why);
    check_int(width, 3, why ? why : "width");
    check_int(height, 3, "height");
    for (int i = 0; rgba && width * height == 9 && i < 9; i++) {
        check_near((double)rgba[4 * i + 3], (double)wanted[i][3], 0, "alpha");
        if (wanted[i][3] > 0)
            check_floats(rgba + 4 * i, wanted[i], 4, 1e-6);
    }
    g_free(rgba);
    g_free(why);
    g_free(path);
}

/* A frame of the squares to the right of a canvas that is one square wider. */
static void
of_an_animated_webp_the_first_is_seen(void)
{
    char *still = squares_save(SQUARES_WEBP), *path = fixture_path("moving.webp"), *why;
    GByteArray *frame = file_contents(still), *file = g_byte_array_new();
    guint length = frame->len - 12; /* without RIFF */
    g_byte_array_append(file, (const guint8 *)"RIFF", 4);
    file_put_little(file, 4 + 18 + 14 + 24 + length, 4);
    g_byte_array_append(file, (const guint8 *)"WEBPVP8X\12\0\0\0\22\0\0\0", 16);
    file_put_little(file, SQUARES_WIDTH + SQUARE - 1, 3);
    file_put_little(file, SQUARES_HEIGHT - 1, 3);
    g_byte_array_append(file, (const guint8 *)"ANIM\6\0\0\0\0\0\0\0\0\0ANMF", 18);
    file_put_little(file, 16 + length, 4);
    file_put_little(file, SQUARE / 2, 3);
    file_put_little(file, 0, 3);
    file_put_little(file, SQUARES_WIDTH - 1, 3);
    file_put_little(file, SQUARES_HEIGHT - 1, 3);
    file_put_little(file, 100, 4);
    g_byte_array_append(file, frame->data + 12, length);
    file_write(path, file->data, file->len);

    int width = 0, height = 0;
    float *rgba = file_decode(path, &width, &height, &why);
    check_int(width, SQUARES_WIDTH + SQUARE, why ? why : "width");
    check_int(height, SQUARES_HEIGHT, "height");
    for (int square = 0; rgba && square < 8; square++) {
        int x = square % 4 * SQUARE + 8, y = square / 4 * SQUARE + 8;
        const float *pixel = rgba + 4 * (y * width + x);
        float wanted[3];
        squares_colour(square % 4 - 1 + square / 4 * 3, wanted);
        check_near((double)pixel[3], square % 4 > 0, 0, "alpha");
        if (square % 4 > 0)
            check_floats(pixel, wanted, 3, 8.0 / 255);
    }
    file_write(path, file->data, file->len - length / 2);
    file_check_refused(path, "is damaged");
    g_byte_array_unref(file);
    g_byte_array_unref(frame);
    g_free(rgba);
    g_free(why);
    g_free(path);
    g_free(still);
}

FIXTURE_MAIN(CHECK_TEST(each_kind_is_read),
             CHECK_TEST(any_number_of_primaries_is_not_too_many),
             CHECK_TEST(an_exr_of_another_kind_is_named),
             CHECK_TEST(ink_and_gray_in_jpeg_are_as_dark_as_they_are),
             CHECK_TEST(of_an_animated_gif_the_first_is_seen),
             CHECK_TEST(a_gif_is_as_large_as_its_canvas),
             CHECK_TEST(of_an_animated_webp_the_first_is_seen))
