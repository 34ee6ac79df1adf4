/* random_net.c: nets drawn from all operators that occur in pictures' nets.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "random_net.h"
#include <string.h>

typedef struct {
    NewModel *net;
    GRand *random;
    int channels, made, weights;
    int narrow,
        wide; /* maps of a convolution; from 48 on Winograd's algorithm takes part */
    char last[16];
} Drawing;

static int
pick(Drawing *d, int begin, int end)
{
    return g_rand_int_range(d->random, begin, end);
}

/* A new initialiser; its name lives until the next one. */
static const char *
weights(Drawing *d, const char *shape)
{
    static char name[16];
    g_snprintf(name, sizeof name, "w%d", d->weights++);
    new_weights(d->net, name, shape, (guint32)pick(d, 0, 1 << 30));
    return name;
}

static void
put(Drawing *d, const char *type, const char *inputs, const char *attributes)
{
    char name[16];
    g_snprintf(name, sizeof name, "t%d", ++d->made);
    new_node(d->net, type, name, inputs, name, attributes);
    strcpy(d->last, name);
}

static void
put_conv(Drawing *d)
{
    int kernel = pick(d, 1, 5), stride = pick(d, 0, 4) == 0 ? 2 : 1,
        dilation = pick(d, 0, 5) == 0 ? 2 : 1;
    int groups = pick(d, 0, 4) == 0 ? d->channels : 1,
        maps = groups > 1 ? d->channels : pick(d, d->narrow, d->wide);
    g_autofree char *shape =
        g_strdup_printf("%d,%d,%d,%d", maps, d->channels / groups, kernel, kernel);
    g_autofree char *inputs = g_strdup_printf("%s;%s", d->last, weights(d, shape));
    g_autofree char *attributes =
        g_strdup_printf("group=%d;strides=%d,%d;dilations=%d,%d;pads=%d,%d,%d,%d", groups,
                        stride, stride, dilation, dilation, pick(d, 0, kernel),
                        pick(d, 0, kernel), pick(d, 0, kernel), pick(d, 0, kernel));
    put(d, "Conv", inputs, attributes);
    d->channels = maps;
}

static void
put_pool(Drawing *d)
{
    int kernel = pick(d, 2, 4), stride = pick(d, 1, 3), most = pick(d, 0, 3);
    g_autofree char *attributes = g_strdup_printf(
        "kernel_shape=%d,%d;strides=%d,%d;pads=%d,%d,%d,%d;ceil_mode=%d%s", kernel,
        kernel, stride, stride, pick(d, 0, 2), pick(d, 0, 2), pick(d, 0, 2),
        pick(d, 0, 2), pick(d, 0, 2),
        most            ? ""
        : pick(d, 0, 2) ? ";count_include_pad=1"
                        : "");
    put(d, most ? "MaxPool" : "AveragePool", d->last, attributes);
}

static void
put_norm(Drawing *d)
{
    g_autofree char *shape = g_strdup_printf("%d", d->channels);
    g_autofree float *positive = g_new(float, d->channels);
    for (int i = 0; i < d->channels; i++)
        positive[i] = (float)g_rand_double_range(d->random, 0.5, 2);
    g_autofree char *scale = g_strdup(weights(d, shape)),
                    *bias = g_strdup(weights(d, shape));
    g_autofree char *mean = g_strdup(weights(d, shape)),
                    *var = g_strdup_printf("v%d", d->weights++);
    new_floats(d->net, var, shape, positive);
    g_autofree char *inputs =
        g_strdup_printf("%s;%s;%s;%s;%s", d->last, scale, bias, mean, var);
    put(d, "BatchNormalization", inputs, "");
}

static void
put_per_channel(Drawing *d, const char *type)
{
    g_autofree char *shape = g_strdup_printf("%d,1,1", d->channels);
    g_autofree char *inputs = g_strdup_printf("%s;%s", d->last, weights(d, shape));
    put(d, type, inputs, "");
}

/* Two branches of the same shape, added, multiplied or put one behind the other. */
static void
put_branches(Drawing *d)
{
    static const char *const joins[] = {"Add", "Mul", "Sub", "Concat", "Sum"};
    int channels = d->channels, join = pick(d, 0, 5);
    g_autofree char *from = g_strdup(d->last);
    g_autofree char *shape1 = g_strdup_printf("%d,%d,1,1", channels, channels);
    g_autofree char *shape3 = g_strdup_printf("%d,%d,3,3", channels, channels);
    g_autofree char *left = g_strdup_printf("%s;%s", from, weights(d, shape1));
    put(d, "Conv", left, "");
    g_autofree char *a = g_strdup(d->last);
    g_autofree char *right = g_strdup_printf("%s;%s", from, weights(d, shape3));
    put(d, "Conv", right, "pads=1,1,1,1");
    g_autofree char *both = g_strdup_printf("%s;%s", pick(d, 0, 3) ? a : from, d->last);
    put(d, joins[join], both, join == 3 ? "axis=1" : "");
    d->channels = join == 3 ? 2 * channels : channels;
}

