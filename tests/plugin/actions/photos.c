/* SPDX-License-Identifier: GPL-3.0-or-later */
/* photos.c: tests of the procedures on all kinds of pictures, nets and bad files. */
#include "actions/classify/classify.h"
#include "plugin/fixture/fixture.h"
#include <math.h>
#include <string.h>

static const Procedure *const all[] = {&procedure_project, &procedure_occlusion,
                                       &procedure_classify};

static char *
argument(char *model)
{
    char *text = g_strconcat("model=", model, NULL);
    g_free(model);
    return text;
}

static void
a_photo_is_classified(void)
{
    char *model = argument(fixture_red_net());
    Photo photo = fixture_photo(8, 8);
    for (int i = 0; i < 64; i++)
        fixture_dot(&photo, i % 8, i / 8, 0.5f, 1, 0);
    fixture_done(&photo);
    Call call = fixture_call(&procedure_classify, &photo, model, NULL);
    g_assert_cmpstr(call.results[0].text, ==, "green");
    g_assert_cmpstr(call.results[1].texts[1], ==, "red");
    g_assert_null(call.results[1].texts[2]);
    g_assert_cmpfloat_with_epsilon(g_array_index(call.results[2].numbers, double, 0),
                                   1 / (1 + exp(-0.5)), 1e-6);
    g_assert_cmpfloat(g_array_index(call.results[3].numbers, double, 0), ==, 1);
    g_assert_cmpuint(memory_image_count(photo.image), ==, 1);
    g_assert_cmpint(photo.image->undo_steps, ==, 0);

    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(model);
}

/* What the windows show of an answer. */
static void
an_answer_is_told(void)
{
    const float probability[2] = {0.25f, 0.75f};
    char *path = fixture_red_net(), **keys, **names;
    Net *net = net_open(path, NULL);
    Labels labels = net_labels(net, 2);
    answer_first(&labels, probability, 2, 5, &keys, &names);
    g_assert_cmpuint(g_strv_length(keys), ==, 2);
    g_assert_cmpstr(keys[0], ==, "green");
    g_assert_cmpstr(names[0], ==, "green  75 %");
    g_assert_cmpstr(names[1], ==, "red  25 %");
    GArray *answers = answer_best(&labels, probability, 2, 5);
    char *text = classify_text(answers), *words = classify_words(net, 2);
    g_assert_cmpstr(text, ==, "green\t0.7500\nred\t0.2500\n");
    g_assert_nonnull(strstr(words, net->card.name));
    g_assert_nonnull(strstr(words, "2 kinds"));
    g_free(words);
    g_free(text);
    g_array_unref(answers);
    g_strfreev(names);
    g_strfreev(keys);
    labels_clear(&labels);
    net_forget();
    g_free(path);
}

static void
one_pixel_is_seen(void)
{
    char *model = argument(fixture_red_net());
    Photo photo = fixture_photo(1, 1);
    fixture_dot(&photo, 0, 0, 1, 0, 0);
    fixture_done(&photo);
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
        Call call = fixture_call(all[i], &photo, model, NULL);
        if (all[i] != &procedure_classify) {
            HostItem *item = call.results[0].items[0];
            g_assert_cmpint(item->rect.width, ==, 1);
            g_assert_cmpint(item->rect.height, ==, 1);
        }
        fixture_call_clear(&call);
    }
    fixture_free(&photo);
    g_free(model);
}

static void
transparent_pixels_are_white(void)
{
    char *model = argument(fixture_red_net());
    Photo photo = fixture_photo(8, 8);
    memset(photo.rgba, 0, 64 * 4 * sizeof *photo.rgba);
    fixture_done(&photo);
    Call call =
        fixture_call(&procedure_project, &photo, model, "layer=maps", "unit=map", NULL);
    /* Every unit of the red map is 1. */
    g_assert_cmpfloat(g_array_index(call.results[4].numbers, double, 0), ==, 1);
    g_assert_cmpstr(call.results[0].items[0]->name, ==,
                    "map 0 (whole) · 1.00 · saturated · maps");
    g_assert_true(fixture_said("saturated"));
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(model);
}

static void
a_selection_is_what_is_seen(void)
{
    char *model = argument(fixture_red_net());
    Photo photo = fixture_photo(40, 40);
    fixture_dot(&photo, 20, 10, 1, 0, 0);
    fixture_dot(&photo, 2, 2, 1, 0, 0);
    fixture_done(&photo);
    memory_select(photo.image, &(GeglRectangle){16, 8, 8, 8});
    Call call = fixture_call(&procedure_project, &photo, model, "layer=maps", NULL);
    HostItem *item = call.results[0].items[0];
    g_assert_true(gegl_rectangle_equal(&item->rect, &(GeglRectangle){16, 8, 8, 8}));
    float *rgba = memory_item_get(item);
    g_assert_cmpfloat_with_epsilon(rgba[4 * (2 * 8 + 4)], 1, 0.005);
    g_free(rgba);
    fixture_call_clear(&call);

    photo.photo->rect.x = 30;
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        fixture_refused(all[i], &photo, PROCEDURE_ERROR_INPUT, "outside the layer", model,
                        NULL);
    fixture_free(&photo);
    g_free(model);
}

