/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stated.c: PNG's chunk cICP, four numbers of ITU-T H.273, says what colours there are. */

#include "plugin/fixture/check_main.h"
#include "plugin/fixture/colour_files.h"
#include "plugin/fixture/squares.h"
#include <string.h>

#define PIXELS (COLOUR_WIDTH * COLOUR_HEIGHT)

static const guint8 some[3] = {180, 120, 80};

/* A picture of one colour in 16 bits, with the chunk, and others behind it. */
static void
write_flat(const char *path,
           const double rgb[3],
           const guint8 numbers[4],
           GBytes *icc,
           const char *gamma)
{
    guint16 pixels[3 * PIXELS];
    GByteArray *chunks = g_byte_array_new();
    for (int i = 0; i < 3 * PIXELS; i++)
        pixels[i] = (guint16)(rgb[i % 3] * 65535 + 0.5);
    colour_put_chunk(chunks, "cICP", numbers, 4);
    if (gamma)
        colour_put_chunk(chunks, "gAMA", (const guint8 *)gamma, 4);
    colour_png(path, COLOUR_RGB, 16, pixels, icc, chunks);
    g_byte_array_unref(chunks);
}

/* tolerance: of 255. */
static void
check_flat(const char *path, const double wanted[3], double tolerance, const char *what)
{
    int width, height;
    char *why;
    float *rgba = file_decode(path, &width, &height, &why);
    check(rgba != NULL, why ? why : what);
    for (int c = 0; rgba && c < 3; c++)
        check_near((double)rgba[c] * 255, wanted[c], tolerance, what);
    g_free(rgba);
    g_free(why);
}

/* One value of gray by each curve; computed from its definition. */
static void
each_curve_is_known(void)
{
    static const struct {
        const char *name;
        guint8 number;
        double value, seen;
    } curves[] = {
        {"BT.709's of a half", 1, 0.5, 0.5465},
        {"BT.2020's of a half", 14, 0.5, 0.5465},
        {"gamma 2.2 of a half", 4, 0.5, 0.5039},
        {"gamma 2.8 of a half", 5, 0.5, 0.4149},
        {"a quarter of light", 8, 0.25, 0.5371},
        {"sRGB's of a half", 13, 0.5, 0.5},
        {"PQ's of 100 cd/m2", 16, 0.508078, 0.7305},
        {"PQ's of 203 cd/m2", 16, 0.580689, 1},
        {"PQ's of 10000 cd/m2", 16, 1, 1},
        {"HLG's of a half", 18, 0.5, 0.5368},
        {"HLG's of three quarters", 18, 0.75, 1},
    };
    char *path = fixture_path("curve.png");
    for (gsize i = 0; i < G_N_ELEMENTS(curves); i++) {
        const double v = curves[i].value, seen = curves[i].seen * 255;
        const guint8 numbers[4] = {1, curves[i].number, 0, 1};
        write_flat(path, (double[3]){v, v, v}, numbers, NULL, NULL);
        check_flat(path, (double[3]){seen, seen, seen}, 0.4, curves[i].name);
    }
    g_free(path);
}

/* The same colour of P3 with sRGB's curve, and as light of BT.2020: by the matrices from
 * CSS Color 4. */
static void
primaries_are_known(void)
{
    double rgb[3];
    for (int c = 0; c < 3; c++)
        rgb[c] = some[c] / 255.0;
    char *path = fixture_path("primaries.png");
    write_flat(path, rgb, (const guint8[4]){12, 13, 0, 1}, NULL, NULL);
    check_flat(path, (double[3]){190.32, 116.58, 71.76}, 0.4, "P3");
    write_flat(path, rgb, (const guint8[4]){9, 8, 0, 1}, NULL, NULL);
    check_flat(path, (double[3]){240.16, 177.53, 146.78}, 0.4, "BT.2020");
    g_free(path);
}

/* It is the first to be asked; where it says nothing of use, others are. */
static void
other_words_count_without_it(void)
{
    double rgb[3], plain[3];
    for (int c = 0; c < 3; c++)
        rgb[c] = (plain[c] = some[c]) / 255.0;
    char *path = fixture_path("others.png");
    GBytes *icc = colour_matrix(5);
    write_flat(path, rgb, (const guint8[4]){1, 13, 0, 1}, icc, NULL);
    check_flat(path, plain, 0.4, "sRGB beside a profile");
    static const guint8 useless[][4] = {
        {2, 2, 0, 1}, {1, 3, 0, 1}, {3, 13, 0, 1}, {1, 13, 1, 1}, {1, 13, 0, 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(useless); i++) {
        const double light[3] = {0.25, 0.25, 0.25}, seen[3] = {136.96, 136.96, 136.96};
        write_flat(path, light, useless[i], NULL, "\0\1\x86\xa0"); /* 100,000 */
        check_flat(path, seen, 0.4, "gAMA");
    }
    g_bytes_unref(icc);
    g_free(path);
}

FIXTURE_MAIN(CHECK_TEST(each_curve_is_known),
             CHECK_TEST(primaries_are_known),
             CHECK_TEST(other_words_count_without_it))
