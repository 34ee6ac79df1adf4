/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tells.c: tests of what a plan tells of a net: names, layers, the classifier, and
 * what reaches what, against runs of changed pictures. */
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
    g_assert_cmpstr(dcn_plan_name(plan, dcn_plan_find(plan, "y", NULL)), ==, "y");
    g_assert_cmpstr(dcn_plan_name(plan, dcn_plan_find(plan, "relu1", NULL)), ==, "b");
    g_assert_cmpstr(dcn_plan_name(plan, dcn_plan_find(plan, "relu3", NULL)), ==, "y");
    g_assert_cmpint(dcn_plan_find(plan, "relu4", &error), ==, -1);
    g_assert_cmpint(error.code, ==, DCN_ERROR_NAME);
    g_assert_nonnull(strstr(error.text, "did you mean relu"));
    dcn_plan_free(plan);
    net_close(&f);
}

static void
the_default_layer_is_the_last_spatial_activation(void)
{
    NetFixture f = net_open(net_branched("1"), 1);
    DcnPlan *plan = net_plan(&f, NULL);
    g_assert_cmpstr(dcn_plan_name(plan, dcn_plan_default_layer(plan)), ==, "r2");
    DcnClassifier classifier;
    g_assert_true(dcn_plan_classifier(plan, &classifier, NULL));
    g_assert_cmpuint(classifier.classes, ==, 5);
    g_assert_cmpstr(dcn_plan_name(plan, classifier.probability), ==, "prob");
    g_assert_cmpstr(dcn_plan_name(plan, classifier.score), ==, "scores");
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
    g_assert_cmpstr(dcn_plan_name(plan, dcn_plan_default_layer(plan)), ==, "both");
    g_assert_true(dcn_plan_classifier(plan, &classifier, NULL));
    g_assert_cmpint(classifier.probability, ==, -1);
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
        g_assert_true(dcn_forward(session, NULL, &error));
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
        g_assert_true(dcn_forward(session, NULL, &error));
        for (int t = 0; t < 5; t++) {
            int tensor = dcn_plan_find(plan, targets[t], NULL);
            const DcnShape *shape = dcn_plan_shape(plan, tensor);
            const float *after = dcn_session_tensor(session, tensor);
            DcnBox ahead, back;
            dcn_plan_reach_ahead(plan, input, &box, tensor, &ahead);
            g_assert_cmpint((ahead.end[1] - ahead.begin[1]) *
                                (ahead.end[2] - ahead.begin[2]),
                            <, shape->dim[2] * shape->dim[3]); /* not simply everything */
            size_t n = 0;
            for (int64_t c = 0; c < shape->dim[1]; c++)
                for (int64_t i = 0; i < shape->dim[2]; i++)
                    for (int64_t j = 0; j < shape->dim[3]; j++, n++) {
                        if (after[n] == before[t][n])
                            continue;
                        g_assert_true(i >= ahead.begin[1] && i < ahead.end[1] &&
                                      j >= ahead.begin[2] && j < ahead.end[2]);
                        DcnBox unit = {{c, i, j}, {c + 1, i + 1, j + 1}};
                        g_assert_true(
                            dcn_plan_reach_back(plan, tensor, &unit, input, &back));
                        g_assert_true(
                            back.begin[1] < box.end[1] && back.end[1] > box.begin[1] &&
                            back.begin[2] < box.end[2] && back.end[2] > box.begin[2]);
                    }
            g_free(before[t]);
        }
    }
    /* two 3x3 windows of stride 2 and 1: a unit of c3 sees (3 - 1) * 2 + 3 = 7 pixels of
     * a row */
    DcnBox unit = {{0, 4, 4}, {1, 5, 5}}, field;
    g_assert_true(
        dcn_plan_reach_back(plan, dcn_plan_find(plan, "c3", NULL), &unit, input, &field));
    g_assert_cmpint(field.begin[1], ==, 5);
    g_assert_cmpint(field.end[1], ==, 12);
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
    g_assert_true(dcn_forward(session, NULL, &error));
    for (int t = 0; t < 2; t++) {
        int tensor = dcn_plan_find(plan, targets[t], NULL);
        const DcnShape *shape = dcn_plan_shape(plan, tensor);
        const float *data = dcn_session_tensor(session, tensor);
        size_t h = (size_t)shape->dim[2], w = (size_t)shape->dim[3];
        for (size_t c = 0; c < (size_t)shape->dim[1]; c++)
            for (size_t y = 2; y < h - 2; y++)
                for (size_t x = 2; x < w - 2; x++)
                    g_assert_cmpfloat(data[(c * h + y) * w + x], ==,
                                      data[(c * h + 2) * w + 2]);
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
    g_assert_true(dcn_forward(session, NULL, NULL));
    DcnUnit unit = dcn_strongest_of_map(session, dcn_plan_find(plan, "y", NULL), 0, 1);
    g_assert_cmpuint(unit.channel, ==, 1);
    g_assert_cmpuint(unit.y, ==, y);
    g_assert_cmpuint(unit.x, ==, x);
    g_assert_cmpfloat(unit.value, ==, value);
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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(function) g_test_add_func("/plan-tells/" #function, function)
    TEST(names_are_of_tensors_then_nodes_then_short);
    TEST(the_default_layer_is_the_last_spatial_activation);
    TEST(changes_stay_within_reach);
    TEST(equal_windows_give_equal_results);
    TEST(the_strongest_unit_is_the_first_of_the_largest);
    return g_test_run();
}
