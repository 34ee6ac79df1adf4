/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dense.c: tests of a net without feature maps: occlusion of labels, what-if and
 * classification work, the others say why they cannot. */
#include "plugin/fixture/whatif.h"
#include <math.h>
#include <string.h>

/* The red net by fully connected layers: "fc1" is the mean of each channel, "score" those
 * of red and green. Returns "model=FILE", g_free(). */
static char *
dense_net(void)
{
    float means[192 * 3] = {0};
    static const float first_two[6] = {1, 0, 0, 1, 0, 0};
    for (int i = 0; i < 192; i++)
        means[3 * i + i / 64] = 1.0f / 64;
    NewModel *net = new_model(13);
    new_input(net, "picture", "-1,3,8,8");
    new_floats(net, "means", "192,3", means);
    new_floats(net, "two", "3,2", first_two);
    new_node(net, "Flatten", "flat", "picture", "flat", "");
    new_node(net, "Gemm", "fc1", "flat;means", "fc1", "");
    new_node(net, "Relu", "active", "fc1", "active", "");
    new_node(net, "Gemm", "score", "active;two", "score", "");
    new_node(net, "Softmax", "probability", "score", "probability", "axis=1");
    new_output(net, "probability");
    fixture_write(
        "dense.ini",
        "[model]\nname=Dense\n[input]\nrange=0;1\n[output]\nlabels=red;green\n");
    g_autofree char *path = fixture_model(net, "dense.onnx");
    return g_strconcat("model=", path, NULL);
}

/* One red pixel on black. */
static Photo
red_dot(void)
{
    Photo photo = fixture_photo(8, 8);
    fixture_dot(&photo, 5, 2, 1, 0, 0);
    fixture_done(&photo);
    return photo;
}

/* e^(1/64) / (e^(1/64) + 1) with the dot, 0.5 without. */
static double
with_dot(void)
{
    return 1 / (1 + exp(-1.0 / 64));
}

static void
occlusion_makes_what_there_is(void)
{
    g_autofree char *model = dense_net();
    Photo photo = red_dot();
    Call call = fixture_call(&procedure_occlusion, &photo, model, "show=all", "size=2",
                             "step=2", "color=#000000", NULL);
    g_assert_true(fixture_said("“Dense” has no feature maps"));
    g_assert_cmpuint(call.results[0].n_items, ==, 2);
    g_assert_cmpstr(call.results[2].texts[0], ==, "P(red)");
    g_assert_cmpstr(call.results[2].texts[1], ==, "Class map");
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, 3, 0), with_dot(), 1e-6);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, 4, 0), 0.5, 1e-6);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, 5, 0), with_dot(), 1e-6);
    fixture_call_clear(&call);

    call = fixture_call(&procedure_occlusion, &photo, model, "size=2", "step=2", NULL);
    g_assert_false(fixture_said("feature maps"));
    g_assert_cmpuint(call.results[0].n_items, ==, 1);
    fixture_call_clear(&call);

    fixture_refused(&procedure_occlusion, &photo, PROCEDURE_ERROR_INPUT,
                    "rows of numbers", model, "show=activity", NULL);
    fixture_refused(&procedure_occlusion, &photo, PROCEDURE_ERROR_INPUT, "such as “fc1”",
                    model, "show=projection", NULL);
    fixture_free(&photo);
}

/* The nets of the first lesson with Keras and PyTorch: 28 x 28 gray pixels, ten digits. */
static void
digits_by_dense_layers_are_occluded(void)
{
    static const char *const shapes[] = {"-1,28,28", "-1,1,28,28", "-1,28,28,1",
                                         "1,28,28"};
    Photo photo = fixture_noise(40, 40);
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        NewModel *net = new_model(13);
        new_input(net, "flatten_input", shapes[i]);
        new_weights(net, "w1", "784,16", 1);
        new_weights(net, "w2", "16,10", 2);
        new_ints(net, "row", "-1,784");
        new_node(net, "Reshape", "", "flatten_input;row", "flat", "");
        new_node(net, "MatMul", "", "flat;w1", "d1", "");
        new_node(net, "Relu", "", "d1", "r1", "");
        new_node(net, "MatMul", "", "r1;w2", "d2", "");
        new_node(net, "Softmax", "", "d2", "p", "axis=1");
        new_output(net, "p");
        g_autofree char *path = fixture_model(net, "digits.onnx");
        g_autofree char *model = g_strconcat("model=", path, NULL);
        Call call = fixture_call(&procedure_occlusion, &photo, model, "show=class", NULL);
        g_assert_cmpuint(call.results[0].n_items, ==, 1);
        fixture_call_clear(&call);
        call = fixture_call(&procedure_classify, &photo, model, NULL);
        g_assert_cmpuint(call.results[2].numbers->len, ==, 5);
        fixture_call_clear(&call);
    }
    fixture_free(&photo);
}

