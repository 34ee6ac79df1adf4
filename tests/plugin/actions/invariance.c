/* SPDX-License-Identifier: GPL-3.0-or-later */
/* invariance.c: tests of features that move with the picture, by nets whose numbers can be
 * told by hand. */
#include "plugin/fixture/fixture.h"
#include <math.h>
#include <string.h>

enum {
    LAYERS,
    IMAGE,
    NET_LAYERS,
    PICTURES,
    LABELS,
    KINDS,
    AMOUNTS,
    DISTANCES,
    COSINES,
    PROBABILITIES,
    SKIPPED
};

/* A photo of the red net's size, black but for a dot of red 0.5. */
static Photo
dot_photo(int x, int y)
{
    Photo photo = fixture_photo(8, 8);
    fixture_dot(&photo, x, y, 0.5f, 0, 0);
    fixture_done(&photo);
    return photo;
}

static guint
count_of(char *const *texts)
{
    return g_strv_length((char **)texts);
}

static void
delete_result(Call *call)
{
    if (call->results[IMAGE].image)
        host_image_delete(call->results[IMAGE].image);
    fixture_call_clear(call);
}

/* The map is the red channel, so a dot that moves is 0.5 less here and 0.5 more there. */
static void
a_dot_that_moves_is_two_changes(void)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo photo = dot_photo(4, 4);
    Call call = fixture_call(&procedure_invariance, &photo, argument, "layers=maps;score",
                             "transformations=vertical", "shift=37.5", "steps=6", NULL);
    g_assert_cmpuint(call.results[AMOUNTS].numbers->len, ==, 7);
    for (guint i = 0; i < 7; i++) {
        double moved = i == 3 ? 0 : sqrt(0.5);
        g_assert_cmpfloat(fixture_number(&call, AMOUNTS, i), ==, (int)i - 3);
        g_assert_cmpstr(call.results[KINDS].texts[i], ==, "vertical");
        g_assert_cmpfloat_with_epsilon(fixture_number(&call, DISTANCES, i), moved, 1e-6);
        g_assert_cmpfloat_with_epsilon(fixture_number(&call, COSINES, i), i == 3 ? 0 : 1,
                                       1e-6);
        /* The score is the channel's mean, wherever the dot is. */
        g_assert_cmpfloat_with_epsilon(fixture_number(&call, DISTANCES, 7 + i), 0, 1e-7);
        /* Red has 0.5 / 64, green 0. */
        g_assert_cmpfloat_with_epsilon(fixture_number(&call, PROBABILITIES, i),
                                       1 / (1 + exp(-0.5 / 64)), 1e-6);
    }
    g_assert_cmpstr(call.results[NET_LAYERS].texts[0], ==, "maps");
    g_assert_cmpstr(call.results[LABELS].texts[0], ==, "red");
    delete_result(&call);
    fixture_free(&photo);
}

static void
turns_and_mirrors_keep_a_mean(void)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo photo = dot_photo(1, 2);
    Call call = fixture_call(&procedure_invariance, &photo, argument, "layers=maps;score",
                             "transformations=rotation", "steps=4", NULL);
    for (guint i = 0; i < 5; i++) {
        gboolean same = i == 0 || i == 4; /* 0 and 360 degrees */
        g_assert_cmpfloat(fixture_number(&call, AMOUNTS, i), ==, 90 * i);
        g_assert_cmpfloat_with_epsilon(fixture_number(&call, DISTANCES, i),
                                       same ? 0 : sqrt(0.5), 1e-6);
        g_assert_cmpfloat_with_epsilon(fixture_number(&call, DISTANCES, 5 + i), 0, 1e-7);
    }
    delete_result(&call);
    call = fixture_call(&procedure_invariance, &photo, argument, "layers=maps;score",
                        "transformations=mirror", NULL);
    g_assert_cmpuint(call.results[AMOUNTS].numbers->len, ==, 4);
    for (guint i = 0; i < 4; i++) {
        g_assert_cmpfloat_with_epsilon(fixture_number(&call, DISTANCES, i),
                                       i ? sqrt(0.5) : 0, 1e-6);
        g_assert_cmpfloat_with_epsilon(fixture_number(&call, DISTANCES, 4 + i), 0, 1e-7);
    }
    delete_result(&call);
    fixture_free(&photo);
}