/* Squeeze and excite: every place depends on all. */
static void
put_gate(Drawing *d)
{
    g_autofree char *from = g_strdup(d->last);
    g_autofree char *shape = g_strdup_printf("%d,%d,1,1", d->channels, d->channels);
    put(d, "GlobalAveragePool", from, "");
    g_autofree char *inputs = g_strdup_printf("%s;%s", d->last, weights(d, shape));
    put(d, "Conv", inputs, "");
    put(d, "Sigmoid", d->last, "");
    g_autofree char *both = g_strdup_printf("%s;%s", from, d->last);
    put(d, "Mul", both, "");
}

NewModel *
random_net(guint32 seed, bool nhwc)
{
    static const char *const plain[] = {
        "Relu", "LeakyRelu",   "Sigmoid",  "HardSwish", "Tanh",
        "Elu",  "HardSigmoid", "Identity", "Dropout",   "Relu"};
    Drawing d = {.net = new_model(14),
                 .random = g_rand_new_with_seed(seed),
                 .channels = 3,
                 .narrow = seed % 4 == 3 ? 48 : 2,
                 .wide = seed % 4 == 3 ? 56 : 9};
    new_input(d.net, "picture", nhwc ? "1,29,33,3" : "1,3,29,33");
    strcpy(d.last, "picture");
    if (nhwc)
        put(&d, "Transpose", d.last, "perm=0,3,1,2");
    int pools = 0;
    if (d.narrow >= 48) { /* a 3x3 convolution between many maps is sure to be there */
        put_conv(&d);
        put_branches(&d);
    }
    for (int i = 0, n = pick(&d, 4, 10); i < n; i++)
        switch (pick(&d, 0, 11)) {
        case 0:
        case 1:
        case 2:
            put_conv(&d);
            break;
        case 3:
            if (pools++ < 2)
                put_pool(&d);
            break;
        case 4:
            put_norm(&d);
            break;
        case 5:
            put_per_channel(&d, pick(&d, 0, 2) ? "PRelu" : "Add");
            break;
        case 6:
            put(&d, "LRN", d.last, "size=3;alpha=.0.1");
            break;
        case 7:
            if (d.channels < 100)
                put_branches(&d);
            break;
        case 8:
            if (pick(&d, 0, 3) == 0)
                put_gate(&d);
            break;
        default:
            put(&d, plain[pick(&d, 0, G_N_ELEMENTS(plain))], d.last, "");
        }
    put(&d, "Relu", d.last, "");
    new_node(d.net, "Identity", "watched", d.last, "watched", "");
    put(&d, pick(&d, 0, 2) ? "GlobalAveragePool" : "GlobalMaxPool", "watched", "");
    put(&d, "Flatten", d.last, "");
    g_autofree char *shape = g_strdup_printf("%d,6", d.channels);
    g_autofree char *inputs = g_strdup_printf("%s;%s", d.last, weights(&d, shape));
    put(&d, "MatMul", inputs, "");
    if (pick(&d, 0, 2))
        put(&d, "Softmax", d.last, "");
    new_output(d.net, d.last);
    g_rand_free(d.random);
    return d.net;
}

NewModel *
net_with_a_large_head(bool bypass)
{
    NewModel *net = new_model(14);
    new_input(net, "picture", "1,3,29,33");
    new_weights(net, "w1", "16,3,3,3", 1);
    new_node(net, "Conv", "conv", "picture;w1", "conv", "strides=2,2;pads=1,1,1,1");
    new_node(net, "Relu", "watched", "conv", "watched", "");
    new_node(net, "Flatten", "flat", "watched", "flat", "");
    new_weights(net, "w2", "264,4080", 2);
    new_weights(net, "b2", "264", 3);
    new_node(net, "Gemm", "fc1", "flat;w2;b2", "fc1", "transB=1");
    new_node(net, "Relu", "relu", "fc1", "relu", "");
    new_weights(net, "w3", "6,264", 4);
    new_node(net, "Gemm", "fc2", "relu;w3", "fc2", "transB=1");
    new_node(net, "GlobalAveragePool", "mean", "watched", "mean", "");
    new_node(net, "Flatten", "means", "mean", "means", "");
    new_weights(net, "w4", "16,6", 5);
    new_node(net, "MatMul", "around", "means;w4", "around", "");
    new_node(net, "Add", "both", "fc2;around", "both", "");
    new_node(net, "Softmax", "softmax", bypass ? "both" : "fc2", "p", "");
    new_output(net, "p");
    return net;
}
