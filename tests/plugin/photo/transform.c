/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transform.c: tests of pictures that are moved: pixels go where they should, exactly. */
#include "photo/transform.h"
#include "photo/fill.h"
#include "plugin/fixture/fixture.h"
#include <math.h>
#include <string.h>

static const float bars[3] = {0.25f, 0.5f, 0.75f};

/* A photo of noise, and what a net of side x side pixels sees of it. */
typedef struct {
    Photo photo;
    Region region;
    Around around;
    int side;
    float *base, *moved; /* as it is; what show() made */
} Scene;

static Scene
scene_new(int width, int height, int side, Fit fit, double margin, AroundFill fill)
{
    Scene scene = {.photo = fixture_noise(width, height), .side = side};
    AroundMargin all = {margin, margin, margin, margin};
    GeglRectangle rect = {0, 0, width, height};
    HostPixels *pixels = host_item_open(scene.photo.photo, NULL);
    g_assert_true(region_find(&scene.region, &rect, NULL, fit, side, side, NULL));
    g_assert_true(
        around_read(&scene.around, pixels, &rect, &scene.region, all, fill, bars, NULL));
    host_pixels_close(pixels);
    scene.base = g_new(float, 3 * side * side);
    scene.moved = g_new(float, 3 * side * side);
    g_assert_true(transform_show(&scene.around, TRANSFORM_DOWN, 0, NULL, scene.base));
    return scene;
}

static void
scene_clear(Scene *scene)
{
    around_clear(&scene->around);
    fixture_free(&scene->photo);
    g_free(scene->base);
    g_free(scene->moved);
}

static void
show(Scene *scene, TransformKind kind, double amount)
{
    g_assert_true(transform_show(&scene->around, kind, amount, NULL, scene->moved));
}

/* Pixel x, y of what was made is u, v of what was there, to the last bit. */
static void
same(const Scene *scene, int x, int y, int u, int v)
{
    for (int c = 0; c < 3; c++)
        g_assert_cmpfloat(scene->moved[(y * scene->side + x) * 3 + c], ==,
                          scene->base[(v * scene->side + u) * 3 + c]);
}

static void
a_whole_shift_moves_memory_at(int photo)
{
    Scene scene = scene_new(photo, photo, 12, FIT_CROP, 6, AROUND_EDGE);
    g_assert_cmpint(scene.around.scale, ==, photo >= 24 ? 2 : 1);
    show(&scene, TRANSFORM_DOWN, 5);
    for (int y = 5; y < 12; y++)
        for (int x = 0; x < 12; x++)
            same(&scene, x, y, x, y - 5);
    show(&scene, TRANSFORM_RIGHT, -3);
    for (int y = 0; y < 12; y++)
        for (int x = 0; x < 9; x++)
            same(&scene, x, y, x + 3, y);
    scene_clear(&scene);
}

static void
a_whole_shift_moves_memory(void)
{
    a_whole_shift_moves_memory_at(12);
    a_whole_shift_moves_memory_at(18); /* a pixel and a half for each of the net's */
    a_whole_shift_moves_memory_at(48);
}

/* The net sees columns 10 to 39 of 50. */
static void
beside_the_crop_is_the_photo_then_its_edge(void)
{
    Scene scene = scene_new(50, 30, 30, FIT_CROP, 20, AROUND_EDGE);
    show(&scene, TRANSFORM_RIGHT, 15);
    for (int y = 0; y < 30; y++)
        for (int x = 0; x < 30; x++)
            for (int c = 0; c < 3; c++)
                g_assert_cmpfloat_with_epsilon(
                    scene.moved[(y * 30 + x) * 3 + c],
                    scene.photo.rgba[(y * 50 + MAX(x - 5, 0)) * 4 + c], 1e-6);
    scene_clear(&scene);
}

static void
what_is_missing_has_the_mean_or_the_bars_colour(void)
{
    Scene scene = scene_new(16, 16, 16, FIT_CROP, 16, AROUND_MEAN);
    float *all = g_new(float, 3 * 16 * 16);
    fill_mean(scene.base, 16 * 16, all);
    show(&scene, TRANSFORM_DOWN, 16);
    for (int i = 0; i < 3 * 16 * 16; i++)
        g_assert_cmpfloat_with_epsilon(scene.moved[i], all[i], 1e-5);
    g_free(all);
    scene_clear(&scene);

    scene = scene_new(16, 8, 16, FIT_PAD, 16, AROUND_EDGE);
    show(&scene, TRANSFORM_DOWN, 16);
    for (int i = 0; i < 3 * 16 * 16; i++)
        g_assert_cmpfloat_with_epsilon(scene.moved[i], bars[i % 3], 1e-6);
    scene_clear(&scene);
}

