/* SPDX-License-Identifier: GPL-3.0-or-later */
/* judge.c: tests of deletion and insertion curves, against sums by hand. */
#include "plugin/fixture/fixture.h"
#include <math.h>
#include <string.h>

enum { LABEL = 2, PROBABILITY, NAMES, DELETION, INSERTION, CELLS, ANSWERS, SENTENCE };

/* Columns 0 to 5 are red, 6 and 7 green, of 0.9: of 16 cells of 2 x 2 pixels 12 and 4. The
 * scores of the net are the means of red and green. */
static Photo
flag(void)
{
    Photo photo = fixture_photo(8, 8);
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++)
            fixture_dot(&photo, x, y, x < 6, x < 6 ? 0 : 0.9f, 0);
    fixture_done(&photo);
    return photo;
}

/* P(red) for a sum of red less green over the cells. */
static double
p_red(double sum)
{
    return 1 / (1 + exp(-sum / 16));
}

/* After so many cells became gray, the red ones first. */
static double
p_after(int cells)
{
    return p_red(8.4 - MIN(cells, 12) + 0.9 * MAX(cells - 12, 0));
}

static void
the_area_is_that_of_the_steps(void)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    g_autofree char *csv = fixture_path("curves.csv");
    g_autofree char *data = g_strconcat("data=", csv, NULL);
    Photo photo = flag();
    Call call = fixture_call(&procedure_judge, &photo, argument, "cell=2", "sizes=2",
                             "points=16", data, NULL);
    double area = 0;
    for (int c = 1; c <= 16; c++)
        area += (p_after(c) + p_after(c - 1)) / 2 / 16;
    g_assert_cmpstr(call.results[LABEL].text, ==, "red");
    g_assert_cmpfloat_with_epsilon(call.results[PROBABILITY].d, p_red(8.4), 1e-3);
    g_assert_cmpstr(call.results[NAMES].texts[0], ==, "gradient");
    g_assert_cmpstr(call.results[NAMES].texts[1], ==, "occlusion-2");
    g_assert_cmpstr(call.results[NAMES].texts[2], ==, "random");
    g_assert_null(call.results[NAMES].texts[3]);
    /* The photo has 8 bits: 0.9 is 230 / 255. */
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, DELETION, 1), area, 1e-3);
    /* Red cells first is the best there is for both. */
    for (guint i = 0; i < 3; i += 2) {
        g_assert_cmpfloat(fixture_number(&call, DELETION, 1), <,
                          fixture_number(&call, DELETION, i));
        g_assert_cmpfloat(fixture_number(&call, INSERTION, 1), >,
                          fixture_number(&call, INSERTION, i));
    }
    /* 8.4 red cells too many: the ninth changes the answer. */
    g_assert_cmpfloat(fixture_number(&call, CELLS, 1), ==, 9);
    g_assert_cmpstr(call.results[ANSWERS].texts[1], ==, "green");
    g_assert_cmpfloat(fixture_number(&call, CELLS, 2), ==,
                      0); /* of a mean there is none */
    g_assert_true(fixture_said("Best by deletion: occlusion, 2 pixels, area 0.5"));
    g_assert_true(fixture_said("Without 9 of 16 cells (occlusion, 2 pixels), the net "
                               "says green"));

    /* Each curve has 17 points, and those of a map end where the other ones begin. */
    char *text;
    g_assert_true(g_file_get_contents(csv, &text, NULL, NULL));
    char **lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 1 + 3 * 2 * 17 + 1);
    g_assert_cmpstr(lines[0], ==, "map,curve,cells,share,probability");
    for (int c = 0; c <= 16; c++) {
        g_autofree char *start = g_strdup_printf("occlusion-2,deletion,%d,", c);
        const char *line = lines[1 + 2 * 17 + c];
        g_assert_true(g_str_has_prefix(line, start));
        g_assert_cmpfloat_with_epsilon(g_ascii_strtod(strrchr(line, ',') + 1, NULL),
                                       p_after(c), 1e-3);
    }
    g_assert_cmpstr(strrchr(lines[1 + 2 * 17], ','), ==,
                    strrchr(lines[1 + 4 * 17 - 1], ','));
    g_strfreev(lines);
    g_free(text);

    g_assert_true(call.results[1].image->shown);
    g_assert_cmpuint(call.results[0].n_items, ==, 1);
    g_assert_cmpstr(call.results[0].items[0]->name, ==, "Deletion and insertion · red");
    host_image_delete(call.results[1].image);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

