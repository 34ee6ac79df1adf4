/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.c: tests of charts: a curve's marks lie where its numbers say. */
#include "draw/chart.h"
#include "plugin/fixture/fixture.h"
#include <math.h>

/* A field of 200 x 100 pixels at 60, 40, of x from 0 to 10 and y from 0 to 5. */
static HostLayer *
drawn(
    const double *x, const double *y, gsize count, gsize style, const char *const *names)
{
    Sheet sheet;
    GeglRectangle place = {60, 40, 200, 100};
    Chart chart = {
        .title = "title", .unit = "unit", .high_x = 10, .high_y = 5, .names = names};
    ChartCurve curve = {.x = x, .y = y, .count = count, .style = style};
    g_assert_true(sheet_open(&sheet, 30, 300, 200, 1));
    chart_draw(&sheet, &place, &chart, &curve, 1);
    HostLayer *layer = sheet_close(&sheet, "chart", 0, 0);
    g_assert_nonnull(layer);
    return layer;
}

static gboolean
has_color(const HostLayer *layer, int x, int y, gsize style)
{
    float rgb[3];
    const float *pixel = layer->pixels + 4 * (y * layer->width + x);
    chart_color(style, rgb);
    for (int c = 0; c < 3; c++)
        if (fabsf(pixel[c] - rgb[c]) > 0.01f)
            return FALSE;
    return TRUE;
}

static void
marks_and_lines_lie_where_numbers_say(void)
{
    const double x[3] = {0, 5, 10}, y[3] = {0, 5, 2.5};
    HostLayer *layer = drawn(x, y, 3, 1, NULL);
    g_assert_true(has_color(layer, 60, 139, 1));
    g_assert_true(has_color(layer, 160, 40, 1));
    g_assert_true(has_color(layer, 260, 90, 1));
    g_assert_true(has_color(layer, 110, 90, 1)); /* half of the way up */
    g_assert_false(has_color(layer, 160, 90, 1));
    host_layer_free(layer);
}

static void
what_is_no_number_breaks_the_line(void)
{
    const double x[3] = {0, 5, 10}, y[3] = {2.5, NAN, 2.5};
    HostLayer *layer = drawn(x, y, 3, 0, NULL);
    g_assert_true(has_color(layer, 60, 90, 0));
    g_assert_true(has_color(layer, 260, 90, 0));
    for (int u = 70; u < 250; u++)
        g_assert_false(has_color(layer, u, 90, 0));
    host_layer_free(layer);
}

static void
names_have_marks_and_no_lines(void)
{
    static const char *const names[] = {"a", "b", NULL};
    const double x[2] = {2, 8}, y[2] = {2.5, 2.5};
    HostLayer *layer = drawn(x, y, 2, 2, names);
    g_assert_true(has_color(layer, 100, 90, 2));
    g_assert_true(has_color(layer, 220, 90, 2));
    g_assert_false(has_color(layer, 160, 90, 2));
    host_layer_free(layer);
}

/* By lightness too, for whoever sees no colours: marks tell the two that are closest. */
static void
styles_differ(void)
{
    for (gsize a = 0; a < CHART_STYLES; a++)
        for (gsize b = 0; b < a; b++) {
            float first[3], second[3], most = 0;
            chart_color(a, first);
            chart_color(b, second);
            for (int c = 0; c < 3; c++)
                most = fmaxf(most, fabsf(first[c] - second[c]));
            g_assert_cmpfloat(most, >, 0.2f);
        }
}

static void
ranges_begin_at_zero(void)
{
    const double values[4] = {2, NAN, 7, INFINITY}, below[2] = {-1, -3}, none[1] = {0};
    double low, high;
    chart_range(values, 4, &low, &high);
    g_assert_cmpfloat(low, ==, 0);
    g_assert_cmpfloat(high, ==, 7);
    chart_range(below, 2, &low, &high);
    g_assert_cmpfloat(low, ==, -3);
    g_assert_cmpfloat(high, ==, 0);
    chart_range(none, 1, &low, &high);
    g_assert_cmpfloat(high, ==, 1);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/chart/places", marks_and_lines_lie_where_numbers_say);
    g_test_add_func("/chart/broken", what_is_no_number_breaks_the_line);
    g_test_add_func("/chart/names", names_have_marks_and_no_lines);
    g_test_add_func("/chart/styles", styles_differ);
    g_test_add_func("/chart/range", ranges_begin_at_zero);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
