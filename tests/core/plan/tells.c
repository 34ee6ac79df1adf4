/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tells.c: tests of what a plan says about a net: names, layers, the classifier, and
 * reach, which is compared with runs of changed pictures. */
#include "check.h"
#include "core/fixture/net.h"
#include <math.h>
#include <string.h>

static void
names_are_of_tensors_then_nodes_then_short(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,1,4,4");
    new_node(net, "Relu", "y", "x", "a", ""); /* a node named as a tensor */
    new_node(net, "Relu", "relu1", "a", "b",
             ""); /* a node named as a short name of another */
    new_node(net, "Relu", "", "b", "y", "");
    new_output(net, "y");
    NetFixture f = net_open(net, 1);
    DcnPlan *plan = net_plan(&f, &(DcnPlanOptions){.purpose = DCN_FOR_PROJECTION});
    DcnError error = {0};
    check_same_text(dcn_plan_name(plan, dcn_plan_find(plan, "y", NULL)), "y");
    check_same_text(dcn_plan_name(plan, dcn_plan_find(plan, "relu1", NULL)), "b");
    check_same_text(dcn_plan_name(plan, dcn_plan_find(plan, "relu3", NULL)), "y");
    CHECK_INT(dcn_plan_find(plan, "relu4", &error), -1);
    CHECK_INT(error.code, DCN_ERROR_NAME);
    check_text(error.text, "did you mean relu");
    dcn_plan_free(plan);
    net_close(&f);
}

/* "relu9" is as many letters from "fire99" as from many another name. */
static void
a_name_may_be_meant_by_its_beginning(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,1,4,4");
    new_node(net, "Relu", "", "x", "relu9", "");
    new_node(net, "Abs", "", "relu9", "fire9/squeeze/relu", "");
    new_node(net, "Relu", "", "fire9/squeeze/relu", "fire9/concat", "");
    new_output(net, "fire9/concat");
    NetFixture f = net_open(net, 1);
    DcnPlan *plan = net_plan(&f, NULL);
    DcnError error = {0};
    CHECK_INT(dcn_plan_find(plan, "fire99", &error), -1);
    check_text(error.text, "did you mean fire9/");
    CHECK_INT(dcn_plan_find(plan, "Fire9", &error), -1);
    check_text(error.text, "did you mean fire9/");
    CHECK_INT(dcn_plan_find(plan, "fire9/conact", &error), -1);
    check_text(error.text, "did you mean fire9/concat");
    dcn_plan_free(plan);
    net_close(&f);
}

static void
the_default_layer_is_the_last_spatial_activation(void)
{
    NetFixture f = net_open(net_branched("1"), 1);
    DcnPlan *plan = net_plan(&f, NULL);
    check_same_text(dcn_plan_name(plan, dcn_plan_default_layer(plan)), "r2");
    DcnClassifier classifier;
    CHECK(dcn_plan_classifier(plan, NULL, &classifier, NULL));
    CHECK_INT(classifier.classes, 5);
    check_same_text(dcn_plan_name(plan, classifier.output), "prob");
    check_same_text(dcn_plan_name(plan, classifier.tensor), "scores");
    dcn_plan_free(plan);
    net_close(&f);

    /* a net whose last convolution is the classifier */
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,9,9");
    new_weights(net, "w1", "4,3,3,3", 1);
    new_weights(net, "w2", "7,8,1,1", 2);
    new_node(net, "Conv", "", "x;w1", "left", "");
    new_node(net, "Conv", "", "x;w1", "right", "");
    new_node(net, "Concat", "", "left;right", "both", "axis=1");
    new_node(net, "Dropout", "", "both", "dropped", "");
    new_node(net, "Conv", "", "dropped;w2", "classes", "");
    new_node(net, "Relu", "", "classes", "classes_relu", "");
    new_node(net, "GlobalAveragePool", "", "classes_relu", "pooled", "");
    new_node(net, "Flatten", "", "pooled", "out", "");
    new_output(net, "out");
    f = net_open(net, 1);
    plan = net_plan(&f, NULL);
    check_same_text(dcn_plan_name(plan, dcn_plan_default_layer(plan)), "both");
    CHECK(dcn_plan_classifier(plan, NULL, &classifier, NULL));
    CHECK(!classifier.softmax);
    dcn_plan_free(plan);
    net_close(&f);
}

