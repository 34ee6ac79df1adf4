/* SPDX-License-Identifier: GPL-3.0-or-later */
/* card.c: tests of cards and labels, and of the defaults without them. */
#include "net/net.h"
#include "net/picks.h"
#include "plugin/fixture/fixture.h"
#include <string.h>

/* A net of one convolution that takes pictures of any size. */
static NewModel *
any_size(const char *input, const char *shape)
{
    NewModel *net = new_model(13);
    new_input(net, input, shape);
    new_weights(net, "w", g_str_has_suffix(shape, "1,-1,-1") ? "2,1,3,3" : "2,3,3,3", 1);
    char *inputs = g_strconcat(input, ";w", NULL);
    new_node(net, "Conv", "conv1", inputs, "prob", "");
    new_output(net, "prob");
    g_free(inputs);
    return net;
}

static Net *
open_net(const char *path)
{
    GError *error = NULL;
    Net *net = net_open(path, &error);
    g_assert_no_error(error);
    return net;
}

static void
refused(const char *path, const char *part)
{
    GError *error = NULL;
    net_forget();
    g_assert_null(net_open(path, &error));
    g_assert_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT);
    if (!strstr(error->message, part))
        g_test_message("expected \"%s\" in: %s", part, error->message);
    g_assert_nonnull(strstr(error->message, part));
    g_error_free(error);
}

static void
a_card_says_how_pictures_are_prepared(void)
{
    char *path = fixture_model(any_size("x", "1,3,-1,-1"), "said.onnx");
    fixture_write("said.ini",
                  "[model]\nname=Said\n[input]\norder=BGR\nrange=-1;1\nmean=0.5\n"
                  "std=1;2;4\nsize=40;60\n[output]\nlabels=a;b\n");
    Net *net = open_net(path);
    const DcnPreprocessing *how = &net->card.how;
    g_assert_cmpstr(net->card.name, ==, "Said");
    g_assert_cmpint(net->card.source, ==, CARD_SAID);
    g_assert_true(how->bgr);
    g_assert_cmpfloat(how->range, ==, 2);
    g_assert_cmpfloat(how->mean[2], ==, 1.5f); /* black becomes -1, then less 0.5 */
    g_assert_cmpfloat(how->std[2], ==, 4);
    g_assert_cmpint(net->height, ==, 40);
    g_assert_cmpint(net->width, ==, 60);
    /* What becomes 0 is 0.75 in every channel. */
    float rgb[3];
    net_neutral(net, rgb);
    g_assert_cmpfloat(rgb[0], ==, 0.75f);
    g_free(path);
}

static void
without_a_card_conventions_are_assumed(void)
{
    char *path = fixture_model(any_size("x", "1,3,-1,-1"), "silent.onnx");
    Net *net = open_net(path);
    g_assert_cmpint(net->card.source, ==, CARD_IMAGENET);
    g_assert_cmpstr(net->card.name, ==, "silent.onnx");
    g_assert_cmpint(net->height, ==, 224);
    g_assert_cmpfloat(net->card.how.mean[0], ==, 0.485f);
    g_free(path);

    path = fixture_model(any_size("data", "1,3,-1,-1"), "caffe.onnx");
    net = open_net(path);
    g_assert_cmpint(net->card.source, ==, CARD_CAFFE);
    g_assert_true(net->card.how.bgr);
    g_assert_cmpfloat(net->card.how.mean[0], ==, 104);
    g_free(path);
}

static void
metadata_serve_where_the_card_is_silent(void)
{
    NewModel *model = any_size("x", "1,3,-1,-1");
    new_metadata(model, "input.order", "BGR");
    new_metadata(model, "input.range", "0 255");
    new_metadata(model, "input.mean", "1 2 3");
    new_metadata(model, "labels", "one\ntwo");
    char *path = fixture_model(model, "meta.onnx");
    fixture_write("meta.ini", "[input]\nmean=7\n");
    Net *net = open_net(path);
    g_assert_true(net->card.how.bgr);
    g_assert_cmpfloat(net->card.how.range, ==, 255);
    g_assert_cmpfloat(net->card.how.mean[1], ==, 7);
    g_assert_cmpuint(net->card.labels.count, ==, 2);
    g_assert_cmpstr(net->card.labels.names[1], ==, "two");
    g_free(path);
}

