/* SPDX-License-Identifier: GPL-3.0-or-later */
/* filters.c: tests of the kernels' sheet and of dead features, on a net of known ones. */
#include "actions/filters/kernels.h"
#include "draw/sheet.h"
#include "plugin/fixture/fixture.h"
#include <math.h>
#include <string.h>

enum { RED, ZERO, FLAT, NEVER, KERNELS };

/* Four kernels: the red value in the middle; nothing; one weight everywhere; as the first
 * but for a bias that no picture reaches. */
static char *
dead_net(void)
{
    float weights[KERNELS * 27] = {0}, bias[KERNELS] = {0, 0, 0, -100};
    weights[RED * 27 + 4] = 1;
    for (int i = 0; i < 27; i++)
        weights[FLAT * 27 + i] = 0.25f;
    weights[NEVER * 27 + 4] = 1;
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_floats(net, "w", "4,3,3,3", weights);
    new_floats(net, "b", "4", bias);
    new_weights(net, "w2", "2,4,1,1", 7);
    new_node(net, "Conv", "first", "picture;w;b", "first", "pads=1,1,1,1");
    new_node(net, "Relu", "answer", "first", "answer", "");
    new_node(net, "Conv", "second", "answer;w2", "second", "");
    new_output(net, "second");
    fixture_write("dead.ini", "[model]\nname=Dead\n[input]\nrange=0;1\n");
    return fixture_model(net, "dead.onnx");
}

static double
number(const Call *call, guint result, guint index)
{
    return g_array_index(call->results[result].numbers, double, index);
}

static void
flat_kernels_are_dead_by_their_weights(void)
{
    char *model = dead_net(), *argument = g_strconcat("model=", model, NULL);
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    Call call = fixture_call(&procedure_filters, &photo, argument, NULL);
    g_assert_cmpstr(call.results[2].text, ==, "first");
    g_assert_cmpint(call.results[3].i, ==, 2);
    g_assert_cmpfloat(number(&call, 4, 0), ==, ZERO);
    g_assert_cmpfloat(number(&call, 4, 1), ==, FLAT);
    /* One weight of 27 is 1: the standard deviation is sqrt(26) / 27. */
    g_assert_cmpfloat_with_epsilon(number(&call, 5, RED), sqrt(26) / 27, 1e-9);
    g_assert_cmpfloat_with_epsilon(number(&call, 5, FLAT), 0, 1e-9);
    g_assert_cmpuint(call.results[6].numbers->len, ==, 0); /* nobody was asked */

    /* A new image; the open one stays. */
    HostImage *made = call.results[1].image;
    g_assert_true(made != photo.image && made->shown);
    g_assert_cmpint(photo.image->undo_steps, ==, 0);
    g_assert_cmpuint(call.results[0].n_items, ==, 3); /* and caption, paper */
    g_assert_nonnull(strstr(call.results[0].items[1]->words, "Model: "));
    HostItem *sheet = call.results[0].items[0];
    g_assert_cmpstr(sheet->name, ==, "first · 4 kernels · 2 dead: 1, 2");
    g_assert_cmpint(sheet->rect.width, ==, made->width);
    g_assert_nonnull(strstr(sheet->parasite, "dead=1;2;"));
    host_image_delete(made);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(argument);
    g_free(model);
}

static gsize
count_color(HostItem *item, float red, float green, float blue)
{
    float *rgba = memory_item_get(item);
    gsize count = 0;
    for (gsize i = 0; i < (gsize)item->rect.width * (gsize)item->rect.height; i++)
        count += fabsf(rgba[4 * i] - red) < 0.01f &&
                 fabsf(rgba[4 * i + 1] - green) < 0.01f &&
                 fabsf(rgba[4 * i + 2] - blue) < 0.01f;
    g_free(rgba);
    return count;
}

static void
tiles_show_the_weights(void)
{
    char *model = dead_net(), *argument = g_strconcat("model=", model, NULL);
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    /* On its own scale the weight 1 is white in red and 0 mid-gray in green and blue; the
     * tile is three squares of 10 pixels wide, and two kernels have it. */
    Call call = fixture_call(&procedure_filters, &photo, argument, "tile=30",
                             "target=layer", "scale=own", NULL);
    HostItem *sheet = call.results[0].items[0];
    g_assert_true(call.results[1].image == photo.image);
    g_assert_cmpint(photo.image->undo_steps, ==, 1);
    g_assert_cmpuint(count_color(sheet, 1, 0.5f, 0.5f), ==, 2 * 10 * 10);
    /* The rest of their tiles, and all of the zero kernel. */
    g_assert_cmpuint(count_color(sheet, 0.5f, 0.5f, 0.5f), >=, 2 * 8 * 100 + 900);
    fixture_call_clear(&call);

    /* With one scale for all the flat kernel is a quarter of the way to white. */
    call = fixture_call(&procedure_filters, &photo, argument, "tile=30", "target=layer",
                        NULL);
    g_assert_cmpuint(count_color(call.results[0].items[0], 0.625f, 0.625f, 0.625f), >=,
                     900);
    fixture_call_clear(&call);

    /* What is no colour is shown by channels. */
    call = fixture_call(&procedure_filters, &photo, argument, "layer=second",
                        "target=layer", "channel=3", NULL);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(argument);
    g_free(model);
}

