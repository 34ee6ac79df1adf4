/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packed.c: tests of matrices whose weights have a few bits each, and of operators between
 * levels that stand for several nodes. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"

#define K 20 /* the last block of 8 is not full */
#define N 3
#define BLOCK 8
#define BLOCKS 3

/* A level of a byte that has several, the first in the lowest bits. */
static int
level(const guint8 *bytes, int bits, int at)
{
    int a_byte = 8 / bits;
    return bytes[at / a_byte] >> at % a_byte * bits & ((1 << bits) - 1);
}

static void
fill(guint8 *bytes, gsize n, guint32 seed)
{
    GRand *random = g_rand_new_with_seed(seed);
    for (gsize i = 0; i < n; i++)
        bytes[i] = (guint8)g_rand_int_range(random, 0, 256);
    g_rand_free(random);
}

/* A net whose weights are floats, and one up to the node that has them packed. */
static void
two_nets(NewModel *nets[2])
{
    for (int i = 0; i < 2; i++) {
        nets[i] = new_model(13);
        new_input(nets[i], "x", "1," G_STRINGIFY(K));
        new_output(nets[i], "y");
    }
}

static const float scales[N * BLOCKS] = {0.1F, 0.2F, 0.05F, 0.3F, 0.01F,
                                         0.4F, 0.5F, 0.25F, 0.02F};

typedef enum { MIDDLE, LEVELS, FLOATS, CHOSEN } Zeros;

static void
check_bits(int bits, Zeros zeros)
{
    static const float float_zeros[N * BLOCKS] = {7.5F, 3, 0.25F, 1, 9, 2, 4, 5.5F, 6};
    guint8 bytes[N * BLOCKS * BLOCK], zero_bytes[N * BLOCKS];
    int block_bytes = BLOCK * bits / 8, zero_row = (BLOCKS * bits + 7) / 8;
    float weights[K * N];
    char shape[32], attributes[64];
    fill(bytes, sizeof bytes, (guint32)bits);
    fill(zero_bytes, sizeof zero_bytes, 7);
    for (int n = 0; n < N; n++)
        for (int k = 0; k < K; k++) {
            int block = zeros == CHOSEN ? k % BLOCKS : k / BLOCK;
            float zero = zeros == LEVELS
                             ? (float)level(zero_bytes + n * zero_row, bits, block)
                         : zeros == FLOATS ? float_zeros[n * BLOCKS + block]
                                           : (float)(1 << (bits - 1));
            const guint8 *row = bytes + (n * BLOCKS + k / BLOCK) * block_bytes;
            weights[k * N + n] =
                ((float)level(row, bits, k % BLOCK) - zero) * scales[n * BLOCKS + block];
        }
    NewModel *nets[2];
    two_nets(nets);
    new_floats(nets[0], "w", "20,3", weights);
    new_node(nets[0], "MatMul", "", "x;w", "y", "");
    g_snprintf(shape, sizeof shape, "3,3,%d", block_bytes);
    new_bytes(nets[1], "w", shape, DCN_UINT8, bytes, (gsize)(N * BLOCKS * block_bytes),
              TRUE);
    new_floats(nets[1], "s", "9", scales);
    if (zeros == LEVELS)
        new_bytes(nets[1], "z",
                  zero_row == 2   ? "6"
                  : zero_row == 1 ? "3"
                                  : "9",
                  DCN_UINT8, zero_bytes, (gsize)(N * zero_row), TRUE);
    if (zeros == FLOATS)
        new_floats(nets[1], "z", "9", float_zeros);
    if (zeros == CHOSEN)
        new_ints(nets[1], "g", "0,1,2,0,1,2,0,1,2,0,1,2,0,1,2,0,1,2,0,1");
    g_snprintf(attributes, sizeof attributes, "K=20;N=3;bits=%d;block_size=8", bits);
    new_node(nets[1], "com.microsoft:MatMulNBits", "",
             zeros == MIDDLE   ? "x;w;s"
             : zeros == CHOSEN ? "x;w;s;;g"
                               : "x;w;s;z",
             "y", attributes);
    model_same_answers(nets[0], nets[1]);
}

static void
weights_of_a_few_bits_are_unpacked(void)
{
    for (int bits = 2; bits <= 8; bits *= 2)
        for (Zeros zeros = MIDDLE; zeros <= CHOSEN; zeros++)
            check_bits(bits, zeros);
}

/* Two a byte and the first in the high half; a block may end within a column. */
static void
normal_floats_are_looked_up(void)
{
    static const float numbers[2][16] = {
        {0, 0.0052083333F, 0.6666667F, 1, 0.33333334F, 0.5F, 0.16666667F, 0.25F, 0,
         -0.0052083333F, -0.6666667F, -1, -0.33333334F, -0.5F, -0.16666667F, -0.25F},
        {-1, -0.6961928F, -0.52507305F, -0.3949175F, -0.28444138F, -0.18477343F,
         -0.09105004F, 0, 0.0795803F, 0.1609302F, 0.2461123F, 0.33791524F, 0.44070983F,
         0.562617F, 0.72295684F, 1}};
    for (int type = 0; type < 2; type++) {
        guint8 bytes[K * N / 2];
        float weights[K * N];
        fill(bytes, sizeof bytes, (guint32)type);
        for (int i = 0; i < K * N; i++)
            weights[i % K * N + i / K] =
                numbers[type][i % 2 ? bytes[i / 2] & 15 : bytes[i / 2] >> 4] *
                scales[i / 16];
        NewModel *nets[2];
        two_nets(nets);
        new_floats(nets[0], "w", "20,3", weights);
        new_node(nets[0], "MatMul", "", "x;w", "y", "");
        new_bytes(nets[1], "w", "30", DCN_UINT8, bytes, sizeof bytes, TRUE);
        new_floats(nets[1], "s", "4", scales);
        new_node(nets[1], "com.microsoft:MatMulBnb4", "", "x;w;s", "y",
                 type ? "K=20;N=3;block_size=16;quant_type=1"
                      : "K=20;N=3;block_size=16;quant_type=0");
        model_near_answers(nets[0], nets[1]);
    }
}

