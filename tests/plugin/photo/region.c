/* SPDX-License-Identifier: GPL-3.0-or-later */
/* region.c: tests of the region of a photo that a network gets, and of its pixels. */
#include "photo/region.h"
#include "plugin/fixture/fixture.h"
#include <math.h>

static void
check_rect(const GeglRectangle *rect, int x, int y, int width, int height)
{
    g_assert_cmpint(rect->x, ==, x);
    g_assert_cmpint(rect->y, ==, y);
    g_assert_cmpint(rect->width, ==, width);
    g_assert_cmpint(rect->height, ==, height);
}

static void
a_crop_is_the_largest_centred_rectangle(void)
{
    Region region;
    GeglRectangle photo = {10, 20, 451, 300}, tall = {0, 0, 3, 10};
    g_assert_true(region_find(&region, &photo, NULL, FIT_CROP, 227, 227, NULL));
    check_rect(&region.seen, 10 + 75, 20, 300, 300);
    check_rect(&region.photo, 10 + 75, 20, 300, 300);
    g_assert_true(region_find(&region, &tall, NULL, FIT_CROP, 20, 10, NULL));
    check_rect(&region.seen, 0, 4, 3, 2);
}

static void
stretch_takes_all_and_pad_adds_bars(void)
{
    Region region;
    GeglRectangle photo = {-5, 7, 40, 10};
    g_assert_true(region_find(&region, &photo, NULL, FIT_STRETCH, 8, 8, NULL));
    check_rect(&region.seen, -5, 7, 40, 10);
    g_assert_true(region_find(&region, &photo, NULL, FIT_PAD, 8, 8, NULL));
    check_rect(&region.seen, -5, 7 - 15, 40, 40);
    check_rect(&region.photo, -5, 7, 40, 10);
    RegionGrid grid = region_grid(&region);
    g_assert_cmpint(grid.width, ==, 8);
    g_assert_cmpint(grid.height, ==, 2);
    g_assert_cmpfloat_with_epsilon(grid.y, 3, 1e-12);
    g_assert_cmpfloat_with_epsilon(grid.dy, 1, 1e-12);
}

static void
a_selection_bounds_what_is_seen(void)
{
    Region region;
    GError *error = NULL;
    GeglRectangle photo = {0, 0, 100, 100}, part = {90, 50, 40, 20}, out = {100, 0, 9, 9};
    g_assert_true(region_find(&region, &photo, &part, FIT_STRETCH, 8, 8, NULL));
    check_rect(&region.seen, 90, 50, 10, 20);
    g_assert_false(region_find(&region, &photo, &out, FIT_CROP, 8, 8, &error));
    g_assert_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT);
    g_error_free(error);
}

static void
one_pixel_is_enough(void)
{
    Region region;
    GeglRectangle photo = {3, 4, 1, 1};
    for (Fit fit = FIT_CROP; fit <= FIT_PAD; fit++) {
        g_assert_true(region_find(&region, &photo, NULL, fit, 227, 113, NULL));
        g_assert_cmpint(region.photo.width, ==, 1);
        g_assert_cmpint(region.photo.height, ==, 1);
    }
}

/* The area mean by its definition, in double: for each cell, over all pixels, the share
 * of each that the cell covers. */
static double
twin(const Photo *photo, const Region *region, int cell_x, int cell_y, int c, double bar)
{
    double w = (double)region->seen.width / region->width;
    double h = (double)region->seen.height / region->height, sum = 0, area = 0;
    for (int y = 0; y < region->seen.height; y++)
        for (int x = 0; x < region->seen.width; x++) {
            double across = fmin((cell_x + 1) * w, x + 1) - fmax(cell_x * w, x);
            double down = fmin((cell_y + 1) * h, y + 1) - fmax(cell_y * h, y);
            if (across <= 0 || down <= 0)
                continue;
            int px = x + region->seen.x, py = y + region->seen.y;
            double value = bar;
            if (px >= 0 && py >= 0 && px < photo->width && py < photo->height) {
                const float *pixel =
                    photo->rgba + 4 * ((gsize)py * (gsize)photo->width + (gsize)px);
                double alpha = (double)pixel[3];
                value = (double)pixel[c] * alpha + 1 - alpha;
            }
            sum += across * down * value;
            area += across * down;
        }
    return sum / area;
}