static void
several_layers_are_each_looked_at(void)
{
    char *model = argument(fixture_red_net());
    Photo photo = fixture_photo(8, 8);
    fixture_dot(&photo, 5, 2, 1, 0, 0);
    fixture_done(&photo);
    GeglRectangle rect = {3, 3, 4, 4};
    HostItem *other = memory_layer_new(photo.image, "other", &rect, "R'G'B'A float");
    HostItem *drawables[2] = {photo.photo, other};
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
        ParamValues *values = param_values_new(all[i]->params, all[i]->n_params);
        ResultValue results[8] = {0};
        GError *error = NULL;
        Run run = {.image = photo.image,
                   .drawables = drawables,
                   .n_drawables = 2,
                   .values = values,
                   .results = results};
        param_set_text(values, "model", model + strlen("model="));
        photo.image->undo_steps = 0;
        gboolean ok = procedure_call(all[i], &run, &error);
        if (all[i] == &procedure_classify) {
            g_assert_false(ok);
            g_assert_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT);
            g_clear_error(&error);
        } else {
            g_assert_no_error(error);
            g_assert_cmpint(photo.image->undo_steps, ==, 1);
            g_assert_cmpuint(results[0].n_items, ==, 2);
            g_assert_true(g_str_has_prefix(results[0].items[1]->name, "other: "));
            g_assert_true(gegl_rectangle_equal(&results[0].items[1]->rect, &rect));
        }
        for (gsize r = 0; r < all[i]->n_results; r++)
            result_clear(&results[r]);
        param_values_free(values);
    }
    fixture_free(&photo);
    g_free(model);
}

static void
an_indexed_image_gets_a_new_one(void)
{
    char *model = argument(fixture_red_net());
    Photo photo = fixture_photo(8, 8);
    fixture_dot(&photo, 5, 2, 1, 0, 0);
    fixture_done(&photo);
    photo.image->base = HOST_INDEXED;
    Call call = fixture_call(&procedure_project, &photo, model, "layer=maps", NULL);
    g_assert_cmpuint(memory_image_count(photo.image), ==, 1);
    g_assert_true(call.results[1].image != photo.image);
    g_assert_cmpint(host_image_base(call.results[1].image), ==, HOST_RGB);
    g_assert_cmpuint(memory_image_count(call.results[1].image), >=, 1);
    host_image_delete(call.results[1].image);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(model);
}

static void
masks_channels_and_groups_are_seen(void)
{
    char *model = argument(fixture_red_net());
    Photo photo = fixture_photo(8, 8);
    fixture_dot(&photo, 5, 2, 1, 0, 0);
    fixture_done(&photo);
    HostItem *drawables[3] = {
        memory_channel_new(photo.image, "channel", HOST_CHANNEL),
        memory_channel_new(photo.image, "mask", HOST_MASK),
        memory_group_new(photo.photo, "group"),
    };
    HostItem *layer = photo.photo;
    for (int i = 0; i < 3; i++) {
        photo.photo = drawables[i];
        Call call =
            fixture_call(&procedure_project, &photo, model, "layer=maps", "map=0", NULL);
        g_assert_cmpfloat(g_array_index(call.results[4].numbers, double, 0), ==,
                          drawables[i]->kind == HOST_GROUP ? 1 : 0);
        fixture_call_clear(&call);
    }
    photo.photo = layer;
    fixture_free(&photo);
    g_free(model);
}

static void
gray_nets_see_the_luma(void)
{
    const float one = 1;
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,1,8,8");
    new_floats(net, "w", "1,1,1,1", &one);
    new_node(net, "Conv", "conv1", "picture;w", "conv1", "");
    new_node(net, "Relu", "relu1", "conv1", "relu1", "");
    new_output(net, "relu1");
    fixture_write("gray.ini", "[input]\nrange=0;1\n");
    char *model = argument(fixture_model(net, "gray.onnx"));
    Photo photo = fixture_photo(8, 8);
    fixture_dot(&photo, 5, 2, 1, 0, 0);
    fixture_done(&photo);
    Call call = fixture_call(&procedure_project, &photo, model, "layer=relu1", NULL);
    g_assert_cmpfloat_with_epsilon(g_array_index(call.results[4].numbers, double, 0),
                                   0.299, 1e-6);
    float *rgba = memory_item_get(call.results[0].items[0]);
    const float *dot = rgba + 4 * (2 * 8 + 5);
    g_assert_cmpfloat_with_epsilon(dot[0], 1, 0.005);
    g_assert_cmpfloat_with_epsilon(dot[1], 1, 0.005);
    g_free(rgba);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(model);
}

