/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guess.c: tests of the guessed preprocessing, by a net whose answer to a red picture
 * names the values that it was fed. */
#include "net/guess.h"
#include "net/net.h"
#include "plugin/fixture/fixture.h"
#include <string.h>

/* What red becomes by each convention, in the net's order. */
static const struct {
    const char *name;
    float red[3];
} fed[] = {
    {"0..1 RGB", {1, 0, 0}},
    {"0..1 BGR", {0, 0, 1}},
    {"0..255 RGB", {255, 0, 0}},
    {"0..255 BGR", {0, 0, 255}},
    {"-1..1 RGB", {1, -1, -1}},
    {"-128..127 RGB", {127, -128, -128}},
    {"Caffe", {-104, -117, 132}},
    {"ImageNet", {2.2489f, -2.0357f, -1.8044f}},
    {"ImageNet BGR", {-1.8044f, -2.0357f, 2.2489f}},
};

/* What a net does before anything else. */
typedef enum {
    NOTHING,
    TORCH,           /* Sub, Div: ImageNet's of 0 ... 1 */
    TORCH_255,       /* Mul 1/255, Sub, Div */
    TORCH_NHWC,      /* the same, before Transpose */
    MEAN_BGR,        /* Sub 103.9 116.8 123.7 */
    NORMALISED,      /* BatchNormalization with the statistics of 0 ... 255 */
    RESCALED,        /* Mul 1/127.5, Sub 1 */
    HALVED,          /* Add 1, Mul 0.5 */
    DEEP,            /* 12 convolutions that change nothing */
    LEVELS_TORCH,    /* QuantizeLinear, DequantizeLinear: uint8, scale 0.0187, zero 114 */
    LEVELS_TORCH_I8, /* the same of int8 without a zero point: scale 0.0208 */
    LEVELS_01,       /* scale 1/255, zero 0 */
    LEVELS_11,       /* scale 1/127.5, zero 128 */
    LEVELS_255,      /* scale 1, zero 0 */
    LEVELS_CAFFE,    /* scale 1.08, zero 114 */
    LEVELS_ODD,      /* scale 0.1, zero 30: of no pictures that are known */
} Inside;

static const char *
add(NewModel *net, const char *type, const char *from, const char *with)
{
    static char name[2][32];
    static int turn;
    char *to = name[turn ^= 1];
    static int count;
    g_snprintf(to, sizeof name[0], "inside%d", count++);
    g_autofree char *inputs = g_strdup_printf("%s;%s", from, with);
    new_node(net, type, "", inputs, to, "");
    return to;
}

/* Counts in levels of 8 bits, and back. */
static const char *
add_levels(NewModel *net, const char *from, float scale, gboolean below, int zero)
{
    const guint8 byte = (guint8)zero;
    new_floats(net, "scale", "", &scale);
    new_bytes(net, "zero", "", below ? DCN_INT8 : DCN_UINT8, &byte, 1, TRUE);
    return add(net, "DequantizeLinear", add(net, "QuantizeLinear", from, "scale;zero"),
               "scale;zero");
}

static const char *
add_inside(NewModel *net, Inside inside, const char *from)
{
    const char *shape = inside == TORCH_NHWC ? "3" : "1,3,1,1";
    new_floats(net, "mean", shape, (const float[]){0.485f, 0.456f, 0.406f});
    new_floats(net, "std", shape, (const float[]){0.229f, 0.224f, 0.225f});
    new_floats(net, "bgr", shape, (const float[]){103.939f, 116.779f, 123.68f});
    new_floats(net, "by255", "", (const float[]){1 / 255.0f});
    new_floats(net, "by127", "", (const float[]){1 / 127.5f});
    new_floats(net, "one", "", (const float[]){1});
    new_floats(net, "half", "", (const float[]){0.5f});
    new_floats(net, "bn-scale", "3", (const float[]){1, 1, 1});
    new_floats(net, "bn-bias", "3", (const float[]){0, 0, 0});
    new_floats(net, "bn-mean", "3", (const float[]){123.675f, 116.28f, 103.53f});
    new_floats(net, "bn-var", "3", (const float[]){3409.98f, 3262.69f, 3291.89f});
    switch (inside) {
    case NOTHING:
        return from;
    case TORCH:
        return add(net, "Div", add(net, "Sub", from, "mean"), "std");
    case TORCH_255:
    case TORCH_NHWC:
        from = add(net, "Mul", from, "by255");
        return add(net, "Div", add(net, "Sub", from, "mean"), "std");
    case MEAN_BGR:
        return add(net, "Sub", from, "bgr");
    case NORMALISED:
        return add(net, "BatchNormalization", from, "bn-scale;bn-bias;bn-mean;bn-var");
    case RESCALED:
        return add(net, "Sub", add(net, "Mul", from, "by127"), "one");
    case HALVED:
        return add(net, "Mul", add(net, "Add", from, "one"), "half");
    case DEEP:
        new_floats(net, "same", "3,3,1,1", (const float[]){1, 0, 0, 0, 1, 0, 0, 0, 1});
        for (int i = 0; i < 12; i++)
            from = add(net, "Conv", from, "same");
        return from;
    case LEVELS_TORCH:
        return add_levels(net, from, 0.0187f, FALSE, 114);
    case LEVELS_TORCH_I8:
        return add_levels(net, from, 0.0208f, TRUE, 0);
    case LEVELS_01:
        return add_levels(net, from, 1 / 255.0f, FALSE, 0);
    case LEVELS_11:
        return add_levels(net, from, 1 / 127.5f, FALSE, 128);
    case LEVELS_255:
        return add_levels(net, from, 1, FALSE, 0);
    case LEVELS_CAFFE:
        return add_levels(net, from, 1.08f, FALSE, 114);
    case LEVELS_ODD:
        return add_levels(net, from, 0.1f, FALSE, 30);
    }
    return from;
}

