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
    model_near_answers(plain, fused); /* what is transposed has loops of its own */
    plain = matrix_net(), fused = matrix_net();
    new_node(plain, "Transpose", "", "x", "t", "perm=0,1,3,2");
    new_node(plain, "MatMul", "", "t;v", "y", "");
    new_node(fused, "com.microsoft:FusedMatMul", "", "x;v", "y", "transA=1");
    model_near_answers(plain, fused);
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
activations_have_their_own_defaults(void)
{
    static const char *const types[] = {"Relu",     "Sigmoid",     "Tanh",
                                        "Softplus", "Softsign",    "LeakyRelu",
                                        "Elu",      "HardSigmoid", "ThresholdedRelu",
                                        "Selu",     "HardSwish"};
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        char attributes[64];
        NewModel *plain = picture_net(14), *fused = picture_net(14);
        new_node(plain, "Conv", "", "x;w;b", "c", "");
        new_node(plain, types[i], "", "c", "y", "");
        snprintf(attributes, sizeof attributes, "activation=:%s", types[i]);
        new_node(fused, "com.microsoft:FusedConv", "", "x;w;b", "y", attributes);
        model_same_answers(plain, fused);
    }
    NewModel *plain = matrix_net(), *fused = matrix_net();
    NewModel *both[] = {plain, fused};
    for (int i = 0; i < 2; i++) {
        new_ints(both[i], "row", "1,24");
        new_weights(both[i], "u", "24,7", 3);
        new_node(both[i], "Reshape", "", "x;row", "r", "");
    }
    new_node(plain, "Gemm", "", "r;u", "g", "");
    new_node(plain, "Selu", "", "g", "y", "alpha=.0.5;gamma=.2.0");
    new_node(fused, "com.microsoft:FusedGemm", "", "r;u", "y",
             "activation=:Selu;activation_alpha=.0.5;activation_gamma=.2.0");
    model_same_answers(plain, fused);
}

/* The first axis goes to the place before the last: 3 x 2 x 4 to 2 x 3 x 4. */
static void
products_are_turned_over_the_batch(void)
{
    for (int turned = 0; turned < 2; turned++) {
        NewModel *plain = new_model(13), *fused = new_model(13);
        NewModel *both[] = {plain, fused};
        for (int i = 0; i < 2; i++) {
            new_input(both[i], "x", "1,3,2,4");
            new_ints(both[i], "three", "3,2,4");
            new_weights(both[i], "w", turned ? "2,3,5" : "2,4,5", 1);
            new_node(both[i], "Reshape", "", "x;three", "r", "");
            new_output(both[i], "y");
        }
        new_node(plain, "Transpose", "", "r", "t", turned ? "perm=1,2,0" : "perm=1,0,2");
        new_node(plain, "MatMul", "", "t;w", "y", "");
        new_node(fused, "com.microsoft:FusedMatMul", "", "r;w", "y",
                 turned ? "transBatchA=1;transA=1" : "transBatchA=1");
        model_same_answers(plain, fused);
    }
}

/* Two nets with rows of 8 numbers, weights for queries, keys and values, and a mask. */
static void
row_nets(NewModel *nets[2])
{
    for (int i = 0; i < 2; i++) {
        nets[i] = new_model(23);
        new_input(nets[i], "x", "1,5,8");
        new_weights(nets[i], "w", "8,24", 1);
        new_weights(nets[i], "b", "24", 2);
        new_weights(nets[i], "other", "1,7,8", 3);
        new_weights(nets[i], "mask", "1,2,5,5", 4);
        new_weights(nets[i], "scale", "8", 5);
        new_output(nets[i], "y");
    }
}

static void
attention_has_its_products_back(void)
{
    NewModel *nets[2];
    row_nets(nets);
    new_node(nets[0], "MatMul", "", "x;w", "p", "");
    new_node(nets[0], "Add", "", "p;b", "s", "");
    new_node(nets[0], "Split", "", "s", "q;k;v", "axis=-1;num_outputs=3");
    new_node(nets[0], "Attention", "", "q;k;v;mask", "y",
             "q_num_heads=2;kv_num_heads=2;scale=.0.3;is_causal=1");
    new_node(nets[1], "com.microsoft:Attention", "", "x;w;b;;;mask", "y",
             "num_heads=2;scale=.0.3;unidirectional=1");
    model_same_answers(nets[0], nets[1]);
    row_nets(nets); /* values of another width */
    new_ints(nets[0], "sizes", "6,6,12");
    new_node(nets[0], "MatMul", "", "x;w", "s", "");
    new_node(nets[0], "Split", "", "s;sizes", "q;k;v", "axis=-1");
    new_node(nets[0], "Attention", "", "q;k;v", "y", "q_num_heads=2;kv_num_heads=2");
    new_node(nets[1], "com.microsoft:Attention", "", "x;w", "y",
             "num_heads=2;qkv_hidden_sizes=6,6,12");
    model_same_answers(nets[0], nets[1]);
}

