/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_beside.c: tests of what a second engine shows beside the first, and of thumbnails
 * that all processors make. */
#include "actions/browse/beside.h"
#include "draw/paint.h"
#include "plugin/fixture/browse.h"
#include "plugin/fixture/fixture.h"
#include <string.h>

#define SIDE 16
#define MAPS 6

/* conv1 relu1 pool1 conv2 relu2 conv3, and an answer; deeper by a layer if asked for. */
static char *
make_net(const char *file, int seed, gboolean deeper, const char *name)
{
    NewModel *net = new_model(13);
    const char *last = "relu2";
    new_input(net, "picture", "1,3,16,16");
    new_weights(net, "w1", "4,3,3,3", seed);
    new_weights(net, "w2", "6,4,3,3", seed + 1);
    new_weights(net, "w3", "3,6,1,1", seed + 2);
    new_weights(net, "w4", "6,6,1,1", seed + 3);
    new_node(net, "Conv", "c1", "picture;w1", "conv1", "pads=1,1,1,1");
    new_node(net, "Relu", "r1", "conv1", "relu1", "");
    new_node(net, "MaxPool", "p1", "relu1", "pool1", "kernel_shape=2,2;strides=2,2");
    new_node(net, "Conv", "c2", "pool1;w2", "conv2", "pads=1,1,1,1");
    new_node(net, "Relu", "r2", "conv2", "relu2", "");
    if (deeper) {
        new_node(net, "Conv", "c4", "relu2;w4", "between", "");
        new_node(net, "Relu", "r4", "between", name, "");
        last = name;
    }
    char *inputs = g_strconcat(last, ";w3", NULL);
    new_node(net, "Conv", "c3", inputs, "conv3", "");
    g_free(inputs);
    new_node(net, "GlobalAveragePool", "mean", "conv3", "mean", "");
    new_node(net, "Flatten", "score", "mean", "score", "");
    new_node(net, "Softmax", "probability", "score", "probability", "axis=1");
    new_output(net, "probability");
    return fixture_model(net, file);
}

static void
open_scene(Scene *scene, char *path, int threads)
{
    scene_begin(scene, path, threads);
    g_free(path);
}

/* Models are made before any is open: making one forgets those. */
static void
open_both(Scene *first, Scene *other, char *first_path, char *other_path)
{
    open_scene(first, first_path, 1);
    open_scene(other, other_path, 1);
}

static void
open_layer(Scene *scene, const char *layer)
{
    int before = scene->came[BROWSE_MAPS];
    browse_open(scene->browse, layer, BROWSE_NO_THUMBS, BROWSE_STRENGTH, DCN_DECONVNET);
    scene_wait(scene, BROWSE_MAPS, before + 1);
}

static void
choose(Scene *scene, BrowseChoice choice)
{
    int before = scene->came[BROWSE_VIEW];
    browse_choose(scene->browse, &choice);
    scene_wait(scene, BROWSE_VIEW, before + 1);
}

static void
close_scenes(Scene *first, Scene *second)
{
    Scene *both[] = {first, second};
    for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
        browse_free(both[i]->browse);
        seen_clear(&both[i]->seen);
    }
    while (g_main_context_iteration(NULL, FALSE))
        ;
    net_forget();
}

static void
a_layer_has_a_counterpart(void)
{
    Scene first, other;
    open_both(&first, &other, make_net("first.onnx", 21, FALSE, NULL),
              make_net("deeper.onnx", 31, TRUE, "late"));
    const DcnPlan *a = net_survey(first.net, NULL), *b = net_survey(other.net, NULL);
    g_assert_cmpstr(beside_layer(a, "relu1", b), ==, "relu1"); /* by name */
    /* The deeper net's last layers by their share: "late" of 8 with maps, "conv3" being of
     * another kind. */
    g_assert_cmpstr(beside_layer(b, "late", a), ==, "relu2");
    g_assert_null(beside_layer(a, "nothing", b));
    close_scenes(&first, &other);
}

