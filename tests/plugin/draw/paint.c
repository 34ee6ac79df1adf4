/* SPDX-License-Identifier: GPL-3.0-or-later */
/* paint.c: tests of signals and heat maps as pixels, of fills and of .npy files. */
#include "draw/paint.h"
#include "photo/fill.h"
#include "plugin/fixture/fixture.h"
#include "probe/probe.h"
#include "result/npy.h"
#include <math.h>
#include <string.h>

static void
zero_is_mid_gray_and_the_scale_is_white(void)
{
    const float signal[12] = {0, 0, 0, 2, -2, 1, 9, -9, 0, 0, 0, 0};
    RegionGrid grid = {4, 1, 0, 0, 1, 1};
    float rgba[16];
    const float wanted[12] = {0.5f, 0.5f, 0.5f, 1,    0,    0.75f,
                              1,    0,    0.5f, 0.5f, 0.5f, 0.5f};
    paint_signal(signal, 1, 4, &grid, 2, rgba);
    for (int i = 0; i < 12; i++)
        g_assert_cmpfloat(rgba[i / 3 * 4 + i % 3], ==, wanted[i]);
    paint_signal(signal, 1, 4, &grid, 0, rgba);
    g_assert_cmpfloat(rgba[4], ==, 0.5f);
}

static int
ascending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void
the_scale_is_a_percentile(void)
{
    enum { COUNT = 3000 };
    float *values = g_new(float, COUNT), *sorted = g_new(float, COUNT);
    GRand *random = g_rand_new_with_seed(3);
    for (int i = 0; i < COUNT; i++) {
        values[i] = (float)(g_rand_double(random) - 0.5) * 1e-3f;
        sorted[i] = fabsf(values[i]);
    }
    g_rand_free(random);
    qsort(sorted, COUNT, sizeof *sorted, ascending);
    const float *one = values, *two[2] = {values, values + COUNT / 2};
    /* 0.5 % of 3000 values are 15 above it. */
    g_assert_cmpfloat(paint_scale(&one, 1, COUNT, 99.5), ==, sorted[COUNT - 1 - 15]);
    g_assert_cmpfloat(paint_scale(two, 2, COUNT / 2, 99.5), ==, sorted[COUNT - 1 - 15]);
    g_assert_cmpfloat(paint_scale(&one, 1, COUNT, 100), ==, sorted[COUNT - 1]);

    /* A spot of 40 values: 5 % of them are 2. */
    memset(values, 0, COUNT * sizeof *values);
    for (int i = 0; i < 40; i++)
        values[i] = (float)(i + 1);
    g_assert_cmpfloat(paint_scale(&one, 1, COUNT, 99.5), ==, 38);
    memset(values, 0, COUNT * sizeof *values);
    g_assert_cmpfloat(paint_scale(&one, 1, COUNT, 99.5), ==, 0);
    g_free(sorted);
    g_free(values);
}

static void
cells_lie_where_the_square_was(void)
{
    /* Two cells of 3 pixels over a net of 5: middles at 1.5 and 4.5. */
    const float values[2] = {0, 3};
    Cells cells = {values, 1, 2, 3};
    RegionGrid grid = {5, 1, 0, 0, 1, 1};
    float out[5];
    const float hard[5] = {0, 0, 0, 3, 3}, soft[5] = {0, 0, 1, 2, 3};
    paint_cells(&cells, &grid, FALSE, out);
    for (int i = 0; i < 5; i++)
        g_assert_cmpfloat(out[i], ==, hard[i]);
    paint_cells(&cells, &grid, TRUE, out);
    for (int i = 0; i < 5; i++)
        g_assert_cmpfloat_with_epsilon(out[i], soft[i], 1e-6);
}

static void
a_padded_result_shows_the_photo_only(void)
{
    /* The photo is rows 2 to 3 of 6; the signal marks row 3. */
    Region region = {{0, -2, 6, 6}, {0, 0, 6, 2}, 6, 6};
    RegionGrid grid = region_grid(&region);
    float signal[6 * 6 * 3] = {0}, rgba[6 * 2 * 4];
    for (int x = 0; x < 6; x++)
        signal[(3 * 6 + x) * 3] = 1;
    g_assert_cmpint(grid.width, ==, 6);
    g_assert_cmpint(grid.height, ==, 2);
    paint_signal(signal, 6, 6, &grid, 1, rgba);
    g_assert_cmpfloat(rgba[0], ==, 0.5f);
    g_assert_cmpfloat(rgba[6 * 4], ==, 1);
}