/* A class for each line of fed, the nearest of which wins: 2 p x - p p is largest for the
 * p that is nearest to x. */
static NewModel *
telling_net(const char *input, gboolean nhwc, Inside inside, const char *end)
{
    enum { N = G_N_ELEMENTS(fed) };
    float weights[3 * N], bias[N] = {0};
    GString *labels = g_string_new(NULL);
    for (int k = 0; k < N; k++) {
        for (int c = 0; c < 3; c++) {
            weights[3 * k + c] = 2 * fed[k].red[c];
            bias[k] -= fed[k].red[c] * fed[k].red[c];
        }
        g_string_append_printf(labels, "%s\n", fed[k].name);
    }
    NewModel *net = new_model(13);
    new_metadata(net, "labels", labels->str);
    g_string_free(labels, TRUE);
    new_input(net, input, nhwc ? "1,8,8,3" : "1,3,8,8");
    new_floats(net, "w", "9,3,1,1", weights);
    new_floats(net, "b", "9", bias);
    const char *picture = add_inside(net, inside, input);
    if (nhwc) {
        new_node(net, "Transpose", "", picture, "planes", "perm=0,3,1,2");
        picture = "planes";
    }
    g_autofree char *inputs = g_strconcat(picture, ";w;b", NULL);
    new_node(net, "Conv", "conv", inputs, "conv", "");
    new_node(net, "GlobalAveragePool", "mean", "conv", "pooled", "");
    new_node(net, "Flatten", "flat", "pooled", end ? "scores" : "scores_out", "");
    if (end)
        new_node(net, "Softmax", "softmax", "scores", end, "axis=1");
    new_output(net, end ? end : "scores_out");
    return net;
}

/* What the net of a file names for a red picture. g_free() */
static char *
answer(const char *path)
{
    Photo photo = fixture_photo(8, 8);
    for (int i = 0; i < 64; i++)
        fixture_dot(&photo, i % 8, i / 8, 1, 0, 0);
    fixture_done(&photo);
    g_autofree char *argument = g_strconcat("model=", path, NULL);
    Call call = fixture_call(&procedure_classify, &photo, argument, NULL);
    g_assert_no_error(call.error);
    char *label = g_strdup(call.results[0].text);
    fixture_call_clear(&call);
    fixture_free(&photo);
    return label;
}