static void
classification_needs_no_maps(void)
{
    g_autofree char *model = dense_net();
    Photo photo = red_dot();
    Call call = fixture_call(&procedure_classify, &photo, model, NULL);
    g_assert_cmpstr(call.results[0].text, ==, "red");
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, 2, 0), with_dot(), 1e-6);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
what_if_tells_of_labels_only(void)
{
    g_autofree char *model = dense_net();
    g_autofree char *path = fixture_path("dense.csv");
    g_autofree char *data = g_strconcat("data=", path, NULL);
    Photo photo = red_dot();
    memory_select(photo.image, &(GeglRectangle){4, 0, 4, 4});
    Call call =
        fixture_call(&procedure_whatif, &photo, model, "color=#000000", data, NULL);
    g_assert_cmpstr(call.results[LABEL].text, ==, "red");
    g_assert_cmpstr(call.results[LAYER].text, ==, "");
    g_assert_cmpint(call.results[MAP].i, ==, -1);
    g_assert_cmpuint(call.results[BASE].numbers->len, ==, 2);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, BASE, 0), with_dot(), 1e-6);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, PROBABILITIES, 0), 0.5, 1e-6);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, SCORES, 0), 0, 1e-7);
    g_assert_cmpuint(call.results[ACTIVITIES].numbers->len, ==, 0);
    fixture_call_clear(&call);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "\"the selection\",0.5,0,,\""));

    call = fixture_call(&procedure_whatif, &photo, model, "remove=layers", NULL);
    g_assert_cmpuint(g_strv_length(call.results[REMOVED].texts), ==, 2);
    g_assert_cmpstr(call.results[REMOVED].texts[0], ==, "fc1");
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, PROBABILITIES, 0), 0.5, 1e-6);
    fixture_call_clear(&call);

    const ProcedureError input = PROCEDURE_ERROR_INPUT;
    fixture_refused(&procedure_whatif, &photo, input, "rows of numbers", model,
                    "remove=map", NULL);
    fixture_refused(&procedure_whatif, &photo, input, "rows of numbers", model, "map=3",
                    NULL);
    /* A layer that is named has maps of one unit: blue is never lit, red is. */
    call = fixture_call(&procedure_whatif, &photo, model, "remove=map", "layer=active",
                        NULL);
    g_assert_cmpint(call.results[MAP].i, ==, 0);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, BASE, 2), 1.0 / 64, 1e-6);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, PROBABILITIES, 0), 0.5, 1e-6);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

static void
what_needs_maps_says_so(void)
{
    static const float black[8 * 8 * 3] = {0};
    g_autofree char *model = dense_net(), *folder = fixture_path("few");
    g_autofree char *pictures = g_strconcat("images=", folder, NULL);
    fixture_picture("few/one.png", 8, 8, black);
    Photo photo = red_dot();
    const ProcedureError input = PROCEDURE_ERROR_INPUT;
    fixture_refused(&procedure_project, &photo, input, "rows of numbers", model, NULL);
    fixture_refused(&procedure_evidence, &photo, input, "rows of numbers", model, NULL);
    fixture_refused(&procedure_top, &photo, input, "rows of numbers", model, pictures,
                    NULL);
    fixture_refused(&procedure_filters, &photo, input, "no convolution", model, NULL);

    /* The unit "mean of red" sees the red plane alone: a 64th of its value each. */
    g_autofree char *path = fixture_path("unit.npy");
    g_autofree char *data = g_strconcat("data=", path, NULL);
    Call call = fixture_call(&procedure_project, &photo, model, "layer=fc1", data, NULL);
    g_assert_cmpfloat(fixture_number(&call, 3, 0), ==, 0);
    g_assert_cmpfloat_with_epsilon(fixture_number(&call, 4, 0), 1.0 / 64, 1e-7);
    fixture_call_clear(&call);
    g_autofree char *bytes = NULL;
    gsize size;
    float values[192];
    g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    memcpy(values, bytes + size - sizeof values, sizeof values);
    for (int i = 0; i < 192; i++)
        g_assert_cmpfloat_with_epsilon((double)values[i], i % 3 ? 0 : 1.0 / 4096, 1e-9);
    call = fixture_call(&procedure_evidence, &photo, model, "layer=active", NULL);
    fixture_call_clear(&call);
    fixture_free(&photo);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/dense/occlusion", occlusion_makes_what_there_is);
    g_test_add_func("/dense/digits", digits_by_dense_layers_are_occluded);
    g_test_add_func("/dense/classify", classification_needs_no_maps);
    g_test_add_func("/dense/what-if", what_if_tells_of_labels_only);
    g_test_add_func("/dense/maps", what_needs_maps_says_so);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
