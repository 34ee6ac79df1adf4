/* SPDX-License-Identifier: GPL-3.0-or-later */
/* project.c: tests of the projection procedure, whole, without GIMP. */
#include "net/net.h"
#include "net/picks.h"
#include "plugin/fixture/fixture.h"
#include <string.h>

/* A photo of the red net's size with one red pixel. */
static Photo
dotted(void)
{
    Photo photo = fixture_photo(8, 8);
    fixture_dot(&photo, 5, 2, 1, 0, 0);
    fixture_dot(&photo, 1, 6, 0.5f, 0, 0);
    fixture_done(&photo);
    return photo;
}

static void
set_up(RedCase *setting, gconstpointer data)
{
    (void)data;
    fixture_red_case(setting);
    setting->photo = dotted();
}

static void
the_strongest_unit_becomes_a_layer(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call = fixture_call(&procedure_project, &setting->photo, setting->argument,
                             "layer=maps", NULL);
    HostItem *layer = fixture_layer(&setting->photo, 0);
    g_assert_cmpstr(layer->name, ==, "map 0 · 1.00 · maps");
    g_assert_cmpint(layer->rect.width, ==, 8);
    g_assert_cmpint(setting->photo.image->undo_steps, ==, 1);
    g_assert_true(setting->photo.image->selected == setting->photo.photo);
    g_assert_cmpuint(call.results[0].n_items, ==, 1);
    g_assert_cmpstr(call.results[2].text, ==, "maps");
    g_assert_cmpfloat(g_array_index(call.results[3].numbers, double, 0), ==, 0);
    g_assert_cmpfloat(g_array_index(call.results[4].numbers, double, 0), ==, 1);

    /* The signal is 1 in the red channel of that pixel, and 0 elsewhere. */
    float *rgba = memory_item_get(layer);
    for (int i = 0; i < 64; i++) {
        g_assert_cmpfloat_with_epsilon(rgba[4 * i], i == 2 * 8 + 5 ? 1 : 0.5f, 0.005);
        g_assert_cmpfloat_with_epsilon(rgba[4 * i + 1], 0.5f, 0.005);
        g_assert_cmpfloat(rgba[4 * i + 3], ==, 1);
    }
    g_free(rgba);
    fixture_call_clear(&call);
}

static void
a_whole_map_and_a_point_are_projected(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call = fixture_call(&procedure_project, &setting->photo, setting->argument,
                             "layer=maps", "unit=map", NULL);
    float *rgba = memory_item_get(call.results[0].items[0]);
    g_assert_cmpfloat_with_epsilon(rgba[4 * (2 * 8 + 5)], 1, 0.005);
    g_assert_cmpfloat_with_epsilon(rgba[4 * (6 * 8 + 1)], 0.75, 0.005);
    g_assert_cmpstr(call.results[0].items[0]->name, ==, "map 0 (whole) · 1.00 · maps");
    g_free(rgba);
    fixture_call_clear(&call);

    call = fixture_call(&procedure_project, &setting->photo, setting->argument,
                        "layer=maps", "unit=point", "point=1,6", NULL);
    rgba = memory_item_get(call.results[0].items[0]);
    g_assert_cmpfloat_with_epsilon(rgba[4 * (6 * 8 + 1)], 1, 0.005);
    g_assert_cmpfloat_with_epsilon(rgba[4 * (2 * 8 + 5)], 0.5, 0.005);
    g_assert_cmpstr(call.results[0].items[0]->name, ==, "map 0 · 0.500 · maps");
    g_free(rgba);
    fixture_call_clear(&call);
}

static void
a_silent_map_is_said_to_be_silent(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call = fixture_call(&procedure_project, &setting->photo, setting->argument,
                             "layer=maps", "map=1", NULL);
    g_assert_cmpstr(fixture_layer(&setting->photo, 0)->name, ==, "map 1 · silent · maps");
    g_assert_true(fixture_said("silent"));
    fixture_call_clear(&call);
}

static void
several_maps_become_a_group(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call = fixture_call(&procedure_project, &setting->photo, setting->argument,
                             "layer=maps", "count=5", "scale=shared", NULL);
    g_assert_cmpuint(call.results[0].n_items, ==, 2); /* the net has no more maps */
    g_assert_cmpint(fixture_layer(&setting->photo, 0)->kind, ==, HOST_GROUP);
    g_assert_cmpstr(fixture_layer(&setting->photo, 0)->name, ==,
                    "maps · 2 strongest maps");
    g_assert_cmpstr(fixture_layer(&setting->photo, 1)->name, ==, "map 0 · 1.00 · maps");
    g_assert_cmpint(setting->photo.image->undo_steps, ==, 1);
    fixture_call_clear(&call);
}