static void
quarter_turns_are_exact_at(int photo)
{
    Scene scene = scene_new(photo, photo, 12, FIT_CROP, 4, AROUND_EDGE);
    show(&scene, TRANSFORM_TURN, 90);
    for (int y = 0; y < 12; y++)
        for (int x = 0; x < 12; x++)
            same(&scene, x, y, y, 11 - x);
    show(&scene, TRANSFORM_TURN, 180);
    for (int y = 0; y < 12; y++)
        for (int x = 0; x < 12; x++)
            same(&scene, x, y, 11 - x, 11 - y);
    show(&scene, TRANSFORM_TURN, 360);
    g_assert_cmpint(memcmp(scene.moved, scene.base, 3 * 12 * 12 * sizeof(float)), ==, 0);
    scene_clear(&scene);
}

static void
quarter_turns_are_exact(void)
{
    quarter_turns_are_exact_at(12);
    quarter_turns_are_exact_at(36);
}

static void
mirrors_are_exact(void)
{
    Scene scene = scene_new(36, 36, 12, FIT_CROP, 0, AROUND_EDGE);
    for (int both = 1; both <= 3; both++) {
        show(&scene, TRANSFORM_MIRROR, both);
        for (int y = 0; y < 12; y++)
            for (int x = 0; x < 12; x++)
                same(&scene, x, y, both & 1 ? 11 - x : x, both & 2 ? 11 - y : y);
    }
    scene_clear(&scene);
}

/* A slope from left to right, seen at twice its size: half as steep about the middle. */
static void
scales_are_about_the_middle(void)
{
    Scene scene = scene_new(20, 20, 20, FIT_CROP, 30, AROUND_EDGE);
    show(&scene, TRANSFORM_SCALE, 1);
    g_assert_cmpint(memcmp(scene.moved, scene.base, 3 * 400 * sizeof(float)), ==, 0);
    scene_clear(&scene);

    Photo photo = fixture_photo(20, 20);
    for (int y = 0; y < 20; y++)
        for (int x = 0; x < 20; x++)
            fixture_dot(&photo, x, y, (float)(x + 0.5) / 20, 0, 0);
    fixture_done(&photo);
    Around around;
    Region region;
    GeglRectangle rect = {0, 0, 20, 20};
    float moved[3 * 400];
    HostPixels *pixels = host_item_open(photo.photo, NULL);
    g_assert_true(region_find(&region, &rect, NULL, FIT_CROP, 20, 20, NULL));
    g_assert_true(around_read(&around, pixels, &rect, &region,
                              transform_margin(TRANSFORM_SCALE, 0.5, 20, 20), AROUND_EDGE,
                              bars, NULL));
    host_pixels_close(pixels);
    g_assert_true(transform_show(&around, TRANSFORM_SCALE, 2, NULL, moved));
    for (int x = 0; x < 20; x++)
        g_assert_cmpfloat_with_epsilon(moved[3 * (7 * 20 + x)], 0.5 + (x + 0.5 - 10) / 40,
                                       1e-6);
    /* At half the size the edge goes on beside it. */
    g_assert_true(transform_show(&around, TRANSFORM_SCALE, 0.5, NULL, moved));
    for (int x = 0; x < 20; x++)
        g_assert_cmpfloat_with_epsilon(
            moved[3 * (7 * 20 + x)],
            CLAMP(0.5 + (x + 0.5 - 10) / 10, 0.5 / 20, 19.5 / 20), 1e-6);
    around_clear(&around);
    fixture_free(&photo);
}

static void
unmoved_is_what_the_net_sees_at(int width, int height, int side, Fit fit)
{
    Scene scene = scene_new(width, height, side, fit, 3, AROUND_EDGE);
    float *seen = g_new(float, 3 * side * side);
    HostPixels *pixels = host_item_open(scene.photo.photo, NULL);
    g_assert_true(region_read(&scene.region, pixels, 0, 0, bars, seen, NULL));
    host_pixels_close(pixels);
    for (int i = 0; i < 3 * side * side; i++)
        g_assert_cmpfloat_with_epsilon(scene.base[i], seen[i], 1e-5);
    g_free(seen);
    scene_clear(&scene);
}

