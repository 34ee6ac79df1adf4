/* SPDX-License-Identifier: GPL-3.0-or-later */
/* occlusion.c: tests of the occlusion procedure, whole, without GIMP. */
#include "actions/occlusion/heat.h"
#include "net/net.h"
#include "plugin/fixture/fixture.h"
#include <math.h>
#include <string.h>

/* One red pixel on black, in the red net's size: covering it takes 1/64 from the score of
 * "red", and all other places change nothing. */
static void
set_up(RedCase *setting, gconstpointer data)
{
    (void)data;
    fixture_red_case(setting);
    setting->photo = fixture_photo(8, 8);
    fixture_dot(&setting->photo, 5, 2, 1, 0, 0);
    fixture_done(&setting->photo);
}

static double
number(const Call *call, int result, guint index)
{
    return g_array_index(call->results[result].numbers, double, index);
}

static float *
read_npy(const char *path, gsize count)
{
    char *bytes;
    gsize size;
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    float *values = g_new(float, count);
    g_assert_cmpuint(size, >, count * sizeof *values);
    memcpy(values, bytes + size - count * sizeof *values, count * sizeof *values);
    g_free(bytes);
    return values;
}

static void
covering_the_dot_lowers_the_score(RedCase *setting, gconstpointer data)
{
    (void)data;
    char *path = fixture_path("score.npy"), *file = g_strconcat("data=", path, NULL);
    Call call = fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                             "labels=red", "value=score", "size=2", "step=2",
                             "color=#000000", file, NULL);
    g_assert_cmpstr(call.results[2].texts[0], ==, "score(red)");
    g_assert_cmpfloat_with_epsilon(number(&call, 3, 0), 1.0 / 64, 1e-7);
    g_assert_cmpfloat_with_epsilon(number(&call, 4, 0), 0, 1e-7);
    g_assert_cmpfloat_with_epsilon(number(&call, 5, 0), 1.0 / 64, 1e-7);
    float *values = read_npy(path, 16);
    for (int i = 0; i < 16; i++) /* row 1, column 2 covers rows 2, 3 and columns 4, 5 */
        g_assert_cmpfloat_with_epsilon((double)values[i], i == 1 * 4 + 2 ? 0 : 1.0 / 64,
                                       1e-7);
    g_free(values);
    fixture_call_clear(&call);
    g_free(file);
    g_free(path);
}

static void
a_fall_is_blue_and_no_change_is_white(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call = fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                             "labels=red", "size=2", "step=2", "color=#000000",
                             "smooth=false", NULL);
    /* The photo is too small for a legend: one layer, no group. */
    g_assert_cmpuint(call.results[0].n_items, ==, 1);
    HostItem *layer = call.results[0].items[0];
    /* e^(1/64) / (e^(1/64) + 1) = 0.5039; covered 0.5 */
    g_assert_cmpstr(layer->name, ==, "P(red) 0.50 → 0.50…0.50 · hardly moves");
    g_assert_true(fixture_said("no place matters much"));
    g_assert_cmpfloat(layer->opacity, ==, 65);
    float *rgba = memory_item_get(layer);
    const float *dot = rgba + 4 * (3 * 8 + 4), *other = rgba + 4 * (7 * 8 + 7);
    g_assert_cmpfloat(dot[2], >, dot[0] + 0.3f);
    g_assert_cmpfloat(fabsf(other[0] - other[2]), <, 0.02f);
    g_assert_cmpfloat(other[0], >, 0.9f);
    g_free(rgba);
    fixture_call_clear(&call);
}

/* Only near 0 and 1 is it the softmax that holds a probability. */
static void
saturated_is_what_is_near_its_limit(void)
{
    static const struct {
        double low, high;
        const char *name, *remark;
    } samples[] = {
        {0.995, 0.999, "· saturated", "is saturated"},
        {0.001, 0.004, "· saturated", "is saturated"},
        {0.125, 0.130, "· hardly moves", "A larger square may show more"},
        {0.900, 0.905, "· hardly moves", "A larger square may show more"},
    };
    float values[2];
    for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
        Heat heat = {.kind = HEAT_PROBABILITY,
                     .what = (char *)"P(red)",
                     .values = values,
                     .low = samples[i].low,
                     .high = samples[i].high,
                     .base = samples[i].high};
        char *name = heat_name(&heat), *remark = heat_remark(&heat);
        g_assert_true(g_str_has_suffix(name, samples[i].name));
        g_assert_nonnull(strstr(remark, samples[i].remark));
        g_free(remark);
        g_free(name);
    }
}