/* A coarse curve steps over the ninth cell; it is found all the same. */
static void
the_fewest_cells_are_counted_one_by_one(void)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo photo = flag();
    Call call = fixture_call(&procedure_judge, &photo, argument, "cell=2", "sizes=2",
                             "points=4", "gradients=false", "target=layer", NULL);
    g_assert_cmpstr(call.results[NAMES].texts[0], ==, "occlusion-2");
    g_assert_cmpfloat(fixture_number(&call, CELLS, 0), ==, 9);
    g_assert_true(call.results[1].image == photo.image);
    fixture_call_clear(&call);
    /* Green is not the answer, so nothing changes it. */
    call = fixture_call(&procedure_judge, &photo, argument, "cell=2", "sizes=2;4",
                        "label=green", "gradients=false", "target=layer", NULL);
    g_assert_cmpfloat(fixture_number(&call, CELLS, 0), ==, 0);
    g_assert_cmpstr(call.results[NAMES].texts[1], ==, "occlusion-4");
    fixture_call_clear(&call);
    fixture_free(&photo);
}

/* Two convolutions and a rectifier, so that the three ways back differ. */
static char *
rectified_net(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w1", "6,3,3,3", 11);
    new_weights(net, "w2", "3,6,3,3", 12);
    new_node(net, "Conv", "c1", "picture;w1", "c1", "pads=1,1,1,1");
    new_node(net, "Relu", "r1", "c1", "r1", "");
    new_node(net, "Conv", "c2", "r1;w2", "c2", "pads=1,1,1,1");
    new_node(net, "GlobalAveragePool", "mean", "c2", "mean", "");
    new_node(net, "Flatten", "score", "mean", "score", "");
    new_output(net, "score");
    fixture_write("rectified.ini", "[model]\nname=Rectified\n[input]\nrange=0;1\n");
    return fixture_model(net, "rectified.onnx");
}

static void
each_way_back_is_a_map(void)
{
    g_autofree char *model = rectified_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo photo = fixture_noise(8, 8);
    Call call =
        fixture_call(&procedure_judge, &photo, argument, "cell=1", "sizes=3", NULL);
    static const char *const wanted[] = {"gradient", "guided", "deconvnet", "occlusion-3",
                                         "random"};
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
        g_assert_cmpstr(call.results[NAMES].texts[i], ==, wanted[i]);
    for (guint i = 0; i < 5; i++) {
        g_assert_cmpfloat(fixture_number(&call, DELETION, i), >, 0);
        g_assert_cmpfloat(fixture_number(&call, DELETION, i), <, 1);
    }
    g_assert_cmpfloat(fixture_number(&call, DELETION, 0), !=,
                      fixture_number(&call, DELETION, 1));
    g_assert_cmpfloat(fixture_number(&call, DELETION, 1), !=,
                      fixture_number(&call, DELETION, 2));
    host_image_delete(call.results[1].image);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
what_cannot_be_is_refused(void)
{
    g_autofree char *model = fixture_red_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Photo photo = flag();
    const Procedure *p = &procedure_judge;
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "“9” is no side", argument,
                    "sizes=2;9", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "“x” is no side", argument,
                    "sizes=x", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "More than 8", argument,
                    "sizes=1;1;1;1;1;1;1;1;1", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "too large", argument, "cell=9",
                    NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_INPUT, "no such", argument,
                    "label=no such", NULL);
    fixture_refused(p, &photo, PROCEDURE_ERROR_FAILED, "cannot be written", argument,
                    "data=/nowhere/at/all.csv", NULL);
    fixture_free(&photo);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/judge/area", the_area_is_that_of_the_steps);
    g_test_add_func("/judge/fewest", the_fewest_cells_are_counted_one_by_one);
    g_test_add_func("/judge/gradients", each_way_back_is_a_map);
    g_test_add_func("/judge/refused", what_cannot_be_is_refused);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
