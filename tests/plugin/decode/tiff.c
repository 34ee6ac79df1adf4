/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tiff.c: TIFF files of all layouts: kinds of values, of colours, planes, tiles, byte
 * order, packing. */

#include "decode/orientation.h"
#include "decode/profile.h"
#include "plugin/fixture/check_main.h"
#include "plugin/fixture/colour_files.h"
#include "plugin/fixture/jpeg_file.h"
#include "plugin/fixture/squares.h"
#include "plugin/fixture/tiff_file.h"
#include <math.h>
#include <string.h>

static void
wanted(const TiffLayout *layout, int x, int y, double rgba[4])
{
    int own = layout->colours == TIFF_FILE_RGB   ? 3
              : layout->colours == TIFF_FILE_INK ? 4
                                                 : 1;
    for (int c = 0; c < 3; c++) {
        double v = tiff_file_value(layout, x, y, own == 3 ? c : 0);
        if (layout->colours == TIFF_FILE_WHITE_IS_ZERO)
            v = 1 - v;
        else if (layout->colours == TIFF_FILE_PALETTE)
            v = (((int)(v * ((1 << layout->bits) - 1) + 0.5) + (c << layout->bits)) *
                     40503 &
                 0xffff) /
                65535.0;
        else if (layout->colours == TIFF_FILE_INK)
            v = (1 - tiff_file_value(layout, x, y, c)) *
                (1 - tiff_file_value(layout, x, y, 3));
        rgba[c] = v;
    }
    rgba[3] = layout->samples > own && !layout->unspecified
                  ? tiff_file_value(layout, x, y, own)
                  : 1;
}

/* libtiff 4.5 reads no tiles of palettes and of few bits that are not packed. */
static gboolean
may_be_refused(const TiffLayout *layout)
{
    return layout->tiles && layout->packing == TIFF_FILE_PLAIN &&
           (layout->bits < 8 || layout->colours == TIFF_FILE_PALETTE);
}

static void
check_layout(const TiffLayout *layout)
{
    char *path = fixture_path("layout.tif"), *why;
    int width = 0, height = 0;
    double worst = 0,
           most = layout->colours == TIFF_FILE_PALETTE ? 1.0 / 255 : 0.5 / 255 + 1e-6;
    tiff_file_write(path, layout);
    float *rgba = file_decode(path, &width, &height, &why);
    gboolean good = width == TIFF_FILE_WIDTH && height == TIFF_FILE_HEIGHT;
    for (int i = 0; rgba && good && i < TIFF_FILE_WIDTH * TIFF_FILE_HEIGHT; i++) {
        double want[4];
        wanted(layout, i % TIFF_FILE_WIDTH, i / TIFF_FILE_WIDTH, want);
        for (int c = 0; c < 4; c++)
            worst = fmax(worst, fabs((double)rgba[4 * i + c] - want[c]));
    }
    gboolean refused =
        why && may_be_refused(layout) &&
        strstr(why, layout->wide ? "is of a kind that is not read here: BigTIFF"
                                 : "is of a kind that is not read here: TIFF");
    if (rgba ? !good || !(worst <= most) : !refused)
        check_fail(
            "colours %d, %d samples of %d bits, format %d%s%s%s%s%s, packing %d: %s, off "
            "by %g",
            layout->colours, layout->samples, layout->bits, layout->format,
            layout->planes ? ", planes" : "", layout->tiles ? ", tiles" : "",
            layout->big ? ", big" : "", layout->wide ? ", wide" : "",
            layout->unspecified ? ", unspecified" : "", layout->packing,
            why ? why : "read", worst * 255);
    g_free(rgba);
    g_free(why);
    g_free(path);
}