static void
a_channel_is_white_where_covering_hurts(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call = fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                             "labels=red", "size=2", "step=2", "color=#000000",
                             "smooth=false", "target=channel", NULL);
    HostItem *channel = call.results[0].items[0];
    g_assert_cmpint(channel->kind, ==, HOST_CHANNEL);
    g_assert_cmpuint(memory_image_count(setting->photo.image), ==, 1);
    float *rgba = memory_item_get(channel);
    g_assert_cmpfloat(rgba[4 * (3 * 8 + 4)], >, 0.99f);
    g_assert_cmpfloat(rgba[4 * (7 * 8 + 7)], <, 0.01f);
    g_free(rgba);
    fixture_call_clear(&call);
}

static void
all_four_maps_come_at_once(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call =
        fixture_call(&procedure_occlusion, &setting->photo, setting->argument, "show=all",
                     "layer=maps", "size=2", "step=2", "color=#000000", NULL);
    HostItem **items = call.results[0].items;
    g_assert_cmpuint(call.results[0].n_items, ==, 4);
    g_assert_cmpint(setting->photo.image->undo_steps, ==, 1);
    /* Empty labels: the predicted one. */
    g_assert_nonnull(strstr(items[0]->name, "P(red)"));
    /* Cells that tie at 0.5 go to the lower class. */
    g_assert_cmpstr(items[1]->name, ==, "Class map · red 100 %");
    g_assert_cmpstr(items[2]->name, ==, "map 0 · maps · activity 1.00 → 0…1.00");
    g_assert_cmpstr(items[3]->name, ==, "map 0 · 1.00 · maps");
    g_assert_false(items[0]->hidden);
    g_assert_true(items[1]->hidden && items[2]->hidden && items[3]->hidden);
    fixture_call_clear(&call);
}

static void
a_map_without_change_says_so(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call =
        fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                     "show=activity", "layer=maps", "map=1", "size=2", "step=2", NULL);
    g_assert_cmpstr(call.results[0].items[0]->name, ==,
                    "map 1 · maps · activity 0 → 0…0 · unchanged");
    g_assert_true(fixture_said("one colour"));
    fixture_call_clear(&call);
    g_ptr_array_set_size(memory_host()->messages, 0);
    call = fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                        "show=activity", "layer=maps", "map=1", "size=2", "step=2",
                        "target=animation", NULL);
    g_assert_true(call.ok);
    g_assert_true(fixture_said("one colour"));
    host_image_delete(call.results[1].image);
    fixture_call_clear(&call);
}

/* The values of a map that is normalised add up to zero, but for rounding. */
static void
a_map_of_roundings_is_of_one_colour(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w", "2,3,3,3", 5);
    new_floats(net, "one", "2", (float[]){1, 1});
    new_floats(net, "zero", "2", (float[]){0, 0});
    new_node(net, "Conv", "", "picture;w", "maps", "pads=1,1,1,1");
    new_node(net, "InstanceNormalization", "", "maps;one;zero", "even", "");
    new_output(net, "even");
    fixture_write("even.ini", "[model]\nname=Even\n[input]\nrange=0;1\n");
    g_autofree char *path = fixture_model(net, "even.onnx");
    g_autofree char *argument = g_strconcat("model=", path, NULL);
    Photo photo = fixture_noise(8, 8);
    for (int change = 0; change < 2; change++) {
        Call call = fixture_call(&procedure_occlusion, &photo, argument, "show=activity",
                                 "layer=even", "size=3", "step=2",
                                 change ? "change=change" : "change=absolute", NULL);
        HostItem *layer = call.results[0].items[0];
        g_assert_true(call.ok);
        g_assert_cmpfloat(number(&call, 4, 0), <, number(&call, 5, 0));
        g_assert_nonnull(strstr(layer->name, " · unchanged"));
        g_assert_true(fixture_said("but for rounding: the map has one colour"));
        g_autofree float *rgba = memory_item_get(layer);
        for (int i = 4; i < 4 * 64; i++)
            g_assert_cmpfloat(rgba[i], ==, rgba[i % 4]);
        fixture_call_clear(&call);
    }
    fixture_free(&photo);
}

