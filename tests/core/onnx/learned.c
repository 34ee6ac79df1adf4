/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learned.c: tests that what scikit-learn's converters put behind a net gives what its
 * definition says, and that the classifier's answer is found there. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"

#define COEFFICIENTS "coefficients=~1,-2,0.5,0.25,3,-1,2,1,-1,0.5,0.75,-3"
#define INTERCEPTS "intercepts=~0.1,-0.2,0.3"

static NewModel *
rows_net(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,4,1,1");
    new_node(net, "Flatten", "", "x", "rows", "");
    return net;
}

static void
scaling_and_norms_are_of_rows(void)
{
    static const char *const norms[][2] = {
        {"ReduceL1", "norm=:L1"}, {"ReduceL2", "norm=:L2"}, {"ReduceMax", "norm=:MAX"}};
    for (size_t i = 0; i < G_N_ELEMENTS(norms); i++) {
        NewModel *plain = rows_net(), *net = rows_net();
        new_output(plain, "y");
        new_output(net, "y");
        new_floats(plain, "offset", "1", (float[]){0.5F});
        new_floats(plain, "scale", "4", (float[]){1, 2, -3, 0.25F});
        new_node(plain, "Sub", "", "rows;offset", "d", "");
        new_node(plain, "Mul", "", "d;scale", "s", "");
        new_node(plain, norms[i][0], "", "s", "n", "axes=1");
        new_node(plain, "Div", "", "s;n", "y", "");
        new_node(net, "ai.onnx.ml:Scaler", "", "rows", "s",
                 "offset=~0.5;scale=~1,2,-3,0.25");
        new_node(net, "ai.onnx.ml:Normalizer", "", "s", "y", norms[i][1]);
        model_same_answers(plain, net);
    }
}

static void
a_linear_classifier_is_a_product(void)
{
    static const char *const ends[][2] = {{"Softmax", ";post_transform=:SOFTMAX"},
                                          {"Sigmoid", ";post_transform=:LOGISTIC"},
                                          {"Identity", ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        NewModel *plain = rows_net(), *net = rows_net();
        g_autofree char *attributes = g_strconcat(
            COEFFICIENTS ";" INTERCEPTS ";classlabels_ints=7,8,9", ends[i][1], NULL);
        new_output(plain, "y");
        new_output(net, "y");
        new_floats(plain, "w", "3,4",
                   (float[]){1, -2, 0.5F, 0.25F, 3, -1, 2, 1, -1, 0.5F, 0.75F, -3});
        new_floats(plain, "b", "3", (float[]){0.1F, -0.2F, 0.3F});
        new_node(plain, "Gemm", "", "rows;w;b", "s", "transB=1");
        new_node(plain, ends[i][0], "", "s", "y", i == 0 ? "axis=1" : "");
        new_node(net, "ai.onnx.ml:LinearClassifier", "", "rows", "label;y", attributes);
        model_same_answers(plain, net);
    }
}

/* The label comes first, as a word or as a number. */
static void
the_answer_is_not_the_label(void)
{
    static const char *const labels[] = {"classlabels_ints=7,8,9",
                                         "classlabels_strings='a,b,c"};
    for (int words = 0; words < 2; words++) {
        DcnError error = {0};
        DcnClassifier end = {0};
        NewModel *net = rows_net();
        g_autofree char *attributes =
            g_strconcat(COEFFICIENTS ";" INTERCEPTS ";post_transform=:LOGISTIC;",
                        labels[words], NULL);
        new_node(net, "ai.onnx.ml:LinearClassifier", "", "rows", "label;p", attributes);
        new_output(net, "label");
        new_output(net, "p");
        DcnModel *model = model_opened(net);
        DcnPlan *plan = dcn_plan_new(model, NULL, &error);
        check_no_error(error.text);
        check(dcn_plan_classifier(plan, NULL, &end, &error), "a classifier");
        check(end.numbers == 3 && end.told, "of three classes, which the file tells");
        size_t names;
        check((dcn_model_class_names(model, &names) != NULL) == words, "names");
        dcn_plan_free(plan);
        dcn_model_free(model);
        new_model_free(net);
    }
}

static void
what_is_not_known_is_refused(void)
{
    NewModel *net = rows_net();
    new_output(net, "y");
    new_node(net, "ai.onnx.ml:LinearClassifier", "l", "rows", "label;y",
             COEFFICIENTS ";" INTERCEPTS
                          ";classlabels_ints=7,8,9;post_transform=:PROBIT");
    model_not_planned(net, "its post_transform is not known");
    net = rows_net();
    new_output(net, "y");
    new_node(net, "ai.onnx.ml:LinearClassifier", "l", "rows", "label;y",
             COEFFICIENTS ";" INTERCEPTS ";classlabels_ints=7,8");
    model_not_planned(net, "it has other numbers of labels than of scores");
}

CHECK_MAIN(CHECK_TEST(scaling_and_norms_are_of_rows),
           CHECK_TEST(a_linear_classifier_is_a_product),
           CHECK_TEST(the_answer_is_not_the_label),
           CHECK_TEST(what_is_not_known_is_refused))
