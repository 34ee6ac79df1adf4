/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/filter.c: tests of what GEGL's operations show, as a program that uses GEGL has them. */
#include "plugin/fixture/fixture.h"
#include "plugin/fixture/graph.h"
#include <math.h>
#include <string.h>

static const char *const none[] = {NULL};

/* --- the same pixels as the action's layer --- */

static float
over(float below, const HostItem *layer, const float *rgba, gsize c)
{
    /* In linear light, as GIMP's layers are blended. */
    const Babl *fish = babl_fish("Y' float", "Y float"),
               *back = babl_fish("Y float", "Y' float");
    float alpha = (float)layer->opacity / 100 * rgba[3], a, b;
    if (alpha == 1)
        return rgba[c];
    babl_process(fish, &below, &a, 1);
    babl_process(fish, &rgba[c], &b, 1);
    a += (b - a) * alpha;
    babl_process(back, &a, &b, 1);
    return b;
}

/* The operation of those values shows the photo with the layer of the action on it. */
static void
shows_the_layer(const char *operation,
                const Procedure *procedure,
                int width,
                int height,
                const char *const *pairs)
{
    Photo photo = fixture_noise(width, height);
    float *before = graph_pixels(photo.photo->buffer, "R'G'B'A float");
    Graph graph = graph_new(operation, photo.photo->buffer, pairs);
    float *got = graph_whole(&graph, "R'G'B'A float");
    graph_free(&graph);
    Call call = fixture_call(procedure, &photo, pairs[0], pairs[0] ? pairs[1] : NULL,
                             pairs[0] && pairs[1] ? pairs[2] : NULL,
                             pairs[0] && pairs[1] && pairs[2] ? pairs[3] : NULL, NULL);
    g_assert_no_error(call.error);
    g_assert_cmpuint(graph_sentences(), ==, fixture_said("silent") ? 1 : 0);
    HostItem *layer = call.results[0].items[call.results[0].n_items - 1];
    float *rgba = memory_item_get(layer);
    double worst = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const GeglRectangle *rect = &layer->rect;
            gsize at = 4 * ((gsize)y * (gsize)width + (gsize)x);
            gboolean inside = x >= rect->x && y >= rect->y && x < rect->x + rect->width &&
                              y < rect->y + rect->height;
            gsize in_layer =
                4 * ((gsize)(y - rect->y) * (gsize)rect->width + (gsize)(x - rect->x));
            for (gsize c = 0; c < 3; c++) {
                float wanted = before[at + c];
                if (inside)
                    wanted = over(wanted, layer, rgba + in_layer, c);
                worst = MAX(worst, fabs((double)(got[at + c] - wanted)));
                g_assert_true(inside || got[at + c] == before[at + c]);
            }
        }
    g_assert_cmpfloat(worst, <=, 1.01 / 255); /* both are rounded to bytes */
    g_free(rgba);
    g_free(got);
    g_free(before);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
