/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_nine.c: tests of the nine beside the browser's map, against the action that
 * makes the index. */
#define _POSIX_C_SOURCE 200809L
#include "actions/browse/nine.h"
#include "actions/top/unit_tiles.h"
#include "plugin/fixture/browse.h"
#include "plugin/fixture/top.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIDE 12 /* of the net's input */

/* A browser on a net of five maps, looking at noise. */
static void
scene_open(Scene *scene, const TopCase *t)
{
    scene_begin(scene, t->net, 1);
    browse_open(scene->browse, "maps", BROWSE_NO_THUMBS, BROWSE_INDEX, DCN_DECONVNET);
    scene_wait(scene, BROWSE_MAPS, 1);
}

static gboolean
is_settled(const BrowseNine *nine)
{
    for (gsize i = 0; i < nine->count; i++)
        if (!nine->pairs[i].projection && !nine->pairs[i].problem)
            return FALSE;
    return TRUE;
}

/* Asks, and waits until all pictures are there or known to be none. */
static const BrowseNine *
ask(Scene *scene, gsize map)
{
    gint64 end = g_get_monotonic_time() + SCENE_PATIENCE;
    int before = scene->came[BROWSE_NINE];
    browse_ask_nine(scene->browse, map, FIT_CROP, DCN_DECONVNET);
    scene_wait(scene, BROWSE_NINE, before + 1);
    const BrowseNine *nine = browse_nine(scene->browse);
    while (!is_settled(nine) && g_get_monotonic_time() < end)
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(200);
    g_assert_true(is_settled(nine));
    g_assert_cmpuint(nine->map, ==, map);
    return nine;
}

static void
wait_pass(Scene *scene)
{
    gint64 end = g_get_monotonic_time() + SCENE_PATIENCE;
    while (!browse_pass(scene->browse)->over && g_get_monotonic_time() < end)
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(200);
    g_assert_true(browse_pass(scene->browse)->over);
}

static void
make_index(const TopCase *t, const char *images)
{
    Call call = fixture_call(&procedure_top, (Photo *)&t->photo, t->model, images,
                             "layer=maps", NULL);
    g_assert_true(call.ok);
    top_clear(&call, &t->photo);
}

static gboolean
same_surface(cairo_surface_t *a, const float *rgba, int width, int height)
{
    const unsigned char *data = cairo_image_surface_get_data(a);
    int stride = cairo_image_surface_get_stride(a);
    if (cairo_image_surface_get_width(a) != width ||
        cairo_image_surface_get_height(a) != height)
        return FALSE;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++, rgba += 4) {
            guint32 pixel = ((const guint32 *)(const void *)(data + y * stride))[x];
            for (int c = 0; c < 3; c++) {
                int byte = pixel >> (16 - 8 * c) & 255;
                if (ABS(byte - (int)(255 * rgba[c] + 0.5f)) > 1)
                    return FALSE;
            }
        }
    return TRUE;
}

/* Pictures, values, projections and patches of the action's own functions. */
static void
check_nine(const BrowseNine *nine, const TopCase *t, gsize map)
{
    char *maps = g_strdup_printf("maps=%zu", map);
    Call call = fixture_call(&procedure_top, (Photo *)&t->photo, t->model, t->images,
                             "layer=maps", "choose=list", maps, NULL);
    GError *error = NULL;
    Probe probe;
    g_assert_true(probe_open(&probe, net_open(t->net, NULL), "maps", 1, &error));
    g_assert_cmpint(call.results[COMPUTED].i, ==, 0);
    g_assert_cmpuint(nine->count, ==, 9);
    for (guint i = 0; i < 9; i++) {
        const BrowsePair *pair = &nine->pairs[i];
        UnitTile tile = {0};
        Seen seen;
        GeglRectangle item = {0};
        HostPixels *pixels = host_file_open(pair->path, &error);
        host_pixels_size(pixels, &item.width, &item.height);
        g_assert_true(seen_take(&seen, pixels, &item, NULL, probe.net, FIT_CROP, &error));
        g_assert_true(probe_run(&probe, seen.input, NULL, &error));
        tile.what.unit = probe_unit(&probe, map);
        FieldSize size = field_size(&probe);
        g_assert_true(unit_tile_project(&probe, DCN_DECONVNET, size, BROWSE_TILE, &tile,
                                        NULL, &error));
        g_assert_true(unit_tile_patch(&probe, size, BROWSE_TILE, pixels, &item,
                                      &seen.region, &tile, &error));
        GeglRectangle patch = field_region(&probe, &tile.what.unit, &seen.region).photo;
        g_assert_cmpstr(pair->name, ==, call.results[FILES].texts[i]);
        g_assert_cmpfloat_with_epsilon(pair->value, fixture_number(&call, VALUES, i),
                                       1e-6);
        g_assert_true(
            same_surface(pair->projection, tile.projection, tile.width, tile.height));
        g_assert_true(same_surface(pair->picture, tile.patch, tile.width, tile.height));
        g_assert_true(gegl_rectangle_equal(&pair->patch, &patch));
        g_assert_true(pair->width == 16 && pair->height == 12);
        unit_tiles_clear(&tile, 1);
        seen_clear(&seen);
        host_pixels_close(pixels);
    }
    probe_close(&probe);
    top_clear(&call, &t->photo);
    g_free(maps);
}