static void
bad_cards_are_refused_by_key(void)
{
    const struct {
        const char *card, *part;
    } cases[] = {
        {"[input]\norder=GRB\n", "order"},
        {"[input]\nmean=1;x;3\n", "mean"},
        {"[input]\nmean=1;2;3;4\n", "mean"},
        {"[input]\nrange=1\n", "range"},
        {"[input]\nstd=0\n", "std"},
        {"[input]\nmean=nan\n", "mean"},
        {"[input]\nsize=0\n", "size"},
        {"[input]\nsize=99999\n", "size"},
        {"[output]\nlabels-file=nowhere.txt\n", "nowhere.txt"},
        {"no key file", "bad.ini"},
    };
    char *path = fixture_model(any_size("x", "1,3,-1,-1"), "bad.onnx");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        fixture_write("bad.ini", cases[i].card);
        refused(path, cases[i].part);
    }
    g_free(path);
}

static void
other_numbers_of_channels_are_refused(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,4,8,8");
    new_weights(net, "w", "2,4,3,3", 1);
    new_node(net, "Conv", "conv1", "x;w", "y", "");
    new_output(net, "y");
    char *path = fixture_model(net, "four.onnx");
    refused(path, "4");
    g_free(path);
    path = fixture_model(any_size("x", "1,1,-1,-1"), "gray.onnx");
    g_assert_cmpint(open_net(path)->channels, ==, 1);
    g_free(path);
}

static void
a_model_is_opened_once(void)
{
    char *path = fixture_model(any_size("x", "1,3,-1,-1"), "once.onnx");
    Net *net = open_net(path);
    g_assert_true(open_net(path) == net);
    g_free(path);
}

static void
labels_are_found_by_name_and_number(void)
{
    char *names[] = {"tench, Tinca tinca", "Crane", "crane", "a;b", "", "crane", NULL};
    Labels labels = {names, 6};
    const struct {
        const char *wanted;
        gsize found;
    } cases[] = {
        {"crane", 2}, {"CRANE", 1}, {"Tench", 0}, {"tench, tinca tinca", 0}, {"5", 5}};
    gsize found;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_true(labels_find(&labels, 6, cases[i].wanted, &found, NULL));
        g_assert_cmpuint(found, ==, cases[i].found);
    }
    g_assert_false(labels_find(&labels, 6, "6", &found, NULL));
    g_assert_false(labels_find(&labels, 6, "-1", &found, NULL));

    /* What a list offers is found again; what cannot be is offered by number. */
    for (gsize i = 0; i < 6; i++) {
        char *key = labels_key(&labels, i);
        g_assert_true(labels_find(&labels, 6, key, &found, NULL));
        g_assert_cmpuint(found, ==, i);
        g_assert_null(strchr(key, ';'));
        g_free(key);
    }
    char *name = labels_name(&labels, 4);
    g_assert_cmpstr(name, ==, "class 4");
    g_free(name);
}

static void
imagenet_names_are_taken_for_a_thousand_classes(void)
{
    char *path = fixture_model(any_size("x", "1,3,-1,-1"), "names.onnx");
    Net *net = open_net(path);
    Labels labels = net_labels(net, 1000);
    g_assert_cmpuint(labels.count, ==, 1000);
    g_assert_cmpstr(labels.names[281], ==, "tabby");
    labels_clear(&labels);
    labels = net_labels(net, 1001);
    g_assert_cmpuint(labels.count, ==, 1001);
    g_assert_cmpstr(labels.names[282], ==, "tabby");
    labels_clear(&labels);
    labels = net_labels(net, 10);
    g_assert_cmpuint(labels.count, ==, 0);
    g_free(path);

    fixture_write("names.ini", "[output]\nlabels=a;b\n");
    path = fixture_model(any_size("x", "1,3,-1,-1"), "names.onnx");
    memory_host_reset();
    labels = net_labels(open_net(path), 10);
    g_assert_cmpuint(labels.count, ==, 0);
    g_assert_true(fixture_said("by number"));
    g_free(path);
}

