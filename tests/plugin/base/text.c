/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c: tests of numbers in words, and of names that are near. */
#include "base/text.h"
#include "base/nearest.h"
#include "draw/legend.h"
#include "plugin/fixture/fixture.h"
#include <math.h>

static void
numbers_have_three_digits_and_a_point(void)
{
    const struct {
        double value;
        const char *text;
    } cases[] = {
        {42.14, "42.1"}, {0.4567, "0.457"},   {-0.0031, "−0.00310"}, {12345, "12345"},
        {0, "0"},        {2.5e-7, "2.5e−07"}, {-1.25e9, "−1.2e+09"}, {INFINITY, "∞"},
        {1, "1.00"},     {432, "432"},
    };
    char text[TEXT_NUMBER];
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(text_number(text, cases[i].value), ==, cases[i].text);
    g_assert_cmpstr(text_number(text, NAN), ==, "NaN");
    g_assert_cmpstr(text_short_number(text, -0.5), ==, "−0.5");
    g_assert_cmpstr(text_short_number(text, 20), ==, "20");
    g_assert_cmpstr(text_short_number(text, 100), ==, "100");
}

static void
probabilities_do_not_round_to_certainty(void)
{
    const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.784, "0.78"},    {1, "1.00"},      {0, "0.00"},   {0.9996, "0.9996"},
        {0.0042, "0.0042"}, {0.036, "0.036"}, {0.5, "0.50"}, {0.996, "0.996"},
    };
    char text[TEXT_NUMBER];
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(text_probability(text, cases[i].value), ==, cases[i].text);
}

static void
a_percentage_has_a_decimal(void)
{
    char text[TEXT_NUMBER];
    g_assert_cmpstr(text_percent(text, 0.4714), ==, "47.1 %");
    g_assert_cmpstr(text_percent(text, 0), ==, "0.0 %");
    g_assert_cmpstr(text_percent(text, 1), ==, "100.0 %");
}

static void
brackets_of_a_label_are_not_doubled(void)
{
    g_autofree char *plain = text_of_label("P", "tabby");
    g_autofree char *background = text_of_label("P", "(background)");
    g_autofree char *half = text_of_label("P", "cat (tabby)");
    g_assert_cmpstr(plain, ==, "P(tabby)");
    g_assert_cmpstr(background, ==, "P(background)");
    g_assert_cmpstr(half, ==, "P(cat (tabby))");
}

static void
a_sentence_ends_once(void)
{
    static const char *const texts[][2] = {
        {"did you mean relu2?.", "did you mean relu2?"},
        {"No such file..", "No such file."},
        {"did you mean relu2?。", "did you mean relu2?"},
        {"and so on...", "and so on..."},
        {"as it is.", "as it is."},
        {".", "."},
        {"", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *text = g_strdup(texts[i][0]);
        g_assert_cmpstr(text_end_once(text), ==, texts[i][1]);
    }
}

static void
the_nearest_names_are_offered(void)
{
    char *names[] = {"conv1", "relu1", "fire9/concat", "pool10", "tabby"};
    const struct {
        const char *wanted, *near;
    } cases[] = {
        {"conv2", "“conv1”"},
        {"Tabbi", "“tabby”"},
        {"fire9", "“fire9/concat”"},
        {"tbaby", "“tabby”"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *near = nearest_names(cases[i].wanted, names, G_N_ELEMENTS(names));
        g_assert_cmpstr(near, ==, cases[i].near);
        g_free(near);
    }
    g_assert_null(nearest_names("zebra", names, G_N_ELEMENTS(names)));
    g_assert_null(nearest_names("", names, 0));
}

static void
ticks_are_round_and_inside(void)
{
    double ticks[10];
    g_assert_cmpuint(legend_ticks(-0.36, 0.36, 4, ticks), ==, 3);
    g_assert_cmpfloat_with_epsilon(ticks[0], -0.2, 1e-12);
    g_assert_cmpfloat(ticks[1], ==, 0);
    g_assert_cmpuint(legend_ticks(0, 1, 4, ticks), ==, 3);
    g_assert_cmpfloat(ticks[2], ==, 1);
    g_assert_cmpuint(legend_ticks(3, 3, 4, ticks), ==, 1);
    for (double high = 0.013; high < 5e4; high *= 1.37)
        g_assert_cmpuint(legend_ticks(-high / 3, high, 4, ticks), <=, 6);
}

static void
colours_of_maps_run_evenly(void)
{
    float low[3], middle[3], high[3];
    colormap_at(COLORMAP_DIVERGING, 0, low);
    colormap_at(COLORMAP_DIVERGING, 0.5, middle);
    colormap_at(COLORMAP_DIVERGING, 1, high);
    g_assert_cmpfloat(low[2], >, low[0] + 0.3f);
    g_assert_cmpfloat(high[0], >, high[2] + 0.3f);
    g_assert_cmpfloat(fabsf(middle[0] - middle[2]), <, 0.01f);
    /* Luma grows along the maps of one direction, so that they read in gray as well. */
    for (Colormap map = COLORMAP_VIVID; map <= COLORMAP_GRAY; map++) {
        float before = -1;
        for (int i = 0; i <= 32; i++) {
            float rgb[3];
            colormap_at(map, i / 32.0, rgb);
            float luma = 0.2126f * rgb[0] + 0.7152f * rgb[1] + 0.0722f * rgb[2];
            g_assert_cmpfloat(luma, >, before);
            before = luma;
        }
    }
}

static void
classes_have_colours_of_their_own(void)
{
    for (gsize a = 0; a < 12; a++)
        for (gsize b = 0; b < a; b++) {
            float first[3], second[3], most = 0;
            colormap_class(a, first);
            colormap_class(b, second);
            for (int c = 0; c < 3; c++)
                most = fmaxf(most, fabsf(first[c] - second[c]));
            g_assert_cmpfloat(most, >, 0.1f);
        }
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/text/numbers", numbers_have_three_digits_and_a_point);
    g_test_add_func("/text/probabilities", probabilities_do_not_round_to_certainty);
    g_test_add_func("/text/percent", a_percentage_has_a_decimal);
    g_test_add_func("/text/labels", brackets_of_a_label_are_not_doubled);
    g_test_add_func("/text/end", a_sentence_ends_once);
    g_test_add_func("/text/nearest", the_nearest_names_are_offered);
    g_test_add_func("/legend/ticks", ticks_are_round_and_inside);
    g_test_add_func("/colormap/even", colours_of_maps_run_evenly);
    g_test_add_func("/colormap/classes", classes_have_colours_of_their_own);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