static void
the_nine_are_those_of_the_index(void)
{
    TopCase t = top_begin(top_noise("beside"));
    Scene scene;
    scene_open(&scene, &t);
    const BrowseNine *nine = ask(&scene, 2);
    g_assert_cmpuint(nine->count, ==, 0);
    g_assert_null(nine->folder);
    g_assert_null(nine->remark);
    scene_end(&scene);

    make_index(&t, t.images);
    scene_open(&scene, &t);
    nine = ask(&scene, 2);
    g_assert_cmpstr(nine->folder, ==, t.folder);
    g_assert_cmpuint(nine->images, ==, TOP_PICTURES);
    g_assert_cmpuint(nine->files, ==, TOP_PICTURES + 2);
    g_assert_cmpuint(nine->left, ==, 0);
    check_nine(nine, &t, 2);
    check_nine(ask(&scene, 4), &t, 4);

    /* Back to one that is kept: it is there at once. */
    browse_ask_nine(scene.browse, 2, FIT_CROP, DCN_DECONVNET);
    nine = browse_nine(scene.browse);
    g_assert_cmpuint(nine->map, ==, 2);
    g_assert_true(is_settled(nine) && nine->count == 9);

    /* Another fit is another index. */
    browse_ask_nine(scene.browse, 2, FIT_PAD, DCN_DECONVNET);
    scene_wait(&scene, BROWSE_NINE, scene.came[BROWSE_NINE] + 1);
    g_assert_null(browse_nine(scene.browse)->folder);
    scene_end(&scene);
    top_end(&t);
}

static void
the_folder_used_last_is_taken(void)
{
    TopCase t = top_begin(top_noise("first")), other = top_begin(top_noise("second"));
    Scene scene;
    make_index(&t, t.images);
    g_usleep(1100 * 1000); /* times of files may be whole seconds */
    make_index(&t, other.images);
    scene_open(&scene, &t);
    g_assert_cmpstr(ask(&scene, 1)->folder, ==, other.folder);
    scene_end(&scene);
    g_usleep(1100 * 1000);
    make_index(&t, t.images); /* found, and marked as used */
    scene_open(&scene, &t);
    g_assert_cmpstr(ask(&scene, 1)->folder, ==, t.folder);
    scene_end(&scene);

    /* One that is gone is told of, and the other is taken. */
    char *aside = fixture_path("aside");
    g_assert_cmpint(g_rename(t.folder, aside), ==, 0);
    scene_open(&scene, &t);
    const BrowseNine *nine = ask(&scene, 1);
    g_assert_cmpstr(nine->folder, ==, other.folder);
    g_assert_nonnull(strstr(nine->remark, "“first” is not there"));
    scene_end(&scene);
    g_assert_cmpint(g_rename(aside, t.folder), ==, 0);
    g_free(aside);
    top_end(&other);
    top_end(&t);
}

static void
what_is_missing_is_said(void)
{
    TopCase t = top_begin(top_noise("holes"));
    Scene scene;
    make_index(&t, t.images);
    scene_open(&scene, &t);
    const BrowseNine *nine = ask(&scene, 0);
    g_assert_cmpuint(nine->count, ==, 9);
    /* Its strongest picture goes while the window is open. */
    char *path = g_strdup(nine->pairs[0].path), *name = g_strdup(nine->pairs[0].name);
    g_assert_cmpint(g_unlink(path), ==, 0);
    browse_ask_nine(scene.browse, 0, FIT_CROP, DCN_GUIDED);
    scene_wait(&scene, BROWSE_NINE, scene.came[BROWSE_NINE] + 10);
    nine = browse_nine(scene.browse);
    g_assert_cmpint(nine->method, ==, DCN_GUIDED);
    g_assert_nonnull(strstr(nine->pairs[0].problem, name));
    g_assert_null(nine->pairs[0].picture);
    for (int i = 1; i < 9; i++)
        g_assert_true(nine->pairs[i].projection && !nine->pairs[i].problem);
    scene_end(&scene);

    /* And before the next one is. */
    scene_open(&scene, &t);
    nine = ask(&scene, 0);
    g_assert_null(nine->folder);
    g_assert_nonnull(strstr(nine->remark, "“holes” has changed"));
    scene_end(&scene);
    g_free(name);
    g_free(path);
    top_end(&t);
}

