/* SPDX-License-Identifier: GPL-3.0-or-later */
/* older.c: nodes of ONNX's first opsets, as what they are today (ONNX, Changelog.md,
 * versions 1 to 6), and operators of then that were on trial and went away.
 *
 * Arithmetic had no broadcasting of NumPy's kind: with broadcast = 1 the second input's
 * axes are those of the first from `axis` on, or its last ones. */
#include "onnx/body.h"
#include <string.h>

/* `aligned` = B with as many axes of one place behind its own as the first input has
 * behind those. axis below zero: counted from the end. Sizes are known when a plan is
 * made, so nothing of this is left in a run. */
static void
add_alignment(DcnBody *body, int64_t axis)
{
    static const int64_t one[] = {1};
    Onnx__NodeProto *node;
    dcn_body_needs(body, 8);
    dcn_body_node(body, "Shape", DCN_NAMES("B"), DCN_NAMES("sizes"));
    dcn_body_node(body, "Size", DCN_NAMES("sizes"), DCN_NAMES("own"));
    node = dcn_body_node(body, "Constant", DCN_NAMES(NULL), DCN_NAMES("axis"));
    dcn_body_set_int(body, node, "value_int", axis < 0 ? -axis : axis);
    if (axis < 0) {
        dcn_body_node(body, "Sub", DCN_NAMES("axis", "own"), DCN_NAMES("behind"));
    } else {
        dcn_body_node(body, "Shape", DCN_NAMES("A"), DCN_NAMES("all sizes"));
        dcn_body_node(body, "Size", DCN_NAMES("all sizes"), DCN_NAMES("all"));
        dcn_body_node(body, "Sub", DCN_NAMES("all", "axis"), DCN_NAMES("rest"));
        dcn_body_node(body, "Sub", DCN_NAMES("rest", "own"), DCN_NAMES("behind"));
    }
    node = dcn_body_node(body, "Constant", DCN_NAMES(NULL), DCN_NAMES("one"));
    dcn_body_set_ints(body, node, "value_ints", 1, one);
    dcn_body_node(body, "Reshape", DCN_NAMES("behind", "one"), DCN_NAMES("count"));
    dcn_body_node(body, "Expand", DCN_NAMES("one", "count"), DCN_NAMES("ones"));
    node = dcn_body_node(body, "Concat", DCN_NAMES("sizes", "ones"), DCN_NAMES("shape"));
    dcn_body_set_int(body, node, "axis", 0);
    dcn_body_node(body, "Reshape", DCN_NAMES("B", "shape"), DCN_NAMES("aligned"));
}

/* Y = A op B */
static bool
pair(DcnBody *body)
{
    const Onnx__AttributeProto *axis = dcn_body_attribute(body, "axis");
    bool aligned = dcn_body_is_set(body, "broadcast") && axis && axis->has_i;
    dcn_body_needs(body, 7);
    if (aligned)
        add_alignment(body, axis->i);
    dcn_body_node(body, body->call->op_type, DCN_NAMES("A", aligned ? "aligned" : "B"),
                  DCN_NAMES("Y"));
    return true;
}

/* The slope has one value, or one a channel. */
static bool
prelu(DcnBody *body)
{
    add_alignment(body, 1);
    dcn_body_node(body, "PRelu", DCN_NAMES("A", "aligned"), DCN_NAMES("Y"));
    return true;
}

/* broadcast is what it always does. */
static bool
gemm(DcnBody *body)
{
    Onnx__NodeProto *node =
        dcn_body_node(body, "Gemm", DCN_NAMES("A", "B", "C"), DCN_NAMES("Y"));
    dcn_body_needs(body, 7);
    dcn_body_hand_on(body, node, DCN_NAMES("alpha", "beta", "transA", "transB"));
    return true;
}

static bool
batchnormalization(DcnBody *body)
{
    if (!dcn_body_is_set(body, "is_test"))
        return dcn_body_refuse(body, "it is in training mode");
    Onnx__NodeProto *node = dcn_body_node(
        body, "BatchNormalization", DCN_NAMES("A", "B", "C", "D", "E"), DCN_NAMES("Y"));
    dcn_body_needs(body, 7);
    dcn_body_hand_on(body, node, DCN_NAMES("epsilon", "momentum", "spatial"));
    return true;
}

/* Without is_test it drops at random, which an answer for a picture never is meant to be.
 */
static bool
dropout(DcnBody *body)
{
    bool mask = dcn_body_has_output(body, 1);
    Onnx__NodeProto *node = dcn_body_node(body, "Dropout", DCN_NAMES("A"),
                                          DCN_NAMES("Y", mask ? "mean" : NULL));
    dcn_body_needs(body, 7);
    dcn_body_hand_on(body, node, DCN_NAMES("ratio"));
    return true;
}

static bool
instancenormalization(DcnBody *body)
{
    Onnx__NodeProto *node = dcn_body_node(body, "InstanceNormalization",
                                          DCN_NAMES("A", "B", "C"), DCN_NAMES("Y"));
    dcn_body_needs(body, 6);
    dcn_body_hand_on(body, node, DCN_NAMES("epsilon"));
    return true;
}

/* The shape was an attribute. */
static bool
reshape(DcnBody *body)
{
    if (dcn_body_has_input(body, 1))
        return false;
    Onnx__NodeProto *node =
        dcn_body_node(body, "Constant", DCN_NAMES(NULL), DCN_NAMES("shape"));
    dcn_body_give(body, node, "value_ints", "shape");
    dcn_body_needs(body, 5);
    dcn_body_node(body, "Reshape", DCN_NAMES("A", "shape"), DCN_NAMES("Y"));
    return true;
}