/* The end of YOLO v8: a mean over 16 channels of the sides of boxes, 4 x 256 of them. */
static void
sides_of_boxes_are_no_default_layer(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,16,16");
    new_weights(net, "w", "64,3,3,3", 1);
    new_weights(net, "mean", "1,16,1,1", 2);
    new_ints(net, "rows", "1,4,16,256");
    new_ints(net, "boxes", "1,4,256");
    new_node(net, "Conv", "", "x;w", "head", "pads=1,1,1,1");
    new_node(net, "Reshape", "", "head;rows", "split", "");
    new_node(net, "Transpose", "", "split", "turned", "perm=0,2,1,3");
    new_node(net, "Softmax", "", "turned", "shares", "axis=1");
    new_node(net, "Conv", "", "shares;mean", "sides", "");
    new_node(net, "Reshape", "", "sides;boxes", "out", "");
    new_output(net, "out");
    NetFixture f = net_open(net, 1);
    DcnPlan *plan = net_plan(&f, NULL);
    check_same_text(dcn_plan_name(plan, dcn_plan_default_layer(plan)), "head");
    dcn_plan_free(plan);
    net_close(&f);
}

/* As ONNX Runtime's dynamic quantisation has it before a classifier's product. */
static void
levels_are_no_default_layer(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,3,6,6");
    new_weights(net, "w", "4,3,3,3", 1);
    new_ints(net, "row", "1,64");
    new_node(net, "Conv", "", "x;w", "conv", "");
    new_node(net, "Relu", "", "conv", "relu", "");
    new_node(net, "DynamicQuantizeLinear", "", "relu", "levels;scale;zero", "");
    new_node(net, "Cast", "", "levels", "numbers", "to=1");
    new_node(net, "Reshape", "", "numbers;row", "out", "");
    new_output(net, "out");
    NetFixture f = net_open(net, 1);
    DcnPlan *plan = net_plan(&f, NULL);
    check_same_text(dcn_plan_name(plan, dcn_plan_default_layer(plan)), "relu");
    DcnInputLevels levels;
    CHECK(!dcn_plan_input_levels(plan, &levels));
    dcn_plan_free(plan);
    net_close(&f);
    net = new_model(13);
    new_input(net, "x", "1,3,6,6");
    new_node(net, "DynamicQuantizeLinear", "", "x", "levels;scale;zero", "");
    new_node(net, "Cast", "", "levels", "out", "to=1");
    new_output(net, "out");
    f = net_open(net, 1);
    plan = net_plan(&f, NULL);
    CHECK(!dcn_plan_input_levels(plan, &levels)); /* the picture tells their scale */
    dcn_plan_free(plan);
    net_close(&f);
}

/* --- reach --- */

static void
changes_stay_within_reach(void)
{
    NetFixture f = net_open(net_branched("1"), 1);
    const char *targets[] = {"c1", "p0", "c3", "r2", "p1"};
    DcnPlan *plan = net_plan(&f, &(DcnPlanOptions){.targets = targets, .n_targets = 5});
    DcnError error = {0};
    DcnSession *session = dcn_session_new(plan, f.context, &error);
    int input = dcn_plan_input(plan, 0);
    g_autofree float *picture = g_new(float, 3 * 17 * 15);
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    net_noise(picture, 3 * 17 * 15, 9);
    for (int round = 0; round < 40; round++) {
        float *before[5];
        memcpy(dcn_session_input(session, 0), picture, sizeof(float) * 3 * 17 * 15);
        CHECK(dcn_forward(session, NULL, &error));
        for (int t = 0; t < 5; t++) {
            int tensor = dcn_plan_find(plan, targets[t], NULL);
            before[t] = g_memdup2(dcn_session_tensor(session, tensor),
                                  net_count(plan, targets[t]) * 4);
        }
        int y = g_rand_int_range(random, 0, 17), x = g_rand_int_range(random, 0, 15);
        DcnBox box = {{0, y, x}, {3, MIN(17, y + 3), MIN(15, x + 2)}};
        memcpy(dcn_session_input(session, 0), picture, sizeof(float) * 3 * 17 * 15);
        for (int64_t c = 0; c < 3; c++)
            for (int64_t i = box.begin[1]; i < box.end[1]; i++)
                for (int64_t j = box.begin[2]; j < box.end[2]; j++)
                    dcn_session_input(session, 0)[(c * 17 + i) * 15 + j] += 3;
        CHECK(dcn_forward(session, NULL, &error));
        for (int t = 0; t < 5; t++) {
            int tensor = dcn_plan_find(plan, targets[t], NULL);
            const DcnShape *shape = dcn_plan_shape(plan, tensor);
            const float *after = dcn_session_tensor(session, tensor);
            DcnBox ahead, back;
            dcn_plan_reach_ahead(plan, input, &box, tensor, &ahead);
            CHECK((ahead.end[1] - ahead.begin[1]) * (ahead.end[2] - ahead.begin[2]) <
                  shape->dim[2] * shape->dim[3]); /* not simply everything */
            size_t n = 0;
            for (int64_t c = 0; c < shape->dim[1]; c++)
                for (int64_t i = 0; i < shape->dim[2]; i++)
                    for (int64_t j = 0; j < shape->dim[3]; j++, n++) {
                        if (after[n] == before[t][n])
                            continue;
                        CHECK(i >= ahead.begin[1] && i < ahead.end[1] &&
                              j >= ahead.begin[2] && j < ahead.end[2]);
                        DcnBox unit = {{c, i, j}, {c + 1, i + 1, j + 1}};
                        CHECK(dcn_plan_reach_back(plan, tensor, &unit, input, &back));
                        CHECK(back.begin[1] < box.end[1] && back.end[1] > box.begin[1] &&
                              back.begin[2] < box.end[2] && back.end[2] > box.begin[2]);
                    }
            g_free(before[t]);
        }
    }
    /* two 3x3 windows of stride 2 and 1: a unit of c3 sees (3 - 1) * 2 + 3 = 7 pixels of
     * a row */
    DcnBox unit = {{0, 4, 4}, {1, 5, 5}}, field;
    CHECK(
        dcn_plan_reach_back(plan, dcn_plan_find(plan, "c3", NULL), &unit, input, &field));
    CHECK_INT(field.begin[1], 5);
    CHECK_INT(field.end[1], 12);
    dcn_session_free(session);
    dcn_plan_free(plan);
    net_close(&f);
}