static void
nets_with_channels_last_are_fed(void)
{
    static const float weights[6] = {1, 0, 0, 0, 1, 0};
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,8,8,3");
    new_floats(net, "w", "2,3,1,1", weights);
    new_node(net, "Transpose", "turn", "picture", "turned", "perm=0,3,1,2");
    new_node(net, "Conv", "conv1", "turned;w", "conv1", "");
    new_node(net, "Relu", "relu1", "conv1", "relu1", "");
    new_output(net, "relu1");
    fixture_write("last.ini", "[input]\nrange=0;1\n");
    char *model = argument(fixture_model(net, "last.onnx"));
    Photo photo = fixture_photo(8, 8);
    fixture_dot(&photo, 5, 2, 0.5f, 1, 0);
    fixture_dot(&photo, 1, 6, 0.75f, 0, 0);
    fixture_done(&photo);
    Call call = fixture_call(&procedure_project, &photo, model, "layer=relu1",
                             "unit=point", "point=1,6", NULL);
    g_assert_cmpfloat(g_array_index(call.results[4].numbers, double, 0), ==, 0.75);
    float *rgba = memory_item_get(call.results[0].items[0]);
    g_assert_cmpfloat_with_epsilon(rgba[4 * (6 * 8 + 1)], 1, 0.005);
    g_assert_cmpfloat_with_epsilon(rgba[4 * (2 * 8 + 5)], 0.5, 0.005);
    g_free(rgba);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(model);
}

/* Cut off anywhere, scrambled, empty: refused with a sentence, by every procedure. */
static void
bad_models_are_refused(void)
{
    char *path = fixture_red_net(), *bytes;
    gsize size;
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    char *bad = fixture_path("bad.onnx"), *model = g_strconcat("model=", bad, NULL);
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    for (gsize length = 0; length < size; length += 1 + size / 16) {
        g_assert_true(g_file_set_contents(bad, bytes, (gssize)length, NULL));
        for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
            fixture_refused(all[i], &photo, PROCEDURE_ERROR_INPUT, ": ", model, NULL);
    }
    g_assert_true(g_file_set_contents(bad, "GIMP is not ONNX", -1, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        fixture_refused(all[i], &photo, PROCEDURE_ERROR_INPUT, "ONNX", model, NULL);
    fixture_free(&photo);
    g_free(model);
    g_free(bad);
    g_free(bytes);
    g_free(path);
}

static void
an_unknown_operator_is_named_unless_it_lies_behind(void)
{
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w", "2,3,3,3", 1);
    new_node(net, "Conv", "conv1", "picture;w", "conv1", "");
    new_node(net, "Relu", "relu1", "conv1", "relu1", "");
    new_node(net, "Bogus", "odd", "relu1", "odd", "");
    new_output(net, "odd");
    char *model = argument(fixture_model(net, "odd.onnx"));
    Photo photo = fixture_photo(8, 8);
    fixture_dot(&photo, 4, 4, 1, 1, 1);
    fixture_done(&photo);
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i] != &procedure_project)
            fixture_refused(all[i], &photo, PROCEDURE_ERROR_INPUT, "Bogus", model, NULL);
    fixture_refused(&procedure_project, &photo, PROCEDURE_ERROR_INPUT, "Bogus", model,
                    "layer=odd", NULL);
    Call deepest = fixture_call(&procedure_project, &photo, model, NULL);
    fixture_call_clear(&deepest);
    Call call = fixture_call(&procedure_project, &photo, model, "layer=relu1", NULL);
    fixture_call_clear(&call);
    fixture_free(&photo);
    g_free(model);
}

static void
values_out_of_range_are_refused(void)
{
    char *model = argument(fixture_red_net());
    Photo photo = fixture_photo(8, 8);
    fixture_done(&photo);
    const Procedure *p = &procedure_project;
    ProcedureError input = PROCEDURE_ERROR_INPUT;
    fixture_refused(p, &photo, input, "count", model, "count=0", NULL);
    fixture_refused(p, &photo, input, "percentile", model, "percentile=101", NULL);
    fixture_refused(p, &photo, input, "method", model, "method=magic", NULL);
    fixture_refused(&procedure_occlusion, &photo, input, "color", model, "color=gray50",
                    NULL);
    fixture_refused(&procedure_classify, &photo, input, "threads", model, "threads=-1",
                    NULL);
    fixture_free(&photo);
    g_free(model);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/photos/classified", a_photo_is_classified);
    g_test_add_func("/photos/answer", an_answer_is_told);
    g_test_add_func("/photos/one-pixel", one_pixel_is_seen);
    g_test_add_func("/photos/transparent", transparent_pixels_are_white);
    g_test_add_func("/photos/selection", a_selection_is_what_is_seen);
    g_test_add_func("/photos/several", several_layers_are_each_looked_at);
    g_test_add_func("/photos/indexed", an_indexed_image_gets_a_new_one);
    g_test_add_func("/photos/masks", masks_channels_and_groups_are_seen);
    g_test_add_func("/nets/gray", gray_nets_see_the_luma);
    g_test_add_func("/nets/channels-last", nets_with_channels_last_are_fed);
    g_test_add_func("/nets/bad", bad_models_are_refused);
    g_test_add_func("/nets/unknown-operator",
                    an_unknown_operator_is_named_unless_it_lies_behind);
    g_test_add_func("/values/range", values_out_of_range_are_refused);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
