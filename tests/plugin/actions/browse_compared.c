/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_compared.c: tests of how a second engine differs from the first: projections,
 * heat maps, a figure of both. */
#include "actions/browse/beside.h"
#include "plugin/fixture/browse.h"
#include "plugin/fixture/fixture.h"
#include "result/figure.h"
#include <math.h>
#include <string.h>

#define SIDE 8
#define CELLS 4 /* a side of a heat map, whose square has two pixels */
#define SCALE 0.5f

/* A photo of the red net's size, with its browser. */
typedef struct {
    Scene scene;
    Photo photo;
    HostItem *drawable;
    Run run;
} Side;

static void
open_side(Side *side, const char *model, float red, const char *layer)
{
    GError *error = NULL;
    Photo *photo = &side->photo;
    *photo = fixture_photo(SIDE, SIDE);
    fixture_dot(photo, 5, 2, red, 0, 0);
    fixture_dot(photo, 1, 6, 0.5f, 0, 0);
    fixture_done(photo);
    side->drawable = photo->photo;
    g_free(side->drawable->name);
    side->drawable->name = g_strdup(layer);
    side->scene = (Scene){.net = net_open(model, &error)};
    g_assert_no_error(error);
    g_assert_nonnull(net_survey(side->scene.net, &error));
    side->run = (Run){
        .interactive = TRUE,
        .image = photo->image,
        .drawables = &side->drawable,
        .n_drawables = 1,
        .values = param_values_new(procedure_browse.params, procedure_browse.n_params)};
    g_assert_true(seen_of_drawable(&side->scene.seen, &side->run, photo->photo,
                                   side->scene.net, &error));
    side->scene.browse =
        browse_new(side->scene.net, &side->scene.seen, 1, scene_changed, &side->scene);
    browse_open(side->scene.browse, "maps", BROWSE_NO_THUMBS, BROWSE_INDEX,
                DCN_DECONVNET);
    browse_choose(side->scene.browse, &(BrowseChoice){.map = 0, .unit = BROWSE_WHOLE});
    scene_wait(&side->scene, BROWSE_VIEW, 1);
}

static void
occlude(Side *side)
{
    const float gray[3] = {0.5f, 0.5f, 0.5f};
    browse_occlude(side->scene.browse,
                   &(BrowseSquare){.size = 2, .step = 2, .class_index = -1}, gray);
    scene_wait_heat(&side->scene);
    g_assert_nonnull(browse_heat(side->scene.browse));
}

static void
close_side(Side *side)
{
    browse_free(side->scene.browse);
    seen_clear(&side->scene.seen);
    param_values_free((ParamValues *)side->run.values);
    fixture_free(&side->photo);
}

typedef struct {
    Side side[2];
    Labels labels;
} Setting;

static void
set_up(Setting *setting, gconstpointer data)
{
    (void)data;
    char *model = fixture_red_net();
    open_side(&setting->side[0], model, 1, "after");
    open_side(&setting->side[1], model, 0.25f, "before");
    setting->labels = net_labels(setting->side[0].scene.net, 2);
    g_free(model);
}

static void
tear_down(Setting *setting, gconstpointer data)
{
    (void)data;
    for (int k = 0; k < 2; k++)
        close_side(&setting->side[k]);
    labels_clear(&setting->labels);
    net_forget();
}

static Browse *
browse_of(const Setting *setting, int number)
{
    return setting->side[number].scene.browse;
}

/* --- projections --- */

static void
a_difference_is_the_second_less_the_first(Setting *setting, gconstpointer data)
{
    (void)data;
    Browse *first = browse_of(setting, 0), *other = browse_of(setting, 1);
    g_assert_true(beside_is_there(first, other));
    float *difference = beside_difference(first, other);
    for (int i = 0; i < SIDE * SIDE * 3; i++) {
        /* The weights of map 0 are the red channel's: its projection is the map. */
        float wanted = i == 3 * (2 * SIDE + 5) ? 0.25f - 1 : 0;
        g_assert_cmpfloat_with_epsilon(difference[i], wanted, 0.003f);
    }
    double alike = beside_correlation(first, other);
    g_assert_cmpfloat(alike, >, 0.5);
    g_assert_cmpfloat(alike, <, 0.999);
    g_assert_cmpfloat_with_epsilon(beside_correlation(first, first), 1, 1e-6);
    g_free(difference);
}