static void
equal_windows_give_equal_results(void)
{
    NetFixture f = net_open(net_branched("1"), 2);
    const char *targets[] = {"c1", "r2"};
    DcnPlan *plan = net_plan(
        &f,
        &(DcnPlanOptions){.targets = targets, .n_targets = 2, .height = 67, .width = 91});
    DcnError error = {0};
    DcnSession *session = dcn_session_new(plan, f.context, &error);
    for (size_t i = 0; i < 3 * 67 * 91; i++) /* each plane has one value */
        dcn_session_input(session, 0)[i] = i < 67 * 91       ? 0.37f
                                           : i < 2 * 67 * 91 ? -0.71f
                                                             : 0.11f;
    CHECK(dcn_forward(session, NULL, &error));
    for (int t = 0; t < 2; t++) {
        int tensor = dcn_plan_find(plan, targets[t], NULL);
        const DcnShape *shape = dcn_plan_shape(plan, tensor);
        const float *data = dcn_session_tensor(session, tensor);
        size_t h = (size_t)shape->dim[2], w = (size_t)shape->dim[3];
        for (size_t c = 0; c < (size_t)shape->dim[1]; c++)
            for (size_t y = 2; y < h - 2; y++)
                for (size_t x = 2; x < w - 2; x++)
                    CHECK(data[(c * h + y) * w + x] == data[(c * h + 2) * w + 2]);
    }
    dcn_session_free(session);
    dcn_plan_free(plan);
    net_close(&f);
}

/* 35 values a map: two vectors and some more. */
static void
check_strongest(const float *values, size_t y, size_t x, float value)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,2,5,7");
    new_node(net, "Neg", "", "x", "y", "");
    new_output(net, "y");
    NetFixture f = net_open(net, 1);
    DcnPlan *plan = net_plan(&f, NULL);
    DcnSession *session = dcn_session_new(plan, f.context, NULL);
    float *input = dcn_session_input(session, 0);
    for (size_t i = 0; i < 35; i++) {
        input[i] = -100; /* of the other map */
        input[35 + i] = -values[i];
    }
    CHECK(dcn_forward(session, NULL, NULL));
    DcnUnit unit = dcn_strongest_of_map(session, dcn_plan_find(plan, "y", NULL), 0, 1);
    CHECK_INT(unit.channel, 1);
    CHECK_INT(unit.y, y);
    CHECK_INT(unit.x, x);
    CHECK(unit.value == value);
    dcn_session_free(session);
    dcn_plan_free(plan);
    net_close(&f);
}

static void
the_strongest_unit_is_the_first_of_the_largest(void)
{
    float values[35];
    for (int i = 0; i < 35; i++)
        values[i] = (float)-i;
    check_strongest(values, 0, 0, 0);
    values[17] = values[30] = 3;
    check_strongest(values, 2, 3, 3);
    values[34] = 4; /* behind the last vector */
    check_strongest(values, 4, 6, 4);
    values[0] = values[16] = values[33] = NAN;
    check_strongest(values, 4, 6, 4);
    for (int i = 0; i < 35; i++)
        values[i] = i % 2 ? NAN : -INFINITY;
    check_strongest(values, 0, 0, -INFINITY);
}

CHECK_MAIN(CHECK_TEST(names_are_of_tensors_then_nodes_then_short),
           CHECK_TEST(a_name_may_be_meant_by_its_beginning),
           CHECK_TEST(the_default_layer_is_the_last_spatial_activation),
           CHECK_TEST(sides_of_boxes_are_no_default_layer),
           CHECK_TEST(levels_are_no_default_layer),
           CHECK_TEST(changes_stay_within_reach),
           CHECK_TEST(equal_windows_give_equal_results),
           CHECK_TEST(the_strongest_unit_is_the_first_of_the_largest))