static void
what_does_not_fit_is_refused(void)
{
    static const struct {
        const char *inputs, *attributes, *why;
    } wrong[] = {
        {"x;w;s", "K=20;N=3;bits=3;block_size=8", "weights of 3 bits"},
        {"x;w;s", "K=20;N=-3;block_size=8", "a matrix of 20 x -3"},
        {"x;w;s", "K=20;N=3;block_size=0", "blocks of 0"},
        {"x;w;s", "K=28;N=3;block_size=8", "its weights are 36, and there should be 48"},
        {"x;w;few", "K=20;N=3;block_size=8", "its scales are 4, and there should be 9"},
        {"x;w;w", "K=20;N=3;block_size=8", "its scales are of type uint8"},
        {"x;x;s", "K=20;N=3;block_size=8",
         "its weights have to be constants; they are computed in a run"},
        {"x;w;s;w", "K=20;N=3;block_size=8",
         "its zero points are 36, and there should be 6"},
        {"x;w;s;;few", "K=20;N=3;block_size=8",
         "g_idx is no constant of 20 whole numbers"},
        {"x;w;s;;far", "K=20;N=3;block_size=8", "g_idx says block 3 of 3"},
        {"x;w;s;w;far", "K=20;N=3;block_size=8", "it has zero points and g_idx"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        guint8 bytes[N * BLOCKS * BLOCK / 2] = {0};
        NewModel *nets[2];
        two_nets(nets);
        new_model_free(nets[0]);
        new_bytes(nets[1], "w", "3,3,4", DCN_UINT8, bytes, sizeof bytes, TRUE);
        new_floats(nets[1], "s", "9", scales);
        new_floats(nets[1], "few", "4", scales);
        new_ints(nets[1], "far", "0,1,2,0,1,2,0,1,2,0,1,2,0,1,2,0,1,2,0,3");
        new_node(nets[1], "com.microsoft:MatMulNBits", "", wrong[i].inputs, "y",
                 wrong[i].attributes);
        model_not_planned(nets[1], wrong[i].why);
    }
}

/* --- between levels --- */

/* Levels of the input, and what their scales are. */
static NewModel *
levels_net(int opset)
{
    static const guint8 zeros[] = {120, 3};
    NewModel *net = new_model(opset);
    new_input(net, "x", "1,4,5");
    new_floats(net, "s", "", (float[]){0.02F});
    new_floats(net, "t", "", (float[]){0.004F});
    new_bytes(net, "z", "", DCN_UINT8, zeros, 1, TRUE);
    new_bytes(net, "o", "", DCN_UINT8, zeros + 1, 1, TRUE);
    new_node(net, "QuantizeLinear", "", "x;s;z", "q", "");
    new_output(net, "y");
    return net;
}

static void
a_softmax_of_levels_is_one_of_numbers(void)
{
    for (int opset = 12; opset <= 13; opset++) {
        NewModel *plain = levels_net(opset), *fused = levels_net(13);
        new_node(plain, "DequantizeLinear", "", "q;s;z", "n", "");
        new_node(plain, "Softmax", "", "n", "p", "axis=1");
        new_node(plain, "QuantizeLinear", "", "p;t;o", "r", "");
        new_node(plain, "DequantizeLinear", "", "r;t;o", "y", "");
        new_node(fused, "com.microsoft:QLinearSoftmax", "", "q;s;z;t;o", "r",
                 opset == 12 ? "axis=1;opset=12" : "axis=1;opset=13");
        new_node(fused, "DequantizeLinear", "", "r;t;o", "y", "");
        model_same_answers(plain, fused);
    }
}

static void
a_choice_of_levels_is_one_of_numbers(void)
{
    static const guint8 first[] = {1, 0, 1, 1, 0};
    NewModel *plain = levels_net(13), *fused = levels_net(13);
    new_bytes(plain, "c", "5", DCN_BOOL, first, 5, TRUE);
    new_bytes(fused, "c", "5", DCN_BOOL, first, 5, TRUE);
    new_node(plain, "DequantizeLinear", "", "q;s;z", "a", "");
    new_node(plain, "DequantizeLinear", "", "q;t;o", "b", "");
    new_node(plain, "Where", "", "c;a;b", "p", "");
    new_node(plain, "QuantizeLinear", "", "p;t;z", "r", "");
    new_node(plain, "DequantizeLinear", "", "r;t;z", "y", "");
    new_node(fused, "com.microsoft:QLinearWhere", "", "c;q;s;z;q;t;o;t;z", "r", "");
    new_node(fused, "DequantizeLinear", "", "r;t;z", "y", "");
    model_same_answers(plain, fused);
}

CHECK_MAIN(CHECK_TEST(weights_of_a_few_bits_are_unpacked),
           CHECK_TEST(normal_floats_are_looked_up),
           CHECK_TEST(what_does_not_fit_is_refused),
           CHECK_TEST(a_softmax_of_levels_is_one_of_numbers),
           CHECK_TEST(a_choice_of_levels_is_one_of_numbers))
