/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fused_quant.c: products of whole numbers with what makes floats of them. */
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
