/* SPDX-License-Identifier: GPL-3.0-or-later */
/* no_answer.c: tests that detectors, maps, key points and embeddings are told from
 * classifiers, as far as shapes and last steps tell. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"
#include <stdlib.h>

/* A net on 3 x 8 x 10 pixels with up to five outputs, "NAME SHAPE" or "NAME SHAPE END",
 * each made of the same six features by weights. END: the step that ends it; "l2" and the
 * like: see add_end(). */
typedef struct {
    const char *outputs[5];
    const char *answer; /* its name; NULL: there is none */
    const char *reason; /* if so: a part of the sentence */
} Kind;

/* Scaled to a length of 1 as exporters write it. */
static void
add_end(NewModel *net, const char *end, const char *from, const char *name)
{
    g_autofree char *a = g_strconcat(name, "_a", NULL),
                    *b = g_strconcat(name, "_b", NULL),
                    *c = g_strconcat(name, "_c", NULL),
                    *d = g_strconcat(name, "_d", NULL);
    g_autofree char *squared = g_strdup_printf("%s;%s", from, from);
    g_autofree char *quotient = g_strdup_printf("%s;%s", from, d);
    if (g_str_equal(end, "LpNormalization")) {
        new_node(net, end, "", from, name, "axis=1;p=2");
    } else if (g_str_equal(end, "sum-of-1")) { /* an evidential classifier */
        new_node(net, "LpNormalization", "", from, name, "axis=1;p=1");
    } else if (g_str_equal(end, "l2")) { /* torch.nn.functional.normalize */
        g_autofree char *clipped = g_strdup_printf("%s;tiny", a);
        new_node(net, "ReduceL2", "", from, a, "axes=1,");
        new_node(net, "Clip", "", clipped, b, "");
        new_node(net, "Shape", "", from, c, "");
        g_autofree char *expanded = g_strdup_printf("%s;%s", b, c);
        new_node(net, "Expand", "", expanded, d, "");
        new_node(net, "Div", "", quotient, name, "");
    } else if (g_str_equal(end, "rsqrt")) { /* tf.math.l2_normalize */
        g_autofree char *most = g_strdup_printf("%s;tiny", b);
        new_node(net, "Mul", "", squared, a, "");
        new_node(net, "ReduceSum", "", a, b, "");
        new_node(net, "Max", "", most, c, "");
        g_autofree char *root = g_strconcat(c, "r", NULL);
        new_node(net, "Sqrt", "", c, root, "");
        new_node(net, "Reciprocal", "", root, d, "");
        new_node(net, "Mul", "", quotient, name, "");
    } else {
        new_node(net, end, "", from, name,
                 g_str_has_suffix(end, "oftmax") || g_str_equal(end, "ArgMax") ? "axis=1"
                                                                               : "");
    }
}

static NewModel *
make(const Kind *kind)
{
    static const float tiny = 1e-12f;
    NewModel *net = new_model(13);
    new_input(net, "picture", "1,3,8,10");
    new_weights(net, "w", "6,3,8,10", 1);
    new_floats(net, "tiny", "", &tiny);
    new_node(net, "Conv", "conv", "picture;w", "c", "");
    new_node(net, "Flatten", "features", "c", "features", "");
    for (int i = 0; i < 5 && kind->outputs[i]; i++) {
        g_auto(GStrv) words = g_strsplit(kind->outputs[i], " ", 3);
        g_auto(GStrv) axes = g_strsplit(words[1], ",", 8);
        const char *name = words[0];
        int count = 1;
        for (int k = 0; axes[k]; k++)
            count *= atoi(axes[k]);
        g_autofree char *weights = g_strconcat(name, "_w", NULL),
                        *all = g_strconcat(name, "_all", NULL),
                        *shape = g_strconcat(name, "_shape", NULL),
                        *raw = g_strconcat(name, words[2] ? "_raw" : "", NULL);
        g_autofree char *sizes = g_strdup_printf("6,%d", count),
                        *product = g_strdup_printf("features;%s", weights),
                        *reshaped = g_strdup_printf("%s;%s", all, shape);
        new_weights(net, weights, sizes, (guint32)i + 2);
        new_ints(net, shape, words[1]);
        new_node(net, "MatMul", "", product, all, "");
        new_node(net, "Reshape", "", reshaped, raw, "");
        if (words[2])
            add_end(net, words[2], raw, name);
        new_output(net, name);
    }
    return net;
}

