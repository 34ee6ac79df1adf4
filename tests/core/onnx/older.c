/* SPDX-License-Identifier: GPL-3.0-or-later */
/* older.c: tests that nets of ONNX's first opsets answer as the same nets of today. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"
#include <string.h>

/* Pictures of 3 channels, 4 x 5. */
static NewModel *
picture_net(int opset)
{
    NewModel *net = new_model(opset);
    new_input(net, "x", "1,3,4,5");
    new_output(net, "y");
    return net;
}

/* A node of an opset answers as one of today whose second input has this shape. */
static void
same_pair(const char *type,
          const char *shape,
          const char *today,
          int opset,
          const char *attributes)
{
    NewModel *plain = picture_net(13), *old = picture_net(opset);
    new_weights(plain, "b", today, 4);
    new_weights(old, "b", shape, 4);
    new_node(plain, type, "", "x;b", "y", "");
    new_node(old, type, "", "x;b", "y", attributes);
    model_same_answers(plain, old);
}

static void
second_inputs_are_aligned_by_an_axis(void)
{
    static const char *const types[] = {"Add", "Sub", "Mul", "Div"};
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        same_pair(types[i], "3", "3,1,1", 6, "broadcast=1;axis=1");
        same_pair(types[i], "3", "3,1,1", 0, "broadcast=1;axis=1");
        same_pair(types[i], "3,4", "3,4,1", 1, "broadcast=1;axis=1;consumed_inputs=0,0");
        same_pair(types[i], "4,5", "4,5", 6, "broadcast=1");
        same_pair(types[i], "4", "4,1", 6, "broadcast=1;axis=-2");
        same_pair(types[i], "1,3,4,5", "1,3,4,5", 6, "");
        same_pair(types[i], "3,4,5", "3,4,5", 6, "broadcast=1;axis=1");
    }
    same_pair("PRelu", "3", "3,1,1", 6, "");
    same_pair("PRelu", "1", "1", 1, "");
}

static void
comparisons_are_too(void)
{
    static const char *const types[] = {"Greater", "Less"};
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        NewModel *plain = picture_net(13), *old = picture_net(6);
        new_weights(plain, "b", "3,1,1", 4);
        new_weights(old, "b", "3", 4);
        new_node(plain, types[i], "", "x;b", "c", "");
        new_node(plain, "Cast", "", "c", "y", "to=1");
        new_node(old, types[i], "", "x;b", "c", "broadcast=1;axis=1");
        new_node(old, "Cast", "", "c", "y", "to=1");
        model_same_answers(plain, old);
    }
}

/* Factors a channel, of each image of a batch its own, as in squeeze and excitation. */
static void
a_run_may_make_the_second_input(void)
{
    NewModel *plain = picture_net(13), *old = picture_net(4);
    new_node(plain, "GlobalAveragePool", "", "x", "s", "");
    new_node(plain, "Mul", "", "x;s", "y", "");
    new_node(old, "GlobalAveragePool", "", "x", "s", "");
    new_node(old, "Reshape", "", "s", "r", "shape=0,-1");
    new_node(old, "Mul", "", "x;r", "y", "broadcast=1;axis=0");
    model_same_answers(plain, old);
}

static void
a_classifier_is_read(void)
{
    NewModel *plain = picture_net(13), *old = picture_net(3);
    NewModel *nets[] = {plain, old};
    for (int i = 0; i < 2; i++) {
        new_weights(nets[i], "w", "4,3,3,3", 1);
        new_floats(nets[i], "ones", "4", (float[]){1, 2, 0.5F, 1});
        new_weights(nets[i], "shift", "4", 2);
        new_weights(nets[i], "f", "7,80", 3);
        new_weights(nets[i], "g", "7", 5);
        new_node(nets[i], "Conv", "", "x;w", "c", "pads=1,1,1,1");
    }
    new_ints(plain, "shape", "0,-1");
    new_node(plain, "BatchNormalization", "", "c;ones;shift;shift;ones", "n", "");
    new_node(plain, "Dropout", "", "n", "d", "");
    new_node(plain, "Reshape", "", "d;shape", "r", "");
    new_node(plain, "Gemm", "", "r;f;g", "y", "transB=1");
    new_node(old, "BatchNormalization", "", "c;ones;shift;shift;ones", "n",
             "is_test=1;consumed_inputs=0,0,0,1,1");
    new_node(old, "Dropout", "", "n", "d;mask", "is_test=1;ratio=.0.3");
    new_node(old, "Reshape", "", "d", "r", "shape=0,-1");
    new_node(old, "Gemm", "", "r;f;g", "y", "transB=1;broadcast=1");
    model_same_answers(plain, old);
}