/* What the paper's figure has, and the rest: scale 1, angle 0, 0 stops and so on are the
 * picture itself. */
static void
what_changes_nothing_is_at_distance_zero(void)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo photo = fixture_noise(21, 16);
    Call call = fixture_call(&procedure_invariance, &photo, argument, "layers=maps",
                             "transformations=all", "steps=5", "scale-least=0.5",
                             "blur=25", NULL);
    guint count = call.results[AMOUNTS].numbers->len, nothing = 0;
    for (guint i = 0; i < count; i++) {
        const char *kind = call.results[KINDS].texts[i];
        double amount = fixture_number(&call, AMOUNTS, i);
        gboolean none = amount == (g_str_equal(kind, "scale") ? 1 : 0) ||
                        (g_str_equal(kind, "rotation") && amount == 360);
        nothing += none;
        if (none)
            g_assert_cmpfloat(fixture_number(&call, DISTANCES, i), ==, 0);
        else
            g_assert_cmpfloat(fixture_number(&call, DISTANCES, i), >, 0.01);
    }
    g_assert_cmpuint(nothing, ==, 9);
    /* A layer for each of eight transformations, and the key. */
    g_assert_cmpuint(call.results[LAYERS].n_items, ==, 9);
    g_assert_cmpstr(call.results[LAYERS].items[0]->name, ==, "Vertical shift");
    g_assert_cmpstr(call.results[LAYERS].items[7]->name, ==, "Noise");
    g_assert_true(call.results[IMAGE].image != photo.image);
    g_assert_cmpuint(memory_image_count(photo.image), ==, 1);
    HostItem *key = call.results[LAYERS].items[8];
    g_assert_cmpint(key->rect.y + key->rect.height, ==,
                    call.results[IMAGE].image->height);
    delete_result(&call);
    fixture_free(&photo);
}

static void
open_images_have_a_curve_each(void)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo photo = dot_photo(4, 4), other = dot_photo(2, 2);
    other.image->name[0] = 'I';
    memory_select(other.image, GEGL_RECTANGLE(0, 0, 4, 4));
    Call first = fixture_call(&procedure_invariance, &photo, argument, "layers=maps",
                              "transformations=horizontal", "steps=2", "shift=12.5",
                              "pictures=images", NULL);
    g_assert_cmpuint(count_of(first.results[PICTURES].texts), ==, 2);
    g_assert_cmpstr(first.results[PICTURES].texts[1], ==, "Image");
    /* The second is seen at twice its size, 16 samples of a dot: 2 x 2 pixels. */
    g_assert_cmpfloat_with_epsilon(fixture_number(&first, DISTANCES, 0), sqrt(0.5), 1e-6);
    g_assert_cmpfloat(fixture_number(&first, DISTANCES, 3), >, 0.3);
    /* The figure is open now, and is no picture. */
    Call second =
        fixture_call(&procedure_invariance, &photo, argument, "layers=maps",
                     "transformations=horizontal", "steps=2", "pictures=images", NULL);
    g_assert_cmpuint(count_of(second.results[PICTURES].texts), ==, 2);
    delete_result(&second);
    delete_result(&first);
    fixture_free(&other);
    fixture_free(&photo);
}

