/* SPDX-License-Identifier: GPL-3.0-or-later */
/* correspondence.c: tests of parts that are compared, by a net whose map is the red
 * channel: covering 2 x 2 of 8 x 8 pixels changes 4 of its 128 values. */
#include "actions/correspondence/correspondence.h"
#include "plugin/fixture/fixture.h"
#include <math.h>
#include <string.h>

enum {
    LAYERS,
    IMAGE,
    SENTENCE,
    NET_LAYERS,
    PARTS,
    PICTURES,
    MEANS,
    DEVIATIONS,
    LOWER,
    SKIPPED
};

/* All red, and a square of 2 x 2 selected; x < 0: none. */
static Photo
red_photo(float red, int x, int y)
{
    Photo photo = fixture_photo(8, 8);
    for (int v = 0; v < 8; v++)
        for (int u = 0; u < 8; u++)
            fixture_dot(&photo, u, v, red, 0, 0);
    fixture_done(&photo);
    if (x >= 0)
        memory_select(photo.image, GEGL_RECTANGLE(x, y, 2, 2));
    return photo;
}

static void
delete_result(Call *call)
{
    host_image_delete(call->results[IMAGE].image);
    fixture_call_clear(call);
}

/* Δ of the marked part in these photos, and its deviation. */
static void
check_delta(Photo *photos, guint count, double mean, double deviation)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Call call = fixture_call(&procedure_correspondence, &photos[0], argument,
                             "layers=maps", "color=#404040", "draws=3", NULL);
    g_assert_cmpuint(g_strv_length(call.results[PICTURES].texts), ==, count);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, MEANS, 0), mean, 1e-9);
    if (count > 2)
        g_assert_cmpfloat_with_epsilon(fixture_number(&call, DEVIATIONS, 0), deviation,
                                       1e-9);
    delete_result(&call);
    for (guint i = 0; i < count; i++)
        fixture_free(&photos[i]);
}

static void
the_mean_over_pairs_is_known(void)
{
    /* All lose what they have there. */
    check_delta((Photo[]){red_photo(0.5f, 1, 1), red_photo(1, 1, 1)}, 2, 0, 0);
    /* Elsewhere: four values that fall in one, four in the other. */
    check_delta((Photo[]){red_photo(0.5f, 1, 1), red_photo(1, 5, 5)}, 2, 8 / 128.0, 0);
    /* One pixel in common. */
    check_delta((Photo[]){red_photo(0.5f, 1, 1), red_photo(1, 2, 2)}, 2, 6 / 128.0, 0);
    /* What is darker than the cover rises: one falls, the other rises. */
    check_delta((Photo[]){red_photo(0.5f, 1, 1), red_photo(0, 1, 1)}, 2, 4 / 128.0, 0);
    /* Pairs at 0, 8, 8. */
    check_delta(
        (Photo[]){red_photo(0.5f, 1, 1), red_photo(1, 1, 1), red_photo(0.75f, 5, 5)}, 3,
        16 / 3.0 / 128, sqrt(128 / 3.0 / 2) / 128);
}

static void
hamming_counts_signs_that_differ(void)
{
    const gint8 a[5] = {0, 1, -1, 1, 0}, b[5] = {0, 1, 1, 0, -1};
    g_assert_cmpfloat(correspondence_hamming(a, b, 5), ==, 3 / 5.0);
    g_assert_cmpfloat(correspondence_hamming(a, a, 5), ==, 0);
    g_assert_cmpfloat(correspondence_hamming(a, b, 2), ==, 0);
}

