/* SPDX-License-Identifier: GPL-3.0-or-later */
/* radiance.c: rows of Radiance's pictures may be packed in two ways, or not. */

#include "plugin/fixture/check_main.h"
#include "plugin/fixture/squares.h"
#include <math.h>
#include <string.h>

#define WIDTH 9

/* Light of a row's pixels: m of 128 is 0.5 · 2^(e - 128). The last three are the same. */
static const guint8 rgbe[WIDTH][4] = {
    {128, 64, 255, 128}, {1, 1, 2, 128},       {7, 8, 9, 0}, /* black */
    {200, 100, 50, 127}, {128, 128, 128, 129}, {2, 2, 0, 128},
    {90, 80, 70, 128},   {90, 80, 70, 128},    {90, 80, 70, 128}};

typedef enum { PLAIN, OLD_RUNS, RUNS } Packing;

static void
put_row(GByteArray *file, Packing packing)
{
    static const guint8 mark[4] = {2, 2, 0, WIDTH}, again[4] = {1, 1, 1, 2};
    if (packing == OLD_RUNS) {
        g_byte_array_append(file, rgbe[0], 7 * 4);
        g_byte_array_append(file, again, 4);
    } else if (packing == PLAIN) {
        g_byte_array_append(file, rgbe[0], WIDTH * 4);
    } else {
        g_byte_array_append(file, mark, 4);
        for (int c = 0; c < 4; c++) { /* six values, and a run of three */
            file_put_little(file, 6, 1);
            for (int x = 0; x < 6; x++)
                file_put_little(file, rgbe[x][c], 1);
            file_put_little(file, 128 + 3, 1);
            file_put_little(file, rgbe[6][c], 1);
        }
    }
}

static GByteArray *
make_file(const char *header, const char *size, int rows, Packing packing)
{
    GByteArray *file = g_byte_array_new();
    g_byte_array_append(file, (const guint8 *)header, (guint)strlen(header));
    g_byte_array_append(file, (const guint8 *)size, (guint)strlen(size));
    for (int y = 0; y < rows; y++)
        put_row(file, y == rows - 1 ? packing : PLAIN);
    return file;
}

static double
srgb(double v)
{
    return v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

static void
check_rows(const char *path, int rows, gboolean left, const char *what)
{
    int width = 0, height = 0;
    char *why;
    float *pixels = file_decode(path, &width, &height, &why);
    check_int(width, WIDTH, why ? why : what);
    check_int(height, rows, what);
    for (int i = 0; pixels && width == WIDTH && height == rows && i < WIDTH * rows; i++)
        for (int c = 0; c < 3; c++) {
            const guint8 *from = rgbe[left ? WIDTH - 1 - i % WIDTH : i % WIDTH];
            double light = from[3] ? from[c] / 256.0 * pow(2, from[3] - 128) : 0;
            check_near((double)pixels[4 * i + c], srgb(light), 1e-5, what);
        }
    g_free(pixels);
    g_free(why);
}

#define HEADER "#?RADIANCE\n# a remark\nFORMAT=32-bit_rle_rgbe\nEXPOSURE=2\n\n"

static void
each_packing_is_read(void)
{
    static const struct {
        const char *size;
        gboolean left;
    } ways[] = {{"-Y 2 +X 9\n", FALSE}, {"+Y 2 +X 9\n", FALSE}, {"-Y 2 -X 9\n", TRUE}};
    char *path = fixture_path("rows.hdr");
    for (int packing = PLAIN; packing <= RUNS; packing++)
        for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
            GByteArray *file = make_file(HEADER, ways[i].size, 2, (Packing)packing);
            file_write(path, file->data, file->len);
            check_rows(path, 2, ways[i].left, ways[i].size);
            for (guint cut = (guint)strlen(HEADER); cut < file->len; cut += 5) {
                file_write(path, file->data, cut);
                file_check_refused(path, "is damaged");
            }
            g_byte_array_unref(file);
        }
    GByteArray *file = make_file("#?RGBE\n\n", "-Y 1 +X 9\n", 1, RUNS);
    file_write(path, file->data, file->len);
    check_rows(path, 1, FALSE, "another first line");
    g_byte_array_unref(file);
    g_free(path);
}

static void
rows_from_below_are_turned(void)
{
    static const char text[] = "#?RADIANCE\n\n+Y 2 +X 1\n\x80\0\0\x80\0\x80\0\x80";
    char *path = fixture_path("below.hdr"), *why;
    int width = 0, height = 0;
    file_write(path, text, sizeof text - 1);
    float *pixels = file_decode(path, &width, &height, &why);
    check_int(height, 2, why ? why : "height");
    if (pixels && height == 2) {
        check_near((double)pixels[1], srgb(0.5), 1e-5, "green above");
        check_near((double)pixels[4], srgb(0.5), 1e-5, "red below");
        check_near((double)pixels[0], 0, 1e-5, "no red above");
    }
    g_free(pixels);
    g_free(why);
    g_free(path);
}

static void
what_is_of_other_colours_is_named(void)
{
    char *path = fixture_path("other.hdr");
    GByteArray *file =
        make_file("#?RADIANCE\nFORMAT=32-bit_rle_xyze\n\n", "-Y 1 +X 9\n", 1, RUNS);
    file_write(path, file->data, file->len);
    file_check_refused(path, "is of a kind that is not read here: Radiance");
    g_byte_array_unref(file);
    file = make_file(HEADER, "+X 9 +Y 1\n", 1, RUNS);
    file_write(path, file->data, file->len);
    file_check_refused(path, "is damaged");
    g_byte_array_unref(file);
    g_free(path);
}

FIXTURE_MAIN(CHECK_TEST(each_packing_is_read),
             CHECK_TEST(rows_from_below_are_turned),
             CHECK_TEST(what_is_of_other_colours_is_named))