static void
check_against_twin(int width, int height, Fit fit, int net_width, int net_height)
{
    Photo photo = fixture_photo(width, height);
    GRand *random = g_rand_new_with_seed(7);
    for (gsize i = 0; i < (gsize)width * (gsize)height * 4; i++)
        photo.rgba[i] = (float)g_rand_double(random);
    g_rand_free(random);
    fixture_done(&photo);

    const float bars[3] = {0.1f, 0.2f, 0.3f};
    Region region;
    GeglRectangle item = host_item_rect(photo.photo);
    GError *error = NULL;
    float *rgb = g_new(float, (gsize)net_width *(gsize)net_height * 3);
    HostPixels *pixels = host_item_open(photo.photo, &error);
    g_assert_no_error(error);
    g_assert_true(region_find(&region, &item, NULL, fit, net_width, net_height, &error));
    g_assert_true(region_read(&region, pixels, 0, 0, bars, rgb, &error));
    double worst = 0;
    for (int y = 0; y < net_height; y++)
        for (int x = 0; x < net_width; x++)
            for (int c = 0; c < 3; c++) {
                double wanted = twin(&photo, &region, x, y, c, (double)bars[c]);
                double got = (double)rgb[(y * net_width + x) * 3 + c];
                worst = fmax(worst, fabs(got - wanted));
            }
    /* Sums of up to 40 terms in each direction, values up to 1. */
    g_assert_cmpfloat(worst, <, 80 * 1.2e-7);
    host_pixels_close(pixels);
    g_free(rgb);
    fixture_free(&photo);
}

static void
pixels_are_area_means_over_white(void)
{
    check_against_twin(64, 64, FIT_CROP, 8, 8);
    check_against_twin(61, 47, FIT_STRETCH, 9, 7);
    check_against_twin(61, 47, FIT_CROP, 9, 9);
    check_against_twin(50, 23, FIT_PAD, 8, 8);
    check_against_twin(23, 50, FIT_PAD, 7, 9);
    check_against_twin(12, 12, FIT_CROP, 12, 12);
    check_against_twin(13, 25, FIT_STRETCH, 12, 12); /* 3 and 4 taps */
}

static void
leave(void *user, const GeglRectangle *rect, float *rgba)
{
    (void)user;
    (void)rect;
    (void)rgba;
}

static void
check_bytes(Fit fit, int net_width, int net_height)
{
    Photo photo = fixture_noise(61, 47);
    GeglRectangle item = host_item_rect(photo.photo);
    HostItem *bytes = memory_layer_new(photo.image, "bytes", &item, "R'G'B' u8");
    memory_item_set(bytes, photo.rgba);
    HostPixels *pixels = host_item_open(bytes, NULL);
    HostPixels *floats = host_item_open(photo.photo, NULL);
    g_assert_true(host_pixels_are_bytes(pixels));
    g_assert_false(host_pixels_are_bytes(floats));

    Region region;
    const float bars[3] = {0.1f, 0.2f, 0.3f};
    gsize count = (gsize)net_width * (gsize)net_height * 3;
    float *seen = g_new(float, count), *edited = g_new(float, count);
    g_assert_true(region_find(&region, &item, NULL, fit, net_width, net_height, NULL));
    g_assert_true(region_read(&region, pixels, 0, 0, bars, seen, NULL));
    /* What is edited has to be floats. */
    g_assert_true(
        region_read_edited(&region, pixels, 0, 0, bars, leave, NULL, edited, NULL));
    for (gsize i = 0; i < count; i++)
        g_assert_cmpfloat_with_epsilon((double)seen[i], (double)edited[i], 80 * 1.2e-7);
    g_free(seen);
    g_free(edited);
    host_pixels_close(pixels);
    host_pixels_close(floats);
    fixture_free(&photo);
}

static void
bytes_are_seen_as_floats_are(void)
{
    check_bytes(FIT_CROP, 9, 7);
    check_bytes(FIT_STRETCH, 40, 30);
    check_bytes(FIT_STRETCH, 25, 70);
    check_bytes(FIT_PAD, 16, 16);
    check_bytes(FIT_CROP, 47, 47);
}

static void
an_unchanged_size_is_an_exact_copy(void)
{
    Photo photo = fixture_photo(3, 2);
    fixture_dot(&photo, 2, 1, 0.25f, 0.5f, 1);
    fixture_done(&photo);
    Region region;
    GeglRectangle item = {0, 0, 3, 2};
    float rgb[18], bars[3] = {0};
    HostPixels *pixels = host_item_open(photo.photo, NULL);
    g_assert_true(region_find(&region, &item, NULL, FIT_CROP, 3, 2, NULL));
    g_assert_true(region_read(&region, pixels, 0, 0, bars, rgb, NULL));
    g_assert_cmpfloat(rgb[15], ==, 0.25f);
    g_assert_cmpfloat(rgb[16], ==, 0.5f);
    g_assert_cmpfloat(rgb[17], ==, 1);
    g_assert_cmpfloat(rgb[0], ==, 0);
    host_pixels_close(pixels);
    fixture_free(&photo);
}

