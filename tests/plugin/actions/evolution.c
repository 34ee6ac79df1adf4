/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evolution.c: tests of maps over checkpoints. */
#include "plugin/fixture/fixture.h"
#include <glib/gstdio.h>
#include <string.h>

/* Two maps: `red` times the red channel, `green` times the green one. */
static void
net_of(const char *folder,
       const char *name,
       float red,
       float green,
       int maps,
       gboolean rectified)
{
    float weights[9] = {red, 0, 0, 0, green, 0, 0, 0, 1};
    NewModel *net = new_model(13);
    char *shape = g_strdup_printf("%d,3,1,1", maps);
    new_input(net, "picture", "1,3,8,8");
    new_floats(net, "w", shape, weights);
    new_node(net, "Conv", "conv", "picture;w", rectified ? "conv" : "maps", "");
    if (rectified)
        new_node(net, "Relu", "maps", "conv", "maps", "");
    new_output(net, "maps");
    char *below = g_strconcat(folder, "/", name, NULL);
    char *file = g_strconcat(below, ".onnx", NULL),
         *card = g_strconcat(below, ".ini", NULL);
    char *full = fixture_path(folder);
    g_assert_cmpint(g_mkdir_with_parents(full, 0700), ==, 0);
    g_free(fixture_model(net, file));
    fixture_write(card, "[model]\nname=Epoch\n[input]\nrange=0;1\n");
    g_free(full);
    g_free(card);
    g_free(file);
    g_free(below);
    g_free(shape);
}

static void
checkpoint(const char *folder, const char *name, float red, float green, int maps)
{
    net_of(folder, name, red, green, maps, TRUE);
}

/* The same without the rectifier. */
static void
linear(const char *folder, const char *name, float red, float green)
{
    net_of(folder, name, red, green, 2, FALSE);
}

static char *
folder_argument(const char *parameter, const char *folder)
{
    char *path = fixture_path(folder), *argument = g_strconcat(parameter, path, NULL);
    g_free(path);
    return argument;
}

static Photo
dotted(void)
{
    Photo photo = fixture_photo(8, 8);
    fixture_dot(&photo, 5, 2, 1, 0, 0);
    fixture_dot(&photo, 1, 6, 0, 0.2f, 0);
    fixture_done(&photo);
    return photo;
}

static double
number(const Call *call, guint result, guint index)
{
    return g_array_index(call->results[result].numbers, double, index);
}

static void
checkpoints_go_by_number(void)
{
    checkpoint("run", "epoch10", 0.75f, 1, 2);
    checkpoint("run", "epoch1", 0.25f, 1, 2);
    checkpoint("run", "epoch2", 0.5f, 0, 2);
    char *run = folder_argument("checkpoints=", "run");
    Photo photo = dotted();
    Call call = fixture_call(&procedure_evolution, &photo, run, "layer=maps", NULL);
    g_assert_cmpstr(call.results[3].texts[0], ==, "epoch1");
    g_assert_cmpstr(call.results[3].texts[1], ==, "epoch2");
    g_assert_cmpstr(call.results[3].texts[2], ==, "epoch10");
    g_assert_cmpfloat(number(&call, 4, 0), ==, 0); /* the strongest of the last */
    const double wanted[6] = {0.25, 0.2, 0.5, 0, 0.75, 0.2};
    for (guint i = 0; i < 6; i++)
        g_assert_cmpfloat_with_epsilon(number(&call, 5, i), wanted[i], 0.002);
    g_assert_true(call.results[1].image->shown);
    /* The sheet, and below it what it shows, on paper. */
    g_assert_cmpuint(call.results[0].n_items, ==, 3);
    HostItem *const *items = call.results[0].items;
    g_assert_cmpstr(items[0]->name, ==, "maps over 3 checkpoints");
    g_assert_cmpstr(items[1]->name, ==, "Caption");
    g_assert_cmpint(items[1]->rect.y, >=, items[0]->rect.height);
    g_assert_cmpint(items[2]->rect.height, ==, call.results[1].image->height);
    host_image_delete(call.results[1].image);
    fixture_call_clear(&call);

    /* A layer a checkpoint, the first one at the bottom. */
    call = fixture_call(&procedure_evolution, &photo, run, "layer=maps", "show=stack",
                        "maps=1", NULL);
    HostImage *made = call.results[1].image;
    g_assert_cmpuint(made->layers->len, ==, 3);
    g_assert_cmpstr(memory_image_item(made, 0)->name, ==, "epoch10 (500ms)");
    g_assert_cmpstr(memory_image_item(made, 2)->name, ==, "epoch1 (500ms)");
    for (guint i = 0; i < 3; i++)
        g_assert_cmpint(memory_image_item(made, i)->rect.width, ==, made->width);
    host_image_delete(made);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(run);
}