/* The red byte of a picture's pixel. */
static int
red_at(cairo_surface_t *surface, int x, int y)
{
    cairo_surface_flush(surface);
    const unsigned char *row = cairo_image_surface_get_data(surface) +
                               y * cairo_image_surface_get_stride(surface);
    guint32 pixel;
    memcpy(&pixel, row + 4 * x, 4);
    return (int)(pixel >> 16 & 255);
}

static void
a_difference_is_painted_on_the_scale_of_both(Setting *setting, gconstpointer data)
{
    (void)data;
    cairo_surface_t *surface =
        beside_paint_difference(browse_of(setting, 0), browse_of(setting, 1), 1.5f);
    g_assert_cmpint(cairo_image_surface_get_width(surface), ==, SIDE);
    g_assert_cmpint(abs(red_at(surface, 1, 6) - 128), <=, 1);
    g_assert_cmpint(abs(red_at(surface, 5, 2) - 64), <=, 1); /* 0.5 - 0.5 * 0.75 / 1.5 */
    cairo_surface_destroy(surface);
}

/* --- heat maps --- */

static void
heat_maps_have_one_range_and_a_difference(Setting *setting, gconstpointer data)
{
    (void)data;
    Heat *heats[2], *own[2];
    Browse *first = browse_of(setting, 0), *other = browse_of(setting, 1);
    g_assert_false(beside_heats(first, &setting->labels, other, &setting->labels, heats));
    g_assert_null(heats[0]);
    g_assert_null(heats[1]);
    for (int k = 0; k < 2; k++) {
        occlude(&setting->side[k]);
        own[k] =
            browse_heat_map(browse_of(setting, k), browse_heat(browse_of(setting, k)),
                            &setting->labels, NULL);
    }
    g_assert_true(beside_heats(first, &setting->labels, other, &setting->labels, heats));
    g_assert_cmpfloat(own[0]->color_high, !=, own[1]->color_high);
    for (int k = 0; k < 2; k++) {
        g_assert_cmpfloat(heats[k]->color_high, ==,
                          MAX(own[0]->color_high, own[1]->color_high));
        g_assert_cmpfloat(heats[k]->color_low, ==, -heats[k]->color_high);
    }
    /* In the middle of a cell there is nothing but its value. */
    RegionGrid grid = {.width = CELLS, .height = CELLS, .dx = 2, .dy = 2};
    float rgba[4 * CELLS * CELLS], wanted[3];
    beside_heat_difference((const Heat *const *)heats, &grid, rgba);
    for (int i = 0; i < CELLS * CELLS; i++) {
        double value = ((double)heats[1]->values[i] - heats[1]->base) -
                       ((double)heats[0]->values[i] - heats[0]->base);
        colormap_at(COLORMAP_DIVERGING, 0.5 + 0.5 * value / heats[1]->color_high, wanted);
        for (int c = 0; c < 3; c++)
            g_assert_cmpfloat_with_epsilon(rgba[4 * i + c], wanted[c], 0.01f);
        g_assert_cmpfloat(rgba[4 * i + 3], ==, 1);
    }
    for (int k = 0; k < 2; k++) {
        heat_free(own[k]);
        heat_free(heats[k]);
    }
}

static void
a_class_is_found_by_its_name(void)
{
    Labels labels = {0}, other = {0};
    g_assert_true(labels_parse(&labels, "cat\ndog\nfox\n", "one", NULL));
    g_assert_true(labels_parse(&other, "cup\ncat\n", "other", NULL));
    g_assert_cmpint(beside_class(&labels, 0, &other, 2), ==, 1);
    g_assert_cmpint(beside_class(&labels, 1, &other, 2), ==, -1);
    labels_clear(&labels);
    labels_clear(&other);
}