/* Ten pictures are more than there are styles; a text among them is none. */
static void
a_folder_has_many_curves(void)
{
    g_autofree char *model = fixture_red_net(), *folder = fixture_path("many");
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    g_autofree char *where = g_strconcat("folder=", folder, NULL);
    g_autofree char *csv = fixture_path("moved.csv"),
                    *data = g_strconcat("data=", csv, NULL), *text;
    float rgb[3 * 8 * 8];
    for (int p = 0; p < 10; p++) {
        g_autofree char *name = g_strdup_printf("many/%d, red.png", p);
        for (int i = 0; i < 3 * 8 * 8; i++)
            rgb[i] = i % 3 == 0 && i / 3 % 8 == 4 ? (float)(p + 1) / 16 : 0;
        fixture_picture(name, 8, 8, rgb);
    }
    fixture_write("many/notes.dat", "no picture");
    Photo photo = dot_photo(4, 4);
    Call call = fixture_call(&procedure_invariance, &photo, argument, "layers=maps",
                             "transformations=horizontal", "steps=2", "shift=12.5",
                             "pictures=folder", where, data, NULL);
    g_assert_cmpuint(count_of(call.results[PICTURES].texts), ==, 10);
    g_assert_cmpuint(count_of(call.results[SKIPPED].texts), ==, 1);
    g_assert_true(fixture_said("notes.dat"));
    for (guint p = 0; p < 10; p++) {
        /* A column of 8: 16 values change by what it is, in bytes of the file. */
        double value = round((p + 1) / 16.0 * 255) / 255;
        g_assert_cmpfloat_with_epsilon(fixture_number(&call, DISTANCES, 3 * p), 4 * value,
                                       1e-5);
    }
    g_assert_true(g_file_get_contents(csv, &text, NULL, NULL));
    g_assert_true(g_str_has_prefix(
        text, "picture,label,transformation,amount,probability,maps distance,maps "
              "relative,maps cosine\n\"0, red.png\",red,horizontal,-1,0."));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 1 + 10 * 3 + 1);
    g_assert_true(g_str_has_suffix(lines[2], ",0,0,0"));
    /* Half of the length leaves, as much comes: sqrt(2). */
    g_assert_nonnull(strstr(lines[1], ",1.4142135"));
    delete_result(&call);
    fixture_free(&photo);
}

/* Features without an answer: no probabilities, and no chart of them. */
static void
a_net_need_not_classify(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w", "4,3,3,3", 3);
    new_node(net, "Conv", "conv", "picture;w", "conv", "pads=1,1,1,1");
    new_output(net, "conv");
    fixture_write("plain.ini", "[model]\nname=Plain\n[input]\nrange=0;1\n");
    g_autofree char *model = fixture_model(net, "plain.onnx");
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo photo = fixture_noise(8, 8);
    Call call = fixture_call(&procedure_invariance, &photo, argument,
                             "transformations=scale", "steps=4", NULL);
    g_assert_cmpuint(call.results[PROBABILITIES].numbers->len, ==, 0);
    g_assert_cmpuint(call.results[DISTANCES].numbers->len, ==, 5);
    g_assert_cmpstr(call.results[LABELS].texts[0], ==, "");
    delete_result(&call);
    fixture_refused(&procedure_invariance, &photo, PROCEDURE_ERROR_INPUT,
                    "gives no labels", argument, "label=cat", NULL);
    fixture_free(&photo);
}

static void
what_cannot_be_is_refused(void)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo photo = dot_photo(4, 4);
    const Procedure *p = &procedure_invariance;
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "no such", argument,
                    "layers=no such", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "purple", argument, "label=purple",
                    NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "More than 4", argument,
                    "layers=maps;conv;again;mean;score", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "No folder is given", argument,
                    "pictures=folder", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_FAILED, "cannot be written", argument,
                    "data=/nowhere/at/all.csv", NULL);
    fixture_free(&photo);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/invariance/dot", a_dot_that_moves_is_two_changes);
    g_test_add_func("/invariance/mean", turns_and_mirrors_keep_a_mean);
    g_test_add_func("/invariance/nothing", what_changes_nothing_is_at_distance_zero);
    g_test_add_func("/invariance/images", open_images_have_a_curve_each);
    g_test_add_func("/invariance/folder", a_folder_has_many_curves);
    g_test_add_func("/invariance/features", a_net_need_not_classify);
    g_test_add_func("/invariance/refused", what_cannot_be_is_refused);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
