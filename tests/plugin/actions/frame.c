/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frame.c: tests of where results lie: over the photo, over a unit's field, or in a new
 * image; and of what is seen where a projection is zero. */
#include "plugin/fixture/fixture.h"
#include <math.h>

/* 40 x 20 pixels at 100, -7; the net takes 8 x 8, so a unit sees a square of 2.5 pixels of
 * the middle 20 x 20. */
static void
set_up(RedCase *setting, gconstpointer data)
{
    (void)data;
    fixture_red_case(setting);
    setting->photo = fixture_photo(40, 20);
    setting->photo.photo->rect.x = 100;
    setting->photo.photo->rect.y = -7;
    for (int y = 10; y < 13; y++) /* rows and columns 4 of the net, and a part of 5 */
        for (int x = 20; x < 23; x++)
            fixture_dot(&setting->photo, x, y, 1, 0, 0);
    fixture_done(&setting->photo);
}

static void
a_layer_covers_what_its_unit_sees(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call = fixture_call(&procedure_project, &setting->photo, setting->argument,
                             "layer=maps", "area=field", NULL);
    HostItem *layer = call.results[0].items[0];
    /* The net's pixel (4, 4) begins 10 pixels behind the corner 110, -7. */
    GeglRectangle field = {120, 3, 3, 3};
    g_assert_true(gegl_rectangle_equal(&layer->rect, &field));
    float *rgba = memory_item_get(layer);
    for (int i = 0; i < 9; i++) {
        g_assert_cmpfloat(rgba[4 * i], >, i == 0 ? 0.8f : 0.6f); /* edges blend */
        g_assert_cmpfloat_with_epsilon(rgba[4 * i + 1], 0.5f, 0.005);
    }
    g_free(rgba);
    fixture_call_clear(&call);

    /* A whole map has no field of one unit. */
    call = fixture_call(&procedure_project, &setting->photo, setting->argument,
                        "layer=maps", "unit=map", "area=field", NULL);
    g_assert_cmpint(call.results[0].items[0]->rect.width, ==, 20);
    fixture_call_clear(&call);
}

static void
gray_becomes_transparent(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call gray = fixture_call(&procedure_project, &setting->photo, setting->argument,
                             "layer=maps", "unit=map", "percentile=100", NULL);
    Call clear =
        fixture_call(&procedure_project, &setting->photo, setting->argument, "layer=maps",
                     "unit=map", "percentile=100", "zero=clear", NULL);
    float *opaque = memory_item_get(gray.results[0].items[0]);
    float *through = memory_item_get(clear.results[0].items[0]);
    gsize empty = 0, half = 0;
    for (gsize i = 0; i < 400; i++) {
        const float *a = opaque + 4 * i, *b = through + 4 * i;
        empty += b[3] < 0.005f;
        half += b[3] > 0.1f && b[3] < 0.9f;
        /* Over mid-gray it is what it was, but for the steps of 8 bits and for what the
         * filter that enlarges takes below zero beside a spot, 1.5 % of it. */
        for (int c = 0; c < 3; c++)
            g_assert_cmpfloat_with_epsilon(0.5f + b[3] * (b[c] - 0.5f), a[c], 0.02);
    }
    g_assert_cmpuint(empty, >, 300);
    g_assert_cmpuint(half, >, 3);
    g_free(opaque);
    g_free(through);
    fixture_call_clear(&clear);
    fixture_call_clear(&gray);
}

static void
check_new_image(const Call *call, int width, int height)
{
    HostImage *image = call->results[1].image;
    gsize n = call->results[0].n_items;
    g_assert_cmpint(image->width, ==, width);
    g_assert_cmpint(image->height, ==, height);
    HostItem *photo = call->results[0].items[n - 1];
    g_assert_cmpint(photo->rect.x, ==, 0);
    g_assert_cmpint(photo->rect.y, ==, 0);
    g_assert_cmpint(photo->rect.height, ==, height);
    g_assert_null(photo->parent);
}