static void
the_same_map_is_shown_on_one_scale(void)
{
    Scene first, other;
    open_both(&first, &other, make_net("first.onnx", 21, FALSE, NULL),
              make_net("second.onnx", 41, FALSE, NULL));
    open_layer(&first, "relu2");
    open_layer(&other, "relu2");
    g_assert_true(beside_fits(first.browse, other.browse));
    choose(&first, (BrowseChoice){.map = -1});
    g_assert_false(beside_is_there(first.browse, other.browse));
    const BrowseView *view = browse_view(first.browse);
    BrowseChoice wanted = beside_choice(first.browse, view, other.browse);
    g_assert_cmpint(wanted.map, ==, (int)view->target.unit.channel);
    choose(&other, wanted);
    g_assert_true(beside_is_there(first.browse, other.browse));

    const BrowseView *shown = browse_view(other.browse);
    const float *signals[] = {view->signal, shown->signal};
    float scale = beside_scale(first.browse, other.browse, 99.5);
    g_assert_cmpfloat((double)scale, ==,
                      (double)paint_scale(signals, 2, SIDE * SIDE * 3, 99.5));
    g_assert_cmpfloat((double)scale, <=,
                      MAX((double)browse_scale(first.browse, view, 99.5),
                          (double)browse_scale(other.browse, shown, 99.5)));

    /* Another choice of the first is not there yet. */
    choose(&first, (BrowseChoice){.map = wanted.map ? 0 : 1});
    g_assert_false(beside_is_there(first.browse, other.browse));
    close_scenes(&first, &other);
}

static void
where_layers_differ_each_shows_its_own(void)
{
    Scene first, other;
    open_both(&first, &other, make_net("first.onnx", 21, FALSE, NULL),
              make_net("deeper.onnx", 31, TRUE, "late"));
    open_layer(&first, "pool1");
    open_layer(&other, "late");
    g_assert_false(beside_fits(first.browse, other.browse));
    choose(&first, (BrowseChoice){.map = 1, .unit = BROWSE_POINT, .x = 9, .y = 4});
    const BrowseView *view = browse_view(first.browse);
    BrowseChoice wanted = beside_choice(first.browse, view, other.browse);
    g_assert_cmpint(wanted.map, ==, -1);
    g_assert_cmpint(wanted.unit, ==, BROWSE_POINT);
    g_assert_cmpfloat(wanted.x, ==, 9); /* nets of one size */
    choose(&other, wanted);
    g_assert_true(beside_is_there(first.browse, other.browse));
    g_assert_cmpfloat((double)beside_scale(first.browse, other.browse, 99.5), ==,
                      (double)browse_scale(first.browse, view, 99.5));
    close_scenes(&first, &other);
}

/* --- thumbnails --- */

static void
same_picture(cairo_surface_t *a, cairo_surface_t *b)
{
    int height = cairo_image_surface_get_height(a);
    gsize row = 4 * (gsize)cairo_image_surface_get_width(a);
    g_assert_cmpint(cairo_image_surface_get_height(b), ==, height);
    g_assert_cmpint(cairo_image_surface_get_stride(b), ==,
                    cairo_image_surface_get_stride(a));
    for (int y = 0; y < height; y++) {
        gsize at = (gsize)y * (gsize)cairo_image_surface_get_stride(a);
        g_assert_cmpmem(cairo_image_surface_get_data(a) + at, row,
                        cairo_image_surface_get_data(b) + at, row);
    }
}

static void
many_processors_make_the_same_thumbnails(void)
{
    Scene one, many;
    char *path = make_net("first.onnx", 21, FALSE, NULL);
    open_scene(&one, g_strdup(path), 1);
    open_scene(&many, path, 4);
    Scene *both[] = {&one, &many};
    for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
        browse_open(both[i]->browse, "relu2", BROWSE_PROJECTIONS, BROWSE_INDEX,
                    DCN_GUIDED);
        scene_wait(both[i], BROWSE_THUMB, MAPS);
        g_assert_cmpint(both[i]->came[BROWSE_ERROR], ==, 0);
    }
    for (gsize map = 0; map < MAPS; map++)
        same_picture(browse_maps(one.browse)->thumbs[map],
                     browse_maps(many.browse)->thumbs[map]);
    g_assert_cmpuint(browse_maps(many.browse)->n_thumbs, ==, MAPS);

    /* They stop in the middle, and a choice passes them. */
    browse_open(many.browse, "relu1", BROWSE_PROJECTIONS, BROWSE_INDEX, DCN_GUIDED);
    choose(&many, (BrowseChoice){.map = 2});
    browse_open(many.browse, "relu2", BROWSE_PROJECTIONS, BROWSE_INDEX, DCN_DECONVNET);
    close_scenes(&one, &many);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/browse/beside/layer", a_layer_has_a_counterpart);
    g_test_add_func("/browse/beside/same", the_same_map_is_shown_on_one_scale);
    g_test_add_func("/browse/beside/own", where_layers_differ_each_shows_its_own);
    g_test_add_func("/browse/thumbnails", many_processors_make_the_same_thumbnails);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