a_projection_is_the_layer_of_the_action(void)
{
    char *model = fixture_red_net(), *own = g_strconcat("model=", model, NULL);
    const char *const cases[][5] = {
        {own, "layer=maps", NULL},
        {own, "layer=maps", "unit=map", NULL},
        {own, "layer=maps", "fit=stretch", "percentile=90", NULL},
        {own, "layer=maps", "fit=pad", "map=0", NULL},
        {own, "layer=maps", "area=field", NULL},
        {own, "layer=maps", "unit=point", "point=100,30", NULL},
        {own, "layer=maps", "zero=clear", "unit=map", NULL},
        {own, "layer=maps", "map=1", "method=guided", NULL},
        {NULL}, /* the built-in model */
        {"layer=relu5", "map=12", "fit=stretch", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        shows_the_layer(graph_projection, &procedure_project, 150, 97, cases[i]);
    g_free(own);
    g_free(model);
}

static void
a_heat_map_is_the_layer_of_the_action(void)
{
    char *model = fixture_red_net(), *own = g_strconcat("model=", model, NULL);
    const char *const cases[][5] = {
        {own, NULL},
        {own, "size=3", "step=2", "opacity=100", NULL},
        {own, "show=class", "fit=stretch", NULL},
        {own, "show=activity", "layer=maps", "colors=heat", NULL},
        {own, "labels=green", "fill=blur", "smooth=false", NULL},
        {own, "fill=color", "color=#ff0000", "change=absolute", NULL},
        {own, "value=score", "fill=mean", "opacity=20", NULL},
        {NULL}, /* the built-in model */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        shows_the_layer(graph_occlusion, &procedure_occlusion, 97, 150, cases[i]);
    g_free(own);
    g_free(model);
}

/* --- where and what --- */

static void
a_point_is_relative(void)
{
    char *model = fixture_red_net(), *own = g_strconcat("model=", model, NULL);
    Photo photo = fixture_photo(80, 40);
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 80; x++)
            fixture_dot(&photo, x, y, (float)x / 80, 0, 0);
    fixture_done(&photo);
    const char *const pairs[] = {own,          "layer=maps",   "unit=point",
                                 "point-x=.6", "point-y=0.26", NULL};
    Graph graph = graph_new(graph_projection, photo.photo->buffer, pairs);
    float *got = graph_whole(&graph, "R'G'B'A float");
    /* The net sees columns 20 to 59; column 48, row 10 are in its pixel 5, 2: 45 to 49, 10
     * to 14. */
    g_assert_cmpfloat(got[4 * (12 * 80 + 47)], >, 0.8);
    g_assert_cmpfloat_with_epsilon(got[4 * (30 * 80 + 47)], 0.5, 0.01);
    g_assert_cmpfloat_with_epsilon(got[4 * (12 * 80 + 27)], 0.5, 0.01);
    g_free(got);
    graph_set(graph.filter, "point-x=0.1"); /* the net does not see it */
    got = graph_whole(&graph, "R'G'B'A float");
    g_assert_cmpfloat_with_epsilon(got[4 * (12 * 80 + 47)], 47 / 80., 0.005);
    g_assert_cmpuint(graph_sentences(), ==, 1);
    g_free(got);
    graph_free(&graph);
    fixture_free(&photo);
    g_free(own);
    g_free(model);
}

static void
a_silent_map_is_gray_and_said(void)
{
    char *model = fixture_red_net(), *own = g_strconcat("model=", model, NULL);
    Photo photo = fixture_photo(40, 40);
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 40; x++)
            fixture_dot(&photo, x, y, 1, 0, 0);
    fixture_done(&photo);
    const char *const pairs[] = {own, "layer=maps", "map=0", NULL};
    Graph graph = graph_new(graph_projection, photo.photo->buffer, pairs);
    g_free(graph_whole(&graph, "R'G'B'A float"));
    g_assert_cmpuint(graph_sentences(), ==, 0); /* map 0 is of red */
    graph_set(graph.filter, "unit=map");        /* so that it is another sentence */
    graph_set(graph.filter, "map=1");
    float *got = graph_whole(&graph, "R'G'B'A float");
    for (gsize i = 0; i < 4 * 40 * 40; i++)
        if (i % 4 != 3)
            g_assert_cmpfloat_with_epsilon(got[i], 0.5, 0.01);
    g_assert_cmpuint(graph_sentences(), ==, 1);
    graph_free(&graph);
    g_free(got);
    const char *const heat[] = {own, "show=activity", "layer=maps", "map=1", NULL};
    graph = graph_new(graph_occlusion, photo.photo->buffer, heat);
    g_free(graph_whole(&graph, "R'G'B'A float"));
    g_assert_cmpuint(graph_sentences(), ==, 1);
    graph_free(&graph);
    fixture_free(&photo);
    g_free(own);
    g_free(model);
}

/* --- any part, any precision --- */

static void
any_part_is_of_the_whole(void)
{
    static const char *const formats[] = {"R'G'B' u8",   "R'G'B'A u16",  "RGBA float",
                                          "RGB half",    "Y' u8",        "Y'A float",
                                          "RaGaBaA u32", "R'G'B' double"};
    GRand *random = g_rand_new_with_seed(3);
    Photo photo = fixture_noise(131, 90);
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        GeglRectangle all = {-17, 5, 131, 90};
        GeglBuffer *buffer = gegl_buffer_new(&all, babl_format(formats[i]));
        gegl_buffer_copy(photo.photo->buffer, NULL, GEGL_ABYSS_NONE, buffer, &all);
        const char *const pairs[] = {i % 2 ? "zero=clear" : "zero=gray", NULL};
        Graph graph = graph_new(graph_projection, buffer, pairs);
        float *whole = graph_whole(&graph, "R'G'B'A float");
        graph_free(&graph);
        for (int k = 0; k < 6; k++) {
            GeglRectangle part = {g_rand_int_range(random, -17, 110),
                                  g_rand_int_range(random, 5, 90), 1, 1};
            part.width = g_rand_int_range(random, 1, 114 - part.x + 1);
            part.height = g_rand_int_range(random, 1, 95 - part.y + 1);
            Graph fresh = graph_new(graph_projection, buffer, pairs);
            float *got = graph_part(&fresh, &part, "R'G'B'A float");
            for (int y = 0; y < part.height; y++)
                g_assert_cmpmem(got + 4 * y * part.width, 16 * (gsize)part.width,
                                whole + 4 * ((part.y - 5 + y) * 131 + part.x + 17),
                                16 * (gsize)part.width);
            g_free(got);
            graph_free(&fresh);
        }
        g_free(whole);
        g_object_unref(buffer);
    }
    g_assert_cmpuint(graph_sentences(), ==, 0);
    g_rand_free(random);
    fixture_free(&photo);
}