static void
over_a_folder_another_picture_may_take_over(void)
{
    float rgb[8 * 8 * 3] = {0};
    rgb[3 * 9] = 1;
    fixture_picture("seen/red.png", 8, 8, rgb);
    memset(rgb, 0, sizeof rgb);
    rgb[3 * 20] = 0.2f;
    rgb[3 * 21 + 1] = 0.9f;
    fixture_picture("seen/green.png", 8, 8, rgb);
    /* Map 0 sees red, later what is red without being green: a negative weight. */
    checkpoint("taking", "a1", 0.1f, 1, 2);
    checkpoint("taking", "a2", -1, 1, 2);
    char *run = folder_argument("checkpoints=", "taking");
    char *images = folder_argument("images=", "seen");
    Photo photo = dotted();
    Call call = fixture_call(&procedure_evolution, &photo, run, images, "layer=maps",
                             "maps=0;1", NULL);
    g_assert_cmpstr(call.results[6].texts[0], ==, "red.png");
    g_assert_cmpstr(call.results[6].texts[1], ==, "green.png");
    g_assert_cmpstr(call.results[6].texts[2], ==, "green.png"); /* 0 in both: the first */
    g_assert_cmpfloat_with_epsilon(number(&call, 5, 0), 0.1, 0.001);
    g_assert_cmpfloat(number(&call, 5, 2), ==, 0);
    host_image_delete(call.results[1].image);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(images);
    g_free(run);
}

/* Map 0 turns the other way between the first checkpoint and the second, map 1 is dead in
 * the first, and both are as they will be from the second on. */
static void
layers_settle(void)
{
    float rgb[8 * 8 * 3] = {0};
    for (gsize i = 0; i < 64; i++) {
        rgb[3 * i] = (float)(i % 8) / 8;
        rgb[3 * i + 1] = (float)(i / 8) / 8;
    }
    fixture_picture("settle-seen/a.png", 8, 8, rgb);
    fixture_write("settle-seen/b.png", "no picture");
    linear("settling", "epoch1", -1, 0);
    linear("settling", "epoch4", 2, 3);
    linear("settling", "epoch9", 1, 1);
    char *run = folder_argument("checkpoints=", "settling");
    char *images = folder_argument("images=", "settle-seen");
    char *data = folder_argument("data=", "settling.csv");
    Photo photo = dotted();
    Call call = fixture_call(&procedure_evolution, &photo, run, images, data,
                             "show=settling", "layers=maps", NULL);
    g_assert_cmpuint(call.results[0].n_items, ==, 1);
    g_assert_cmpstr(call.results[3].texts[2], ==, "epoch9");
    g_assert_cmpstr(call.results[7].texts[0], ==, "maps");
    const double wanted[3] = {-0.5, 1, 1}; /* of -1 and 0 */
    for (guint i = 0; i < 3; i++)
        g_assert_cmpfloat_with_epsilon(number(&call, 8, i), wanted[i], 1e-6);
    char *path = fixture_path("settling.csv"), *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_true(g_str_has_prefix(text, "checkpoint,maps\nepoch1,-0."));
    g_assert_true(g_str_has_suffix(text, "\nepoch9,1\n"));
    g_free(text);
    g_free(path);
    host_image_delete(call.results[1].image);
    fixture_call_clear(&call);

    /* Without a list, what convolutions answer; the open picture, which is gray. */
    fixture_free(&photo);
    photo = fixture_photo(8, 8);
    fixture_done(&photo);
    call = fixture_call(&procedure_evolution, &photo, run, "show=settling", NULL);
    g_assert_cmpstr(call.results[7].texts[0], ==, "maps");
    g_assert_cmpfloat(number(&call, 8, 2), ==, -2); /* no map tells anything */
    host_image_delete(call.results[1].image);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(data);
    g_free(images);
    g_free(run);
}

static void
what_cannot_be_is_refused(void)
{
    checkpoint("mixed", "b1", 1, 1, 3);
    checkpoint("mixed", "b2", 1, 1, 2);
    checkpoint("spoiled", "c1", 1, 1, 2);
    fixture_write("spoiled/c0.onnx", "no model");
    char *mixed = folder_argument("checkpoints=", "mixed");
    char *spoiled = folder_argument("checkpoints=", "spoiled");
    char *empty = fixture_path("none"), *none = folder_argument("checkpoints=", "none");
    g_assert_cmpint(g_mkdir_with_parents(empty, 0700), ==, 0);
    Photo photo = dotted();
    const Procedure *p = &procedure_evolution;
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "b1.onnx” is 3 × 8 × 8", mixed,
                    "layer=maps", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "Checkpoint “c0.onnx”", spoiled,
                    "layer=maps", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, ".onnx", none, NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "No folder", "layer=maps", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "no map 9", mixed, "layer=maps",
                    "maps=9", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "“maps” of “b1.onnx”", mixed,
                    "show=settling", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "More than 5", mixed,
                    "show=settling", "layers=maps;maps;maps;maps;maps;maps", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "no layer \"mops\"", mixed,
                    "show=settling", "layers=mops", NULL);
    fixture_free(&photo);
    g_free(none);
    g_free(empty);
    g_free(spoiled);
    g_free(mixed);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/evolution/order", checkpoints_go_by_number);
    g_test_add_func("/evolution/folder", over_a_folder_another_picture_may_take_over);
    g_test_add_func("/evolution/settling", layers_settle);
    g_test_add_func("/evolution/refused", what_cannot_be_is_refused);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
