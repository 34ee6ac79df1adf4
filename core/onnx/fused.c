/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fused.c: nodes in which ONNX Runtime's optimiser put several of ONNX's together, taken
 * apart again, and those of ONNX's first opsets (older.c).
 *
 * Each is made a function of the file (function.c): FusedConv with activation Relu is
 * Conv, then Relu. So the rules of projection are those of the parts, and there is one
 * operator less to know. A node with options that are not known here is not taken apart,
 * and counts as an unknown operator, with the reason. */
#include "onnx/body.h"
#include <string.h>

/* Activations by their names in ONNX, and the parameters that they take in order. */
static const struct {
    const char *type;
    const char *parameters[3];
} activations[] = {
    {"Relu", {NULL}},
    {"Sigmoid", {NULL}},
    {"Tanh", {NULL}},
    {"Softplus", {NULL}},
    {"Softsign", {NULL}},
    {"HardSwish", {NULL}},
    {"LeakyRelu", {"alpha", NULL}},
    {"Elu", {"alpha", NULL}},
    {"ThresholdedRelu", {"alpha", NULL}},
    {"HardSigmoid", {"alpha", "beta", NULL}},
    {"Selu", {"alpha", "gamma", NULL}},
};

/* FusedConv has a list of parameters, FusedGemm has names. One that is not given keeps
 * the default of the activation. */
static void
set_parameter(DcnBody *body, Onnx__NodeProto *node, size_t index, const char *name)
{
    const Onnx__AttributeProto *list = dcn_body_attribute(body, "activation_params");
    if (list && index < list->n_floats)
        dcn_body_set_float(body, node, name, list->floats[index]);
    else
        dcn_body_give(body, node, name,
                      strcmp(name, "alpha") == 0  ? "activation_alpha"
                      : strcmp(name, "beta") == 0 ? "activation_beta"
                                                  : "activation_gamma");
}

/* Y = activation(from). False: it is not one of those known. */
static bool
add_activation(DcnBody *body, const char *from)
{
    for (size_t i = 0; i < sizeof activations / sizeof *activations; i++) {
        if (!dcn_body_says(body, "activation", activations[i].type))
            continue;
        Onnx__NodeProto *node =
            dcn_body_node(body, activations[i].type, DCN_NAMES(from), DCN_NAMES("Y"));
        for (size_t k = 0; activations[i].parameters[k]; k++)
            set_parameter(body, node, k, activations[i].parameters[k]);
        return true;
    }
    const Onnx__AttributeProto *list = dcn_body_attribute(body, "activation_params");
    if (!dcn_body_says(body, "activation", "Clip") || !list || list->n_floats != 2)
        return dcn_body_refuse(body, "its activation is not known");
    dcn_body_needs(body, 11); /* bounds were attributes before */
    dcn_body_constant(body, "low", list->floats[0]);
    dcn_body_constant(body, "high", list->floats[1]);
    dcn_body_node(body, "Clip", DCN_NAMES(from, "low", "high"), DCN_NAMES("Y"));
    return true;
}

/* --- the nodes --- */

/* Y = activation(conv(A, B, C) + D) */
static bool
fused_conv(DcnBody *body)
{
    bool sum = dcn_body_has_input(body, 3);
    bool active = dcn_body_attribute(body, "activation") != NULL;
    const char *result = sum ? "conv" : active ? "sum" : "Y";
    Onnx__NodeProto *conv =
        dcn_body_node(body, "Conv", DCN_NAMES("A", "B", "C"), DCN_NAMES(result));
    dcn_body_hand_on(
        body, conv,
        DCN_NAMES("auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"));
    if (sum)
        dcn_body_node(body, "Add", DCN_NAMES("conv", "D"),
                      DCN_NAMES(active ? "sum" : "Y"));
    return !active || add_activation(body, "sum");
}

/* Y = activation(gemm(A, B, C)) */
static bool
fused_gemm(DcnBody *body)
{
    Onnx__NodeProto *gemm =
        dcn_body_node(body, "Gemm", DCN_NAMES("A", "B", "C"), DCN_NAMES("sum"));
    dcn_body_hand_on(body, gemm, DCN_NAMES("alpha", "beta", "transA", "transB"));
    return add_activation(body, "sum");
}

/* Y = alpha * A' B'. trans: the last two axes are exchanged; transBatch: before that, the
 * first axis goes to the place before the last. */
