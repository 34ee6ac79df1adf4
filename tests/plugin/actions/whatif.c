/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whatif.c: tests of filling the selection, against whole runs of a filled photo, and of
 * what the procedure and its window make of the answers. */
#include "actions/whatif/whatif.h"
#include "photo/fill.h"
#include "photo/watch.h"
#include "plugin/fixture/whatif.h"
#include <math.h>
#include <string.h>

static const Procedure *const what_if = &procedure_whatif;

/* --- the selection --- */

/* A selection with soft edges that lie inside the network's pixels. */
static void
select_blob(Photo *photo)
{
    memory_select(photo->image, &(GeglRectangle){0, 0, photo->width, photo->height});
    for (int y = 0; y < photo->height; y++)
        for (int x = 0; x < photo->width; x++) {
            double far = hypot(x - 7.3, y - 5.1) / 5;
            photo->image->selection[y * photo->width + x] =
                (float)CLAMP(2 - 2 * far, 0, 1);
        }
}

static void
filling_a_soft_selection_is_filling_the_photo(void)
{
    g_autofree char *model = whatif_whole_net();
    static const float color[3] = {0x20 / 255.0f, 0xc0 / 255.0f, 0x60 / 255.0f};
    Photo photo = fixture_noise(19, 13);
    select_blob(&photo);
    Call call = fixture_call(what_if, &photo, model, "color=#20c060", NULL);

    for (int i = 0; i < 19 * 13; i++)
        for (int c = 0; c < 3; c++) {
            float m = photo.image->selection[i], *value = &photo.rgba[4 * i + c];
            *value = (1 - m) * *value + m * color[c];
        }
    memory_select(photo.image, NULL);
    fixture_done(&photo);
    Call plain = fixture_call(&procedure_classify, &photo, model, NULL);
    whatif_assert_same(&call, &plain);
    /* Something was there to be changed. */
    double moved = 0;
    for (guint i = 0; i < 3; i++)
        moved += fabs(fixture_number(&call, BEFORE, i) - fixture_number(&call, AFTER, i));
    g_assert_cmpfloat(moved, >, 0.01);
    fixture_call_clear(&plain);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

/* The scores of that net are the means of red and green, its map 0 is red. */
static void
fills_are_what_they_are_called(void)
{
    g_autofree char *path = fixture_red_net();
    g_autofree char *model = g_strconcat("model=", path, NULL);
    Photo photo = fixture_photo(8, 8);
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
            fixture_dot(&photo, x, y, x < 2 ? 1 : 0, 0.25f, 0);
    fixture_done(&photo);
    memory_select(photo.image, &(GeglRectangle){0, 0, 4, 8});

    /* Red: 16 of 64 pixels, mean 0.25; the selected half holds all of it. */
    Call call = fixture_call(what_if, &photo, model, "fill=mean", "label=red",
                             "layer=maps", "map=0", NULL);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, BASE, 1), 0.25, 1e-6);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, BASE, 2), 16, 1e-5);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, SCORES, 0), 0.125, 1e-6);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, ACTIVITIES, 0), 8, 1e-5);
    fixture_call_clear(&call);

    call = fixture_call(what_if, &photo, model, "color=#ff0000", "label=red", NULL);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, SCORES, 0), 0.5, 1e-6);
    fixture_call_clear(&call);

    float blurred[8 * 8 * 3], rgb[8 * 8 * 3];
    double sum = 0;
    for (int i = 0; i < 64; i++)
        for (int c = 0; c < 3; c++)
            rgb[3 * i + c] = photo.rgba[4 * i + c];
    /* As wide as half the side of a square of the selection's area. */
    g_assert_true(fill_blur(rgb, 8, 8, sqrt(32) / 2, blurred));
    for (int i = 0; i < 64; i++)
        sum += (double)(i % 8 < 4 ? blurred : rgb)[3 * i];
    call = fixture_call(what_if, &photo, model, "fill=blur", "label=red", NULL);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, SCORES, 0), sum / 64, 1e-6);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
the_background_is_the_hosts(void)
{
    g_autofree char *path = fixture_red_net();
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    memory_select(photo.image, &(GeglRectangle){0, 0, 8, 4});
    memory_host_reset();
    ParamValues *values = param_values_new(what_if->params, what_if->n_params);
    ResultValue *results = g_new0(ResultValue, what_if->n_results);
    param_set_text(values, "model", path);
    param_set_text(values, "fill", "background");
    param_set_text(values, "label", "red");
    Run run = {.image = photo.image,
               .drawables = &photo.photo,
               .n_drawables = 1,
               .values = values,
               .results = results};
    memory_host()->background[0] = 0.75f;
    GError *error = NULL;
    g_assert_true(procedure_call(what_if, &run, &error));
    g_assert_cmpfloat_with_epsilon(g_array_index(results[SCORES].numbers, double, 0),
                                   0.75 / 2, 1e-6);
    for (gsize i = 0; i < what_if->n_results; i++)
        result_clear(&results[i]);
    g_free(results);
    param_values_free(values);
    fixture_free(&photo);
}

/* --- results --- */