/* A product of two tensors mixes places, as attention does. */
static void
a_layer_without_maps_is_refused(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w", "2,3,3,3", 5);
    new_node(net, "Conv", "", "picture;w", "maps", "pads=1,1,1,1");
    new_node(net, "MatMul", "", "maps;maps", "product", "");
    new_output(net, "product");
    g_autofree char *path = fixture_model(net, "product.onnx");
    g_autofree char *argument = g_strconcat("model=", path, NULL);
    Photo photo = fixture_noise(8, 8);
    fixture_refused(&procedure_occlusion, &photo, PROCEDURE_ERROR_INPUT,
                    "“product” has the shape 1x2x8x8", argument, "show=activity",
                    "layer=product", NULL);
    fixture_refused(&procedure_project, &photo, PROCEDURE_ERROR_INPUT,
                    "“product” has the shape 1x2x8x8", argument, "layer=product", NULL);
    fixture_free(&photo);
}

static void
fills_are_what_they_say(RedCase *setting, gconstpointer data)
{
    (void)data;
    /* The mean of the photo is 1/64 red: covering the dot leaves 4/64 of it, any other
     * place gains 4/64. */
    Call call = fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                             "show=activity", "layer=maps", "size=2", "step=2",
                             "fill=mean", NULL);
    g_assert_cmpfloat_with_epsilon(number(&call, 4, 0), 4.0 / 64, 1e-6);
    g_assert_cmpfloat_with_epsilon(number(&call, 5, 0), 1 + 4.0 / 64, 1e-6);
    fixture_call_clear(&call);
    /* Blurred, the dot is spread, so a little of it stays. */
    call = fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                        "show=activity", "layer=maps", "size=2", "step=2", "fill=blur",
                        NULL);
    g_assert_cmpfloat(number(&call, 4, 0), >, 0.1);
    g_assert_cmpfloat(number(&call, 4, 0), <, 0.7);
    fixture_call_clear(&call);
}

static void
a_fixed_range_is_kept(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call = fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                             "show=activity", "layer=maps", "size=2", "step=2",
                             "color=#000000", "change=absolute", "colors=gray",
                             "range=fixed", "low=-1", "high=1", "smooth=false", NULL);
    float *rgba = memory_item_get(call.results[0].items[0]);
    g_assert_cmpfloat_with_epsilon(rgba[4 * (3 * 8 + 4)], 0.5, 0.005);
    g_assert_cmpfloat_with_epsilon(rgba[4 * (7 * 8 + 7)], 1, 0.005);
    g_free(rgba);
    fixture_call_clear(&call);
}