static void
each_layout_is_read(void)
{
    static const struct {
        int colours, samples;
    } colours[] = {{TIFF_FILE_WHITE_IS_ZERO, 1}, {TIFF_FILE_BLACK_IS_ZERO, 1},
                   {TIFF_FILE_BLACK_IS_ZERO, 2}, {TIFF_FILE_WHITE_IS_ZERO, 2},
                   {TIFF_FILE_RGB, 3},           {TIFF_FILE_RGB, 4},
                   {TIFF_FILE_PALETTE, 1},       {TIFF_FILE_PALETTE, 2},
                   {TIFF_FILE_INK, 4},           {TIFF_FILE_INK, 5}};
    static const struct {
        int bits, format;
    } values[] = {{1, TIFF_FILE_UNSIGNED},  {4, TIFF_FILE_UNSIGNED},
                  {8, TIFF_FILE_UNSIGNED},  {16, TIFF_FILE_UNSIGNED},
                  {32, TIFF_FILE_UNSIGNED}, {32, TIFF_FILE_FLOAT},
                  {64, TIFF_FILE_FLOAT}};
    for (gsize c = 0; c < G_N_ELEMENTS(colours); c++)
        for (gsize v = 0; v < G_N_ELEMENTS(values); v++) {
            gboolean small = values[v].bits < 8;
            if ((small && colours[c].samples > 1) ||
                (colours[c].colours == TIFF_FILE_PALETTE && values[v].bits > 8))
                continue;
            for (int i = 0; i < 32; i++) {
                TiffLayout layout = {.colours = colours[c].colours,
                                     .samples = colours[c].samples,
                                     .bits = values[v].bits,
                                     .format = values[v].format,
                                     .planes = i % 2,
                                     .tiles = i / 2 % 2,
                                     .big = i / 4 % 2,
                                     .packing =
                                         i / 8 % 2 ? TIFF_FILE_PACKBITS : TIFF_FILE_PLAIN,
                                     .wide = i / 16};
                if (layout.planes && layout.samples == 1)
                    continue;
                check_layout(&layout);
            }
        }
}

/* The profile is taken out of what the loader gets. */
static void
profile_and_way_up_are_found_in_narrow_and_wide_files(void)
{
    char *path = fixture_path("profile.tif");
    GBytes *icc = colour_matrix(3);
    for (int i = 0; i < 4; i++) {
        const TiffLayout layout = {.colours = TIFF_FILE_RGB,
                                   .samples = 3,
                                   .bits = 8,
                                   .format = TIFF_FILE_UNSIGNED,
                                   .big = i % 2,
                                   .packing = TIFF_FILE_PLAIN,
                                   .wide = i / 2,
                                   .way = 6,
                                   .icc = icc};
        char *bytes;
        gsize size;
        int width = 0, height = 0;
        Profile profile = {0};
        char *why = NULL;
        tiff_file_write(path, &layout);
        g_assert(g_file_get_contents(path, &bytes, &size, NULL));
        check_int(orientation_of((guint8 *)bytes, size), 6, "which way up");
        CHECK(profile_take(&profile, (guint8 *)bytes, size));
        CHECK(!profile.cut);
        CHECK_NEED(profile.icc && profile.rest);
        CHECK(g_bytes_equal(profile.icc, icc));
        CHECK(profile.rest->len == size);
        Profile again = {0};
        CHECK(!profile_take(&again, profile.rest->data, profile.rest->len));
        orientation_clear(profile.rest->data, profile.rest->len);
        file_write(path, profile.rest->data, profile.rest->len);
        float *rgba = file_decode(path, &width, &height, &why);
        if (!rgba || width != TIFF_FILE_WIDTH || height != TIFF_FILE_HEIGHT)
            check_fail("%s", why ? why : "it has another size");
        for (int at = 0; rgba && at < TIFF_FILE_WIDTH * TIFF_FILE_HEIGHT; at++)
            for (int c = 0; c < 3; c++)
                check_near((double)rgba[4 * at + c],
                           tiff_file_value(&layout, at % TIFF_FILE_WIDTH,
                                           at / TIFF_FILE_WIDTH, c),
                           1e-3, "a value");
        g_free(rgba);
        g_free(why);
        g_free(bytes);
        profile_clear(&profile);
    }
    g_bytes_unref(icc);
    g_free(path);
}

