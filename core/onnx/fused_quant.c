/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fused_quant.c: products of whole numbers with what makes floats of them, and operators
 * between levels that are none of their own here. */
#include "onnx/body.h"

void
dcn_body_dequantised_product(DcnBody *body,
                             const char *const *operands,
                             const char *const *scales,
                             const char *output)
{
    dcn_body_needs(body, 11);
    dcn_body_node(body, "MatMulInteger", operands, DCN_NAMES("levels"));
    Onnx__NodeProto *cast =
        dcn_body_node(body, "Cast", DCN_NAMES("levels"), DCN_NAMES("floats"));
    dcn_body_set_int(body, cast, "to", DCN_FLOAT);
    dcn_body_node(body, "Mul", scales, DCN_NAMES("scale"));
    dcn_body_node(body, "Mul", DCN_NAMES("floats", "scale"), DCN_NAMES(output));
}

static void
add_bias(DcnBody *body, size_t input, const char *name)
{
    if (dcn_body_has_input(body, input))
        dcn_body_node(body, "Add", DCN_NAMES("product", name), DCN_NAMES("Y"));
}

/* Y = A' B' + E, where A' is A quantised by its own range and B' is B with scale C and
 * zero point D. */
bool
dcn_fused_dynamic_product(DcnBody *body)
{
    dcn_body_node(body, "DynamicQuantizeLinear", DCN_NAMES("A"),
                  DCN_NAMES("quantised", "a_scale", "a_zero"));
    dcn_body_dequantised_product(body, DCN_NAMES("quantised", "B", "a_zero", "D"),
                                 DCN_NAMES("a_scale", "C"),
                                 dcn_body_has_input(body, 4) ? "product" : "Y");
    add_bias(body, 4, "E");
    return true;
}

/* Y = A B + G with scales C and D and zero points E and F */
bool
dcn_fused_integer_product(DcnBody *body)
{
    dcn_body_dequantised_product(body, DCN_NAMES("A", "B", "E", "F"), DCN_NAMES("C", "D"),
                                 dcn_body_has_input(body, 6) ? "product" : "Y");
    add_bias(body, 6, "G");
    return true;
}

/* --- weights of a few bits, which an operator of ours unpacks (packedweights.c) --- */

static Onnx__NodeProto *
packed_product(DcnBody *body,
               const char *weights,
               const char *const *inputs,
               const char *output)
{
    static char own[] = "featurescope";
    Onnx__NodeProto *node = dcn_body_node(body, weights, inputs, DCN_NAMES("weights"));
    if (node)
        node->domain = own;
    dcn_body_node(body, "MatMul", DCN_NAMES("A", "weights"), DCN_NAMES(output));
    return node;
}

/* Y = A B' + F, where B' has scales C and zero points D, or E says which of the scales.
 * (With both, ONNX Runtime leaves the zero points out.) */
bool
dcn_fused_bits_product(DcnBody *body)
{
    bool sum = dcn_body_has_input(body, 5);
    if (dcn_body_has_input(body, 3) && dcn_body_has_input(body, 4))
        return dcn_body_refuse(body, "it has zero points and g_idx");
    Onnx__NodeProto *node = packed_product(
        body, "MatMulNBitsWeights", DCN_NAMES("B", "C", "D", "E"), sum ? "product" : "Y");
    dcn_body_hand_on(body, node, DCN_NAMES("K", "N", "bits", "block_size"));
    add_bias(body, 5, "F");
    return true;
}

/* Y = A B', where B' has scales C */
bool
dcn_fused_bnb4_product(DcnBody *body)
{
    if (dcn_body_attribute(body, "transB") && !dcn_body_is_set(body, "transB"))
        return dcn_body_refuse(body, "its matrix is not transposed");
    Onnx__NodeProto *node =
        packed_product(body, "MatMulBnb4Weights", DCN_NAMES("B", "C"), "Y");
    dcn_body_hand_on(body, node, DCN_NAMES("K", "N", "block_size", "quant_type"));
    return true;
}

/* --- between levels --- */

/* `name` = the numbers of levels with scale and zero point */
static void
numbers(DcnBody *body, const char *const *levels, const char *name)
{
    dcn_body_node(body, "DequantizeLinear", levels, DCN_NAMES(name));
}

/* Y = softmax(A) with scale B and zero point C; Y's are D and E. The attribute "opset" is
 * that of the Softmax that it was. */
bool
dcn_fused_softmax_of_levels(DcnBody *body)
{
    const Onnx__AttributeProto *opset = dcn_body_attribute(body, "opset");
    dcn_body_needs(body, 13);
    if (opset && opset->has_i && opset->i < 13)
        body->opset = 12; /* over all axes from that one on */
    numbers(body, DCN_NAMES("A", "B", "C"), "x");
    Onnx__NodeProto *node =
        dcn_body_node(body, "Softmax", DCN_NAMES("x"), DCN_NAMES("y"));
    dcn_body_hand_on(body, node, DCN_NAMES("axis"));
    dcn_body_node(body, "QuantizeLinear", DCN_NAMES("y", "D", "E"), DCN_NAMES("Y"));
    return true;
}

/* Y = A ? B : E with scales C, F and zero points D, G; Y's are H and I */
bool
dcn_fused_where_of_levels(DcnBody *body)
{
    dcn_body_needs(body, 13);
    numbers(body, DCN_NAMES("B", "C", "D"), "x");
    numbers(body, DCN_NAMES("E", "F", "G"), "y");
    dcn_body_node(body, "Where", DCN_NAMES("A", "x", "y"), DCN_NAMES("z"));
    dcn_body_node(body, "QuantizeLinear", DCN_NAMES("z", "H", "I"), DCN_NAMES("Y"));
    return true;
}
