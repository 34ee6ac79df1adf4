/* SPDX-License-Identifier: GPL-3.0-or-later */
/* learned.c: tests of dcn_plan_kernels(). */
#include "check.h"
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
    check_no_error(error.text);
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
    CHECK(dcn_plan_kernels(f.plan, dcn_plan_find(f.plan, "c1", NULL), &kernels, &error));
    check_same_text(dcn_shape_print(&kernels.weights.shape, text), "4x3x3x2");
    CHECK_INT(kernels.channels, 3);
    CHECK_INT(kernels.groups, 1);
    DcnTensor weights;
    CHECK(dcn_plan_constant(f.plan, dcn_plan_find(f.plan, "w1", NULL), &weights));
    CHECK(memcmp(kernels.weights.data, weights.data, 4 * 3 * 3 * 2 * sizeof(float)) == 0);
    close_net(&f);
}

static void
the_answer_lies_behind_norm_and_rectifier(void)
{
    Fixture f = open_net();
    DcnKernels kernels;
    CHECK(dcn_plan_kernels(f.plan, dcn_plan_find(f.plan, "c1", NULL), &kernels, NULL));
    CHECK_INT(kernels.answer, dcn_plan_find(f.plan, "r1", NULL));

    /* The sum of a convolution and another value is not the convolution's answer. */
    int grouped = dcn_plan_find(f.plan, "c2", NULL);
    CHECK(dcn_plan_kernels(f.plan, grouped, &kernels, NULL));
    CHECK_INT(kernels.answer, grouped);
    CHECK_INT(kernels.channels, 4);
    CHECK_INT(kernels.groups, 2);
    close_net(&f);
}

static void
what_has_no_kernels_is_refused_by_name(void)
{
    Fixture f = open_net();
    DcnError error = {0};
    DcnKernels kernels;
    CHECK(!dcn_plan_kernels(f.plan, dcn_plan_find(f.plan, "r1", NULL), &kernels, &error));
    CHECK_INT(error.code, DCN_ERROR_VALUE);
    check_text(error.text, "\"r1\" is made by Relu");
    CHECK(!dcn_plan_kernels(f.plan, dcn_plan_input(f.plan, 0), &kernels, &error));
    check_text(error.text, "no operator");
    CHECK(!dcn_plan_kernels(f.plan, -1, &kernels, &error));
    close_net(&f);
}

CHECK_MAIN(CHECK_TEST(kernels_are_those_of_the_file),
           CHECK_TEST(the_answer_lies_behind_norm_and_rectifier),
           CHECK_TEST(what_has_no_kernels_is_refused_by_name))