/* Two pictures: one with a red dot in the middle, one with a green; and two that are none. */
static char *
dots(void)
{
    float rgb[8 * 8 * 3] = {0};
    rgb[3 * (8 * 4 + 4)] = 1;
    fixture_picture("dots/red.png", 8, 8, rgb);
    memset(rgb, 0, sizeof rgb);
    rgb[3 * (8 * 2 + 2) + 1] = 1;
    fixture_picture("dots/below/green.png", 8, 8, rgb);
    fixture_write("dots/words.dat", "no picture");
    fixture_write("dots/cut.png", "\x89PNG\r\n\x1a\n");
    char *folder = fixture_path("dots"), *argument = g_strconcat("images=", folder, NULL);
    g_free(folder);
    return argument;
}

static void
silent_kernels_are_dead_by_their_answers(void)
{
    char *model = dead_net(), *argument = g_strconcat("model=", model, NULL);
    char *images = dots();
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    Call call =
        fixture_call(&procedure_filters, &photo, argument, images, "target=layer", NULL);
    g_assert_cmpint(call.results[3].i, ==, 3);
    g_assert_cmpfloat(number(&call, 4, 2), ==, NEVER);
    /* Of 128 positions the first kernel fires at one, the flat one at nine a dot. */
    g_assert_cmpfloat_with_epsilon(number(&call, 6, RED), 1.0 / 128, 1e-9);
    g_assert_cmpfloat_with_epsilon(number(&call, 6, FLAT), 18.0 / 128, 1e-9);
    g_assert_cmpfloat(number(&call, 6, NEVER), ==, 0);
    g_assert_cmpfloat(number(&call, 7, RED), ==, 0.5);
    g_assert_cmpfloat(number(&call, 7, FLAT), ==, 1);
    g_assert_true(fixture_said("words.dat"));
    g_assert_true(fixture_said("cut.png"));
    fixture_call_clear(&call);

    /* Most active first. */
    call = fixture_call(&procedure_filters, &photo, argument, images, "target=layer",
                        "order=activity", "silent=1", NULL);
    g_assert_cmpint(call.results[3].i, ==, 4); /* 1 of 128 is no more than 1 % */
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(images);
    g_free(argument);
    g_free(model);
}

static void
what_cannot_be_is_refused(void)
{
    char *model = dead_net(), *argument = g_strconcat("model=", model, NULL);
    char *nothing = fixture_path("nothing"), *empty = fixture_path("empty");
    char *words = fixture_path("words"), *images;
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    const Procedure *p = &procedure_filters;
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "made by Relu", argument,
                    "layer=answer", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "first", argument, "layer=frist",
                    NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "no channel 3", argument,
                    "channel=3", NULL);
    images = g_strconcat("images=", nothing, NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "nothing", argument, images, NULL);
    g_free(images);
    g_assert_cmpint(g_mkdir_with_parents(empty, 0700), ==, 0);
    images = g_strconcat("images=", empty, NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "holds no files", argument, images,
                    NULL);
    g_free(images);
    g_assert_cmpint(g_mkdir_with_parents(words, 0700), ==, 0);
    fixture_write("words/a.dat", "no picture");
    images = g_strconcat("images=", words, NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "is a picture", argument, images,
                    NULL);
    g_free(images);
    fixture_free(&photo);
    g_free(words);
    g_free(empty);
    g_free(nothing);
    g_free(argument);
    g_free(model);
}

static void
cells_are_evenly_spaced_and_inside(void)
{
    SheetGrid grid = sheet_grid(7, 3, 40, 20, 10, 2, 3, 15);
    g_assert_cmpuint(grid.rows, ==, 3);
    GeglRectangle sheet = {0, 0, grid.width, grid.height}, both;
    for (gsize i = 0; i < 7; i++) {
        GeglRectangle cell = sheet_cell(&grid, i);
        g_assert_true(gegl_rectangle_contains(&sheet, &cell));
        for (gsize k = 0; k < i; k++) {
            GeglRectangle other = sheet_cell(&grid, k);
            g_assert_false(gegl_rectangle_intersect(&both, &cell, &other));
        }
    }
    GeglRectangle a = sheet_cell(&grid, 0), b = sheet_cell(&grid, 1);
    GeglRectangle c = sheet_cell(&grid, 2), d = sheet_cell(&grid, 3);
    g_assert_cmpint(b.x - a.x, ==, c.x - b.x);
    g_assert_cmpint(d.y - a.y, ==, 20 + grid.caption + grid.gap);
    sheet_spread(&grid, 30);
    g_assert_cmpint(sheet_cell(&grid, 1).x - sheet_cell(&grid, 0).x, ==, 70);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/filters/flat", flat_kernels_are_dead_by_their_weights);
    g_test_add_func("/filters/tiles", tiles_show_the_weights);
    g_test_add_func("/filters/silent", silent_kernels_are_dead_by_their_answers);
    g_test_add_func("/filters/refused", what_cannot_be_is_refused);
    g_test_add_func("/filters/grid", cells_are_evenly_spaced_and_inside);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