/* A preview of half the size, computed by GEGL at that size, shows the same picture. */
static void
a_small_preview_shows_the_same(void)
{
    Photo photo = fixture_photo(256, 192);
    for (int y = 0; y < 192; y++)
        for (int x = 0; x < 256; x++)
            fixture_dot(&photo, x, y, (x / 32 + y / 32) % 2, 0.5f, (float)x / 256);
    fixture_done(&photo);
    for (int mipmap = 0; mipmap < 2; mipmap++) {
        GeglRectangle half = {0, 0, 128, 96};
        float *small = g_new0(float, 4 * 128 * 96);
        double sum = 0;
        g_object_set(gegl_config(), "mipmap-rendering", mipmap == 1, NULL);
        Graph graph = graph_new(graph_projection, photo.photo->buffer, none);
        float *whole = graph_whole(&graph, "R'G'B'A float");
        graph_free(&graph);
        graph = graph_new(graph_projection, photo.photo->buffer, none);
        gegl_node_blit(graph.filter, 0.5, &half, babl_format("R'G'B'A float"), small,
                       GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
        for (int y = 0; y < 96; y++)
            for (int x = 0; x < 128; x++)
                for (int c = 0; c < 3; c++)
                    sum += fabs((double)(small[4 * (y * 128 + x) + c] -
                                         whole[4 * (2 * y * 256 + 2 * x) + c]));
        g_test_message("mean difference %g", sum / (3 * 96 * 128));
        g_assert_cmpfloat(sum / (3 * 96 * 128), <, 0.03);
        graph_free(&graph);
        g_free(small);
        g_free(whole);
    }
    g_object_set(gegl_config(), "mipmap-rendering", FALSE, NULL);
    fixture_free(&photo);
}

/* --- what a program can ask --- */

static void
properties_are_of_the_table(const char *operation, const Procedure *procedure)
{
    guint count;
    GParamSpec **specs = gegl_operation_list_properties(operation, &count);
    for (guint i = 0; i < count; i++) {
        const char *name = g_param_spec_get_name(specs[i]);
        const Param *param = NULL;
        if (g_str_has_prefix(name, "point-") || g_str_equal(name, "patience"))
            continue;
        for (gsize k = 0; k < procedure->n_params; k++)
            if (g_str_equal(procedure->params[k].name, name))
                param = &procedure->params[k];
        g_assert_nonnull(param);
        char *label = param_label(param);
        const char *nick = g_param_spec_get_nick(specs[i]);
        if (g_str_equal(name, "map"))
            g_assert_cmpstr(nick, ==, "Feature map (-1: Strongest)");
        else if (g_str_equal(name, "size"))
            g_assert_cmpstr(nick, ==, "Square size (0: Automatic)");
        else if (!g_str_equal(name, "step"))
            g_assert_cmpstr(nick, ==, label);
        g_assert_cmpstr(g_param_spec_get_blurb(specs[i]), ==, param->blurb);
        g_free(label);
    }
    g_assert_cmpuint(count, >, 10);
    g_free(specs);
    g_assert_cmpstr(gegl_operation_get_key(operation, "gimp:menu-path"), ==,
                    "<Image>/Filters/Featurescope");
    /* GIMP's menu has the one, its search and its windows the other. */
    const char *menu = gegl_operation_get_key(operation, "gimp:menu-label");
    char **halves = g_strsplit(menu, "_", 2);
    char *title = g_strconcat(halves[0], halves[1], NULL);
    g_assert_true(g_str_has_suffix(title, "..."));
    title[strlen(title) - 3] = '\0';
    g_assert_cmpstr(gegl_operation_get_key(operation, "title"), ==, title);
    g_free(title);
    g_strfreev(halves);
}

/* GIMP offers to pick a point from the canvas where its y comes next to its x. */
static void
a_point_can_be_picked(void)
{
    guint count;
    GParamSpec **specs = gegl_operation_list_properties(graph_projection, &count);
    static const char axes[2][2] = {"x", "y"};
    guint at = 0;
    while (at + 1 < count && !g_str_equal(g_param_spec_get_name(specs[at]), "point-x"))
        at++;
    g_assert_cmpuint(at + 1, <, count);
    for (guint i = 0; i < 2; i++) {
        const char *name = g_param_spec_get_name(specs[at + i]);
        g_assert_cmpstr(gegl_operation_get_property_key(graph_projection, name, "unit"),
                        ==, "relative-coordinate");
        g_assert_cmpstr(gegl_operation_get_property_key(graph_projection, name, "axis"),
                        ==, axes[i]);
        g_assert_cmpstr(
            gegl_operation_get_property_key(graph_projection, name, "visible"), ==,
            "unit {point}");
    }
    g_free(specs);
}

static void
properties_are_those_of_the_tables(void)
{
    properties_are_of_the_table(graph_projection, &procedure_project);
    properties_are_of_the_table(graph_occlusion, &procedure_occlusion);
    g_assert_cmpstr(gegl_operation_get_property_key(graph_occlusion, "color", "visible"),
                    ==, "fill {color}");
}

int
main(int argc, char **argv)
{
    graph_start(&argc, &argv);
    g_test_add_func("/gegl/layer", a_projection_is_the_layer_of_the_action);
    g_test_add_func("/gegl/heat", a_heat_map_is_the_layer_of_the_action);
    g_test_add_func("/gegl/silent", a_silent_map_is_gray_and_said);
    g_test_add_func("/gegl/point", a_point_is_relative);
    g_test_add_func("/gegl/parts", any_part_is_of_the_whole);
    g_test_add_func("/gegl/preview", a_small_preview_shows_the_same);
    g_test_add_func("/gegl/properties", properties_are_those_of_the_tables);
    g_test_add_func("/gegl/pick", a_point_can_be_picked);
    int status = g_test_run();
    graph_end();
    return status;
}