static bool
fused_matmul(DcnBody *body)
{
    static const char *const equations[4][4] = {
#define ROW(a)                                                                           \
    {a ",...kj->...ij", a ",...jk->...ij", a ",k...j->...ij", a ",j...k->...ij"}
        ROW("...ik"), ROW("...ki"), ROW("i...k"), ROW("k...i")
#undef ROW
    };
    float alpha = dcn_body_float(body, "alpha", 1);
    const char *product = alpha == 1 ? "Y" : "product";
    int a = 2 * dcn_body_is_set(body, "transBatchA") + dcn_body_is_set(body, "transA");
    int b = 2 * dcn_body_is_set(body, "transBatchB") + dcn_body_is_set(body, "transB");
    bool plain = a == 0 && b == 0;
    dcn_body_needs(body, plain ? 0 : 12);
    Onnx__NodeProto *node = dcn_body_node(body, plain ? "MatMul" : "Einsum",
                                          DCN_NAMES("A", "B"), DCN_NAMES(product));
    if (!plain)
        dcn_body_set_word(body, node, "equation", equations[a][b]);
    if (alpha != 1) {
        dcn_body_constant(body, "alpha", alpha);
        dcn_body_node(body, "Mul", DCN_NAMES("product", "alpha"), DCN_NAMES("Y"));
    }
    return true;
}

/* Y = gelu(A + B), B may be left out */
static bool
gelu(DcnBody *body)
{
    bool sum = dcn_body_has_input(body, 1);
    dcn_body_needs(body, 20);
    if (sum)
        dcn_body_node(body, "Add", DCN_NAMES("A", "B"), DCN_NAMES("sum"));
    Onnx__NodeProto *node =
        dcn_body_node(body, "Gelu", DCN_NAMES(sum ? "sum" : "A"), DCN_NAMES("Y"));
    if (strcmp(body->call->op_type, "FastGelu") == 0)
        dcn_body_set_word(body, node, "approximate", "tanh");
    return true;
}

/* Y = A * sigmoid(alpha * A) */
static bool
quick_gelu(DcnBody *body)
{
    dcn_body_constant(body, "alpha", dcn_body_float(body, "alpha", 1.702F));
    dcn_body_node(body, "Mul", DCN_NAMES("A", "alpha"), DCN_NAMES("scaled"));
    dcn_body_node(body, "Sigmoid", DCN_NAMES("scaled"), DCN_NAMES("gate"));
    dcn_body_node(body, "Mul", DCN_NAMES("A", "gate"), DCN_NAMES("Y"));
    return true;
}

/* Y = RMSNormalization(A) */
static bool
simplified_layer_normalization(DcnBody *body)
{
    if (dcn_body_has_output(body, 1))
        return dcn_body_refuse(body, "it gives deviations");
    dcn_body_needs(body, 23);
    Onnx__NodeProto *node =
        dcn_body_node(body, "RMSNormalization", DCN_NAMES("A", "B"), DCN_NAMES("Y"));
    dcn_body_hand_on(body, node, DCN_NAMES("axis", "epsilon"));
    return true;
}

/* Y = normalised(A + B + bias) * C + D; the fourth output is the sum. The simplified one
 * has no D. */
static bool
skip_layer_normalization(DcnBody *body)
{
    bool simplified = strncmp(body->call->op_type, "SkipS", 5) == 0;
    bool bias = dcn_body_has_input(body, simplified ? 3 : 4);
    if (dcn_body_has_output(body, 1) || dcn_body_has_output(body, 2))
        return dcn_body_refuse(body, "it gives means and deviations");
    dcn_body_needs(body, simplified ? 23 : 17);
    dcn_body_node(body, "Add", DCN_NAMES("A", "B"), DCN_NAMES(bias ? "first" : "sum"));
    if (bias)
        dcn_body_node(body, "Add", DCN_NAMES("first", simplified ? "D" : "E"),
                      DCN_NAMES("sum"));
    Onnx__NodeProto *node =
        simplified ? dcn_body_node(body, "RMSNormalization", DCN_NAMES("sum", "C"),
                                   DCN_NAMES("Y"))
                   : dcn_body_node(body, "LayerNormalization", DCN_NAMES("sum", "C", "D"),
                                   DCN_NAMES("Y"));
    dcn_body_set_float(body, node, "epsilon", dcn_body_float(body, "epsilon", 1e-12F));
    return true;
}

/* Operators that ONNX took over later, as they were. */
static bool
taken_over(DcnBody *body)
{
    bool grid = strcmp(body->call->op_type, "GridSample") == 0;
    Onnx__NodeProto *node =
        dcn_body_node(body, body->call->op_type, DCN_NAMES("A", "B"), DCN_NAMES("Y"));
    dcn_body_needs(body, grid ? 16 : 14);
    if (grid)
        dcn_body_hand_on(body, node, DCN_NAMES("mode", "padding_mode", "align_corners"));
    else
        dcn_body_hand_on(body, node, DCN_NAMES("upper"));
    return true;
}

/* Weights of com.microsoft.nchwc lie in blocks of 8 or 16 channels, and the file does not
 * say which. */
static bool
blocked(DcnBody *body)
{
    return dcn_body_refuse(
        body, "ONNX Runtime wrote the file for one kind of processor; have it optimise "
              "the model with the level ORT_ENABLE_EXTENDED, or take the model from "
              "before");
}