static void
heads_may_come_in_one_tensor(void)
{
    NewModel *nets[2];
    row_nets(nets);
    new_ints(nets[0], "sizes", "8,8,8");
    new_node(nets[0], "Split", "", "b;sizes", "bq;bk;bv", "axis=0");
    new_node(nets[0], "Add", "", "x;bq", "q", "");
    new_node(nets[0], "Add", "", "other;bk", "k", "");
    new_node(nets[0], "Add", "", "other;bv", "v", "");
    new_node(nets[0], "Attention", "", "q;k;v", "y", "q_num_heads=4;kv_num_heads=4");
    new_node(nets[1], "com.microsoft:MultiHeadAttention", "", "x;other;other;b", "y",
             "num_heads=4");
    model_same_answers(nets[0], nets[1]);
    /* B x rows x heads x 3 x size: the numbers of a head lie together */
    row_nets(nets);
    for (int i = 0; i < 2; i++) {
        new_node(nets[i], "MatMul", "", "x;w", "p", "");
        new_ints(nets[i], "packed", "1,5,2,3,4");
        new_node(nets[i], "Reshape", "", "p;packed", "a", "");
    }
    new_ints(nets[0], "rows", "0,0,8");
    for (int i = 0; i < 3; i++) {
        char name[8], out[8], index[8], number[2] = {(char)('0' + i), 0};
        snprintf(name, sizeof name, "g%d", i);
        snprintf(out, sizeof out, "r%d", i);
        snprintf(index, sizeof index, "i%d", i);
        char gather[32], reshape[32];
        new_shaped_ints(nets[0], index, "", number);
        snprintf(gather, sizeof gather, "a;%s", index);
        snprintf(reshape, sizeof reshape, "%s;rows", name);
        new_node(nets[0], "Gather", "", gather, name, "axis=3");
        new_node(nets[0], "Reshape", "", reshape, out, "");
    }
    new_node(nets[0], "Attention", "", "r0;r1;r2", "y", "q_num_heads=2;kv_num_heads=2");
    new_node(nets[1], "com.microsoft:MultiHeadAttention", "", "a", "y", "num_heads=2");
    model_same_answers(nets[0], nets[1]);
}

static void
normalisations_without_means_are_known(void)
{
    NewModel *nets[2];
    row_nets(nets);
    new_weights(nets[0], "skip", "1,5,8", 6);
    new_weights(nets[1], "skip", "1,5,8", 6);
    new_node(nets[0], "RMSNormalization", "", "x;scale", "n", "epsilon=.0.01");
    new_node(nets[0], "Add", "", "n;skip", "a", "");
    new_node(nets[0], "Add", "", "a;scale", "s", "");
    new_node(nets[0], "RMSNormalization", "", "s;scale", "m", "epsilon=.0.02");
    new_node(nets[0], "Add", "", "m;s", "y", "");
    new_node(nets[1], "SimplifiedLayerNormalization", "", "x;scale", "n",
             "epsilon=.0.01;axis=-1;stash_type=1");
    new_node(nets[1], "com.microsoft:SkipSimplifiedLayerNormalization", "",
             "n;skip;scale;scale", "m;;;s", "epsilon=.0.02");
    new_node(nets[1], "Add", "", "m;s", "y", "");
    model_same_answers(nets[0], nets[1]);
}

static void
channels_may_be_the_last_axis(void)
{
    for (int sum = 0; sum < 2; sum++) {
        NewModel *plain = new_model(13), *fused = new_model(13);
        NewModel *both[] = {plain, fused};
        for (int i = 0; i < 2; i++) {
            new_input(both[i], "x", "1,6,6,3");
            new_weights(both[i], "w", "3,3,3,3", 1);
            new_weights(both[i], "b", "3", 2);
            new_output(both[i], "y");
        }
        new_node(plain, "Transpose", "", "x", "t", "perm=0,3,1,2");
        new_node(plain, "Conv", "", "t;w;b", sum ? "c" : "r", "pads=1,1,1,1");
        if (sum) {
            new_node(plain, "Add", "", "c;t", "s", "");
            new_node(plain, "LeakyRelu", "", "s", "r", "alpha=.0.25");
        }
        new_node(plain, "Transpose", "", "r", "y", "perm=0,2,3,1");
        if (sum)
            new_node(fused, "com.microsoft:NhwcFusedConv", "", "x;w;b;x", "y",
                     "pads=1,1,1,1;activation=:LeakyRelu;activation_params=~0.25");
        else
            new_node(fused, "com.microsoft:NhwcConv", "", "x;w;b", "y", "pads=1,1,1,1");
        model_same_answers(plain, fused);
    }
}