static void
results_go_to_a_small_image(RedCase *setting, gconstpointer data)
{
    (void)data;
    HostImage *image = setting->photo.image;
    Call call = fixture_call(&procedure_project, &setting->photo, setting->argument,
                             "layer=maps", "target=image", NULL);
    check_new_image(&call, 8, 8);
    g_assert_true(call.results[1].image != image);
    g_assert_cmpuint(memory_image_count(image), ==, 1); /* the photo's own is as before */
    g_assert_cmpint(image->undo_steps, ==, 0);
    float *rgba = memory_item_get(call.results[0].items[1]);
    g_assert_cmpfloat(rgba[4 * (4 * 8 + 4)], >, 0.9f); /* the photo as the net sees it */
    g_assert_cmpfloat(rgba[4 * (4 * 8 + 4) + 1], <, 0.01f);
    g_assert_cmpfloat(rgba[4 * (2 * 8 + 2)], <, 0.01f);
    g_free(rgba);
    host_image_delete(call.results[1].image);
    fixture_call_clear(&call);

    const struct {
        const char *fit, *side;
        int width, height;
    } cases[] = {
        {"fit=crop", "side=10", 10, 10},   {"fit=crop", "side=500", 20, 20},
        {"fit=stretch", "side=10", 10, 5}, {"fit=stretch", "side=0", 8, 8},
        {"fit=pad", "side=10", 10, 5},     {"fit=pad", "side=0", 8, 4},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        call = fixture_call(&procedure_project, &setting->photo, setting->argument,
                            "layer=maps", "target=image", "count=2", cases[i].fit,
                            cases[i].side, NULL);
        check_new_image(&call, cases[i].width, cases[i].height);
        g_assert_cmpuint(call.results[0].n_items, ==, 3);
        g_assert_false(call.results[0].items[0]->hidden);
        g_assert_true(call.results[0].items[1]->hidden);
        g_assert_cmpint(call.results[0].items[0]->rect.width, ==, cases[i].width);
        host_image_delete(call.results[1].image);
        fixture_call_clear(&call);
    }
}

static void
so_do_heat_maps_and_evidence(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call =
        fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                     "labels=red", "size=2", "step=2", "target=image", "side=16", NULL);
    check_new_image(&call, 16, 16);
    g_assert_cmpfloat(call.results[0].items[0]->opacity, <, 100);
    host_image_delete(call.results[1].image);
    fixture_call_clear(&call);

    g_autofree char *model = fixture_scoring_net();
    g_autofree char *scoring = g_strconcat("model=", model, NULL);
    call = fixture_call(&procedure_evidence, &setting->photo, scoring, "layer=maps",
                        "target=image", NULL);
    HostImage *image = call.results[1].image;
    HostItem *chart = call.results[0].items[0];
    HostItem *photo = call.results[0].items[call.results[0].n_items - 1];
    g_assert_cmpint(photo->rect.width, ==, 8);
    g_assert_cmpint(chart->rect.x, ==, 8); /* beside the photo, not over it */
    g_assert_cmpint(image->width, ==, 8 + chart->rect.width);
    g_assert_cmpint(image->height, ==, chart->rect.height);
    host_image_delete(image);
    fixture_call_clear(&call);
}

/* On a canvas that is wide enough the chart is inside, wherever the network looks. */
static void
a_chart_is_not_cut(RedCase *setting, gconstpointer data)
{
    (void)setting;
    (void)data;
    g_autofree char *model = fixture_scoring_net();
    g_autofree char *scoring = g_strconcat("model=", model, NULL);
    Photo photo = fixture_noise(451, 300);
    Call call = fixture_call(&procedure_evidence, &photo, scoring, "layer=maps", NULL);
    const GeglRectangle *chart = &call.results[0].items[0]->rect;
    g_assert_cmpint(chart->x, >=, 0);
    g_assert_cmpint(chart->x + chart->width, <=, 451);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

#define TEST(name, function)                                                             \
    g_test_add("/frame/" name, RedCase, NULL, set_up, function, fixture_red_case_end)

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    TEST("field", a_layer_covers_what_its_unit_sees);
    TEST("clear", gray_becomes_transparent);
    TEST("image", results_go_to_a_small_image);
    TEST("heat-evidence", so_do_heat_maps_and_evidence);
    TEST("chart", a_chart_is_not_cut);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