static const struct {
    const char *domain, *type; /* type NULL: all of the domain */
    bool (*write)(DcnBody *body);
} fused[] = {
    {"", "SimplifiedLayerNormalization", simplified_layer_normalization},
    {"ai.onnx.ml", "LinearClassifier", dcn_learned_linear},
    {"ai.onnx.ml", "Normalizer", dcn_learned_normalizer},
    {"ai.onnx.ml", "Scaler", dcn_learned_scaler},
    {"com.microsoft", "Attention", dcn_fused_attention},
    {"com.microsoft", "BiasGelu", gelu},
    {"com.microsoft", "DynamicQuantizeMatMul", dcn_fused_dynamic_product},
    {"com.microsoft", "FastGelu", gelu},
    {"com.microsoft", "FusedConv", fused_conv},
    {"com.microsoft", "FusedGemm", fused_gemm},
    {"com.microsoft", "FusedMatMul", fused_matmul},
    {"com.microsoft", "Gelu", gelu},
    {"com.microsoft", "GridSample", taken_over},
    {"com.microsoft", "MatMulBnb4", dcn_fused_bnb4_product},
    {"com.microsoft", "MatMulIntegerToFloat", dcn_fused_integer_product},
    {"com.microsoft", "MatMulNBits", dcn_fused_bits_product},
    {"com.microsoft", "MultiHeadAttention", dcn_fused_multi_head},
    {"com.microsoft", "NhwcConv", dcn_fused_channels_last},
    {"com.microsoft", "NhwcFusedConv", dcn_fused_channels_last},
    {"com.microsoft", "NhwcMaxPool", dcn_fused_channels_last},
    {"com.microsoft", "QAttention", dcn_fused_quantised_attention},
    {"com.microsoft", "QLinearAveragePool", dcn_fused_channels_last},
    {"com.microsoft", "QLinearConv", dcn_fused_channels_last},
    {"com.microsoft", "QLinearGlobalAveragePool", dcn_fused_channels_last},
    {"com.microsoft", "QLinearSoftmax", dcn_fused_softmax_of_levels},
    {"com.microsoft", "QLinearWhere", dcn_fused_where_of_levels},
    {"com.microsoft", "QuickGelu", quick_gelu},
    {"com.microsoft", "SkipLayerNormalization", skip_layer_normalization},
    {"com.microsoft", "SkipSimplifiedLayerNormalization", skip_layer_normalization},
    {"com.microsoft", "TransposeMatMul", fused_matmul},
    {"com.microsoft", "Trilu", taken_over},
    {"com.microsoft.nchwc", NULL, blocked},
    {"finn.custom_op.general", "BipolarQuant", dcn_trained_bipolar},
    {"finn.custom_op.general", "Quant", dcn_trained_quant},
    {"finn.custom_op.general", "Trunc", dcn_trained_trunc},
    {"onnx.brevitas", "BipolarQuant", dcn_trained_bipolar},
    {"onnx.brevitas", "Quant", dcn_trained_quant},
    {"onnx.brevitas", "Trunc", dcn_trained_trunc},
    {"org.openvinotoolkit", "FakeQuantize", dcn_trained_fake},
    {"qonnx.custom_op.general", "BipolarQuant", dcn_trained_bipolar},
    {"qonnx.custom_op.general", "Quant", dcn_trained_quant},
    {"qonnx.custom_op.general", "Trunc", dcn_trained_trunc},
};

bool
dcn_fused_function(DcnReader *reader,
                   const Onnx__NodeProto *node,
                   int opset,
                   DcnFunction **function,
                   const char **refusal)
{
    static const char *const inputs[] = {"A", "B", "C", "D", "E", "F", "G", "H", "I"};
    static const char *const outputs[] = {"Y", "mean", "deviation", "sum"};
    const char *domain = node->domain ? node->domain : "";
    size_t i = 0, count = sizeof fused / sizeof *fused;
    *function = NULL;
    *refusal = NULL;
    if (strcmp(domain, "ai.onnx") == 0)
        domain = "";
    while (i < count && (strcmp(fused[i].domain, domain) != 0 || !node->op_type ||
                         (fused[i].type && strcmp(fused[i].type, node->op_type) != 0)))
        i++;
    bool older = i == count && !domain[0] && node->op_type && opset < 10;
    if (i == count && !older)
        return true;
    DcnBody body = {.reader = reader, .call = node, .opset = opset};
    Onnx__FunctionProto *proto = dcn_reader_take(reader, 1, sizeof *proto);
    DcnFunction *made = dcn_reader_take(reader, 1, sizeof *made);
    if (!proto || !made)
        return false;
    onnx__function_proto__init(proto);
    proto->name = node->op_type;
    proto->domain = node->domain;
    proto->input = (char **)(uintptr_t)inputs;
    proto->n_input = sizeof inputs / sizeof *inputs;
    proto->output = (char **)(uintptr_t)outputs;
    proto->n_output = sizeof outputs / sizeof *outputs;
    body.function = proto;
    bool known = older ? dcn_older(&body) : fused[i].write(&body);
    *made = (DcnFunction){.proto = proto, .opset = body.opset, .next = -1};
    *function = known ? made : NULL;
    *refusal = body.refusal;
    return !body.failed;
}
