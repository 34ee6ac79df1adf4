/* op_samples.c: the table, and the few letters it is written in.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Attributes: name=3, name=0.5, name=[1,2], name=WORD. Inputs, in order, by a letter: x
 * an activation, w weights, both of noise; p and a activations, b weights that are
 * positive (p) or not near 0; c a constant with its values; l a list of integers; - one
 * left out.
 */
#include "op_samples.h"
#include "check.h"
#include <stdlib.h>

const OpSample op_samples[] = {
    {"Conv", 11, 1, LINEAR | EXACT, "3x3 with bias",
     "pads=[1,1,1,1] x:1x3x6x7 w:4x3x3x3 w:4"},
    {"Conv", 11, 1, LINEAR | EXACT, "stride, dilation, uneven pads, groups",
     "strides=[2,1] dilations=[1,2] pads=[0,2,3,1] group=2 x:1x4x9x8 w:6x2x3x2"},
    {"Conv", 11, 1, LINEAR | EXACT, "1x1", "x:1x5x4x5 w:7x5x1x1 w:7"},
    {"Conv", 11, 1, LINEAR | EXACT, "1x1, stride 2", "strides=[2,2] x:1x5x5x5 w:7x5x1x1"},
    {"Conv", 11, 1, LINEAR | EXACT, "depthwise",
     "pads=[1,0,1,2] group=4 x:1x4x6x6 w:4x1x3x3 w:4"},
    {"Conv", 11, 1, LINEAR | EXACT, "depthwise, stride 2, two maps a channel",
     "strides=[2,3] auto_pad=SAME_LOWER group=3 x:1x3x7x8 w:6x1x3x2 w:6"},
    {"Conv", 11, 1, LINEAR | EXACT, "three images on axis 0", "x:3x2x4x4 w:3x2x2x2 w:3"},
    {"Conv", 11, 1, LINEAR | EXACT, "one axis",
     "pads=[2,1] strides=[2] x:1x3x11 w:4x3x3 w:4"},
    {"Conv", 11, 1, LINEAR | EXACT, "rows of more than one tile",
     "pads=[1,1,1,1] x:1x40x12x13 w:3x40x3x3"},
    {"ConvTranspose", 11, 1, LINEAR | EXACT, "stride 2",
     "strides=[2,2] x:1x3x4x3 w:3x2x3x3 w:2"},
    {"ConvTranspose", 11, 1, LINEAR | EXACT, "dilation, pads, output_padding, groups",
     "strides=[2,3] dilations=[2,1] pads=[1,0,0,2] output_padding=[1,0] group=2 "
     "x:1x4x4x3 w:4x2x2x3"},
    {"ConvTranspose", 11, 1, LINEAR | EXACT, "depthwise",
     "strides=[2,2] group=3 x:1x3x3x4 w:3x1x2x2 w:3"},
    {"ConvTranspose", 11, 1, LINEAR | EXACT, "one axis", "x:1x2x6 w:2x3x3"},
    {"MaxPool", 12, 1, EXACT, "2x2, stride 2",
     "kernel_shape=[2,2] strides=[2,2] x:1x3x6x5"},
    {"MaxPool", 12, 1, EXACT, "3x3, stride 2, ceil, pads",
     "kernel_shape=[3,3] strides=[2,2] ceil_mode=1 pads=[1,0,0,1] x:1x2x7x8"},
    {"MaxPool", 12, 1, EXACT, "dilation, gaps between windows",
     "kernel_shape=[2,2] strides=[1,4] dilations=[3,1] x:1x2x8x9"},
    {"MaxPool", 12, 1, EXACT, "one axis", "kernel_shape=[3] x:1x2x9"},
    {"MaxPool", 12, 1, 0, "three axes",
     "kernel_shape=[2,2,3] strides=[1,2,2] x:1x2x3x5x6"},
    {"AveragePool", 11, 1, LINEAR | EXACT, "3x3, pads not counted",
     "kernel_shape=[3,3] pads=[1,1,1,1] x:1x2x5x6"},
    {"AveragePool", 19, 1, LINEAR | EXACT, "strides, dilation, ceil, pads counted",
     "kernel_shape=[3,2] strides=[2,2] dilations=[1,2] pads=[1,0,2,1] ceil_mode=1 "
     "count_include_pad=1 x:1x2x8x8"},
    {"AveragePool", 11, 1, LINEAR | EXACT, "one axis", "kernel_shape=[3] x:1x2x9"},
    {"AveragePool", 11, 1, LINEAR | EXACT, "across channels, as PyTorch writes LRN",
     "kernel_shape=[3,1,1] pads=[1,0,0,1,0,0] x:1x1x5x3x4"},
    {"GlobalAveragePool", 11, 1, LINEAR | EXACT, "", "x:1x3x4x5"},
    {"GlobalMaxPool", 11, 1, EXACT, "", "x:1x3x4x5"},
    {"Relu", 14, 1, 0, "", "x:1x3x4x5"},
    {"Sigmoid", 14, 1, 0, "", "x:1x3x4x5"},
    {"Tanh", 14, 1, 0, "", "x:1x3x4x5"},
    {"Elu", 14, 1, 0, "", "alpha=1.5 x:1x3x4x5"},
    {"Selu", 14, 1, 0, "", "x:1x3x4x5"},
    {"LeakyRelu", 14, 1, 0, "", "alpha=0.2 x:1x3x4x5"},
    {"HardSigmoid", 14, 1, 0, "", "alpha=0.3 x:1x3x4x5"},
    {"HardSwish", 14, 1, 0, "", "x:1x3x4x5"},
    {"Exp", 14, 1, 0, "", "x:1x3x4x5"},
    {"Neg", 14, 1, LINEAR | EXACT, "", "x:1x3x4x5"},
    {"Abs", 14, 1, 0, "", "x:1x3x4x5"},
    {"Reciprocal", 14, 1, 0, "", "a:1x3x4x5"},
    {"Softplus", 14, 1, 0, "", "x:1x3x4x5"},
    {"Mish", 14, 1, 0, "", "x:1x3x4x5"},
    {"Erf", 14, 1, 0, "", "x:1x3x4x5"},
    {"Swish", 14, 1, 0, "", "alpha=1.3 x:1x3x4x5"},
    {"Clip", 6, 1, 0, "0 to 1.1, attributes", "min=0.0 max=1.1 x:1x2x4x5"},
    {"Clip", 13, 1, 0, "-0.95 to 0.77, inputs", "x:1x2x4x5 c:=-0.95 c:=0.77"},
    {"Log", 13, 1, 0, "", "p:1x2x3x4"},
    {"Sqrt", 13, 1, 0, "", "p:1x2x3x4"},
    {"Floor", 13, 1, NO_SLOPE, "", "x:1x2x3x4"},
    {"Ceil", 13, 1, NO_SLOPE, "", "x:1x2x3x4"},
    {"Not", 13, 1, NO_SLOPE, "", "x:1x2x3x4"},
    {"Softmax", 13, 1, 0, "axis 1", "axis=1 x:1x5x3x2"},
    {"Softmax", 11, 1, 0, "before opset 13", "axis=1 x:1x3x2x2"},
    {"LogSoftmax", 13, 1, 0, "", "axis=-2 x:2x4x3"},
    {"LRN", 13, 1, 0, "size 3", "size=3 alpha=0.8 bias=1.5 x:1x6x3x5"},
    {"LRN", 13, 1, 0, "size 4, another beta",
     "size=4 alpha=0.5 beta=0.6 bias=2.0 x:2x5x2x2"},
    {"BatchNormalization", 15, 1, LINEAR | EXACT, "",
     "x:2x3x2x4 w:3 w:3 w:3 c:3=0.5,1.25,2"},
    {"BatchNormalization", 15, 1, 0, "training_mode",
     "training_mode=1 x:3x2x2x3 w:2 w:2 w:2 c:2=0.5,1.25"},
    {"Add", 14, 1, LINEAR | EXACT, "two activations", "x:1x3x4x5 x:1x3x4x5"},
    {"Add", 14, 1, LINEAR | EXACT, "a channel each, two activations",
     "x:1x3x4x5 x:1x3x1x1"},
    {"Add", 14, 1, LINEAR | EXACT, "constant first, more axes", "w:2x1x1x5 x:3x4x1"},
    {"Sub", 14, 1, LINEAR | EXACT, "two activations", "x:1x3x4x5 x:1x3x4x5"},
    {"Sub", 14, 1, LINEAR | EXACT, "a channel each, two activations",
     "x:1x3x4x5 x:1x3x1x1"},
    {"Sub", 14, 1, LINEAR | EXACT, "constant first, more axes", "w:2x1x1x5 x:3x4x1"},
    {"Mul", 14, 1, LINEAR, "two activations", "x:1x3x4x5 x:1x3x4x5"},
    {"Mul", 14, 1, LINEAR, "a channel each, two activations", "x:1x3x4x5 x:1x3x1x1"},
    {"Mul", 14, 1, LINEAR, "constant first, more axes", "w:2x1x1x5 x:3x4x1"},
    {"Max", 14, 1, 0, "two activations", "x:1x3x4x5 a:1x3x4x5"},
    {"Max", 14, 1, 0, "a channel each, two activations", "x:1x3x4x5 x:1x3x1x1"},
    {"Max", 14, 1, 0, "constant first, more axes", "w:2x1x1x5 x:3x4x1"},
    {"Min", 14, 1, 0, "two activations", "x:1x3x4x5 a:1x3x4x5"},
    {"Min", 14, 1, 0, "a channel each, two activations", "x:1x3x4x5 x:1x3x1x1"},
    {"Min", 14, 1, 0, "constant first, more axes", "w:2x1x1x5 x:3x4x1"},
    {"Div", 14, 1, 0, "two activations", "x:1x3x2x5 a:3x1x5"},
    {"Div", 14, 1, 0, "constants", "x:1x3x2x5 b:3x1x1"},
    {"Pow", 14, 1, NO_WEIGHTS, "square", "x:1x3x4 c:=2"},
    {"Pow", 14, 1, 0, "two activations", "p:1x3x4 x:1x3x1"},
    {"PRelu", 14, 1, 0, "a slope a channel", "x:1x3x4x2 w:3x1x1"},
    {"Sum", 13, 1, LINEAR | EXACT, "three, one of them constant",
     "x:1x3x4x2 x:3x1x1 w:4x2"},
    {"Gemm", 13, 1, LINEAR | EXACT, "transB and bias, as heads have it",
     "transB=1 x:1x6 w:4x6 w:4"},
    {"Gemm", 13, 1, LINEAR | EXACT, "alpha, beta, a bias a row",
     "alpha=0.7 beta=-1.5 x:3x5 w:5x4 w:3x1"},
    {"Gemm", 13, 1, LINEAR | EXACT, "both transposed, whole bias",
     "transA=1 transB=1 x:5x3 w:4x5 w:3x4"},
    {"Gemm", 13, 1, LINEAR | EXACT, "transA, no bias", "transA=1 x:5x3 w:5x4"},
    {"Gemm", 13, 1, LINEAR | EXACT, "two activations", "x:2x5 x:5x4 x:"},
    {"MatMul", 13, 1, LINEAR | EXACT, "weights", "x:1x6 w:6x5"},
    {"MatMul", 13, 1, LINEAR | EXACT, "rows of three axes", "x:2x4x6 w:6x5"},
    {"MatMul", 13, 1, LINEAR | EXACT, "broadcast matrices, two activations",
     "x:2x1x3x4 x:3x4x2"},
    {"MatMul", 13, 1, LINEAR, "a vector times a matrix", "x:4 x:2x4x3"},
    {"MatMul", 13, 1, LINEAR, "a matrix times a vector", "x:2x3x4 w:4"},
    {"Concat", 13, 1, LINEAR | EXACT, "channels, one input constant",
     "axis=1 x:1x2x3x4 w:1x1x3x4 x:1x3x3x4"},
    {"Concat", 13, 1, LINEAR | EXACT, "rows", "axis=-2 x:1x2x3x4 x:1x2x1x4"},
    {"Split", 13, 3, LINEAR | EXACT, "uneven parts", "axis=1 x:1x6x3x2 l:1,3,2"},
    {"Split", 18, 2, LINEAR | EXACT, "num_outputs that do not divide",
     "axis=2 num_outputs=2 x:1x2x5x2"},
    {"Slice", 13, 1, LINEAR | EXACT, "steps, one backwards",
     "x:1x6x7x8 l:1,6,-1 l:6,-20,100 l:1,2,3 l:2,-2,3"},
    {"Slice", 9, 1, LINEAR | EXACT, "attributes",
     "starts=[1,-3] ends=[3,1000] axes=[1,3] x:1x4x2x5"},
    {"Gather", 13, 1, LINEAR, "channels in reverse", "axis=1 x:1x3x2x4 l:2,1,0"},
    {"Gather", 13, 1, LINEAR, "a place twice, negative", "axis=2 x:1x3x5x2 l:-1,1,4"},
    {"Gather", 13, 1, LINEAR, "one place, the axis goes", "axis=-1 x:1x3x4x5 l:2"},
    {"Transpose", 13, 1, LINEAR | EXACT, "NHWC to NCHW", "perm=[0,3,1,2] x:1x4x5x3"},
    {"Transpose", 13, 1, LINEAR | EXACT, "reversed", "x:2x3x4"},
    {"Reshape", 13, 1, LINEAR, "to rows", "x:1x3x2x4 l:0,-1"},
    {"Reshape", 13, 1, LINEAR, "channels in groups", "x:1x6x2x4 l:1,2,3,2,4"},
    {"Flatten", 13, 1, LINEAR, "", "axis=2 x:1x3x2x4"},
    {"Squeeze", 13, 1, LINEAR | EXACT, "named axes", "x:1x3x1x1 l:2,-1"},
    {"Unsqueeze", 13, 1, LINEAR | EXACT, "", "x:1x3x4 l:-1,1"},
    {"Expand", 13, 1, LINEAR | EXACT, "", "x:1x3x1x2 l:3,4,1"},
    {"Pad", 13, 1, LINEAR | EXACT, "constant, one side cut",
     "x:1x2x4x5 l:0,1,2,-1,0,0,1,3 c:=0.5"},
    {"Pad", 13, 1, LINEAR | EXACT, "reflect, further than the image",
     "mode=reflect x:1x2x3x4 l:0,0,5,2,0,0,1,3"},
    {"Pad", 9, 1, LINEAR | EXACT, "edge, attributes",
     "mode=edge pads=[0,1,2,0,0,0,1,2] x:1x2x3x4"},
    {"Pad", 19, 1, LINEAR | EXACT, "wrap, named axes",
     "mode=wrap x:1x2x3x4 l:4,1,0,5 - l:3,-2"},
    {"ReduceMean", 13, 1, LINEAR | EXACT, "head", "axes=[2,3] x:1x3x4x5"},
    {"ReduceMean", 18, 1, LINEAR | EXACT, "axes dropped", "keepdims=0 x:1x3x4x5 l:-3"},
    {"ReduceSum", 13, 1, LINEAR | EXACT, "all", "x:2x3x4"},
    {"Identity", 13, 1, LINEAR | EXACT, "", "x:1x3x2x2"},
    {"Dropout", 13, 1, LINEAR | EXACT, "", "x:1x3x2x2"},
    {"Cast", 13, 1, LINEAR | EXACT, "to float16", "to=10 x:1x3x2x2"},
    {"Cast", 13, 1, NO_SLOPE, "to int32", "to=6 x:1x3x2x2"},
    {"Where", 13, 1, LINEAR, "constant condition", "c:4=1,0,0,1 x:1x3x4 x:3x1"},
    {"Equal", 13, 1, NO_SLOPE, "", "x:1x3x4 w:4"},
    {"MaxUnpool", 11, 1, LINEAR, "",
     "kernel_shape=[2,2] strides=[2,2] x:1x1x2x2 c:1x1x2x2=5,2,8,15"},
};