static void
random_parts_follow_the_seed(void)
{
    g_autofree char *model = fixture_red_net(), *csv = fixture_path("pairs.csv"), *text;
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    g_autofree char *data = g_strconcat("data=", csv, NULL);
    Photo first = red_photo(0.75f, 1, 1), second = red_photo(1, 1, 1);
    double random[3];
    for (int i = 0; i < 3; i++) {
        Call call =
            fixture_call(&procedure_correspondence, &first, argument, "layers=maps",
                         "draws=40", data, i < 2 ? "seed=5" : "seed=7", NULL);
        random[i] = fixture_number(&call, MEANS, 1);
        /* The part agrees wholly; of 40 draws hardly any does, none is below it. */
        g_assert_cmpfloat(fixture_number(&call, MEANS, 0), ==, 0);
        g_assert_cmpfloat(fixture_number(&call, LOWER, 0), ==, 0);
        g_assert_cmpfloat(random[i], >, 0.03);
        g_assert_cmpfloat(random[i], <=, 8 / 128.0);
        g_assert_cmpfloat(fixture_number(&call, DEVIATIONS, 1), >, 0);
        g_assert_true(fixture_said("maps, Marked part: Δ = 0.000, random parts 0.0"));
        g_assert_true(fixture_said("of 40 random draws 0 are lower"));
        delete_result(&call);
    }
    g_assert_cmpfloat(random[0], ==, random[1]);
    g_assert_cmpfloat(random[0], !=, random[2]);
    g_assert_true(g_file_get_contents(csv, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_cmpstr(lines[0], ==, "layer,place,part,draw,first,second,hamming");
    g_assert_cmpstr(lines[1], ==, "maps,part,\"\",0,image,image,0");
    g_assert_true(g_str_has_prefix(lines[2], "maps,random,\"\",1,image,image,0.0"));
    g_assert_cmpuint(g_strv_length(lines), ==, 1 + 41 + 1);
    fixture_free(&second);
    fixture_free(&first);
}

/* Four values fall in all pictures, and the same ones. */
static void
random_parts_may_share_a_place(void)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo first = red_photo(0.75f, 1, 1), second = red_photo(1, 5, 5);
    Call call = fixture_call(&procedure_correspondence, &first, argument, "layers=maps",
                             "draws=10", "places=shared", NULL);
    g_assert_cmpfloat(fixture_number(&call, MEANS, 0), ==, 8 / 128.0);
    g_assert_cmpfloat(fixture_number(&call, MEANS, 1), ==, 0);
    g_assert_cmpfloat(fixture_number(&call, LOWER, 0), ==, 10);
    delete_result(&call);
    fixture_free(&second);
    fixture_free(&first);
}

/* A part as large as the picture is the same at each random place. */
static void
a_part_that_is_all_has_one_place(void)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo first = red_photo(0.5f, -1, 0), second = red_photo(0, -1, 0);
    memory_select(first.image, GEGL_RECTANGLE(0, 0, 8, 8));
    memory_select(second.image, GEGL_RECTANGLE(0, 0, 8, 8));
    Call call = fixture_call(&procedure_correspondence, &first, argument, "layers=maps",
                             "color=#404040", "draws=2", NULL);
    g_assert_cmpfloat(fixture_number(&call, MEANS, 0), ==, 0.5); /* map 0 of two */
    g_assert_cmpfloat(fixture_number(&call, MEANS, 1), ==, 0.5);
    delete_result(&call);
    fixture_free(&second);
    fixture_free(&first);
}

static void
write_square(const char *name, int size, int x, int y)
{
    float *rgb = g_new0(float, 3 * size * size);
    for (int i = 0; i < 3 * size * size; i++) {
        int u = i / 3 % size * 8 / size, v = i / 3 / size * 8 / size;
        rgb[i] = u >= x && u < x + 2 && v >= y && v < y + 2 ? 1 : 0;
    }
    fixture_picture(name, size, size, rgb);
    g_free(rgb);
}

