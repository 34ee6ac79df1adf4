/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.c: tests of what other programs' metadata and files beside a model say. */
#include "net/words.h"
#include "net/names.h"
#include "net/net.h"
#include "plugin/fixture/fixture.h"
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* --- lists of names --- */

static void
lists_are_read_in_either_notation(void)
{
    const struct {
        const char *text;
        gsize count;
        gsize index; /* what is looked at */
        const char *name;
    } cases[] = {
        {"{0: 'tench', 1: \"it's\"}", 2, 1, "it's"},
        {"{\"1\": \"b\", \"0\":\"a\"}", 2, 0, "a"},
        {"['x', 'y' , 'z']", 3, 2, "z"},
        {"[\"x\",]", 1, 0, "x"},
        {" {2:'c',\n0:'a'} ", 3, 1, ""},
        {"['it\\'s', \"\\u00e9t\\u00e9\", 'a\\\\b']", 3, 1, "été"},
        {"['it\\'s', 'a\\\\b']", 2, 1, "a\\b"},
        {"['\\ud83d\\ude00']", 1, 0, "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"['new\\nline']", 1, 0, "new line"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Labels labels = {0};
        g_test_message("%s", cases[i].text);
        g_assert_true(names_parse(&labels, cases[i].text));
        g_assert_cmpuint(labels.count, ==, cases[i].count);
        g_assert_cmpuint(g_strv_length(labels.names), ==, cases[i].count);
        g_assert_cmpstr(labels.names[cases[i].index], ==, cases[i].name);
        labels_clear(&labels);
    }
}

static void
what_is_no_list_says_nothing(void)
{
    static const char *const cases[] = {
        "",
        "cat",
        "{",
        "[",
        "{}",
        "[]",
        "['a'",
        "['a' 'b']",
        "['a'] more",
        "['a'}",
        "{0: 'a']",
        "{0 'a'}",
        "{a: 'a'}",
        "{-1: 'a'}",
        "{'1x': 'a'}",
        "{0: 1}",
        "[['a']]",
        "['a\\",
        "['a\\u12",
        "['a\\u0000']",
        "['\xff']",
        "{99999999999999999999: 'a'}",
        "{1000000: 'a'}",
        "{999999: 'a'}", /* mostly gaps */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Labels labels = {0};
        g_autofree char *shown = g_strescape(cases[i], NULL);
        g_test_message("%s", shown);
        g_assert_false(names_parse(&labels, cases[i]));
        g_assert_null(labels.names);
        g_assert_cmpuint(labels.count, ==, 0);
    }
}

static Labels
labels_of(const char *lines)
{
    Labels labels = {0};
    g_assert_true(labels_parse(&labels, lines, "test", NULL));
    names_tidy(&labels);
    return labels;
}

static void
numbers_before_names_are_taken_off(void)
{
    const struct {
        const char *lines, *second;
    } cases[] = {
        {"n01440764 tench, Tinca tinca\nn01443537 goldfish", "goldfish"},
        {"0 cat\n1 dog", "dog"},
        {"0: cat\n1: dog", "dog"},
        {"0,cat\n1,dog", "dog"},
        {"0 cat\n2 dogs", "2 dogs"}, /* not its own number: a name */
        {"cat\n1 dog", "1 dog"},
        {"0\n1", "1"}, /* digits are names of digits */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Labels labels = labels_of(cases[i].lines);
        g_assert_cmpstr(labels.names[1], ==, cases[i].second);
        labels_clear(&labels);
    }
}

/* --- a net and what is beside it --- */

/* Two classes, any size. */
static NewModel *
plain_net(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,-1,-1");
    new_weights(net, "w", "2,3,3,3", 1);
    new_node(net, "Conv", "conv1", "x;w", "c", "");
    new_node(net, "GlobalAveragePool", "pool", "c", "y", "");
    new_output(net, "y");
    return net;
}

/* Files beside are taken away again. */
static Net *
open_beside(NewModel *model, const char *file, const char *text)
{
    g_autofree char *path = fixture_model(model, "words.onnx");
    g_autofree char *beside = file ? fixture_path(file) : NULL;
    if (file)
        fixture_write(file, text);
    GError *error = NULL;
    Net *net = net_open(path, &error);
    g_assert_no_error(error);
    if (file)
        g_unlink(beside);
    return net;
}

static void
check_how(
    const Net *net, gboolean bgr, double range, const double mean[3], const double std[3])
{
    const DcnPreprocessing *how = &net->card.how;
    g_assert_cmpint(net->card.source, ==, CARD_WORDS);
    g_assert_cmpint(net->card.sure, ==, CARD_CERTAIN);
    g_assert_cmpint(how->bgr, ==, bgr);
    g_assert_cmpfloat_with_epsilon((double)how->range, range, 1e-4);
    for (int c = 0; c < 3; c++) {
        g_assert_cmpfloat_with_epsilon((double)how->mean[c], mean[c], 1e-4);
        g_assert_cmpfloat_with_epsilon((double)how->std[c], std[c], 1e-4);
    }
    memory_host_reset();
    net_tell(net);
    g_assert_cmpuint(memory_host()->messages->len, ==, 0);
}

static const double zeroes[3] = {0, 0, 0}, ones[3] = {1, 1, 1},
                    sixteen[3] = {-16, -16, -16}, halves[3] = {0.5, 0.5, 0.5},
                    mean[3] = {0.1, 0.2, 0.3}, std[3] = {0.4, 0.5, 0.6};

static void
metadata_of_images_are_read(void)
{
    const struct {
        const char *format, *range;
        gboolean bgr;
        double fed;
        const double *mean;
    } cases[] = {
        {"Bgr8", "NominalRange_0_255", TRUE, 255, zeroes},
        {"Rgb8", "Normalized_0_1", FALSE, 1, zeroes},
        {"BGRA8", "normalized_1_1", TRUE, 2, ones},
        {"Rgb8", "NominalRange_16_235", FALSE, 219, sixteen},
        {"Bgr8", NULL, TRUE, 255, zeroes},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        NewModel *model = plain_net();
        new_metadata(model, "Image.BitmapPixelFormat", cases[i].format);
        if (cases[i].range)
            new_metadata(model, "Image.NominalPixelRange", cases[i].range);
        check_how(open_beside(model, NULL, NULL), cases[i].bgr, cases[i].fed,
                  cases[i].mean, ones);
    }
}

/* A picture of sRGB's middle is fed as the light that it stands for. */
static void
linear_light_is_fed_where_the_file_says_so(void)
{
    const struct {
        const char *gamma, *range;
        double fed;
    } cases[] = {
        {"Linear", "Normalized_0_1", 0.2140411},
        {"linear", "NominalRange_0_255", 54.58048},
        {"SRGB", "Normalized_0_1", 0.5},
        {"Linear", NULL, (0.2140411 - 0.485) / 0.229}, /* the rest is guessed */
    };
    const float rgb[12] = {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f,
                           0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        NewModel *model = plain_net();
        float input[12];
        new_metadata(model, "Image.ColorSpaceGamma", cases[i].gamma);
        if (cases[i].range)
            new_metadata(model, "Image.NominalPixelRange", cases[i].range);
        Net *net = open_beside(model, NULL, NULL);
        gboolean linear = g_ascii_strcasecmp(cases[i].gamma, "linear") == 0;
        g_assert_cmpint(net->card.how.linear, ==, linear);
        g_assert_cmpint(net->card.source, ==,
                        cases[i].range ? CARD_WORDS : CARD_IMAGENET);
        net->height = net->width = 2;
        net_input(net, rgb, input);
        g_assert_cmpfloat_with_epsilon((double)input[0], cases[i].fed, 1e-4);
        g_autofree char *fed = card_feeding(&net->card, 3);
        g_assert_cmpint(strstr(fed, "linear light") != NULL, ==, linear);
        net_neutral(net, input);
        if (!cases[i].range) /* the mean of light, encoded */
            g_assert_cmpfloat_with_epsilon((double)input[0], 0.7251, 1e-3);
    }
    fixture_write("words.ini", "[input]\ngamma=linear\n");
    Net *net = open_beside(plain_net(), NULL, NULL);
    g_assert_cmpint(net->card.source, ==, CARD_SAID);
    g_assert_true(net->card.how.linear);
    g_autofree char *card = fixture_path("words.ini");
    g_unlink(card);
}

static void
metadata_of_trainers_are_read(void)
{
    NewModel *model = plain_net(); /* Ultralytics */
    new_metadata(model, "names", "{0: 'cat', 1: 'dog'}");
    new_metadata(model, "imgsz", "[64, 96]");
    new_metadata(model, "task", "classify");
    Net *net = open_beside(model, NULL, NULL);
    check_how(net, FALSE, 1, zeroes, ones);
    g_assert_cmpint(net->height, ==, 64);
    g_assert_cmpint(net->width, ==, 96);
    Labels labels = net_labels(net, 2);
    g_assert_cmpstr(labels.names[1], ==, "dog");
    labels_clear(&labels);

    model = plain_net(); /* timm */
    new_metadata(model, "mean", "(0.1, 0.2, 0.3)");
    new_metadata(model, "std", "[0.4, 0.5, 0.6]");
    new_metadata(model, "input_size", "(3, 48, 32)");
    net = open_beside(model, NULL, NULL);
    check_how(net, FALSE, 1, mean, std);
    g_assert_cmpint(net->height, ==, 48);
    g_assert_cmpint(net->width, ==, 32);

    model = plain_net(); /* of 0 ... 255, as its mean says */
    new_metadata(model, "mean", "127.5");
    check_how(open_beside(model, NULL, NULL), FALSE, 255,
              (const double[]){127.5, 127.5, 127.5}, ones);
}

static void
processors_of_hugging_face_are_read(void)
{
    const struct {
        const char *text;
        gboolean bgr;
        double range;
        const double *mean, *std;
        int side;
    } cases[] = {
        {"{\"do_normalize\": true, \"do_rescale\": true, \"image_mean\": [0.1, 0.2, 0.3],"
         "\"image_std\": [0.4,0.5,0.6], \"rescale_factor\": 0.00392156862745098,"
         "\"size\": {\"height\": 48, \"width\": 48}}",
         FALSE, 1, mean, std, 48},
        {"{\"image_mean\": [0.5,0.5,0.5], \"image_std\": [0.5,0.5,0.5], \"crop_size\": 40,"
         "\"size\": {\"shortest_edge\": 64}}",
         FALSE, 1, halves, halves, 40},
        {"{\"image_mean\": [0.5,0.5,0.5], \"image_std\": [0.5,0.5,0.5], \"crop_size\": 40,"
         "\"do_center_crop\": false, \"size\": {\"shortest_edge\": 64}}",
         FALSE, 1, halves, halves, 64},
        {"{\"do_normalize\": false, \"image_mean\": [0.5,0.5,0.5], \"size\": 56}", FALSE,
         1, zeroes, ones, 56},
        {"{\"do_rescale\": false, \"do_normalize\": false, \"size\": 56}", FALSE, 255,
         zeroes, ones, 56},
        {"{\"do_flip_channel_order\": true, \"crop_size\": {\"height\": 32, \"width\": 32}}",
         TRUE, 1, zeroes, ones, 32},
        {"{\"rescale_factor\": 0.00784313725490196, \"rescale_offset\": true,"
         "\"do_normalize\": false, \"size\": 56}",
         FALSE, 2, ones, ones, 56},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Net *net = open_beside(plain_net(), "preprocessor_config.json", cases[i].text);
        g_test_message("%s", cases[i].text);
        g_assert_nonnull(strstr(net->card.because, "preprocessor_config.json"));
        check_how(net, cases[i].bgr, cases[i].range, cases[i].mean, cases[i].std);
        g_assert_cmpint(net->height, ==, cases[i].side);
    }
}

static void
timms_config_is_read(void)
{
    Net *net = open_beside(
        plain_net(), "config.json",
        "{\"architecture\": \"x\", \"label_names\": [\"a {\\\"[\", \"b\"],\n"
        "\"pretrained_cfg\": {\"input_size\": [3, 40, 48], \"mean\": [0.1, 0.2, 0.3],"
        "\"std\": [0.4, 0.5, 0.6]}}");
    check_how(net, FALSE, 1, mean, std);
    g_assert_cmpint(net->height, ==, 40);
    g_assert_cmpint(net->width, ==, 48);
    Labels labels = net_labels(net, 2);
    g_assert_cmpstr(labels.names[0], ==, "a {\"[");
    labels_clear(&labels);
}

static void
files_above_the_folder_onnx_are_read(void)
{
    g_autofree char *folder = fixture_path("onnx"), *config = fixture_path("config.json");
    g_mkdir(folder, 0700);
    fixture_write("config.json", "{\"id2label\": {\"0\": \"cat\", \"1\": \"dog\"}}");
    g_autofree char *path = fixture_model(plain_net(), "onnx/words.onnx");
    Labels labels = net_labels(net_open(path, NULL), 2);
    g_assert_cmpuint(labels.count, ==, 2);
    g_assert_cmpstr(labels.names[0], ==, "cat");
    labels_clear(&labels);
    g_unlink(config);
}

static void
says_nothing(const char *file, const char *text)
{
    Net *net = open_beside(plain_net(), file, text);
    g_assert_cmpint(net->card.source, ==, CARD_IMAGENET);
    g_assert_cmpuint(net->card.words.n_lists, ==, 0);
    g_assert_cmpint(net->height, ==, 224);
}

static char *
nested(int depth)
{
    GString *text =
        g_string_new("{\"image_mean\": [0.1, 0.2, 0.3], \"size\": 40, \"x\": ");
    for (int i = 0; i < depth; i++)
        g_string_append_c(text, '[');
    for (int i = 0; i < depth; i++)
        g_string_append_c(text, ']');
    g_string_append_c(text, '}');
    return g_string_free(text, FALSE);
}

static void
what_cannot_be_read_says_nothing(void)
{
    static const char *const cases[] = {
        "",
        "{",
        "[]",
        "null",
        "{\"image_mean\": [0.1, 0.2, 0.3}",
        "{\"image_mean\": [0.1, 0.2]}",
        "{\"image_mean\": [\"0.1\", 0.2, 0.3]}",
        "{\"image_mean\": [null, 0.2, 0.3]}",
        "{\"image_mean\": [1e999, 0.2, 0.3]}",
        "{\"image_mean\": [0.1, 0.2, 0.3], \"image_std\": [0, 0, 0]}",
        "{\"image_mean\": [0.1, 0.2, 0.3], \"rescale_factor\": -1}",
        "{\"image_mean\": {}, \"size\": [], \"crop_size\": null}",
        "{\"size\": 0}",
        "{\"size\": 1e9}",
        "{\"size\": {\"height\": 40}}",
        "// \"\n{\"size\": 40}", /* a comment */
        "{\"size\": 40, \"x\": \"\xff\"}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *shown = g_strescape(cases[i], NULL);
        g_test_message("%s", shown);
        says_nothing("preprocessor_config.json", cases[i]);
    }
    static const char *const lists[] = {
        "{\"id2label\": {\"0\": \"LABEL_0\", \"1\": \"LABEL_1\"}}",
        "{\"id2label\": {\"0\": 1}}",
        "{\"id2label\": 5, \"label_names\": {}, \"pretrained_cfg\": []}",
        "{\"label_names\": [\"n01440764\", \"n01443537\"]}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        says_nothing("config.json", lists[i]);
    says_nothing("labels.txt", "");
    says_nothing("labels.txt", "\xff\xfe");
}

static void
json_that_is_deep_or_large_is_left_alone(void)
{
    g_autofree char *flat = nested(60), *deep = nested(64), *deeper = nested(1000000);
    Net *net = open_beside(plain_net(), "preprocessor_config.json", flat);
    check_how(net, FALSE, 1, mean, ones);
    says_nothing("preprocessor_config.json", deep);
    says_nothing("preprocessor_config.json", deeper);

    GString *large = g_string_new("{\"size\": 40, \"x\": \"");
    while (large->len < (5 << 20))
        g_string_append(large, "0123456789012345678901234567890123456789");
    g_string_append(large, "\"}");
    says_nothing("preprocessor_config.json", large->str);
    g_string_free(large, TRUE);
}

/* --- who is believed --- */

static void
the_card_comes_before_words_and_words_before_the_graph(void)
{
    const char *text = "{\"image_mean\": [0.1, 0.2, 0.3], \"size\": 40}";
    fixture_write("words.ini", "[input]\nmean=7\n[output]\nlabels=a;b\n");
    Net *net = open_beside(plain_net(), "preprocessor_config.json", text);
    g_assert_cmpint(net->card.source, ==, CARD_SAID);
    g_assert_cmpfloat(net->card.how.mean[0], ==, 7);
    g_assert_cmpint(net->height, ==, 40); /* of this the card says nothing */

    fixture_write("words.ini", "[input]\nsize=50\n");
    net = open_beside(plain_net(), "preprocessor_config.json", text);
    check_how(net, FALSE, 1, mean, ones);
    g_assert_cmpint(net->height, ==, 50);
    g_autofree char *card = fixture_path("words.ini");
    g_unlink(card);

    NewModel *model = new_model(13); /* the net itself wants 0 ... 255 */
    new_input(model, "x", "1,3,8,8");
    new_floats(model, "by", "", (const float[]){1 / 255.0f});
    new_weights(model, "w", "2,3,3,3", 1);
    new_node(model, "Mul", "", "x;by", "a", "");
    new_node(model, "Conv", "conv1", "a;w", "y", "");
    new_output(model, "y");
    check_how(open_beside(model, "preprocessor_config.json", text), FALSE, 1, mean, ones);
}

static void
lists_of_another_length_say_nothing(void)
{
    NewModel *model = plain_net();
    new_metadata(model, "names", "{0: 'a', 1: 'b', 2: 'c'}");
    Net *net = open_beside(model, "labels.txt", "0 cat\n1 dog\n");
    memory_host_reset();
    Labels labels = net_labels(net, 2);
    g_assert_cmpuint(labels.count, ==, 2);
    g_assert_cmpstr(labels.names[1], ==, "dog");
    labels_clear(&labels);
    labels = net_labels(net, 4);
    g_assert_cmpuint(labels.count, ==, 0);
    labels = net_labels(net, 1000); /* as if there were none */
    g_assert_cmpstr(labels.names[281], ==, "tabby");
    labels_clear(&labels);
    g_assert_cmpuint(memory_host()->messages->len, ==, 0);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/names/read", lists_are_read_in_either_notation);
    g_test_add_func("/names/none", what_is_no_list_says_nothing);
    g_test_add_func("/names/tidy", numbers_before_names_are_taken_off);
    g_test_add_func("/words/image", metadata_of_images_are_read);
    g_test_add_func("/words/linear", linear_light_is_fed_where_the_file_says_so);
    g_test_add_func("/words/trainers", metadata_of_trainers_are_read);
    g_test_add_func("/words/hugging-face", processors_of_hugging_face_are_read);
    g_test_add_func("/words/timm", timms_config_is_read);
    g_test_add_func("/words/above", files_above_the_folder_onnx_are_read);
    g_test_add_func("/words/broken", what_cannot_be_read_says_nothing);
    g_test_add_func("/words/deep", json_that_is_deep_or_large_is_left_alone);
    g_test_add_func("/words/order",
                    the_card_comes_before_words_and_words_before_the_graph);
    g_test_add_func("/words/lists", lists_of_another_length_say_nothing);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
