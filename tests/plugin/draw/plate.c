/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plate.c: tests of plates: where panels and words lie, and that nothing is cut off. */
#include "draw/plate.h"
#include "draw/words.h"
#include "plugin/fixture/fixture.h"
#include <string.h>

static const GeglRectangle square = {30, 40, 100, 100};

static Panel *
add(Plate *plate, const char *title, const GeglRectangle *view)
{
    Panel *panel = plate_add(plate, title, view);
    HostLayer *layer = host_layer_new("picture", view, 1, 1, 4);
    g_ptr_array_add(panel_pictures(panel), layer);
    return panel;
}

/* The n-th layer of a group whose name begins so; NULL: none. */
static HostLayer *
layer_of(const GArray *groups, guint group, const char *name)
{
    const PlateGroup *one = &g_array_index(groups, PlateGroup, group);
    for (guint i = 0; i < one->layers->len; i++) {
        HostLayer *layer = g_ptr_array_index(one->layers, i);
        if (g_str_has_prefix(layer->name, name))
            return layer;
    }
    return NULL;
}

static void
words_are_divided_into_lines_that_fit(void)
{
    static const char *const texts[] = {
        "one two three four five six seven eight nine ten",
        "/layer1/layer1.0/conv1/Conv_output_0/without/any/space/in/it",
        "方块依次遮住照片的每一处；该处的颜色说明网络如何看待剩下的部分。",
        "Wahrscheinlichkeitsverteilungsfunktionsdarstellung",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        for (double letter = 10; letter < 60; letter += 17) {
            double width = 12 * letter;
            g_autofree char *lines = words_wrap(letter, texts[i], width, 20);
            g_autofree char *fit = words_fit(letter, texts[i], width);
            g_assert_cmpfloat(words_size(letter, lines, NULL), <=, width + 1);
            g_assert_cmpfloat(words_size(letter, fit, NULL), <=, width);
            g_assert_true(g_utf8_validate(lines, -1, NULL));
            g_assert_true(g_utf8_validate(fit, -1, NULL));
        }
    g_autofree char *few = words_wrap(10, texts[0], 60, 2);
    g_assert_true(g_str_has_suffix(few, "…"));
    g_auto(GStrv) lines = g_strsplit(few, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 2);
    g_autofree char *whole = words_fit(10, "short", 200);
    g_assert_cmpstr(whole, ==, "short");
}

static void
rows_are_of_about_the_same_number(void)
{
    const struct {
        int width;
        gsize panels;
        int columns;
    } cases[] = {
        {1600, 1, 1}, {1600, 2, 2}, {1600, 5, 5}, {1600, 6, 3},  {1600, 9, 5},
        {4000, 5, 5}, {400, 5, 3},  {400, 4, 2},  {300, 100, 2}, {8192, 7, 4},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Plate plate;
        plate_open(&plate, cases[i].width, FALSE, cases[i].panels);
        g_assert_cmpint(plate.columns, ==, cases[i].columns);
        int used = 2 * plate.margin + plate.columns * plate.cell +
                   (plate.columns - 1) * plate.gap;
        g_assert_cmpint(used, <=, cases[i].width);
        g_assert_cmpint(used, >, cases[i].width - plate.columns);
        plate_clear(&plate);
    }
}

static void
check_inside(const GArray *groups, int width, int height)
{
    for (guint g = 0; g < groups->len; g++) {
        const PlateGroup *group = &g_array_index(groups, PlateGroup, g);
        for (guint i = 0; i < group->layers->len; i++) {
            const HostLayer *layer = g_ptr_array_index(group->layers, i);
            const GeglRectangle *rect = &layer->rect;
            if (rect->x < 0 || rect->y < 0 || rect->x + rect->width > width ||
                rect->y + rect->height > height)
                g_error("“%s” of “%s” leaves the plate: %d × %d at %d, %d", layer->name,
                        group->name, rect->width, rect->height, rect->x, rect->y);
        }
    }
}

/* Words of a group lie below each other or side by side, and not on the picture. */
static void
check_apart(const PlateGroup *group)
{
    for (guint i = 0; i < group->layers->len; i++)
        for (guint k = 0; k < i; k++) {
            const HostLayer *a = g_ptr_array_index(group->layers, i);
            const HostLayer *b = g_ptr_array_index(group->layers, k);
            if ((a->text || b->text) &&
                gegl_rectangle_intersect(NULL, &a->rect, &b->rect))
                g_error("“%s” lies on “%s” in “%s”", a->name, b->name, group->name);
        }
}

static void
nothing_is_cut_off_and_words_lie_apart(void)
{
    static const float red[3] = {1, 0, 0};
    static const int widths[] = {300, 400, 1000, 1600, 4000, 8192};
    static const GeglRectangle views[] = {
        {0, 0, 100, 100}, {5, 5, 300, 10}, {0, 0, 10, 300}, {0, 0, 1, 1}};
    const char *long_name = "/features/features.12/expand3x3/Conv_output_0 · 12345";
    for (gsize w = 0; w < G_N_ELEMENTS(widths); w++)
        for (gsize v = 0; v < G_N_ELEMENTS(views); v++) {
            Plate plate;
            int height;
            GError *error = NULL;
            LegendRow row = {{0, 1, 0}, (char *)long_name};
            plate_open(&plate, widths[w], v % 2, 6);
            add(&plate, long_name, &views[v]);
            panel_note(add(&plate, "猫", &views[v]), long_name);
            panel_bar(add(&plate, "b", &views[v]), long_name, -0.000123456, 12345678,
                      COLORMAP_DIVERGING);
            panel_bar(add(&plate, "b", &views[v]), "flat", 0.5, 0.5, COLORMAP_VIVID);
            panel_rows(add(&plate, "c", &views[v]), &row, 1);
            Panel *bars = plate_add(&plate, "d", NULL);
            panel_value(bars, long_name, "−0.123", 0.5, 0.1, red);
            panel_value(bars, "b", "1.00", 0.5, 1, red);
            GArray *groups =
                plate_groups(&plate, "A caption.\nModel: x", &height, &error);
            g_assert_no_error(error);
            g_assert_cmpuint(groups->len, ==, 7);
            check_inside(groups, widths[w], height);
            for (guint g = 0; g < 6; g++)
                check_apart(&g_array_index(groups, PlateGroup, g));
            g_array_unref(groups);
            plate_clear(&plate);
        }
}

static void
pictures_lie_where_they_lie_in_the_photo(void)
{
    Plate plate;
    int height;
    plate_open(&plate, 400, FALSE, 2);
    g_assert_cmpint(plate.cell, ==, 185);
    add(&plate, "whole", &square);
    Panel *panel = add(&plate, "part", &square);
    GeglRectangle part = {80, 90, 50, 50};
    HostLayer *quarter = host_layer_new("quarter", &part, 1, 1, 4);
    g_ptr_array_add(panel_pictures(panel), quarter);
    panel_frame(panel, &part);
    GArray *groups = plate_groups(&plate, "caption", &height, NULL);
    const GeglRectangle *whole = &layer_of(groups, 1, "picture")->rect;
    const GeglRectangle *inner = &layer_of(groups, 1, "quarter")->rect;
    const GeglRectangle *frame = &layer_of(groups, 1, "(b) Frame")->rect;
    g_assert_cmpint(whole->x, ==, 10 + 185 + 10);
    g_assert_cmpint(whole->width, ==, 185);
    g_assert_cmpint(inner->x - whole->x, ==, 93);
    g_assert_cmpint(inner->x + inner->width, ==, whole->x + whole->width);
    g_assert_cmpint(inner->y + inner->height, ==, whole->y + whole->height);
    g_assert_cmpint(frame->x, ==, inner->x - 2);
    g_assert_cmpint(frame->width, ==, inner->width + 4);
    g_assert_cmpint(layer_of(groups, 0, "picture")->rect.y, ==, whole->y);
    g_assert_cmpstr(g_array_index(groups, PlateGroup, 1).name, ==, "(b) part");
    g_assert_null(g_array_index(groups, PlateGroup, 2).name);
    const HostLayer *paper = layer_of(groups, 2, "Paper");
    g_assert_cmpint(paper->rect.width, ==, 400);
    g_assert_cmpint(paper->rect.height, ==, height);
    g_array_unref(groups);
    plate_clear(&plate);
}

static void
themes_differ_in_paper_and_ink(void)
{
    for (int dark = 0; dark < 2; dark++) {
        Plate plate;
        int height;
        plate_open(&plate, 400, dark, 1);
        add(&plate, "title", &square);
        GArray *groups = plate_groups(&plate, "caption", &height, NULL);
        const HostLayer *paper = layer_of(groups, 1, "Paper");
        const HostLayer *title = layer_of(groups, 0, "(a) Title");
        const HostText *text = title->text;
        g_assert_cmpstr(text->words, ==, "(a) title");
        g_assert_cmpfloat(text->size, ==, 10);
        g_assert_true((paper->pixels[0] > 0.9f) == !dark);
        g_assert_true((text->rgb[0] > 0.8f) == dark);
        /* The words are drawn, too, in their colour. */
        float most = 0;
        for (int i = 0; i < title->width * title->height; i++)
            if (title->pixels[4 * i + 3] > 0.9f) {
                most = 1;
                g_assert_cmpfloat_with_epsilon(title->pixels[4 * i], text->rgb[0], 0.01);
            }
        g_assert_cmpfloat(most, ==, 1);
        g_array_unref(groups);
        plate_clear(&plate);
    }
}

static void
a_plate_that_is_too_large_is_refused(void)
{
    Plate plate;
    int height;
    GError *error = NULL;
    plate_open(&plate, 8192, FALSE, 500);
    for (int i = 0; i < 500; i++)
        plate_add(&plate, "x", &square);
    g_assert_null(plate_groups(&plate, "caption", &height, &error));
    g_assert_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "too large"));
    g_clear_error(&error);
    plate_clear(&plate);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/plate/words", words_are_divided_into_lines_that_fit);
    g_test_add_func("/plate/columns", rows_are_of_about_the_same_number);
    g_test_add_func("/plate/inside", nothing_is_cut_off_and_words_lie_apart);
    g_test_add_func("/plate/places", pictures_lie_where_they_lie_in_the_photo);
    g_test_add_func("/plate/themes", themes_differ_in_paper_and_ink);
    g_test_add_func("/plate/large", a_plate_that_is_too_large_is_refused);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
