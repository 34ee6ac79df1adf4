/* SPDX-License-Identifier: GPL-3.0-or-later */
/* colours.c: files with colour profiles are read as lcms2's own transform has them, and
 * any number of different profiles can be used. */

#include "decode/colours.h"
#include "decode/profile.h"
#include "pixels/pixels.h"
#include "plugin/fixture/check_main.h"
#include "plugin/fixture/colour_files.h"
#include "plugin/fixture/decoded.h"
#include <lcms2.h>
#include <math.h>
#include <string.h>

#define WIDTH COLOUR_WIDTH
#define HEIGHT COLOUR_HEIGHT
#define PIXELS (WIDTH * HEIGHT)

static void
check_png(const char *path, ColourKind kind, int bits, GBytes *icc, GRand *random)
{
    double rgb[3 * PIXELS], alpha[PIXELS];
    colour_some_png(path, kind, bits, icc, random, rgb, alpha);
    decoded_check(path, icc, colour_is_gray(kind), rgb, alpha, PIXELS);
}

/* --- tests */

static void
a_hundred_profiles_are_not_too_many(void)
{
    static const struct {
        ColourKind kind;
        int bits;
    } files[] = {{COLOUR_RGB, 8},        {COLOUR_GRAY, 8}, {COLOUR_RGB_ALPHA, 8},
                 {COLOUR_GRAY_ALPHA, 8}, {COLOUR_RGB, 16}, {COLOUR_GRAY, 16},
                 {COLOUR_PALETTE, 8},    {COLOUR_GRAY, 8}, {COLOUR_RGB_ALPHA, 16},
                 {COLOUR_GRAY_ALPHA, 16}};
    char *path = fixture_path("made-up.png");
    GRand *random = g_rand_new_with_seed(16);
    for (int i = 0; i < 100; i++) {
        ColourKind kind = files[i % 10].kind;
        GBytes *icc = colour_is_gray(kind) ? colour_gray(i)
                      : i % 20 < 10        ? colour_matrix(i)
                                           : colour_table(i);
        check_png(path, kind, files[i % 10].bits, icc, random);
        g_bytes_unref(icc);
    }
    g_rand_free(random);
    g_free(path);
}

static void
jpegs_have_them_too(void)
{
    char *path = fixture_path("made-up.jpg"), *plain = colour_plain_jpeg();
    GeglRectangle rect;
    float *rgba = decoded_floats(plain, &rect);
    gsize count = (gsize)rect.width * (gsize)rect.height;
    double *rgb = g_new(double, 3 * count);
    for (gsize i = 0; i < 3 * count; i++)
        rgb[i] = (double)rgba[i / 3 * 4 + i % 3];
    for (int i = 0; i < 2; i++) {
        GBytes *icc = i % 3 ? colour_matrix(200 + i) : colour_table(i);
        colour_jpeg(path, plain, icc);
        decoded_check(path, icc, FALSE, rgb, NULL, count);
        g_bytes_unref(icc);
    }
    g_free(rgb);
    g_free(rgba);
    g_free(plain);
    g_free(path);
}

/* The file reads as the pixels are. Bytes become floats by whichever conversion of babl's
 * was the quickest when it measured them, of those that are right to a millionth. */
static void
check_plain(const char *path, const guint8 *rgb)
{
    GeglRectangle rect;
    float *got = decoded_floats(path, &rect);
    for (int i = 0; got && i < 3 * PIXELS; i++)
        if (!(fabsf(got[i / 3 * 4 + i % 3] - rgb[i] / 255.0F) <= 1e-6F)) {
            check_fail("value %d is %.8g, not %d", i,
                       (double)got[i / 3 * 4 + i % 3] * 255, rgb[i]);
            break;
        }
    g_free(got);
}

static void
some_pixels(guint8 rgb[3 * PIXELS])
{
    GRand *random = g_rand_new_with_seed(5);
    for (int i = 0; i < 3 * PIXELS; i++)
        rgb[i] = (guint8)g_rand_int_range(random, 0, 256);
    g_rand_free(random);
}

static void
srgb_stays_as_it_is(void)
{
    guint8 rgb[3 * PIXELS];
    char *path = fixture_path("srgb.png");
    some_pixels(rgb);
    GBytes *icc = colour_saved(cmsCreate_sRGBProfile());
    colour_png(path, COLOUR_RGB, 8, rgb, icc, NULL);
    check_plain(path, rgb);
    colour_png(path, COLOUR_RGB, 8, rgb, NULL, NULL);
    check_plain(path, rgb);
    g_bytes_unref(icc);
    g_free(path);
}

static void
damaged_and_foreign_profiles_are_passed_over(void)
{
    guint8 rgb[3 * PIXELS];
    char *path = fixture_path("damaged.png");
    some_pixels(rgb);
    GBytes *icc = colour_matrix(7), *gray = colour_gray(3);
    gsize size = g_bytes_get_size(icc);
    for (gsize length = 1; length < size; length += 1 + size / 9) {
        GBytes *part = g_bytes_new_from_bytes(icc, 0, length);
        colour_png(path, COLOUR_RGB, 8, rgb, part, NULL);
        check_plain(path, rgb);
        g_bytes_unref(part);
    }
    colour_png(path, COLOUR_RGB, 8, rgb, gray, NULL);
    check_plain(path, rgb);
    g_bytes_unref(gray);
    g_bytes_unref(icc);
    g_free(path);
}