static void
attributes_had_other_names(void)
{
    NewModel *plain = picture_net(7), *old = picture_net(1);
    new_node(plain, "Pad", "", "x", "p", "pads=0,0,1,2,0,0,0,1;mode=:edge");
    new_node(plain, "Upsample", "", "p", "u", "scales=~1,1,2,3;mode=:linear");
    new_node(plain, "Cast", "", "u", "y", "to=7");
    new_node(old, "Pad", "", "x", "p", "paddings=0,0,1,2,0,0,0,1;mode=:edge");
    new_node(old, "Upsample", "", "p", "u",
             "height_scale=.2;width_scale=.3;mode=:bilinear");
    new_node(old, "Cast", "", "u", "y", "to=:INT64");
    model_same_answers(plain, old);
    plain = picture_net(13), old = picture_net(5);
    NewModel *nets[] = {plain, old};
    for (int i = 0; i < 2; i++) {
        new_weights(nets[i], "s", "3", 1);
        new_node(nets[i], "InstanceNormalization", "", "x;s;s", "y", "epsilon=.0.01");
    }
    model_same_answers(plain, old);
}

static void
channels_are_what_is_joined(void)
{
    NewModel *plain = picture_net(13), *old = picture_net(3);
    new_node(plain, "Concat", "", "x;x", "y", "axis=1");
    new_node(old, "Concat", "", "x;x", "y", "");
    model_same_answers(plain, old);
}

static void
operators_on_trial_are_known(void)
{
    const float values[] = {2, 0.5F, -0.25F, 3};
    static const struct {
        const char *type, *attributes;
    } old_nodes[] = {{"ImageScaler", "scale=.2;bias=~0.5,-0.25,3"},
                     {"Affine", "alpha=.2;beta=.0.5"},
                     {"ScaledTanh", "alpha=.2;beta=.0.5"},
                     {"ParametricSoftplus", "alpha=.2;beta=.0.5"},
                     {"Scale", "scale=.2"}};
    for (size_t i = 0; i < G_N_ELEMENTS(old_nodes); i++) {
        NewModel *plain = picture_net(9), *old = picture_net(i % 2 ? 1 : 9);
        const char *type = old_nodes[i].type;
        bool curve = i == 2 || i == 3;
        new_floats(plain, "two", "", values);
        new_floats(plain, "half", "", values + 1);
        new_floats(plain, "bias", "3,1,1", values + 1);
        if (curve) {
            new_node(plain, "Mul", "", "x;half", "h", "");
            new_node(plain, i == 2 ? "Tanh" : "Softplus", "", "h", "c", "");
        }
        new_node(plain, "Mul", "", curve ? "c;two" : "x;two",
                 i == 0 || i == 1 ? "m" : "y", "");
        if (i < 2)
            new_node(plain, "Add", "", i == 0 ? "m;bias" : "m;half", "y", "");
        new_node(old, type, "", "x", "y", old_nodes[i].attributes);
        model_same_answers(plain, old);
    }
}

/* The body of a function has an opset of its own. */
static void
functions_may_be_older_than_the_file(void)
{
    NewModel *plain = picture_net(13), *old = picture_net(13);
    new_weights(plain, "b", "3,1,1", 4);
    new_weights(old, "b", "3", 4);
    new_node(plain, "Add", "", "x;b", "y", "");
    new_function(old, "local:Shift", 6, "a;b", "c", "");
    new_node(old, "Add", "", "a;b", "c", "broadcast=1;axis=1");
    new_function_end(old);
    new_node(old, "local:Shift", "", "x;b", "y", "");
    model_same_answers(plain, old);
}

static void
what_was_another_thing_is_refused(void)
{
    NewModel *net = picture_net(6);
    new_weights(net, "s", "3", 1);
    new_node(net, "BatchNormalization", "norm", "x;s;s;s;s", "y", "");
    model_not_planned(
        net, "node \"norm\": operator BatchNormalization is not supported: it is "
             "in training mode");
    net = picture_net(1);
    new_node(net, "Upsample", "larger", "x", "y", "mode=:nearest");
    model_not_planned(net,
                      "node \"larger\": operator Upsample is not supported: it says no "
                      "factors of height and width");
    net = picture_net(10); /* they went away */
    new_node(net, "Affine", "node", "x", "y", "alpha=.2");
    model_not_planned(net, "node \"node\": operator Affine is not supported");
}

CHECK_MAIN(CHECK_TEST(second_inputs_are_aligned_by_an_axis),
           CHECK_TEST(comparisons_are_too),
           CHECK_TEST(a_run_may_make_the_second_input),
           CHECK_TEST(a_classifier_is_read),
           CHECK_TEST(attributes_had_other_names),
           CHECK_TEST(channels_are_what_is_joined),
           CHECK_TEST(operators_on_trial_are_known),
           CHECK_TEST(functions_may_be_older_than_the_file),
           CHECK_TEST(what_was_another_thing_is_refused))