static bool
pad(DcnBody *body)
{
    Onnx__NodeProto *node = dcn_body_node(body, "Pad", DCN_NAMES("A"), DCN_NAMES("Y"));
    dcn_body_needs(body, 2);
    dcn_body_give(body, node, "pads", "paddings");
    dcn_body_hand_on(body, node, DCN_NAMES("mode", "value"));
    return true;
}

/* Types had names. */
static bool
cast(DcnBody *body)
{
    static const char *const names[] = {"FLOAT",  "UINT8",  "INT8",   "UINT16", "INT16",
                                        "INT32",  "INT64",  "STRING", "BOOL",   "FLOAT16",
                                        "DOUBLE", "UINT32", "UINT64"};
    size_t i = 0, n = sizeof names / sizeof *names;
    while (i < n && !dcn_body_says(body, "to", names[i]))
        i++;
    if (i == n)
        return false;
    Onnx__NodeProto *node = dcn_body_node(body, "Cast", DCN_NAMES("A"), DCN_NAMES("Y"));
    dcn_body_needs(body, 6);
    dcn_body_set_int(body, node, "to", (int64_t)i + 1);
    return true;
}

/* Factors of height and width were attributes of their own, and linear was "bilinear". */
static bool
upsample(DcnBody *body)
{
    float *factors = dcn_reader_take(body->reader, 4, sizeof *factors);
    if (!factors) {
        body->failed = true;
        return true;
    }
    factors[0] = factors[1] = 1;
    factors[2] = dcn_body_float(body, "height_scale", 0);
    factors[3] = dcn_body_float(body, "width_scale", 0);
    if (!(factors[2] > 0) || !(factors[3] > 0))
        return dcn_body_refuse(body, "it says no factors of height and width");
    Onnx__NodeProto *node =
        dcn_body_node(body, "Upsample", DCN_NAMES("A"), DCN_NAMES("Y"));
    dcn_body_needs(body, 7);
    dcn_body_set_floats(body, node, "scales", 4, factors);
    dcn_body_set_word(body, node, "mode",
                      dcn_body_says(body, "mode", "bilinear") ? "linear" : "nearest");
    return true;
}

/* --- on trial until opset 9, as converters of Core ML's nets write them --- */

/* to = from * factor, the call's attribute */
static void
add_factor(DcnBody *body, const char *factor, const char *from, const char *to)
{
    dcn_body_constant(body, factor, dcn_body_float(body, factor, 1));
    dcn_body_node(body, "Mul", DCN_NAMES(from, factor), DCN_NAMES(to));
}

/* Y = A * scale + bias, one bias a channel */
static bool
imagescaler(DcnBody *body)
{
    static const int64_t channels[] = {1, -1, 1, 1};
    Onnx__NodeProto *node;
    dcn_body_needs(body, 7);
    add_factor(body, "scale", "A", "scaled");
    node = dcn_body_node(body, "Constant", DCN_NAMES(NULL), DCN_NAMES("list"));
    dcn_body_give(body, node, "value_floats", "bias");
    node = dcn_body_node(body, "Constant", DCN_NAMES(NULL), DCN_NAMES("channels"));
    dcn_body_set_ints(body, node, "value_ints", 4, channels);
    dcn_body_node(body, "Reshape", DCN_NAMES("list", "channels"), DCN_NAMES("bias"));
    dcn_body_node(body, "Add", DCN_NAMES("scaled", "bias"), DCN_NAMES("Y"));
    return true;
}

/* Y = alpha * A + beta */
static bool
affine(DcnBody *body)
{
    dcn_body_needs(body, 7);
    add_factor(body, "alpha", "A", "scaled");
    dcn_body_constant(body, "beta", dcn_body_float(body, "beta", 0));
    dcn_body_node(body, "Add", DCN_NAMES("scaled", "beta"), DCN_NAMES("Y"));
    return true;
}

/* Y = alpha * f(beta * A) */
static bool
scaled(DcnBody *body)
{
    const char *type =
        strcmp(body->call->op_type, "ScaledTanh") == 0 ? "Tanh" : "Softplus";
    dcn_body_needs(body, 7);
    add_factor(body, "beta", "A", "inner");
    dcn_body_node(body, type, DCN_NAMES("inner"), DCN_NAMES("outer"));
    add_factor(body, "alpha", "outer", "Y");
    return true;
}

/* Y = scale * A */
static bool
scale(DcnBody *body)
{
    dcn_body_needs(body, 7);
    add_factor(body, "scale", "A", "Y");
    return true;
}

static const struct {
    const char *type;
    int before; /* in files of an opset below this */
    bool (*write)(DcnBody *body);
} older[] = {
    {"Add", 7, pair},
    {"Affine", 10, affine},
    {"And", 7, pair},
    {"BatchNormalization", 7, batchnormalization},
    {"Cast", 6, cast},
    {"Div", 7, pair},
    {"Dropout", 7, dropout},
    {"Equal", 7, pair},
    {"Gemm", 7, gemm},
    {"Greater", 7, pair},
    {"ImageScaler", 10, imagescaler},
    {"InstanceNormalization", 6, instancenormalization},
    {"Less", 7, pair},
    {"Mul", 7, pair},
    {"Or", 7, pair},
    {"PRelu", 7, prelu},
    {"Pad", 2, pad},
    {"ParametricSoftplus", 10, scaled},
    {"Pow", 7, pair},
    {"Reshape", 5, reshape},
    {"Scale", 10, scale},
    {"ScaledTanh", 10, scaled},
    {"Sub", 7, pair},
    {"Upsample", 7, upsample},
    {"Xor", 7, pair},
};

bool
dcn_older(DcnBody *body)
{
    for (size_t i = 0; i < sizeof older / sizeof *older; i++)
        if (strcmp(body->call->op_type, older[i].type) == 0)
            return body->opset < older[i].before && older[i].write(body);
    return false;
}