/* gAMA of 1/1.8 and Adobe's primaries, but not beside sRGB. */
static void
png_says_it_in_chunks_too(void)
{
    static const guint32 chroma[8] = {31270, 32900, 64000, 33000,
                                      21000, 71000, 15000, 6000};
    const cmsCIExyY white = {0.3127, 0.329, 1};
    const cmsCIExyYTRIPLE primaries = {{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
    guint8 rgb[3 * PIXELS];
    double values[3 * PIXELS];
    char *path = fixture_path("chunks.png");
    some_pixels(rgb);
    for (int i = 0; i < 3 * PIXELS; i++)
        values[i] = rgb[i] / 255.0;
    GByteArray *chunks = g_byte_array_new(), *at = g_byte_array_new();
    for (int i = 0; i < 8; i++)
        colour_put_32(at, chroma[i]);
    colour_put_chunk(chunks, "cHRM", at->data, at->len);
    colour_png(path, COLOUR_RGB, 8, rgb, NULL, chunks); /* by itself: sRGB's curve */
    const cmsFloat64Number srgb[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    cmsToneCurve *curve = cmsBuildParametricToneCurve(NULL, 4, srgb),
                 *curves[3] = {curve, curve, curve};
    GBytes *icc = colour_saved(cmsCreateRGBProfile(&white, &primaries, curves));
    decoded_check(path, icc, FALSE, values, NULL, PIXELS);
    cmsFreeToneCurve(curve);
    g_bytes_unref(icc);
    g_byte_array_set_size(at, 0);
    colour_put_32(at, 55556);
    colour_put_chunk(chunks, "gAMA", at->data, at->len);
    colour_png(path, COLOUR_RGB, 8, rgb, NULL, chunks);

    curves[0] = curves[1] = curves[2] = curve = cmsBuildGamma(NULL, 1 / 0.55556);
    icc = colour_saved(cmsCreateRGBProfile(&white, &primaries, curves));
    decoded_check(path, icc, FALSE, values, NULL, PIXELS);
    colour_put_chunk(chunks, "sRGB", (const guint8 *)"", 1);
    colour_png(path, COLOUR_RGB, 8, rgb, NULL, chunks);
    check_plain(path, rgb);
    cmsFreeToneCurve(curve);
    g_bytes_unref(icc);
    g_byte_array_unref(chunks);
    g_byte_array_unref(at);
    g_free(path);
}

static void
tiff_has_them_too(void)
{
    guint8 rgb[3 * PIXELS];
    double values[3 * PIXELS];
    char *path = fixture_path("made-up.tif");
    some_pixels(rgb);
    for (int i = 0; i < 3 * PIXELS; i++)
        values[i] = rgb[i] / 255.0;
    GBytes *icc = colour_matrix(9);
    colour_tiff(path, rgb, icc);
    decoded_check(path, icc, FALSE, values, NULL, PIXELS);
    g_bytes_unref(icc);
    g_free(path);
}

/* 12 bytes of RIFF, VP8X with its flag for a profile, ICCP of 4 bytes, EXIF of 2. */
static void
webp_is_cleared_of_its_chunk(void)
{
    const guint8 file[] = "RIFF\46\0\0\0WEBPVP8X\12\0\0\0\50\0\0\0\0\0\0\0\0\0"
                          "ICCP\4\0\0\0abcdEXIF\2\0\0\0ef";
    Profile profile;
    check(profile_take(&profile, file, sizeof file - 1), "there is one");
    check(profile.icc && g_bytes_get_size(profile.icc) == 4 &&
              memcmp(g_bytes_get_data(profile.icc, NULL), "abcd", 4) == 0,
          "its bytes");
    check_int((int)profile.rest->len, sizeof file - 1, "the rest is as long");
    check(profile.rest->data[20] == 8 && memcmp(profile.rest->data + 30, "none", 4) == 0,
          "nobody finds it");
    profile_clear(&profile);
    for (gsize size = 0; size < 42; size++) /* ICCP ends at 42 */
        check(!profile_take(&profile, file, size), "cut off");
}

/* --- ink */

/* As GEGL's loader of JPEG leaves it: 255 is no ink, 0 is all of it. */
static void
ink_is_converted_too(void)
{
    enum { COUNT = 6 };
    const guint8 inks[4 * COUNT] = {255, 255, 255, 255, 0,   255, 255, 255,
                                    255, 0,   255, 255, 255, 255, 0,   255,
                                    255, 255, 255, 0,   200, 90,  30,  220};
    GBytes *icc = colour_ink();
    Block block;
    check(block_new(&block, COUNT, 1, babl_format("cmyk u8")), "there is memory");
    memcpy(block.at, inks, sizeof inks);
    check(colours_convert(&block, icc), "it is converted");
    check(block.format == babl_format("R'G'B' u8"), "to bytes");

    cmsHPROFILE from = cmsOpenProfileFromMem(g_bytes_get_data(icc, NULL),
                                             (cmsUInt32Number)g_bytes_get_size(icc));
    cmsHPROFILE to = cmsCreate_sRGBProfile();
    cmsHTRANSFORM transform = cmsCreateTransform(from, TYPE_CMYK_DBL, to, TYPE_RGB_DBL,
                                                 INTENT_PERCEPTUAL, cmsFLAGS_NOOPTIMIZE);
    for (int i = 0; i < COUNT; i++) {
        double percent[4], srgb[3];
        for (int c = 0; c < 4; c++)
            percent[c] = (255 - inks[4 * i + c]) / 2.55;
        cmsDoTransform(transform, percent, srgb, 1);
        for (int c = 0; c < 3; c++)
            check_floats((float[]){block.at[3 * i + c] / 255.0F},
                         (float[]){(float)CLAMP(srgb[c], 0, 1)}, 1, 1.0 / 255);
    }
    check(block.at[0] > 252 && block.at[3 * 4] < 13,
          "paper is white, black ink is black");
    cmsDeleteTransform(transform);
    cmsCloseProfile(from);
    cmsCloseProfile(to);
    block_clear(&block);
    g_bytes_unref(icc);
}

/* What is not inked is white, and black ink takes its part of it. */
static void
ink_without_a_profile_leaves_white(void)
{
    static const guint8 inks[12] = {255, 255, 255, 255, 255, 128,
                                    0,   255, 200, 90,  30,  51};
    static const guint8 rgb[9] = {255, 255, 255, 255, 128, 0, 40, 18, 6};
    for (int turned = 0; turned < 2; turned++) {
        Block block;
        check(block_new(&block, 3, 1, babl_format(turned ? "CMYK u8" : "cmyk u8")),
              "there is memory");
        for (int i = 0; i < 12; i++)
            block.at[i] = turned ? 255 - inks[i] : inks[i];
        check(colours_convert(&block, NULL), "it is converted");
        check(block.format == babl_format("R'G'B' u8"), "to bytes");
        for (int i = 0; i < 9; i++)
            check_int(block.at[i], rgb[i], "a value");
        block_clear(&block);
    }
}

/* --- several threads, more profiles than are kept */

#define FILES 24

typedef struct {
    char *path[FILES];
    float *wanted[FILES];
    int wrong; /* atomic */
} Shared;

static void *
read_all(void *data)
{
    Shared *shared = data;
    for (int i = 0; i < 3 * FILES; i++) {
        GeglRectangle rect = {0, 0, WIDTH, HEIGHT};
        float rgba[4 * PIXELS];
        gboolean unknown;
        GeglBuffer *buffer = pixels_decode(shared->path[i % FILES], &unknown, NULL);
        if (!buffer || !pixels_read(buffer, &rect, rgba, NULL) ||
            memcmp(rgba, shared->wanted[i % FILES], sizeof rgba) != 0)
            g_atomic_int_inc(&shared->wrong);
        g_clear_object(&buffer);
    }
    return NULL;
}

static void
several_threads_may_read(void)
{
    Shared shared = {.wrong = 0};
    GThread *threads[4];
    guint8 rgb[3 * PIXELS];
    GeglRectangle rect;
    some_pixels(rgb);
    for (int i = 0; i < FILES; i++) {
        GBytes *icc = colour_matrix(100 + i);
        char *name = g_strdup_printf("thread-%d.png", i);
        shared.path[i] = fixture_path(name);
        colour_png(shared.path[i], COLOUR_RGB, 8, rgb, icc, NULL);
        shared.wanted[i] = decoded_floats(shared.path[i], &rect);
        g_free(name);
        g_bytes_unref(icc);
    }
    for (gsize t = 0; t < G_N_ELEMENTS(threads); t++)
        threads[t] = g_thread_new("reader", read_all, &shared);
    for (gsize t = 0; t < G_N_ELEMENTS(threads); t++)
        g_thread_join(threads[t]);
    check_int(shared.wrong, 0, "files that were read otherwise");
    for (int i = 0; i < FILES; i++) {
        g_free(shared.path[i]);
        g_free(shared.wanted[i]);
    }
}

/* Leaks of GEGL's loaders, which fixture.c passes over, are known by their whole stacks
 * only. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
    return "fast_unwind_on_malloc=0";
}

FIXTURE_MAIN(CHECK_TEST(a_hundred_profiles_are_not_too_many),
             CHECK_TEST(jpegs_have_them_too),
             CHECK_TEST(srgb_stays_as_it_is),
             CHECK_TEST(damaged_and_foreign_profiles_are_passed_over),
             CHECK_TEST(png_says_it_in_chunks_too),
             CHECK_TEST(tiff_has_them_too),
             CHECK_TEST(webp_is_cleared_of_its_chunk),
             CHECK_TEST(ink_is_converted_too),
             CHECK_TEST(ink_without_a_profile_leaves_white),
             CHECK_TEST(several_threads_may_read))