const size_t op_sample_count = sizeof op_samples / sizeof *op_samples;

/* "1x3x4" or nothing, up to a blank, '=' or the end. Returns what follows. */
static const char *
read_dims(const char *text, int *rank, int64_t dims[DCN_MAX_RANK])
{
    *rank = 0;
    while (*text && *text != ' ' && *text != '=' && *rank < DCN_MAX_RANK) {
        char *end;
        dims[(*rank)++] = strtoll(text, &end, 10);
        text = *end == 'x' ? end + 1 : end;
    }
    return text;
}

/* "1,0.5" up to a blank, ']' or the end. Returns how many. */
static size_t
read_numbers(const char *text, double values[OP_RUN_MOST])
{
    size_t count = 0;
    while (*text && *text != ' ' && *text != ']' && count < OP_RUN_MOST) {
        char *end;
        values[count++] = strtod(text, &end);
        text = *end == ',' ? end + 1 : end;
    }
    return count;
}

static void
read_input(OpRun *run, char kind, const char *text)
{
    int rank;
    int64_t dims[DCN_MAX_RANK], list[OP_RUN_MOST];
    double numbers[OP_RUN_MOST];
    float floats[OP_RUN_MOST];
    if (kind == 'l') {
        size_t count = read_numbers(text, numbers);
        for (size_t i = 0; i < count; i++)
            list[i] = (int64_t)numbers[i];
        op_list(run, count, list);
        return;
    }
    text = read_dims(text, &rank, dims);
    if (kind == 'c') {
        size_t count = read_numbers(text + 1, numbers);
        for (size_t i = 0; i < count; i++)
            floats[i] = (float)numbers[i];
        op_weight(run, rank, dims, floats);
        return;
    }
    bool constant = kind == 'w' || kind == 'b';
    float *values =
        constant ? op_weight(run, rank, dims, NULL) : op_input(run, rank, dims, NULL);
    size_t total = op_total(run, &run->in[run->n_in - 1]);
    for (size_t i = 0; i < total; i++) {
        if (kind == 'p')
            values[i] = 0.5F + values[i] * values[i];
        if (kind == 'a' || kind == 'b')
            values[i] += values[i] < 0 ? -0.6F : 0.6F;
    }
}