static void
a_blur_keeps_the_sum_and_spreads(void)
{
    float rgb[9 * 9 * 3] = {0}, out[9 * 9 * 3], sum = 0;
    rgb[(4 * 9 + 4) * 3 + 1] = 1;
    g_assert_true(fill_blur(rgb, 9, 9, 1, out));
    for (int i = 0; i < 81; i++)
        sum += out[3 * i + 1];
    g_assert_cmpfloat_with_epsilon(sum, 1, 1e-5);
    g_assert_cmpfloat_with_epsilon(out[(4 * 9 + 4) * 3 + 1], 1 / (2 * G_PI), 2e-3);
    g_assert_cmpfloat(out[0], ==, 0);
    fill_color("#ff8000", 1, out);
    g_assert_cmpfloat(out[0], ==, 1);
    g_assert_cmpfloat(out[1], ==, 128.0f / 255);
    g_assert_cmpfloat(out[2], ==, 0);
}

static void
a_point_finds_the_unit_that_looks_there(void)
{
    /* Fields of 11 pixels, stride 4, pad 2, on 32 pixels: unit i covers 4 i - 2 .. 4 i +
     * 9, cut off at the edges; its middle is 4 i + 3.5. */
    gint64 begin[6], end[6];
    for (gint64 i = 0; i < 6; i++) {
        begin[i] = MAX(0, 4 * i - 2);
        end[i] = MIN(32, 4 * i + 9);
    }
    for (double at = 0; at < 32; at += 0.5) {
        double wanted = CLAMP(floor((at - 3.5) / 4 + 0.5), 0, 5);
        g_assert_cmpuint(probe_nearest_unit(begin, end, 6, 32, at), ==, (gsize)wanted);
    }
    /* Fields that all cover the picture: evenly spread. */
    for (int i = 0; i < 6; i++) {
        begin[i] = 0;
        end[i] = 32;
    }
    g_assert_cmpuint(probe_nearest_unit(begin, end, 6, 32, 0), ==, 0);
    g_assert_cmpuint(probe_nearest_unit(begin, end, 6, 32, 16.1), ==, 3);
    g_assert_cmpuint(probe_nearest_unit(begin, end, 6, 32, 31.9), ==, 5);
}

static void
npy_files_have_an_aligned_header(void)
{
    char *path = fixture_path("numbers.npy"), *bytes;
    const float values[6] = {1, 2, 3, 4, 5, 6};
    const gsize dim[2] = {2, 3};
    gsize size;
    g_assert_true(npy_write(path, NPY_FLOAT32, 2, dim, values, NULL));
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    g_assert_cmpuint(size % 64, ==, 24);
    g_assert_cmpmem(bytes, 8, "\x93NUMPY\x01\x00", 8);
    g_assert_cmpint(bytes[8] + 256 * bytes[9] + 10, ==, (int)size - 24);
    g_assert_true(g_str_has_prefix(
        bytes + 10, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, ), }"));
    g_assert_cmpmem(bytes + size - 24, 24, values, 24);
    g_assert_cmpint(bytes[size - 25], ==, '\n');
    g_free(bytes);
    g_free(path);
}

static void
npy_names_are_safe(void)
{
    const struct {
        const char *path, *suffix, *made;
    } cases[] = {
        {"/a/maps.npy", "", "/a/maps.npy"},
        {"/a/maps", "", "/a/maps.npy"},
        {"/a/maps.NPY", "class", "/a/maps-class.npy"},
        {"/a/maps.npy", "probability-../x y", "/a/maps-probability-.._x_y.npy"},
        {"m", "käse", "m-käse.npy"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *made = npy_path(cases[i].path, cases[i].suffix);
        g_assert_cmpstr(made, ==, cases[i].made);
        g_free(made);
    }
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/paint/signal", zero_is_mid_gray_and_the_scale_is_white);
    g_test_add_func("/paint/scale", the_scale_is_a_percentile);
    g_test_add_func("/paint/cells", cells_lie_where_the_square_was);
    g_test_add_func("/paint/padded", a_padded_result_shows_the_photo_only);
    g_test_add_func("/fill/blur", a_blur_keeps_the_sum_and_spreads);
    g_test_add_func("/probe/point", a_point_finds_the_unit_that_looks_there);
    g_test_add_func("/npy/header", npy_files_have_an_aligned_header);
    g_test_add_func("/npy/names", npy_names_are_safe);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