static void
pick_lists_come_from_the_model(void)
{
    char *path = fixture_red_net();
    ParamValues *values =
        param_values_new(procedure_occlusion.params, procedure_occlusion.n_params);
    param_set_text(values, "model", path);
    GError *error = NULL;
    GPtrArray *layers = net_pick_layers(values, &error);
    g_assert_no_error(error);
    gboolean found = FALSE;
    for (guint i = 0; i < layers->len; i++) {
        const ParamPick *pick = g_ptr_array_index(layers, i);
        found = found || (g_str_equal(pick->value, "maps") &&
                          strstr(pick->label, "2 × 8 × 8") != NULL);
    }
    g_assert_true(found);
    g_ptr_array_unref(layers);
    GPtrArray *labels = net_pick_labels(values, &error);
    g_assert_cmpuint(labels->len, ==, 2);
    g_assert_cmpstr(((ParamPick *)g_ptr_array_index(labels, 1))->value, ==, "green");
    g_ptr_array_unref(labels);
    param_values_free(values);
    g_free(path);
}

/* A net of a convolution and a fully connected layer that fits pictures of 40 pixels. */
static NewModel *
fits_forty(const char *shape, int numbers)
{
    char *weights = g_strdup_printf("3240,%d", numbers);
    NewModel *net = new_model(13);
    new_input(net, "x", shape);
    new_weights(net, "w", "10,3,5,5", 1);
    new_weights(net, "v", weights, 2);
    new_node(net, "Conv", "conv1", "x;w", "c", "strides=2,2");
    new_node(net, "Flatten", "", "c", "f", "");
    new_node(net, "MatMul", "", "f;v", "z", "");
    new_output(net, "z");
    g_free(weights);
    return net;
}

static void
a_size_that_the_layers_fit_is_looked_for(void)
{
    static const char *const shapes[] = {"-1,3,-1,-1", "1,3,32,32"};
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        char *path = fixture_model(fits_forty(shapes[i], 4), "forty.onnx");
        net_forget();
        Net *net = open_net(path);
        g_assert_cmpint(net->height, ==, 40);
        g_assert_cmpint(net->width, ==, 40);
        g_assert_true(net->found_size);
        g_free(path);
    }
}

static void
one_number_has_two_labels(void)
{
    char *path = fixture_model(fits_forty("1,3,40,40", 1), "yes.onnx");
    fixture_write("yes.ini", "[output]\nlabels=cat\n");
    net_forget();
    Net *net = open_net(path);
    DcnClassifier classifier;
    GError *error = NULL;
    g_assert_true(net_classifier(net, &classifier, &error));
    g_assert_cmpuint(classifier.classes, ==, 2);
    Labels labels = net_labels(net, classifier.classes);
    g_assert_cmpuint(labels.count, ==, 2);
    g_assert_cmpstr(labels.names[0], ==, "not cat");
    g_assert_cmpstr(labels.names[1], ==, "cat");
    labels_clear(&labels);
    g_free(path);
}

static void
a_card_names_the_answer(void)
{
    NewModel *model = fits_forty("1,3,40,40", 4);
    new_node(model, "Relu", "", "z", "other", "");
    new_output(model, "other");
    char *path = fixture_model(model, "named.onnx");
    fixture_write("named.ini", "[output]\nname=other\n");
    net_forget();
    Net *net = open_net(path);
    DcnClassifier classifier;
    g_assert_true(net_classifier(net, &classifier, NULL));
    g_assert_cmpstr(dcn_plan_name(net->survey, classifier.tensor), ==, "other");
    g_free(path);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/card/said", a_card_says_how_pictures_are_prepared);
    g_test_add_func("/card/assumed", without_a_card_conventions_are_assumed);
    g_test_add_func("/card/metadata", metadata_serve_where_the_card_is_silent);
    g_test_add_func("/card/bad", bad_cards_are_refused_by_key);
    g_test_add_func("/net/channels", other_numbers_of_channels_are_refused);
    g_test_add_func("/net/fits", a_size_that_the_layers_fit_is_looked_for);
    g_test_add_func("/net/yes-or-no", one_number_has_two_labels);
    g_test_add_func("/net/answer", a_card_names_the_answer);
    g_test_add_func("/net/once", a_model_is_opened_once);
    g_test_add_func("/labels/find", labels_are_found_by_name_and_number);
    g_test_add_func("/labels/imagenet", imagenet_names_are_taken_for_a_thousand_classes);
    g_test_add_func("/net/picks", pick_lists_come_from_the_model);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