/* The attribute's name and its word have to outlive the run: they stay in `store`. */
static void
read_attribute(OpRun *run, const char *name, size_t length, const char *text, char *store)
{
    double numbers[OP_RUN_MOST];
    int64_t list[OP_RUN_MOST];
    snprintf(store, 40, "%.*s", (int)length, name);
    const char *end = text;
    while (*end && *end != ' ')
        end++;
    if (*text == '[') {
        size_t count = read_numbers(text + 1, numbers);
        for (size_t i = 0; i < count; i++)
            list[i] = (int64_t)numbers[i];
        op_ints(run, store, count, list);
    } else if (*text >= 'A' && *text <= 'z') {
        snprintf(store + 40, 40, "%.*s", (int)(end - text), text);
        op_string(run, store, store + 40);
    } else if (memchr(text, '.', (size_t)(end - text))) {
        op_float(run, store, strtof(text, NULL));
    } else {
        op_int(run, store, strtoll(text, NULL, 10));
    }
}

bool
op_sample_start(OpRun *run, const OpSample *sample, size_t batch, int threads)
{
    op_begin(run, sample->op, sample->opset);
    run->batch = batch;
    run->threads = threads;
    for (const char *text = sample->text; *text;) {
        size_t length = strcspn(text, " ");
        const char *equals = memchr(text, '=', length);
        if (length > 1 && text[1] == ':')
            read_input(run, *text, text + 2);
        else if (*text == '-')
            op_left_out(run);
        else if (equals)
            read_attribute(run, text, (size_t)(equals - text), equals + 1,
                           run->store[run->node.n_attributes]);
        text += length + (text[length] == ' ');
    }
    if (op_setup(run, sample->outputs))
        return true;
    check_fail("%s %s: %s", sample->op, sample->what, run->error.text);
    return false;
}