static void
the_image_stays_unless_the_picture_is_wanted(void)
{
    g_autofree char *path = fixture_red_net();
    g_autofree char *model = g_strconcat("model=", path, NULL);
    Photo photo = fixture_photo(16, 16);
    for (int y = 0; y < 16; y++)
        for (int x = 0; x < 16; x++)
            fixture_dot(&photo, x, y, 1, 0, 0);
    fixture_done(&photo);
    memory_select(photo.image, &(GeglRectangle){0, 0, 16, 8});
    Call call = fixture_call(what_if, &photo, model, "color=#00ff00", NULL);
    g_assert_cmpuint(memory_image_count(photo.image), ==, 1);
    g_assert_cmpint(photo.image->undo_steps, ==, 0);
    g_assert_cmpuint(call.results[0].n_items, ==, 0);
    g_assert_true(call.results[1].image == photo.image);
    /* Scores 1 and 0 become 0.5 and 0.5: a tie, which the lower class wins. */
    g_assert_cmpstr(call.results[SENTENCE].text, ==,
                    "Without the selection: P(red) 0.73 → 0.50; the net still says red.");
    g_assert_true(fixture_said(call.results[SENTENCE].text));
    fixture_call_clear(&call);

    call = fixture_call(what_if, &photo, model, "color=#00ff00", "picture=true", NULL);
    HostItem *layer = fixture_layer(&photo, 0);
    g_assert_cmpstr(layer->name, ==, "What if · P(red) 0.73 → 0.50");
    g_assert_cmpint(layer->rect.width, ==, 16);
    g_assert_cmpint(photo.image->undo_steps, ==, 1);
    g_assert_true(photo.image->selected == photo.photo);
    float *seen = memory_item_get(layer);
    g_assert_cmpfloat_with_epsilon(seen[0], 0, 1e-3);
    g_assert_cmpfloat_with_epsilon(seen[1], 1, 1e-3);
    g_assert_cmpfloat_with_epsilon(seen[4 * 255], 1, 1e-3);
    g_assert_cmpfloat_with_epsilon(seen[4 * 255 + 1], 0, 1e-3);
    g_assert_nonnull(strstr(layer->parasite, "change=P(red)"));
    g_free(seen);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
the_sentence_says_what_wins(void)
{
    g_autofree char *path = fixture_red_net();
    g_autofree char *model = g_strconcat("model=", path, NULL);
    Photo photo = fixture_photo(8, 8);
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
            fixture_dot(&photo, x, y, 1, 0, 0);
    fixture_done(&photo);
    memory_select(photo.image, &(GeglRectangle){0, 0, 8, 8});
    Call call = fixture_call(what_if, &photo, model, "color=#00ff00", NULL);
    g_assert_cmpstr(call.results[SENTENCE].text, ==,
                    "Without the selection: P(red) 0.73 → 0.27; now the net says green, "
                    "with a probability of 0.73.");
    fixture_call_clear(&call);
    /* Without conv the scores are 0 and 2. */
    call = fixture_call(what_if, &photo, model, "remove=layers", NULL);
    g_assert_nonnull(
        strstr(call.results[SENTENCE].text, "switched off one after another, "));
    g_assert_nonnull(
        strstr(call.results[SENTENCE].text, "costs the most: P(red) 0.73 → 0.12"));
    fixture_call_clear(&call);
    call = fixture_call(what_if, &photo, model, "remove=layers", "label=green", NULL);
    g_assert_nonnull(strstr(call.results[SENTENCE].text, "none of them lowers P(green)"));
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
numbers_are_exported(void)
{
    g_autofree char *model = whatif_whole_net();
    g_autofree char *path = fixture_path("whatif.csv");
    g_autofree char *data = g_strconcat("data=", path, NULL), *text = NULL;
    Photo photo = fixture_noise(8, 8);
    Call call = fixture_call(what_if, &photo, model, "remove=layers", "layers=r2; c2",
                             data, NULL);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    char **lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 5);
    g_assert_cmpstr(lines[0], ==,
                    "removed,probability,score,activity,label1,probability1,label2,"
                    "probability2,label3,probability3");
    g_assert_cmpstr(lines[4], ==, "");
    for (int i = 0; i < 3; i++) {
        char **fields = g_strsplit(lines[i + 1], ",", -1);
        g_assert_cmpstr(fields[0], ==, i == 0 ? "\"\"" : i == 1 ? "\"r2\"" : "\"c2\"");
        double wanted = i ? fixture_number(&call, SCORES, (guint)i - 1)
                          : fixture_number(&call, BASE, 1);
        g_assert_cmpfloat_with_epsilon(g_ascii_strtod(fields[2], NULL), wanted, 1e-6);
        g_strfreev(fields);
    }
    g_strfreev(lines);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
a_changed_selection_is_noticed(void)
{
    Photo photo = fixture_photo(1400, 1400); /* two bands */
    Watch watch = {.image = photo.image};
    g_assert_true(watch_changed(&watch)); /* the first look */
    g_assert_false(watch_changed(&watch));
    memory_select(photo.image, &(GeglRectangle){0, 0, 1400, 1400});
    g_assert_true(watch_changed(&watch));
    g_assert_false(watch_changed(&watch));
    g_assert_false(watch_changed(&watch));
    g_assert_false(watch_changed(&watch));
    /* A hole in each band, the bounds stay: noticed after two looks at most. */
    for (int y = 100; y < 1400; y += 1200) {
        photo.image->selection[(gsize)y * 1400 + 700] = 0.5f;
        gboolean first = watch_changed(&watch);
        gboolean second = watch_changed(&watch);
        g_assert_true(first != second);
        g_assert_false(watch_changed(&watch));
        g_assert_false(watch_changed(&watch));
    }
    memory_select(photo.image, &(GeglRectangle){1, 0, 1399, 1400});
    g_assert_true(watch_changed(&watch));
    memory_select(photo.image, NULL);
    g_assert_true(watch_changed(&watch));
    g_assert_false(watch_changed(&watch));
    watch_clear(&watch);
    fixture_free(&photo);
}

/* 1400 x 1400: four bands. */
static void
a_changed_photo_is_noticed(void)
{
    Photo photo = fixture_photo(1400, 1400);
    fixture_done(&photo);
    Watch watch = {.image = photo.image, .photo = photo.photo};
    g_assert_true(watch_changed(&watch));
    for (int i = 0; i < 8; i++)
        g_assert_false(watch_changed(&watch));
    for (int y = 5; y < 1400; y += 1390) {
        int noticed = 0;
        photo.rgba[4 * (y * 1400 + 3)] = 0.5f;
        fixture_done(&photo);
        for (int i = 0; i < 4; i++)
            noticed += watch_changed(&watch);
        g_assert_cmpint(noticed, ==, 1);
        for (int i = 0; i < 8; i++)
            g_assert_false(watch_changed(&watch));
    }
    photo.photo->rect.x += 1; /* moved */
    g_assert_true(watch_changed(&watch));
    g_assert_false(watch_changed(&watch));
    watch_clear(&watch);
    fixture_free(&photo);
}

static void
rows_are_those_that_matter_before_or_after(void)
{
    const float before[6] = {0.5f, 0.1f, 0.3f, 0, 0.1f, 0};
    const float after[6] = {0, 0.1f, 0, 0.6f, 0.1f, 0.2f};
    gsize row[4];
    g_assert_cmpuint(whatif_pairs(before, after, 6, 4, row), ==, 4);
    g_assert_cmpuint(row[0], ==, 0);
    g_assert_cmpuint(row[1], ==, 2);
    g_assert_cmpuint(row[2], ==, 3);
    g_assert_cmpuint(row[3], ==, 5);
    g_assert_cmpuint(whatif_top(before, 6, 4, row), ==, 4);
    g_assert_cmpuint(row[2], ==, 1); /* of equals the lower one */
    g_assert_cmpuint(row[3], ==, 4);
    g_assert_cmpuint(whatif_top(before, 2, 4, row), ==, 2);
}

static void
what_cannot_be_is_refused(void)
{
    g_autofree char *model = whatif_whole_net();
    Photo photo = fixture_noise(20, 8);
    fixture_refused(what_if, &photo, PROCEDURE_ERROR_INPUT, "Nothing is selected", model,
                    NULL);
    /* The centre crop sees columns 6 to 13. */
    memory_select(photo.image, &(GeglRectangle){0, 0, 5, 8});
    fixture_refused(what_if, &photo, PROCEDURE_ERROR_INPUT,
                    "sees nothing of the selection", model, NULL);
    Call call = fixture_call(what_if, &photo, model, "fit=pad", NULL);
    fixture_call_clear(&call);
    memory_select(photo.image, NULL);
    fixture_refused(what_if, &photo, PROCEDURE_ERROR_INPUT, "no such", model,
                    "remove=map", "label=no such", NULL);
    fixture_refused(what_if, &photo, PROCEDURE_ERROR_INPUT, "There is no map 6", model,
                    "remove=map", "layer=r1", "map=6", NULL);
    fixture_refused(what_if, &photo, PROCEDURE_ERROR_INPUT, "nowhere", model,
                    "remove=layers", "layers=r1;nowhere", NULL);
    fixture_refused(what_if, &photo, PROCEDURE_ERROR_FAILED, "cannot be written", model,
                    "remove=map", "data=/nowhere/at/all.csv", NULL);
    fixture_free(&photo);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/whatif/filled", filling_a_soft_selection_is_filling_the_photo);
    g_test_add_func("/whatif/fills", fills_are_what_they_are_called);
    g_test_add_func("/whatif/background", the_background_is_the_hosts);
    g_test_add_func("/whatif/picture", the_image_stays_unless_the_picture_is_wanted);
    g_test_add_func("/whatif/sentence", the_sentence_says_what_wins);
    g_test_add_func("/whatif/numbers", numbers_are_exported);
    g_test_add_func("/whatif/watch", a_changed_selection_is_noticed);
    g_test_add_func("/whatif/photo", a_changed_photo_is_noticed);
    g_test_add_func("/whatif/rows", rows_are_those_that_matter_before_or_after);
    g_test_add_func("/whatif/refused", what_cannot_be_is_refused);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