static void
each_guess_feeds_what_the_net_was_made_for(void)
{
    const struct {
        const char *file, *input;
        gboolean nhwc;
        Inside inside;
        const char *end, *seen;
        CardSource source;
        CardSure sure;
    } cases[] = {
        {"net", "x", 0, NOTHING, NULL, "ImageNet", CARD_IMAGENET, CARD_GUESSED},
        {"net", "x", 0, NOTHING, "prob", "ImageNet", CARD_IMAGENET, CARD_GUESSED},
        {"net", "x", 0, TORCH, NULL, "ImageNet", CARD_INSIDE, CARD_LIKELY},
        {"net", "x", 0, TORCH_255, NULL, "ImageNet", CARD_INSIDE, CARD_LIKELY},
        {"net", "x", 1, TORCH_NHWC, NULL, "ImageNet", CARD_INSIDE, CARD_LIKELY},
        {"net", "x", 0, NORMALISED, NULL, "ImageNet", CARD_INSIDE, CARD_LIKELY},
        {"net", "data", 0, MEAN_BGR, "prob", "Caffe", CARD_INSIDE, CARD_LIKELY},
        {"net", "x", 1, RESCALED, NULL, "-1..1 RGB", CARD_INSIDE, CARD_LIKELY},
        {"net", "x", 0, HALVED, NULL, "0..1 RGB", CARD_INSIDE, CARD_LIKELY},
        {"net", "data", 0, NOTHING, NULL, "ImageNet", CARD_IMAGENET, CARD_GUESSED},
        {"net", "data", 0, NOTHING, "prob", "Caffe", CARD_CAFFE, CARD_LIKELY},
        {"net", "data_0", 0, NOTHING, "softmaxout_1", "Caffe", CARD_CAFFE, CARD_LIKELY},
        {"net", "gpu_0/data_0", 0, NOTHING, "p", "Caffe", CARD_CAFFE, CARD_LIKELY},
        {"net", "data_x", 0, NOTHING, "prob", "ImageNet", CARD_IMAGENET, CARD_GUESSED},
        {"net", "x", 1, NOTHING, NULL, "0..1 RGB", CARD_KERAS, CARD_GUESSED},
        {"net", "input_1:0", 0, NOTHING, NULL, "0..1 RGB", CARD_KERAS, CARD_GUESSED},
        {"net", "input_1:0", 0, DEEP, NULL, "-1..1 RGB", CARD_KERAS, CARD_GUESSED},
        {"net", "x", 0, DEEP, NULL, "ImageNet", CARD_IMAGENET, CARD_GUESSED},
        {"ResNet-50", "x", 1, NOTHING, NULL, "Caffe", CARD_KERAS, CARD_LIKELY},
        {"resnet50_v2", "x", 1, NOTHING, NULL, "-1..1 RGB", CARD_KERAS, CARD_GUESSED},
        {"vgg16", "x", 1, NOTHING, NULL, "Caffe", CARD_KERAS, CARD_LIKELY},
        {"densenet121", "x", 1, NOTHING, NULL, "ImageNet", CARD_KERAS, CARD_LIKELY},
        {"EfficientNetB0", "x", 1, NOTHING, NULL, "0..255 RGB", CARD_KERAS, CARD_LIKELY},
        {"efficientnet-lite4", "x", 1, NOTHING, NULL, "-1..1 RGB", CARD_KERAS,
         CARD_GUESSED},
        {"my_mobilenet_v3", "x", 1, NOTHING, NULL, "0..255 RGB", CARD_KERAS, CARD_LIKELY},
        {"vgg16", "x", 1, LEVELS_01, NULL, "0..1 RGB", CARD_LEVELS, CARD_LIKELY},
        {"net", "data", 0, LEVELS_TORCH, "prob", "ImageNet", CARD_LEVELS, CARD_LIKELY},
        {"net", "x", 0, LEVELS_TORCH_I8, NULL, "ImageNet", CARD_LEVELS, CARD_GUESSED},
        {"net", "x", 0, LEVELS_11, NULL, "-1..1 RGB", CARD_LEVELS, CARD_GUESSED},
        {"net", "x", 0, LEVELS_255, NULL, "0..255 RGB", CARD_LEVELS, CARD_LIKELY},
        {"net", "x", 0, LEVELS_CAFFE, NULL, "Caffe", CARD_LEVELS, CARD_LIKELY},
        {"net", "x", 0, LEVELS_ODD, NULL, "ImageNet", CARD_IMAGENET, CARD_GUESSED},
        {"vgg16-torch", "x", 0, NOTHING, NULL, "ImageNet", CARD_IMAGENET, CARD_GUESSED},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *file = g_strconcat(cases[i].file, ".onnx", NULL);
        g_autofree char *path = fixture_model(
            telling_net(cases[i].input, cases[i].nhwc, cases[i].inside, cases[i].end),
            file);
        g_autofree char *seen = answer(path);
        Net *net = net_open(path, NULL);
        g_test_message("case %zu, %s", i, net->card.because);
        g_assert_cmpstr(seen, ==, cases[i].seen);
        g_assert_cmpint(net->card.source, ==, cases[i].source);
        g_assert_cmpint(net->card.sure, ==, cases[i].sure);
        g_assert_true(fixture_said(net->card.because));
        g_assert_true(
            fixture_said(cases[i].sure == CARD_LIKELY ? "(likely)" : "(a guess)"));
    }
}

static void
a_card_overrules_the_graph_and_is_not_told(void)
{
    g_autofree char *path =
        fixture_model(telling_net("data", FALSE, NOTHING, "prob"), "over.onnx");
    fixture_write("over.ini", "[input]\norder=BGR\n[output]\nname=prob\n");
    g_autofree char *seen = answer(path);
    g_assert_cmpstr(seen, ==, "0..1 BGR");
    g_assert_false(fixture_said("assumed"));
    Net *net = net_open(path, NULL);
    g_assert_cmpstr(net->card.output, ==, "prob");
    g_assert_cmpint(net->card.sure, ==, CARD_CERTAIN);
}