/* Two parts, one in the same place; masks of twice the size are as good. */
static void
a_folder_has_masks_of_parts(void)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *pictures = fixture_path("faces"), *masks = fixture_path("masks");
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    g_autofree char *folder = g_strconcat("folder=", pictures, NULL);
    g_autofree char *where = g_strconcat("masks=", masks, NULL);
    float rgb[3 * 64];
    for (int i = 0; i < 3 * 64; i++)
        rgb[i] = i % 3 ? 0 : 1;
    fixture_picture("faces/a.png", 8, 8, rgb);
    fixture_picture("faces/b.c.png", 8, 8, rgb);
    fixture_picture("faces/unmarked.png", 8, 8, rgb);
    write_square("masks/left eye/a.png", 8, 1, 1);
    write_square("masks/left eye/b.c.png", 16, 1, 1);
    write_square("masks/nose/a.png", 8, 3, 4);
    write_square("masks/nose/b.c.png", 8, 4, 4);
    Photo photo = red_photo(1, -1, 0);
    Call call =
        fixture_call(&procedure_correspondence, &photo, argument, "layers=maps;score",
                     "pictures=folder", folder, where, "draws=4", NULL);
    g_assert_cmpstr(call.results[PARTS].texts[0], ==, "left eye");
    g_assert_cmpstr(call.results[PARTS].texts[1], ==, "nose");
    g_assert_cmpuint(g_strv_length(call.results[PICTURES].texts), ==, 2);
    g_assert_cmpuint(g_strv_length(call.results[SKIPPED].texts), ==, 1);
    g_assert_true(fixture_said("“unmarked” has no mask of “left eye”"));
    g_assert_cmpuint(call.results[MEANS].numbers->len, ==, 6);
    g_assert_cmpfloat(fixture_number(&call, MEANS, 0), ==, 0);
    g_assert_cmpfloat(fixture_number(&call, MEANS, 1), ==, 4 / 128.0);
    /* The score of red falls wherever something is covered. */
    g_assert_cmpfloat(fixture_number(&call, MEANS, 3), ==, 0);
    g_assert_cmpfloat(fixture_number(&call, MEANS, 5), ==, 0);
    g_assert_cmpuint(call.results[LAYERS].n_items, ==, 2);
    HostItem *shown = call.results[LAYERS].items[1];
    g_assert_cmpint(shown->rect.y + shown->rect.height, ==,
                    call.results[IMAGE].image->height);
    delete_result(&call);
    fixture_free(&photo);
}

static void
what_cannot_be_is_refused(void)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    const Procedure *p = &procedure_correspondence;
    Photo photo = red_photo(1, 1, 1);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "two pictures or more", argument,
                    "layers=maps", NULL);
    Photo other = red_photo(1, -1, 0);
    other.image->name[0] = 'I';
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "“Image” has no selection",
                    argument, "layers=maps", NULL);
    memory_select(other.image, GEGL_RECTANGLE(1, 1, 2, 2));
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "No folder of masks", argument,
                    "pictures=folder", "folder=/tmp", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "no such", argument,
                    "layers=no such", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_FAILED, "cannot be written", argument,
                    "layers=maps", "data=/nowhere/at/all.csv", NULL);
    fixture_free(&other);
    fixture_free(&photo);
    /* The net sees the middle of a wide photo, its selection lies beside it. */
    Photo wide = fixture_noise(32, 8);
    photo = red_photo(1, 1, 1);
    memory_select(wide.image, GEGL_RECTANGLE(1, 1, 2, 2));
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "sees nothing of what is marked",
                    argument, "layers=maps", NULL);
    fixture_free(&photo);
    fixture_free(&wide);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/correspondence/hamming", hamming_counts_signs_that_differ);
    g_test_add_func("/correspondence/pairs", the_mean_over_pairs_is_known);
    g_test_add_func("/correspondence/random", random_parts_follow_the_seed);
    g_test_add_func("/correspondence/shared", random_parts_may_share_a_place);
    g_test_add_func("/correspondence/all", a_part_that_is_all_has_one_place);
    g_test_add_func("/correspondence/folder", a_folder_has_masks_of_parts);
    g_test_add_func("/correspondence/refused", what_cannot_be_is_refused);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
