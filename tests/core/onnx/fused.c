/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fused.c: tests that nodes of ONNX Runtime's optimiser give what the nodes give that
 * they stand for. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"

/* A net with an input of 1 x 3 x 6 x 6 and weights, up to the node that is tried. */
static NewModel *
picture_net(int opset)
{
    NewModel *net = new_model(opset);
    new_input(net, "x", "1,3,6,6");
    new_weights(net, "w", "3,3,3,3", 1);
    new_weights(net, "b", "3", 2);
    new_output(net, "y");
    return net;
}

static void
a_convolution_takes_a_sum_and_an_activation_in(void)
{
    NewModel *plain = picture_net(13), *fused = picture_net(13);
    new_node(plain, "Conv", "", "x;w;b", "c", "pads=1,1,1,1;group=1");
    new_node(plain, "Add", "", "c;x", "s", "");
    new_node(plain, "Relu", "", "s", "y", "");
    new_node(fused, "com.microsoft:FusedConv", "", "x;w;b;x", "y",
             "pads=1,1,1,1;group=1;activation=:Relu");
    model_same_answers(plain, fused);
    plain = picture_net(13), fused = picture_net(13);
    new_node(plain, "Conv", "", "x;w", "c", "strides=2,1");
    new_node(plain, "LeakyRelu", "", "c", "y", "alpha=.0.3");
    new_node(fused, "com.microsoft:FusedConv", "", "x;w", "y",
             "strides=2,1;activation=:LeakyRelu;activation_params=~0.3");
    model_same_answers(plain, fused);
    plain = picture_net(13), fused = picture_net(13);
    new_node(plain, "Conv", "", "x;w", "c", "");
    new_node(plain, "HardSigmoid", "", "c", "y", "alpha=.0.3;beta=.0.6");
    new_node(fused, "com.microsoft:FusedConv", "", "x;w", "y",
             "activation=:HardSigmoid;activation_params=~0.3,0.6");
    model_same_answers(plain, fused);
}

static void
a_clip_has_its_bounds_as_the_opset_wants_them(void)
{
    for (int opset = 10; opset <= 13; opset += 3) {
        NewModel *plain = picture_net(10), *fused = picture_net(opset);
        new_node(plain, "Conv", "", "x;w;b", "c", "");
        new_node(plain, "Clip", "", "c", "y", "min=.0;max=.0.5");
        new_node(fused, "com.microsoft:FusedConv", "", "x;w;b", "y",
                 "activation=:Clip;activation_params=~0,0.5");
        model_same_answers(plain, fused);
    }
}

static NewModel *
matrix_net(void)
{
    NewModel *net = new_model(13);
    new_input(net, "x", "1,2,3,4");
    new_weights(net, "w", "5,4", 1);
    new_weights(net, "v", "3,5", 2);
    new_output(net, "y");
    return net;
}

static void
products_are_turned_and_scaled(void)
{
    NewModel *plain = matrix_net(), *fused = matrix_net();
    new_floats(plain, "half", "1", (float[]){0.5F});
    new_node(plain, "Transpose", "", "w", "t", "perm=1,0");
    new_node(plain, "MatMul", "", "x;t", "p", "");
    new_node(plain, "Mul", "", "p;half", "y", "");
    new_node(fused, "com.microsoft:FusedMatMul", "", "x;w", "y", "transB=1;alpha=.0.5");
    model_same_answers(plain, fused);
    plain = matrix_net(), fused = matrix_net();
    new_node(plain, "Transpose", "", "x", "t", "perm=0,1,3,2");
    new_node(plain, "MatMul", "", "t;v", "y", "");
    new_node(fused, "com.microsoft:FusedMatMul", "", "x;v", "y", "transA=1");
    model_same_answers(plain, fused);
    plain = matrix_net(), fused = matrix_net();
    new_ints(plain, "row", "1,24");
    new_ints(fused, "row", "1,24");
    new_weights(plain, "u", "7,24", 3);
    new_weights(fused, "u", "7,24", 3);
    new_node(plain, "Reshape", "", "x;row", "r", "");
    new_node(fused, "Reshape", "", "x;row", "r", "");
    new_node(plain, "Gemm", "", "r;u", "g", "transB=1");
    new_node(plain, "Tanh", "", "g", "y", "");
    new_node(fused, "com.microsoft:FusedGemm", "", "r;u", "y",
             "transB=1;activation=:Tanh");
    model_same_answers(plain, fused);
}

static void
a_quick_gelu_is_a_gated_copy(void)
{
    NewModel *plain = matrix_net(), *fused = matrix_net();
    new_floats(plain, "alpha", "1", (float[]){1.5F});
    new_node(plain, "Mul", "", "x;alpha", "s", "");
    new_node(plain, "Sigmoid", "", "s", "g", "");
    new_node(plain, "Mul", "", "x;g", "y", "");
    new_node(fused, "com.microsoft:QuickGelu", "", "x", "y", "alpha=.1.5");
    model_same_answers(plain, fused);
}

static void
transformers_have_their_sums_and_gates_back(void)
{
    NewModel *plain = matrix_net(), *fused = matrix_net();
    NewModel *both[] = {plain, fused};
    for (int i = 0; i < 2; i++) {
        new_weights(both[i], "scale", "4", 3);
        new_weights(both[i], "shift", "4", 4);
        new_weights(both[i], "bias", "4", 5);
        new_weights(both[i], "skip", "1,2,3,4", 6);
    }
    new_node(plain, "Add", "", "x;skip", "a", "");
    new_node(plain, "Add", "", "a;bias", "s", "");
    new_node(plain, "LayerNormalization", "", "s;scale;shift", "n", "epsilon=.0.01");
    new_node(plain, "Add", "", "n;bias", "nb", "");
    new_node(plain, "Gelu", "", "nb", "g", "");
    new_node(plain, "Add", "", "g;bias", "gb", "");
    new_node(plain, "Gelu", "", "gb", "t", "approximate=:tanh");
    new_node(plain, "Add", "", "t;s", "y", "");
    new_node(fused, "com.microsoft:SkipLayerNormalization", "", "x;skip;scale;shift;bias",
             "n;;;s", "epsilon=.0.01");
    new_node(fused, "com.microsoft:BiasGelu", "", "n;bias", "g", "");
    new_node(fused, "com.microsoft:FastGelu", "", "g;bias", "t", "");
    new_node(fused, "Add", "", "t;s", "y", "");
    model_same_answers(plain, fused);
}

static void
what_is_not_known_stays_an_unknown_operator(void)
{
    NewModel *net = picture_net(13);
    DcnError error = {0};
    new_node(net, "com.microsoft:FusedConv", "node", "x;w", "y", "activation=:Mystery");
    DcnModel *model = model_opened(net);
    DcnPlan *plan = dcn_plan_new(model, NULL, &error);
    g_assert_null(plan);
    g_assert_nonnull(strstr(error.text, "com.microsoft.FusedConv is not supported"));
    dcn_model_free(model);
    new_model_free(net);
}

CHECK_MAIN(CHECK_TEST(a_convolution_takes_a_sum_and_an_activation_in),
           CHECK_TEST(a_clip_has_its_bounds_as_the_opset_wants_them),
           CHECK_TEST(products_are_turned_and_scaled),
           CHECK_TEST(a_quick_gelu_is_a_gated_copy),
           CHECK_TEST(transformers_have_their_sums_and_gates_back),
           CHECK_TEST(what_is_not_known_stays_an_unknown_operator))