static void
expect(const Kind *kind)
{
    DcnError error = {0};
    NewModel *net = make(kind);
    DcnModel *model = model_opened(net);
    DcnPlan *plan = dcn_plan_new(
        model, &(DcnPlanOptions){.purpose = DCN_FOR_SURVEYS, .passes_off = DCN_PASS_ALL},
        &error);
    check_no_error(error.text);
    DcnClassifier classifier = {0};
    bool found = dcn_plan_classifier(plan, NULL, &classifier, &error);
    check_say("%s: %s", kind->outputs[0],
              found ? dcn_plan_name(plan, classifier.output) : error.text);
    CHECK_INT(found, kind->answer != NULL);
    if (found)
        check_same_text(dcn_plan_name(plan, classifier.output), kind->answer);
    else
        check_text(error.text, kind->reason);
    if (!found)
        CHECK_INT(error.code, DCN_ERROR_SHAPE);
    dcn_plan_free(plan);
    dcn_model_free(model);
    new_model_free(net);
}

static void
what_is_not_one_number_a_class_is_no_classifier(void)
{
    static const Kind kinds[] = {
        {{"output0 1,84,840"},
         NULL,
         "\"output0\" is 1x84x840, not one number"}, /* YOLO */
        {{"output0 1,116,840", "proto 1,32,16,20"}, NULL, "rows of numbers"},
        {{"a 1,3,4,5,85", "b 1,3,2,5,85"}, NULL, "\"a\" is 1x3x4x5x85"},
        {{"end 1,300,6"}, NULL, "boxes"},
        {{"boxes 1,100,4", "scores 1,100,21 Softmax"}, NULL, "boxes"}, /* SSD */
        {{"scores 1,100,21", "boxes 1,100,1,4"}, NULL, "\"scores\""},
        {{"out 1,21,8,10"}, NULL, "maps over the picture, as of segmentation"},
        {{"out 1,16,20,21"}, NULL, "rows of numbers"},
        {{"depth 1,1,4,5"}, NULL, "maps over the picture"},
        {{"depth 1,16,20"}, NULL, "maps over the picture"},
        {{"points 1,17,2"}, NULL, "key points"},
        {{"points 1,17,3", "flag 1,1"}, "flag", NULL}, /* a face or none */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        expect(&kinds[i]);
}

static void
a_number_for_each_row_is_not_one_a_class(void)
{
    static const Kind kinds[] = {
        /* TensorFlow's detectors, in their order and in another one */
        {{"detection_boxes 1,100,4", "detection_classes 1,100", "detection_scores 1,100",
          "num_detections 1"},
         NULL,
         "\"detection_boxes\" is 1x100x4"},
        {{"num_detections 1", "detection_classes 1,100", "detection_boxes 1,100,4"},
         NULL,
         "\"detection_boxes\" is 1x100x4"},
        {{"scores 1,100", "boxes 1,100,4"}, NULL, "\"boxes\" is 1x100x4"},
        /* MediaPipe's: 896 anchors, 16 numbers each */
        {{"classificators 1,896,1", "regressors 1,896,16"}, NULL, "1x896x16"},
        {{"confidence 1,17", "points 1,17,2"}, NULL, "key points"},
        {{"scores 1,50", "boxes 1,4,50"}, NULL, "1x4x50"},
        /* Classes and their maps, features beside, two classes beside a small table. */
        {{"scores 1,100", "cam 1,100,4,5"}, "scores", NULL},
        {{"scores 1,100", "cam 1,100,49"}, "scores", NULL},
        {{"scores 1,2", "points 1,5,2"}, "scores", NULL},
        {{"mask 1,5,16,20", "scores 1,5"}, "scores", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        expect(&kinds[i]);
}

static void
embeddings_of_a_fixed_length_are_no_scores(void)
{
    static const Kind kinds[] = {
        {{"e 1,128 LpNormalization"}, NULL, "\"e\" is 1x128, scaled to a fixed length"},
        {{"e 1,128 l2"}, NULL, "as an embedding is"},
        {{"e 1,128 rsqrt"}, NULL, "as an embedding is"},
        {{"e 1,128 l2", "scores 1,10"}, "scores", NULL},
        {{"e 1,128"}, "e", NULL}, /* looks as scores do */
        {{"e 1,128 sum-of-1"}, "e", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        expect(&kinds[i]);
}

static void
classifiers_are_found_beside_other_numbers(void)
{
    static const Kind kinds[] = {
        {{"out 1,10000"}, "out", NULL},
        {{"out 1,1000,1,1"}, "out", NULL},
        {{"out 1,1"}, "out", NULL},
        /* MTCNN: a box, a face or none, ten numbers of five points */
        {{"box 1,4", "prob 1,2 Softmax", "points 1,10"}, "prob", NULL},
        {{"prob 1,2 Softmax", "box 1,4"}, "prob", NULL},
        {{"scores 1,7", "quality 1,1 Sigmoid"}, "scores", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        expect(&kinds[i]);
}

/* Attention over places comes before the scores that are made with it. */
static void
attention_is_no_answer(void)
{
    DcnError error = {0};
    NewModel *net = make(&(Kind){.outputs = {"attention 1,6 Softmax"}});
    new_weights(net, "v", "6,5", 9);
    new_node(net, "Mul", "", "features;attention", "seen", "");
    new_node(net, "MatMul", "", "seen;v", "scores", "");
    new_output(net, "scores");
    DcnModel *model = model_opened(net);
    DcnPlan *plan = dcn_plan_new(model, NULL, &error);
    DcnClassifier classifier;
    CHECK(dcn_plan_classifier(plan, NULL, &classifier, &error));
    check_same_text(dcn_plan_name(plan, classifier.output), "scores");
    dcn_plan_free(plan);
    dcn_model_free(model);
    new_model_free(net);
}

static void
what_the_file_tells_is_known(void)
{
    static const struct {
        const char *output;
        bool told;
    } nets[] = {{"out 1,10 Softmax", true}, {"out 1,10 LogSoftmax", true},
                {"out 1,10 Sigmoid", true}, {"out 1,1 Sigmoid", true},
                {"out 1,10 ArgMax", true},  {"out 1,10", false},
                {"out 1,1", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(nets); i++) {
        DcnError error = {0};
        NewModel *net = make(&(Kind){.outputs = {nets[i].output}});
        DcnModel *model = model_opened(net);
        DcnPlan *plan =
            dcn_plan_new(model, &(DcnPlanOptions){.purpose = DCN_FOR_SURVEYS}, &error);
        DcnClassifier classifier = {0};
        CHECK(dcn_plan_classifier(plan, NULL, &classifier, &error));
        check_say("%s", nets[i].output);
        CHECK_INT(classifier.told, nets[i].told);
        dcn_plan_free(plan);
        dcn_model_free(model);
        new_model_free(net);
    }
}

CHECK_MAIN(CHECK_TEST(what_is_not_one_number_a_class_is_no_classifier),
           CHECK_TEST(a_number_for_each_row_is_not_one_a_class),
           CHECK_TEST(embeddings_of_a_fixed_length_are_no_scores),
           CHECK_TEST(classifiers_are_found_beside_other_numbers),
           CHECK_TEST(attention_is_no_answer),
           CHECK_TEST(what_the_file_tells_is_known))