/* Beside a palette's numbers it may be anything. */
static void
what_is_unspecified_beside_a_palette_is_no_alpha(void)
{
    for (int i = 0; i < 8; i++) {
        TiffLayout layout = {.colours = TIFF_FILE_PALETTE,
                             .samples = 2,
                             .bits = 8,
                             .format = TIFF_FILE_UNSIGNED,
                             .planes = i % 2,
                             .big = i / 2 % 2,
                             .packing = TIFF_FILE_PLAIN,
                             .wide = i / 4,
                             .unspecified = TRUE};
        check_layout(&layout);
    }
}

static void
a_tag_of_no_type_does_no_harm(void)
{
    const TiffLayout layout = {.colours = TIFF_FILE_RGB,
                               .samples = 3,
                               .bits = 8,
                               .format = TIFF_FILE_UNSIGNED,
                               .packing = TIFF_FILE_PLAIN,
                               .stray = TRUE};
    check_layout(&layout);
}

/* More samples than a loader here has use for, and signed ones. */
static void
what_would_be_misread_is_not_known(void)
{
    static const TiffLayout layouts[] = {
        {.colours = TIFF_FILE_RGB,
         .samples = 5,
         .bits = 8,
         .format = TIFF_FILE_UNSIGNED,
         .packing = TIFF_FILE_PLAIN},
        {.colours = TIFF_FILE_RGB,
         .samples = 6,
         .bits = 16,
         .format = TIFF_FILE_UNSIGNED,
         .tiles = TRUE,
         .big = TRUE,
         .packing = TIFF_FILE_PLAIN},
        {.colours = TIFF_FILE_BLACK_IS_ZERO,
         .samples = 3,
         .bits = 8,
         .format = TIFF_FILE_UNSIGNED,
         .packing = TIFF_FILE_PACKBITS},
        {.colours = TIFF_FILE_INK,
         .samples = 6,
         .bits = 8,
         .format = TIFF_FILE_UNSIGNED,
         .big = TRUE,
         .packing = TIFF_FILE_PLAIN},
        {.colours = TIFF_FILE_BLACK_IS_ZERO,
         .samples = 1,
         .bits = 16,
         .format = TIFF_FILE_SIGNED,
         .packing = TIFF_FILE_PLAIN},
        {.colours = TIFF_FILE_DIFFERENCES,
         .samples = 3,
         .bits = 8,
         .format = TIFF_FILE_UNSIGNED,
         .planes = TRUE,
         .packing = TIFF_FILE_PLAIN}, /* of 2 x 2 pixels */
        {.colours = TIFF_FILE_BLACK_IS_ZERO,
         .samples = 1,
         .bits = 8,
         .format = TIFF_FILE_UNSIGNED,
         .packing = TIFF_FILE_OLD_JPEG},
        {.colours = TIFF_FILE_RGB,
         .samples = 3,
         .bits = 8,
         .format = TIFF_FILE_UNSIGNED,
         .tiles = TRUE,
         .packing = TIFF_FILE_JPEG_2000},
    };
    char *path = fixture_path("more.tif");
    for (gsize i = 0; i < G_N_ELEMENTS(layouts); i++) {
        tiff_file_write(path, &layouts[i]);
        file_check_refused(path, "is of a kind that is not read here: TIFF");
    }
    static const TiffLayout odd[] = {
        {.colours = TIFF_FILE_RGB,
         .samples = 3,
         .bits = 12,
         .format = TIFF_FILE_UNSIGNED,
         .packing = TIFF_FILE_PLAIN},
        {.colours = TIFF_FILE_BLACK_IS_ZERO,
         .samples = 1,
         .bits = 12,
         .format = TIFF_FILE_UNSIGNED,
         .tiles = TRUE,
         .big = TRUE,
         .packing = TIFF_FILE_PACKBITS},
        {.colours = TIFF_FILE_RGB,
         .samples = 3,
         .bits = 4,
         .format = TIFF_FILE_UNSIGNED,
         .packing = TIFF_FILE_PLAIN},
        {.colours = TIFF_FILE_PALETTE,
         .samples = 2,
         .bits = 4,
         .format = TIFF_FILE_UNSIGNED,
         .big = TRUE,
         .packing = TIFF_FILE_PLAIN},
        {.colours = TIFF_FILE_BLACK_IS_ZERO,
         .samples = 1,
         .bits = 24,
         .format = TIFF_FILE_FLOAT,
         .packing = TIFF_FILE_PLAIN},
        {.colours = TIFF_FILE_PALETTE,
         .samples = 1,
         .bits = 16,
         .format = TIFF_FILE_UNSIGNED,
         .packing = TIFF_FILE_PLAIN},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
        char *why = g_strdup_printf(
            "is of a kind that is not read here: TIFF with %d bits a value", odd[i].bits);
        tiff_file_write(path, &odd[i]);
        file_check_refused(path, why);
        g_free(why);
    }
    g_free(path);
    const TiffLayout planes = {.colours = TIFF_FILE_RGB,
                               .samples = 5,
                               .bits = 8,
                               .format = TIFF_FILE_UNSIGNED,
                               .planes = TRUE,
                               .packing = TIFF_FILE_PLAIN};
    check_layout(&planes); /* each sample is read by itself */
}