static Net *
open_foreign(const char *name)
{
    g_autofree char *path =
        g_build_filename(SOURCE_ROOT, "tests/data/foreign", name, "model.onnx", NULL);
    GError *error = NULL;
    Net *net = net_open(path, &error);
    g_assert_no_error(error);
    return net;
}

static void
check_how(const char *name, CardSource source, float low, float high)
{
    const Card *card = &open_foreign(name)->card;
    g_test_message("%s", name);
    g_assert_cmpint(card->source, ==, source);
    g_assert_false(card->how.bgr);
    for (int c = 0; c < 3; c++) {
        g_assert_cmpfloat(-card->how.mean[c], ==, low);
        g_assert_cmpfloat(card->how.range - card->how.mean[c], ==, high);
        g_assert_cmpfloat(card->how.std[c], ==, 1);
    }
}

static void
files_of_several_exporters_tell_their_range(void)
{
    check_how("bytes-uint8-nhwc", CARD_WHOLE, 0, 255);
    check_how("bytes-int8", CARD_WHOLE, -128, 127);
    check_how("inside-sub-div", CARD_INSIDE, 0, 1);
    check_how("inside-batchnorm", CARD_INSIDE, 0, 255);
}

/* The bars around a picture that was fitted in have the colour that preprocessing takes
 * to zero, also where the net subtracts its mean itself. */
static void
the_neutral_colour_is_the_nets_own(void)
{
    g_autofree char *path =
        fixture_model(telling_net("x", FALSE, TORCH_255, NULL), "neutral.onnx");
    float rgb[3];
    net_neutral(net_open(path, NULL), rgb);
    g_assert_cmpfloat_with_epsilon(rgb[0], 0.485f, 1e-4f);
    g_assert_cmpfloat_with_epsilon(rgb[2], 0.406f, 1e-4f);
}

static void
one_channel_gets_0_to_1(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,1,8,8");
    new_weights(net, "w", "2,1,3,3", 1);
    new_node(net, "Conv", "conv1", "x;w", "y", "");
    new_output(net, "y");
    g_autofree char *path = fixture_model(net, "gray.onnx");
    Net *gray = net_open(path, NULL);
    g_assert_cmpint(gray->card.source, ==, CARD_GRAY);
    g_assert_cmpfloat(gray->card.how.range, ==, 1);
    g_assert_cmpfloat(gray->card.how.mean[0], ==, 0);
    g_assert_cmpfloat(gray->card.how.std[0], ==, 1);
    g_autofree char *text = card_feeding(&gray->card, 1);
    g_assert_cmpstr(text, ==, "0…1, gray");
}

static void
feeding_is_told_in_words(void)
{
    const struct {
        DcnPreprocessing how;
        const char *text;
    } cases[] = {
        {{false, 1, {0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}, false},
         "0…1, R G B, minus a mean, divided by a deviation"},
        {{true, 255, {104, 117, 123}, {1, 1, 1}, false}, "0…255, B G R, minus a mean"},
        {{false, 255, {127.5f, 127.5f, 127.5f}, {127.5f, 127.5f, 127.5f}, false},
         "-1…1, R G B"},
        {{false, 1, {0}, {1, 1, 1}, false}, "0…1, R G B"},
        {{true, 1, {0}, {1, 1, 1}, true}, "0…1, B G R as linear light"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Card card = {.how = cases[i].how};
        g_autofree char *text = card_feeding(&card, 3);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

/* A net with a step that the core does not know is guessed by its names. */
static void
without_a_plan_names_serve(void)
{
    NewModel *net = new_model(13);
    new_input(net, "data", "1,3,8,8");
    new_weights(net, "w", "2,3,3,3", 1);
    new_node(net, "Conv", "conv1", "data;w", "y", "");
    new_node(net, "NoSuchOperator", "odd", "y", "prob", "");
    new_output(net, "prob");
    g_autofree char *path = fixture_model(net, "odd.onnx");
    GError *error = NULL;
    Net *opened = net_open(path, &error);
    g_assert_no_error(error);
    g_assert_cmpint(opened->card.source, ==, CARD_CAFFE);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/guess/each", each_guess_feeds_what_the_net_was_made_for);
    g_test_add_func("/guess/card", a_card_overrules_the_graph_and_is_not_told);
    g_test_add_func("/guess/foreign", files_of_several_exporters_tell_their_range);
    g_test_add_func("/guess/neutral", the_neutral_colour_is_the_nets_own);
    g_test_add_func("/guess/gray", one_channel_gets_0_to_1);
    g_test_add_func("/guess/words", feeding_is_told_in_words);
    g_test_add_func("/guess/no-plan", without_a_plan_names_serve);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