static void
a_pass_makes_the_index(void)
{
    TopCase t = top_begin(top_noise("found"));
    Scene scene;
    scene_open(&scene, &t);
    g_assert_null(browse_pass(scene.browse));
    browse_find_nine(scene.browse, t.folder, FIT_CROP);
    g_assert_false(browse_pass(scene.browse)->over);
    /* A choice is shown meanwhile. */
    browse_choose(scene.browse, &(BrowseChoice){.map = 1});
    scene_wait(&scene, BROWSE_VIEW, 1);
    wait_pass(&scene);
    const BrowseNine *nine = ask(&scene, 3);
    g_assert_cmpstr(nine->folder, ==, t.folder);
    check_nine(nine, &t, 3);
    /* A pass tells no host of itself. */
    g_assert_cmpuint(memory_host()->progress->len, >, 0);
    g_assert_cmpint(memory_host()->progress_open, ==, 0);
    scene_end(&scene);
    top_end(&t);
}

static void
a_pass_that_fails_says_why(void)
{
    TopCase t = top_begin(fixture_path("words"));
    Scene scene;
    g_assert_cmpint(g_mkdir_with_parents(t.folder, 0700), ==, 0);
    fixture_write("words/a.dat", "no picture");
    scene_open(&scene, &t);
    memory_host_reset();
    browse_find_nine(scene.browse, t.folder, FIT_CROP);
    scene_wait(&scene, BROWSE_ERROR, 1);
    g_assert_true(browse_pass(scene.browse)->over);
    g_assert_nonnull(strstr(browse_error(scene.browse), "words"));
    browse_find_nine(scene.browse, "/nowhere/at-all", FIT_CROP);
    scene_wait(&scene, BROWSE_ERROR, 2);
    g_assert_nonnull(strstr(browse_error(scene.browse), "/nowhere/at-all"));
    /* The thread does not speak to the host. */
    g_assert_cmpuint(memory_host()->progress->len, ==, 0);
    g_assert_cmpuint(memory_host()->messages->len, ==, 0);
    scene_end(&scene);
    top_end(&t);
}

/* Many copies of one picture, so that the pass is not over at once. */
static void
a_pass_that_is_stopped_goes_on(void)
{
    enum { MANY = 3000 };
    TopCase t = top_begin(fixture_path("many"));
    Scene scene;
    float rgb[12 * 12 * 3] = {0};
    rgb[200] = 1;
    fixture_picture("many/0000.png", 12, 12, rgb);
    char *first = fixture_path("many/0000.png");
    for (int i = 1; i < MANY; i++) {
        char *path = g_strdup_printf("%s/%04d.png", t.folder, i);
        g_assert_cmpint(link(first, path), ==, 0);
        g_free(path);
    }
    scene_open(&scene, &t);
    browse_find_nine(scene.browse, t.folder, FIT_CROP);
    while (!(browse_pass(scene.browse)->done > 0.02))
        g_main_context_iteration(NULL, TRUE);
    browse_stop_finding(scene.browse);
    g_assert_null(browse_pass(scene.browse));
    /* What was found so far is shown, after the pass has come to its end. */
    const BrowseNine *nine = ask(&scene, 0);
    gint64 end = g_get_monotonic_time() + SCENE_PATIENCE;
    while (!nine->folder && g_get_monotonic_time() < end)
        nine = ask(&scene, 0);
    g_assert_cmpuint(nine->count, ==, 9);
    g_assert_cmpuint(nine->images, >, 0);
    g_assert_cmpuint(nine->left, >, 0);
    g_assert_cmpuint(nine->left + nine->images, ==, MANY);
    browse_find_nine(scene.browse, t.folder, FIT_CROP);
    wait_pass(&scene);
    nine = ask(&scene, 0);
    g_assert_cmpuint(nine->left, ==, 0);
    g_assert_cmpuint(nine->images, ==, MANY);
    scene_end(&scene);
    g_free(first);
    top_end(&t);
}

/* What GIMP would open. */
static void
a_pair_opens_its_picture(void)
{
    TopCase t = top_begin(top_noise("opened"));
    Scene scene;
    GError *error = NULL;
    make_index(&t, t.images);
    scene_open(&scene, &t);
    const BrowsePair *pair = &ask(&scene, 1)->pairs[3];
    memory_host_reset();
    g_assert_true(
        host_picture_show(pair->path, &pair->patch, pair->width, pair->height, &error));
    g_assert_cmpstr(memory_host()->shown, ==, pair->path);
    g_assert_true(gegl_rectangle_equal(&memory_host()->selected, &pair->patch));
    g_assert_true(pair->patch.width > 0 && pair->patch.width < 16);
    scene_end(&scene);
    top_end(&t);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/browse-nine/index", the_nine_are_those_of_the_index);
    g_test_add_func("/browse-nine/last-used", the_folder_used_last_is_taken);
    g_test_add_func("/browse-nine/missing", what_is_missing_is_said);
    g_test_add_func("/browse-nine/pass", a_pass_makes_the_index);
    g_test_add_func("/browse-nine/fails", a_pass_that_fails_says_why);
    g_test_add_func("/browse-nine/stopped", a_pass_that_is_stopped_goes_on);
    g_test_add_func("/browse-nine/open", a_pair_opens_its_picture);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