static void
products_of_levels_are_scaled(void)
{
    static const guint8 levels[8] = {1, 250, 3, 128, 77, 5, 200, 90}, zero[] = {120};
    NewModel *plain = new_model(13), *fused = new_model(13);
    NewModel *both[] = {plain, fused};
    for (int i = 0; i < 2; i++) {
        new_input(both[i], "x", "1,4");
        new_bytes(both[i], "w", "4,2", DCN_UINT8, levels, 8, TRUE);
        new_bytes(both[i], "z", "", DCN_UINT8, zero, 1, TRUE);
        new_floats(both[i], "scale", "", (float[]){0.01F});
        new_weights(both[i], "b", "2", 1);
        new_output(both[i], "y");
    }
    new_node(plain, "DynamicQuantizeLinear", "", "x", "l;ls;lz", "");
    new_node(plain, "MatMulInteger", "", "l;w;lz;z", "i", "");
    new_node(plain, "Cast", "", "i", "f", "to=1");
    new_node(plain, "Mul", "", "ls;scale", "s", "");
    new_node(plain, "Mul", "", "f;s", "p", "");
    new_node(plain, "Add", "", "p;b", "y", "");
    new_node(fused, "com.microsoft:DynamicQuantizeMatMul", "", "x;w;scale;z;b", "y", "");
    model_same_answers(plain, fused);
}

static void
what_is_not_known_is_named(void)
{
    NewModel *nets[2], *net = picture_net(13);
    new_node(net, "com.microsoft:FusedConv", "node", "x;w", "y", "activation=:Mystery");
    model_not_planned(
        net, "node \"node\": operator com.microsoft.FusedConv is not supported: its "
             "activation is not known");
    net = picture_net(13);
    new_node(net, "com.microsoft.nchwc:Conv", "node", "x;w", "y", "");
    model_not_planned(net,
                      "operator com.microsoft.nchwc.Conv is not supported: ONNX Runtime "
                      "wrote the file for one kind of processor; have it optimise the "
                      "model with the level ORT_ENABLE_EXTENDED, or take the model from "
                      "before");
    net = picture_net(13);
    new_node(net, "com.microsoft:Mystery", "node", "x;w", "y", "");
    model_not_planned(net, "operator com.microsoft.Mystery is not supported");
    static const struct {
        const char *type, *inputs, *outputs, *attributes, *why;
    } wrong[] = {
        {"Attention", "x;w;b;mask", "y", "num_heads=2",
         "it has a mask for rows of padding"},
        {"Attention", "x;w;b;;mask", "y", "num_heads=2", "it keeps keys of past runs"},
        {"Attention", "x;w;b", "y;present", "num_heads=2", "it keeps keys of past runs"},
        {"Attention", "x;w;b", "y", "num_heads=2;do_rotary=1",
         "it turns queries and keys by their place"},
        {"MultiHeadAttention", "x;x;x;;mask", "y", "num_heads=2",
         "it has a mask for rows of padding"},
        {"MultiHeadAttention", "x;x;x;;;;mask", "y", "num_heads=2",
         "it keeps keys of past runs"},
        {"SkipLayerNormalization", "x;x;scale", "y;mean", "",
         "it gives means and deviations"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        char type[64];
        row_nets(nets);
        new_model_free(nets[0]);
        snprintf(type, sizeof type, "com.microsoft:%s", wrong[i].type);
        new_node(nets[1], type, "", wrong[i].inputs, wrong[i].outputs,
                 wrong[i].attributes);
        model_not_planned(nets[1], wrong[i].why);
    }
}

CHECK_MAIN(CHECK_TEST(a_convolution_takes_a_sum_and_an_activation_in),
           CHECK_TEST(a_clip_has_its_bounds_as_the_opset_wants_them),
           CHECK_TEST(activations_have_their_own_defaults),
           CHECK_TEST(products_are_turned_and_scaled),
           CHECK_TEST(products_are_turned_over_the_batch),
           CHECK_TEST(a_quick_gelu_is_a_gated_copy),
           CHECK_TEST(transformers_have_their_sums_and_gates_back),
           CHECK_TEST(attention_has_its_products_back),
           CHECK_TEST(heads_may_come_in_one_tensor),
           CHECK_TEST(normalisations_without_means_are_known),
           CHECK_TEST(channels_may_be_the_last_axis),
           CHECK_TEST(products_of_levels_are_scaled),
           CHECK_TEST(what_is_not_known_is_named))