/* --- a figure --- */

static HostItem *
panel_of(HostImage *image, guint number, const char *name)
{
    HostItem *group = g_ptr_array_index(image->layers, number);
    g_assert_cmpstr(group->name, ==, name);
    g_assert_cmpint(group->kind, ==, HOST_GROUP);
    return group;
}

/* The values that a figure is made by. g_free() the results. */
static Run
figure_run(const Setting *setting, ParamValues *values)
{
    Run run = setting->side[0].run;
    param_set_text(values, "target", FIGURE_NICK);
    run.values = values;
    run.results = g_new0(ResultValue, procedure_project.n_results);
    return run;
}

static void
a_figure_has_both_and_their_differences(Setting *setting, gconstpointer data)
{
    static const char *const groups[] = {"(a) after",  "(b) before",     "(c) after",
                                         "(d) before", "(e) Difference", "(f) after",
                                         "(g) before", "(h) Difference"};
    (void)data;
    GError *error = NULL;
    Heat *heats[2];
    ParamValues *values =
        param_values_new(procedure_project.params, procedure_project.n_params);
    Run run = figure_run(setting, values);
    for (int k = 0; k < 2; k++)
        occlude(&setting->side[k]);
    gboolean one = beside_heats(browse_of(setting, 0), &setting->labels,
                                browse_of(setting, 1), &setting->labels, heats);
    const BesideSide sides[2] = {
        {browse_of(setting, 0), setting->side[0].drawable, "after", SCALE, heats[0]},
        {browse_of(setting, 1), setting->side[1].drawable, "before", SCALE, heats[1]},
    };
    g_assert_true(beside_figure(&run, sides, one, &error));
    HostImage *image = run.results[1].image;
    g_assert_cmpuint(image->layers->len, ==, G_N_ELEMENTS(groups) + 2);
    for (guint i = 0; i < G_N_ELEMENTS(groups); i++)
        panel_of(image, i, groups[i]);
    const HostItem *caption = g_ptr_array_index(image->layers, image->layers->len - 2);
    g_assert_nonnull(strstr(caption->words, "after and before"));
    g_assert_nonnull(strstr(caption->words, "Model: Red"));
    for (int k = 0; k < 2; k++) {
        result_clear(&run.results[k]);
        heat_free(heats[k]);
    }
    host_image_delete(image);
    g_free(run.results);
    param_values_free(values);
}

/* Two nets on one layer: one photo, no heat maps, no names of layers of the image. */
static void
a_figure_of_two_nets_has_one_photo(Setting *setting, gconstpointer data)
{
    (void)data;
    GError *error = NULL;
    ParamValues *values =
        param_values_new(procedure_project.params, procedure_project.n_params);
    Run run = figure_run(setting, values);
    HostItem *photo = setting->side[0].drawable;
    const BesideSide sides[2] = {
        {browse_of(setting, 0), photo, "Red", SCALE, NULL},
        {browse_of(setting, 1), photo, "Redder", SCALE, NULL},
    };
    g_assert_true(beside_figure(&run, sides, FALSE, &error));
    HostImage *image = run.results[1].image;
    g_assert_cmpuint(image->layers->len, ==, 4 + 2);
    panel_of(image, 0, "(a) Photo");
    panel_of(image, 1, "(b) Red");
    panel_of(image, 2, "(c) Redder");
    panel_of(image, 3, "(d) Difference");
    for (int k = 0; k < 2; k++)
        result_clear(&run.results[k]);
    host_image_delete(image);
    g_free(run.results);
    param_values_free(values);
}

#define ADD(name, function)                                                              \
    g_test_add("/browse/compared/" name, Setting, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    ADD("difference", a_difference_is_the_second_less_the_first);
    ADD("painted", a_difference_is_painted_on_the_scale_of_both);
    ADD("heat", heat_maps_have_one_range_and_a_difference);
    g_test_add_func("/browse/compared/class", a_class_is_found_by_its_name);
    ADD("figure", a_figure_has_both_and_their_differences);
    ADD("nets", a_figure_of_two_nets_has_one_photo);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