static void
unmoved_is_what_the_net_sees(void)
{
    unmoved_is_what_the_net_sees_at(101, 77, 32, FIT_CROP);
    unmoved_is_what_the_net_sees_at(47, 33, 32, FIT_CROP);
    unmoved_is_what_the_net_sees_at(101, 77, 24, FIT_STRETCH);
    unmoved_is_what_the_net_sees_at(101, 77, 32, FIT_PAD);
    unmoved_is_what_the_net_sees_at(301, 77, 32, FIT_PAD);
}

static double
linear(double encoded)
{
    return encoded <= 0.04045 ? encoded / 12.92 : pow((encoded + 0.055) / 1.055, 2.4);
}

static void
values_change_as_said(void)
{
    enum { COUNT = 3 * 12 * 12 };
    Scene scene = scene_new(12, 12, 12, FIT_CROP, 0, AROUND_EDGE);
    float noise[COUNT];
    show(&scene, TRANSFORM_EXPOSURE, -1);
    for (int i = 0; i < COUNT; i++)
        g_assert_cmpfloat_with_epsilon(linear((double)scene.moved[i]),
                                       linear((double)scene.base[i]) / 2, 1e-4);
    show(&scene, TRANSFORM_EXPOSURE, 0);
    g_assert_cmpint(memcmp(scene.moved, scene.base, COUNT * sizeof(float)), ==, 0);
    transform_noise(7, noise, COUNT);
    g_assert_true(
        transform_show(&scene.around, TRANSFORM_NOISE, 0.25, noise, scene.moved));
    double mean = 0, square = 0;
    for (int i = 0; i < COUNT; i++) {
        mean += (double)noise[i] / COUNT;
        square += (double)noise[i] * (double)noise[i] / COUNT;
        g_assert_cmpfloat_with_epsilon(
            scene.moved[i], CLAMP(scene.base[i] + 0.25f * noise[i], 0, 1), 1e-6);
    }
    /* Three deviations of a mean, and of a mean square, of so many. */
    g_assert_cmpfloat(fabs(mean), <, 3 / sqrt(COUNT));
    g_assert_cmpfloat(fabs(square - 1), <, 3 * sqrt(2.0 / COUNT));
    show(&scene, TRANSFORM_BLUR, 1.5);
    float *blurred = g_new(float, COUNT);
    g_assert_true(fill_blur(scene.base, 12, 12, 1.5, blurred));
    g_assert_cmpint(memcmp(scene.moved, blurred, COUNT * sizeof(float)), ==, 0);
    g_free(blurred);
    scene_clear(&scene);
}

static void
margins_are_what_comes_in(void)
{
    AroundMargin down = transform_margin(TRANSFORM_DOWN, 5, 20, 10);
    g_assert_cmpfloat(down.top, ==, 5);
    g_assert_cmpfloat(down.bottom + down.left + down.right, ==, 0);
    AroundMargin turn = transform_margin(TRANSFORM_TURN, 90, 20, 10);
    g_assert_cmpfloat(turn.top, ==, 5);
    g_assert_cmpfloat(turn.bottom, ==, 5);
    g_assert_cmpfloat(turn.left, ==, 0);
    AroundMargin half =
        transform_larger(down, transform_margin(TRANSFORM_SCALE, 0.5, 20, 10));
    g_assert_cmpfloat(half.left, ==, 10);
    g_assert_cmpfloat(half.top, ==, 5);
    AroundMargin none = transform_margin(TRANSFORM_BLUR, 3, 20, 10);
    g_assert_cmpfloat(none.left + none.top + none.right + none.bottom, ==, 0);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/transform/shift", a_whole_shift_moves_memory);
    g_test_add_func("/transform/beside", beside_the_crop_is_the_photo_then_its_edge);
    g_test_add_func("/transform/missing",
                    what_is_missing_has_the_mean_or_the_bars_colour);
    g_test_add_func("/transform/turn", quarter_turns_are_exact);
    g_test_add_func("/transform/mirror", mirrors_are_exact);
    g_test_add_func("/transform/scale", scales_are_about_the_middle);
    g_test_add_func("/transform/unmoved", unmoved_is_what_the_net_sees);
    g_test_add_func("/transform/values", values_change_as_said);
    g_test_add_func("/transform/margin", margins_are_what_comes_in);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