/* A gray square in a strip of TIFF_FILE_JPEG; frame: the marker of the TIFF_FILE_JPEG's frame. */
static void
write_jpeg_inside(const char *path, guint8 frame)
{
    enum { SHORT = 3, LONG = 4, ENTRIES = 9, PIXELS = 8 + 2 + 12 * ENTRIES + 4 };
    static const guint8 gray[1] = {100};
    const TiffLayout layout = {0};
    GByteArray *file = g_byte_array_new(), *jpeg = jpeg_blocks(gray, 1, 1, FALSE);
    for (guint i = 0; i + 1 < jpeg->len; i++)
        if (jpeg->data[i] == 0xff && jpeg->data[i + 1] == 0xc0)
            jpeg->data[i + 1] = frame;
    const int entries[ENTRIES][3] = {{256, SHORT, 8},
                                     {257, SHORT, 8},
                                     {258, SHORT, 8},
                                     {259, SHORT, TIFF_FILE_JPEG},
                                     {262, SHORT, 1},
                                     {273, LONG, PIXELS},
                                     {277, SHORT, 1},
                                     {278, SHORT, 8},
                                     {279, LONG, (int)jpeg->len}};
    g_byte_array_append(file, (const guint8 *)"II*\0\10\0\0\0\11\0", 10);
    for (int i = 0; i < ENTRIES; i++)
        tiff_file_entry(file, &layout, entries[i][0], entries[i][1], 1,
                        (guint)entries[i][2]);
    tiff_file_put(file, &layout, 0, 4);
    g_byte_array_append(file, jpeg->data, jpeg->len);
    file_write(path, file->data, file->len);
    g_byte_array_unref(jpeg);
    g_byte_array_unref(file);
}

static void
jpeg_inside_may_be_of_any_kind(void)
{
    char *path = fixture_path("inside.tif"), *why;
    int width = 0, height = 0;
    write_jpeg_inside(path, 0xc0);
    float *rgba = file_decode(path, &width, &height, &why);
    check_int(width * height, 64, why ? why : "its size");
    if (rgba)
        check_near((double)rgba[0] * 255, 100, 1, "gray");
    write_jpeg_inside(path, 0xc3); /* lossless */
    file_check_refused(path, "is of a kind that is not read here: TIFF");
    const TiffLayout layout = {.colours = TIFF_FILE_BLACK_IS_ZERO,
                               .samples = 1,
                               .bits = 8,
                               .format = TIFF_FILE_UNSIGNED,
                               .packing = TIFF_FILE_JPEG};
    tiff_file_write(path, &layout); /* there is none */
    file_check_refused(path, "is damaged");
    g_free(rgba);
    g_free(why);
    g_free(path);
}

FIXTURE_MAIN(CHECK_TEST(each_layout_is_read),
             CHECK_TEST(profile_and_way_up_are_found_in_narrow_and_wide_files),
             CHECK_TEST(what_is_unspecified_beside_a_palette_is_no_alpha),
             CHECK_TEST(a_tag_of_no_type_does_no_harm),
             CHECK_TEST(what_would_be_misread_is_not_known),
             CHECK_TEST(jpeg_inside_may_be_of_any_kind))