static void
enlarging_interpolates_and_keeps_the_edges(void)
{
    /* Two pixels 0 and 1 on four cells: middles at 0.25 0.75 1.25 1.75 pixels. */
    Photo photo = fixture_photo(2, 2);
    fixture_dot(&photo, 1, 0, 1, 1, 1);
    fixture_dot(&photo, 1, 1, 1, 1, 1);
    fixture_done(&photo);
    Region region;
    GeglRectangle item = {0, 0, 2, 2};
    float rgb[48], bars[3] = {0};
    const double wanted[4] = {0, 0.25, 0.75, 1};
    HostPixels *pixels = host_item_open(photo.photo, NULL);
    g_assert_true(region_find(&region, &item, NULL, FIT_CROP, 4, 4, NULL));
    g_assert_true(region_read(&region, pixels, 0, 0, bars, rgb, NULL));
    for (int i = 0; i < 16; i++)
        g_assert_cmpfloat_with_epsilon((double)rgb[3 * i], wanted[i % 4], 1e-6);
    host_pixels_close(pixels);
    fixture_free(&photo);
}

/* Floats of any kind are seen as 0 .. 1, and spoil no others. */
static void
what_is_no_colour_is_cut(void)
{
    const float odd[][2] = {{NAN, 0},    {INFINITY, 1}, {-INFINITY, 0}, {1e30F, 1},
                            {-1e30F, 0}, {-0.5F, 0},    {1.5F, 1},      {0.25F, 0.25F}};
    GeglRectangle item = {0, 0, 8, 1};
    HostImage *image = memory_image_new(8, 1, HOST_RGB);
    HostItem *layer = memory_layer_new(image, "odd", &item, "R'G'B'A float");
    float rgba[32], rgb[24], bars[3] = {0};
    for (gsize i = 0; i < 32; i++)
        rgba[i] = i % 4 == 3 ? 1 : odd[i / 4][0];
    memory_item_set(layer, rgba);
    Region region;
    HostPixels *pixels = host_item_open(layer, NULL);
    g_assert_true(region_find(&region, &item, NULL, FIT_CROP, 8, 1, NULL));
    g_assert_true(region_read(&region, pixels, 0, 0, bars, rgb, NULL));
    for (gsize i = 0; i < 24; i++)
        g_assert_cmpfloat(rgb[i], ==, odd[i / 3][1]);
    /* An alpha that is none is transparent: white is seen. */
    for (gsize i = 0; i < 32; i++)
        rgba[i] = i % 4 == 3 ? odd[i / 4][0] : 0;
    memory_item_set(layer, rgba);
    g_assert_true(region_read(&region, pixels, 0, 0, bars, rgb, NULL));
    for (gsize i = 0; i < 24; i++)
        g_assert_cmpfloat(rgb[i], ==, 1 - odd[i / 3][1]);
    host_pixels_close(pixels);
    host_image_delete(image);
}

static void
a_failed_read_is_told(void)
{
    Photo photo = fixture_photo(20, 20);
    Region region;
    GError *error = NULL;
    GeglRectangle item = {0, 0, 20, 20};
    float rgb[48], bars[3] = {0};
    HostPixels *pixels = host_item_open(photo.photo, NULL);
    g_assert_true(region_find(&region, &item, NULL, FIT_CROP, 4, 4, NULL));
    memory_host()->fail_read = TRUE;
    g_assert_false(region_read(&region, pixels, 0, 0, bars, rgb, &error));
    g_assert_nonnull(error);
    g_error_free(error);
    host_pixels_close(pixels);
    fixture_free(&photo);
}

static void
points_of_the_image_are_found_in_the_network(void)
{
    Region region;
    double x, y;
    GeglRectangle photo = {100, 50, 80, 40};
    g_assert_true(region_find(&region, &photo, NULL, FIT_CROP, 10, 10, NULL));
    g_assert_true(region_point(&region, 120, 50, &x, &y));
    g_assert_cmpfloat(x, ==, 0);
    g_assert_cmpfloat(y, ==, 0);
    g_assert_true(region_point(&region, 140, 70, &x, &y));
    g_assert_cmpfloat(x, ==, 5);
    g_assert_false(region_point(&region, 119, 60, &x, &y));
    g_assert_false(region_point(&region, 160, 60, &x, &y));
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/region/crop", a_crop_is_the_largest_centred_rectangle);
    g_test_add_func("/region/stretch-pad", stretch_takes_all_and_pad_adds_bars);
    g_test_add_func("/region/selection", a_selection_bounds_what_is_seen);
    g_test_add_func("/region/one-pixel", one_pixel_is_enough);
    g_test_add_func("/region/means", pixels_are_area_means_over_white);
    g_test_add_func("/region/bytes", bytes_are_seen_as_floats_are);
    g_test_add_func("/region/copy", an_unchanged_size_is_an_exact_copy);
    g_test_add_func("/region/enlarge", enlarging_interpolates_and_keeps_the_edges);
    g_test_add_func("/region/odd-values", what_is_no_colour_is_cut);
    g_test_add_func("/region/failed-read", a_failed_read_is_told);
    g_test_add_func("/region/point", points_of_the_image_are_found_in_the_network);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
