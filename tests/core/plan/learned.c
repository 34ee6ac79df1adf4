/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learned.c: tests of dcn_plan_kernels(). */
#include "core/fixture/build_model.h"
#include <string.h>

typedef struct {
    NewModel *net;
    DcnModel *model;
    DcnPlan *plan;
} Fixture;

static Fixture
open_net(void)
{
    static const float ones[4] = {1, 1, 1, 1};
    DcnError error = {0};
    Fixture f = {.net = new_model(13)};
    new_input(f.net, "picture", "1,3,9,9");
    new_weights(f.net, "w1", "4,3,3,2", 1);
    new_weights(f.net, "w2", "4,2,1,1", 2);
    new_weights(f.net, "w3", "4,4,1,1", 3);
    new_floats(f.net, "ones", "4", ones);
    new_node(f.net, "Conv", "", "picture;w1", "c1", "");
    new_node(f.net, "BatchNormalization", "", "c1;ones;ones;ones;ones", "n1", "");
    new_node(f.net, "Relu", "", "n1", "r1", "");
    new_node(f.net, "Conv", "", "r1;w2", "c2", "group=2");
    new_node(f.net, "Conv", "", "r1;w3", "c3", "");
    new_node(f.net, "Add", "", "c2;c3", "sum", "");
    new_output(f.net, "sum");
    f.model = new_model_open(f.net, &error);
    f.plan = dcn_plan_new(
        f.model, &(DcnPlanOptions){.passes_off = DCN_PASS_BATCHNORM | DCN_PASS_FUSE},
        &error);
    g_assert_cmpstr(error.text, ==, "");
    return f;
}

static void
close_net(Fixture *f)
{
    dcn_plan_free(f->plan);
    dcn_model_free(f->model);
    new_model_free(f->net);
}

static void
kernels_are_those_of_the_file(void)
{
    Fixture f = open_net();
    DcnError error = {0};
    DcnKernels kernels;
    char text[128];
    g_assert_true(
        dcn_plan_kernels(f.plan, dcn_plan_find(f.plan, "c1", NULL), &kernels, &error));
    g_assert_cmpstr(dcn_shape_print(&kernels.weights.shape, text), ==, "4x3x3x2");
    g_assert_cmpint(kernels.channels, ==, 3);
    g_assert_cmpint(kernels.groups, ==, 1);
    DcnTensor weights;
    g_assert_true(dcn_plan_constant(f.plan, dcn_plan_find(f.plan, "w1", NULL), &weights));
    g_assert_cmpmem(kernels.weights.data, 4 * 3 * 3 * 2 * sizeof(float), weights.data,
                    4 * 3 * 3 * 2 * sizeof(float));
    close_net(&f);
}

static void
the_answer_lies_behind_norm_and_rectifier(void)
{
    Fixture f = open_net();
    DcnKernels kernels;
    g_assert_true(
        dcn_plan_kernels(f.plan, dcn_plan_find(f.plan, "c1", NULL), &kernels, NULL));
    g_assert_cmpint(kernels.answer, ==, dcn_plan_find(f.plan, "r1", NULL));

    /* A sum is no answer of one of its terms. */
    int grouped = dcn_plan_find(f.plan, "c2", NULL);
    g_assert_true(dcn_plan_kernels(f.plan, grouped, &kernels, NULL));
    g_assert_cmpint(kernels.answer, ==, grouped);
    g_assert_cmpint(kernels.channels, ==, 4);
    g_assert_cmpint(kernels.groups, ==, 2);
    close_net(&f);
}

static void
what_has_no_kernels_is_refused_by_name(void)
{
    Fixture f = open_net();
    DcnError error = {0};
    DcnKernels kernels;
    g_assert_false(
        dcn_plan_kernels(f.plan, dcn_plan_find(f.plan, "r1", NULL), &kernels, &error));
    g_assert_cmpint(error.code, ==, DCN_ERROR_VALUE);
    g_assert_nonnull(strstr(error.text, "\"r1\" is made by Relu"));
    g_assert_false(dcn_plan_kernels(f.plan, dcn_plan_input(f.plan, 0), &kernels, &error));
    g_assert_nonnull(strstr(error.text, "no operator"));
    g_assert_false(dcn_plan_kernels(f.plan, -1, &kernels, &error));
    close_net(&f);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kernels/file", kernels_are_those_of_the_file);
    g_test_add_func("/kernels/answer", the_answer_lies_behind_norm_and_rectifier);
    g_test_add_func("/kernels/refused", what_has_no_kernels_is_refused_by_name);
    return g_test_run();
}