static void
a_result_covers_what_the_network_saw(RedCase *setting, gconstpointer data)
{
    (void)data;
    Photo photo = fixture_photo(40, 20);
    photo.photo->rect.x = 100;
    photo.photo->rect.y = -7;
    fixture_done(&photo);
    const struct {
        const char *fit;
        GeglRectangle rect;
    } cases[] = {
        {"fit=crop", {110, -7, 20, 20}},
        {"fit=stretch", {100, -7, 40, 20}},
        {"fit=pad", {100, -7, 40, 20}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Call call = fixture_call(&procedure_project, &photo, setting->argument,
                                 "layer=maps", cases[i].fit, NULL);
        g_assert_true(
            gegl_rectangle_equal(&call.results[0].items[0]->rect, &cases[i].rect));
        fixture_call_clear(&call);
    }
    fixture_free(&photo);
}

static void
a_layer_tells_how_it_was_made(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call = fixture_call(&procedure_project, &setting->photo, setting->argument,
                             "layer=maps", NULL);
    GKeyFile *about = g_key_file_new();
    const char *text = fixture_layer(&setting->photo, 0)->parasite;
    g_assert_nonnull(text);
    g_assert_true(
        g_key_file_load_from_data(about, text, strlen(text), G_KEY_FILE_NONE, NULL));
    char *hash = g_key_file_get_string(about, "model", "sha256", NULL);
    char *bytes;
    gsize size;
    g_assert_true(g_file_get_contents(setting->model, &bytes, &size, NULL));
    char *wanted =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
    g_assert_cmpstr(hash, ==, wanted);
    char *name = g_key_file_get_string(about, "parameters", "model", NULL);
    g_assert_cmpstr(name, ==, "red.onnx");
    g_assert_cmpint(g_key_file_get_integer(about, "result", "unit-x", NULL), ==, 5);
    g_free(name);
    g_free(wanted);
    g_free(bytes);
    g_free(hash);
    g_key_file_unref(about);
    fixture_call_clear(&call);
}

static void
numbers_go_to_a_file(RedCase *setting, gconstpointer data)
{
    (void)data;
    char *path = fixture_path("signal.npy"), *file = g_strconcat("data=", path, NULL);
    Call call = fixture_call(&procedure_project, &setting->photo, setting->argument,
                             "layer=maps", file, NULL);
    char *bytes;
    gsize size;
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    g_assert_cmpmem(bytes, 6, "\x93NUMPY", 6);
    g_assert_nonnull(strstr(bytes + 10, "'shape': (8, 8, 3"));
    float value;
    memcpy(&value, bytes + size - 4 * 8 * 8 * 3 + 4 * 3 * (2 * 8 + 5), 4);
    g_assert_cmpfloat(value, ==, 1);
    g_free(bytes);
    fixture_call_clear(&call);
    g_free(file);
    g_free(path);
}

static void
every_layer_that_is_offered_can_be_projected(void)
{
    const float ones[4] = {1, 1, 1, 1};
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w", "4,3,3,3", 1);
    new_weights(net, "fc", "4,2", 2);
    new_floats(net, "ones", "4", ones);
    new_node(net, "Conv", "conv", "picture;w", "c", "pads=1,1,1,1");
    new_node(net, "BatchNormalization", "norm", "c;ones;ones;ones;ones", "n", "");
    new_node(net, "Relu", "relu", "n", "r", "");
    new_node(net, "MaxPool", "pool", "r", "p", "kernel_shape=3,3;strides=2,2");
    new_node(net, "GlobalAveragePool", "mean", "p", "m", "");
    new_node(net, "Flatten", "flat", "m", "f", "");
    new_node(net, "Gemm", "fc", "f;fc", "s", "");
    new_output(net, "s");
    char *model = fixture_model(net, "layers.onnx");
    char *argument = g_strconcat("model=", model, NULL);
    ParamValues *values =
        param_values_new(procedure_project.params, procedure_project.n_params);
    param_set_text(values, "model", model);
    GPtrArray *layers = net_pick_layers(values, NULL);
    Photo photo = dotted();
    g_assert_cmpuint(layers->len, >=, 5);
    for (guint i = 0; i < layers->len; i++) {
        const ParamPick *pick = g_ptr_array_index(layers, i);
        char *layer = g_strconcat("layer=", pick->value, NULL);
        Call call =
            fixture_call(&procedure_project, &photo, argument, layer, "unit=map", NULL);
        if (*pick->value)
            g_assert_cmpstr(call.results[2].text, ==, pick->value);
        fixture_call_clear(&call);
        g_free(layer);
    }
    g_ptr_array_unref(layers);
    param_values_free(values);
    fixture_free(&photo);
    g_free(argument);
    g_free(model);
}

static void
what_cannot_be_is_refused(RedCase *setting, gconstpointer data)
{
    (void)data;
    const Procedure *p = &procedure_project;
    fixture_refused(p, &setting->photo, PROCEDURE_ERROR_INPUT, "nowhere.onnx",
                    "model=/nowhere.onnx", NULL);
    fixture_refused(p, &setting->photo, PROCEDURE_ERROR_INPUT, "maps", setting->argument,
                    "layer=mapz", NULL);
    fixture_refused(p, &setting->photo, PROCEDURE_ERROR_INPUT, "no map 2",
                    setting->argument, "layer=maps", "map=2", NULL);
    fixture_refused(p, &setting->photo, PROCEDURE_ERROR_INPUT, "outside",
                    setting->argument, "layer=maps", "unit=point", "point=8,0", NULL);
    fixture_refused(p, &setting->photo, PROCEDURE_ERROR_FAILED, "cannot be written",
                    setting->argument, "layer=maps", "data=/nowhere/at/all.npy", NULL);
}

static void
a_host_that_fails_leaves_the_image(RedCase *setting, gconstpointer data)
{
    (void)data;
    ParamValues *values =
        param_values_new(procedure_project.params, procedure_project.n_params);
    param_set_text(values, "model", setting->model);
    ResultValue results[5] = {0};
    Run run = {.image = setting->photo.image,
               .drawables = &setting->photo.photo,
               .n_drawables = 1,
               .values = values,
               .results = results};
    GError *error = NULL;
    memory_host_reset();
    memory_host()->fail_add = TRUE;
    g_assert_false(procedure_call(&procedure_project, &run, &error));
    g_assert_nonnull(error);
    g_assert_cmpuint(memory_image_count(setting->photo.image), ==, 1);
    g_assert_null(results[0].items);
    g_clear_error(&error);
    param_values_free(values);
}

static guint
times_said(const char *part)
{
    GPtrArray *messages = memory_host()->messages;
    guint times = 0;
    for (guint i = 0; i < messages->len; i++)
        times += strstr(g_ptr_array_index(messages, i), part) != NULL;
    return times;
}

/* Two convolutions with an activation between them. Returns "model=FILE", g_free(). */
static char *
net_with(const char *activation)
{
    NewModel *net = new_model(20);
    new_input(net, "picture", "1,3,8,8");
    new_weights(net, "w1", "4,3,3,3", 1);
    new_weights(net, "w2", "5,4,3,3", 2);
    new_node(net, "Conv", "conv1", "picture;w1", "conv1", "pads=1,1,1,1");
    new_node(net, activation, "active1", "conv1", "active1", "");
    new_node(net, "Conv", "conv2", "active1;w2", "conv2", "pads=1,1,1,1");
    new_output(net, "conv2");
    g_autofree char *path = fixture_model(net, "methods.onnx");
    return g_strconcat("model=", path, NULL);
}

/* The file of a map's projection. g_free() */
static char *
projected(Photo *photo, const char *model, const char *method, gsize *size)
{
    g_autofree char *path = fixture_path("methods.npy");
    g_autofree char *data = g_strconcat("data=", path, NULL);
    char *bytes;
    Call call = fixture_call(&procedure_project, photo, model, "layer=conv2", "map=2",
                             method, data, NULL);
    fixture_call_clear(&call);
    g_assert_true(g_file_get_contents(path, &bytes, size, NULL));
    return bytes;
}

static void
methods_that_give_the_same_are_said_to_once(void)
{
    g_autofree char *smooth = net_with("Gelu");
    Photo photo = fixture_noise(8, 8);
    Call call =
        fixture_call(&procedure_project, &photo, smooth, "layer=conv2", "count=3", NULL);
    g_assert_cmpuint(times_said("conv2: deconvnet, guided"), ==, 1);
    fixture_call_clear(&call);
    gsize size, other_size;
    g_autofree char *first = projected(&photo, smooth, "method=deconvnet", &size);
    g_autofree char *same = projected(&photo, smooth, "method=gradient", &other_size);
    g_assert_cmpmem(first, size, same, other_size);

    g_autofree char *rectified = net_with("Relu");
    call = fixture_call(&procedure_project, &photo, rectified, "layer=conv2", "count=3",
                        NULL);
    g_assert_cmpuint(times_said("give the same"), ==, 0);
    fixture_call_clear(&call);
    g_autofree char *deconvnet = projected(&photo, rectified, "method=deconvnet", &size);
    g_autofree char *gradient =
        projected(&photo, rectified, "method=gradient", &other_size);
    g_assert_cmpuint(size, ==, other_size);
    g_assert_cmpint(memcmp(deconvnet, gradient, size), !=, 0);
    call = fixture_call(&procedure_project, &photo, rectified, "layer=active1", NULL);
    g_assert_cmpuint(times_said("active1: deconvnet, guided"), ==, 1);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

#define TEST(name, function)                                                             \
    g_test_add("/project/" name, RedCase, NULL, set_up, function, fixture_red_case_end)

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    TEST("unit", the_strongest_unit_becomes_a_layer);
    TEST("map-point", a_whole_map_and_a_point_are_projected);
    TEST("silent", a_silent_map_is_said_to_be_silent);
    TEST("group", several_maps_become_a_group);
    TEST("region", a_result_covers_what_the_network_saw);
    TEST("parasite", a_layer_tells_how_it_was_made);
    TEST("numbers", numbers_go_to_a_file);
    g_test_add_func("/project/layers", every_layer_that_is_offered_can_be_projected);
    g_test_add_func("/project/methods", methods_that_give_the_same_are_said_to_once);
    TEST("refused", what_cannot_be_is_refused);
    TEST("failed-host", a_host_that_fails_leaves_the_image);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