static void
large_photos_get_legends(RedCase *setting, gconstpointer data)
{
    (void)data;
    Photo photo = fixture_photo(400, 300);
    fixture_dot(&photo, 100, 100, 1, 1, 1);
    fixture_done(&photo);
    Call call = fixture_call(&procedure_occlusion, &photo, setting->argument,
                             "labels=red;1", "value=score", "size=2", "step=2", NULL);
    g_assert_cmpuint(call.results[0].n_items, ==, 4);
    g_assert_cmpstr(call.results[0].items[0]->name, ==, "Legend · score(red)");
    g_assert_cmpstr(call.results[0].items[2]->name, ==, "Legend · score(green)");
    g_assert_cmpstr(call.results[2].texts[1], ==, "score(green)");
    GeglRectangle legend = call.results[0].items[0]->rect, photo_rect = {50, 0, 300, 300};
    g_assert_true(gegl_rectangle_contains(&photo_rect, &legend));
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
what_cannot_be_is_refused(RedCase *setting, gconstpointer data)
{
    (void)data;
    const Procedure *p = &procedure_occlusion;
    Photo *photo = &setting->photo;
    const char *model = setting->argument;
    ProcedureError input = PROCEDURE_ERROR_INPUT;
    fixture_refused(p, photo, input, "“red”", model, "labels=rde", NULL);
    fixture_refused(p, photo, input, "no class 2", model, "labels=2", NULL);
    fixture_refused(p, photo, input, "range", model, "size=9", NULL);
    fixture_refused(p, photo, input, "range", model, "step=9", NULL);
    fixture_refused(p, photo, input, "lower end", model, "range=fixed", "low=1", "high=1",
                    NULL);
    fixture_refused(p, photo, input, "map", model, "show=activity", "map=7", NULL);
    fixture_refused(p, photo, input, "nolayer", model, "show=activity", "layer=nolayer",
                    NULL);
}

static void
a_net_without_classes_is_refused_but_for_activity(RedCase *setting, gconstpointer data)
{
    (void)data;
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w", "4,3,3,3", 1);
    new_node(net, "Conv", "conv1", "picture;w", "conv1", "");
    new_node(net, "Relu", "relu1", "conv1", "relu1", "");
    new_output(net, "relu1");
    char *model = fixture_model(net, "headless.onnx");
    char *argument = g_strconcat("model=", model, NULL);
    fixture_refused(&procedure_occlusion, &setting->photo, PROCEDURE_ERROR_INPUT,
                    "\"relu1\" is 1x4x6x6", argument, NULL);
    fixture_refused(&procedure_classify, &setting->photo, PROCEDURE_ERROR_INPUT,
                    "Projections and the activity of its maps work", argument, NULL);
    Call call = fixture_call(&procedure_occlusion, &setting->photo, argument,
                             "show=activity", "layer=relu1", NULL);
    fixture_call_clear(&call);
    net_forget();
    call = fixture_call(&procedure_project, &setting->photo, argument, NULL);
    g_assert_true(fixture_said("ImageNet's"));
    fixture_call_clear(&call);
    call = fixture_call(&procedure_project, &setting->photo, argument, NULL);
    g_assert_false(fixture_said("ImageNet's")); /* once is enough */
    fixture_call_clear(&call);
    g_free(argument);
    g_free(model);
}

/* 8 x 8 places, of which every second row and column is shown. */
static void
an_animation_has_a_layer_for_each_place(RedCase *setting, gconstpointer data)
{
    (void)data;
    guint before = memory_image_count(setting->photo.image);
    Call call = fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                             "size=4", "step=1", "labels=red", "target=animation",
                             "frames=20", "delay=40", NULL);
    HostImage *made = call.results[1].image;
    g_assert_true(made != setting->photo.image && made->shown);
    g_assert_cmpuint(memory_image_count(setting->photo.image), ==, before);
    g_assert_cmpuint(made->layers->len, ==, 16);
    g_assert_cmpuint(call.results[0].n_items, ==, 16);
    g_assert_cmpstr(memory_image_item(made, 0)->name, ==, "Frame 16 (40ms)");
    g_assert_cmpstr(memory_image_item(made, 15)->name, ==, "Frame 1 (40ms)");
    for (guint i = 0; i < 16; i++) {
        const HostItem *item = memory_image_item(made, i);
        g_assert_cmpint(item->rect.width, ==, made->width);
        g_assert_cmpint(item->rect.height, ==, made->height);
        g_assert_false(item->hidden);
    }
    /* In the first frame the square covers the photo's corner, in the last one not. */
    float *first = memory_item_get(memory_image_item(made, 15));
    float *last = memory_item_get(memory_image_item(made, 0));
    gsize corner = 4 * (24 * (gsize)made->width + 24);
    g_assert_cmpfloat_with_epsilon(first[corner], 128 / 255.0, 0.01);
    g_assert_cmpfloat_with_epsilon(last[corner], 0, 0.01);
    g_free(first);
    g_free(last);
    g_assert_cmpstr(call.results[2].texts[0], ==, "P(red)");
    host_image_delete(made);
    fixture_call_clear(&call);
    fixture_refused(&procedure_occlusion, &setting->photo, PROCEDURE_ERROR_INPUT,
                    "follows a number", setting->argument, "show=class",
                    "target=animation", NULL);
}

#define ADD(name, function)                                                              \
    g_test_add("/occlusion/" name, RedCase, NULL, set_up, function, fixture_red_case_end)

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    ADD("score", covering_the_dot_lowers_the_score);
    ADD("colours", a_fall_is_blue_and_no_change_is_white);
    ADD("channel", a_channel_is_white_where_covering_hurts);
    ADD("all", all_four_maps_come_at_once);
    ADD("animation", an_animation_has_a_layer_for_each_place);
    ADD("unchanged", a_map_without_change_says_so);
    g_test_add_func("/occlusion/saturated", saturated_is_what_is_near_its_limit);
    g_test_add_func("/occlusion/rounding", a_map_of_roundings_is_of_one_colour);
    g_test_add_func("/occlusion/no_maps", a_layer_without_maps_is_refused);
    ADD("fills", fills_are_what_they_say);
    ADD("fixed-range", a_fixed_range_is_kept);
    ADD("legends", large_photos_get_legends);
    ADD("refused", what_cannot_be_is_refused);
    ADD("headless", a_net_without_classes_is_refused_but_for_activity);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
