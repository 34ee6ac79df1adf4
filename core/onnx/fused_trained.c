/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fused_trained.c: what nets that were trained with few bits have where others have
 * QuantizeLinear and DequantizeLinear: numbers stay numbers, and are rounded to levels.
 *
 * - Quant, BipolarQuant, Trunc of Brevitas and QONNX (QONNX, docs/qonnx-custom-ops)
 * - FakeQuantize of OpenVINO, as NNCF writes it (OpenVINO, FakeQuantize-1)
 *
 * What rounds is an operator of ours (ops/quant/keptlevels.c). */
#include "onnx/body.h"
#include <string.h>

static void
add_pair(DcnBody *body, const char *type, const char *a, const char *b, const char *y)
{
    dcn_body_node(body, type, DCN_NAMES(a, b), DCN_NAMES(y));
}

/* The inputs are those of KeptLevels. */
static Onnx__NodeProto *
add_levels(DcnBody *body, const char *const *inputs, const char *to)
{
    static char own[] = "featurescope";
    Onnx__NodeProto *node = dcn_body_node(body, "KeptLevels", inputs, DCN_NAMES(to));
    if (node)
        node->domain = own;
    return node;
}

/* "low" and "high": the levels of a number of D bits. Narrow: one less, so that those of
 * a signed number are the same on both sides of 0. */
static void
add_bounds(DcnBody *body)
{
    bool is_signed =
        !dcn_body_attribute(body, "signed") || dcn_body_is_set(body, "signed");
    bool narrow = dcn_body_is_set(body, "narrow");
    dcn_body_constant(body, "one", 1);
    dcn_body_constant(body, "two", 2);
    if (is_signed)
        add_pair(body, "Sub", "D", "one", "exponent");
    add_pair(body, "Pow", "two", is_signed ? "exponent" : "D", "levels");
    add_pair(body, "Sub", "levels", !is_signed && narrow ? "two" : "one", "high");
    if (is_signed)
        dcn_body_node(body, "Neg", DCN_NAMES(narrow ? "high" : "levels"),
                      DCN_NAMES("low"));
    else
        dcn_body_constant(body, "low", 0);
}

/* Y = A as one of the levels of D bits, with scale B and zero point C */
bool
dcn_trained_quant(DcnBody *body)
{
    dcn_body_needs(body, 13);
    add_bounds(body);
    dcn_body_constant(body, "base", 0);
    dcn_body_hand_on(
        body, add_levels(body, DCN_NAMES("A", "B", "C", "base", "low", "high"), "Y"),
        DCN_NAMES("rounding_mode"));
    return true;
}

/* Y = A < 0 ? -B : B */
bool
dcn_trained_bipolar(DcnBody *body)
{
    dcn_body_needs(body, 13);
    dcn_body_constant(body, "zero", 0);
    dcn_body_node(body, "Neg", DCN_NAMES("B"), DCN_NAMES("minus"));
    add_pair(body, "Div", "A", "B", "steps");
    add_pair(body, "Less", "steps", "zero", "below");
    dcn_body_node(body, "Where", DCN_NAMES("below", "minus", "B"), DCN_NAMES("Y"));
    return true;
}

/* Levels of D bits lose their last ones, until there are E bits: Y = (cut(round(A / B +
 * C) / 2^(D - E)) - C) * B */
bool
dcn_trained_trunc(DcnBody *body)
{
    if (dcn_body_has_input(body, 5))
        return dcn_body_refuse(body, "it has a scale for its output");
    dcn_body_needs(body, 13);
    add_pair(body, "Div", "A", "B", "steps");
    add_pair(body, "Add", "steps", "C", "shifted");
    dcn_body_constant(body, "one", 1);
    dcn_body_constant(body, "none", 0);
    dcn_body_constant(body, "low", -0x1p24F); /* floats are whole from there on */
    dcn_body_constant(body, "high", 0x1p24F);
    add_levels(body, DCN_NAMES("shifted", "one", "none", "none", "low", "high"), "whole");
    dcn_body_constant(body, "two", 2);
    add_pair(body, "Sub", "D", "E", "bits");
    add_pair(body, "Pow", "two", "bits", "factor");
    add_pair(body, "Div", "whole", "factor", "fraction");
    Onnx__NodeProto *node = add_levels(
        body, DCN_NAMES("fraction", "one", "none", "none", "low", "high"), "cut");
    if (dcn_body_attribute(body, "rounding_mode"))
        dcn_body_give(body, node, "rounding_mode", "rounding_mode");
    else
        dcn_body_set_word(body, node, "rounding_mode", "FLOOR");
    add_pair(body, "Sub", "cut", "C", "shifted back");
    add_pair(body, "Mul", "shifted back", "B", "Y");
    return true;
}

/* B..C is divided into levels, A goes to the nearest one, and these are spread over D..E,
 * which is B..C in most nets. */
bool
dcn_trained_fake(DcnBody *body)
{
    const Onnx__AttributeProto *levels = dcn_body_attribute(body, "levels");
    const Onnx__NodeProto *call = body->call;
    if (!levels || !levels->has_i || levels->i < 2 || levels->i > 65536)
        return dcn_body_refuse(body, "it does not say how many levels there are");
    if (call->n_input != 5)
        return dcn_body_refuse(body, "it has to have five inputs");
    bool same = strcmp(call->input[1], call->input[3]) == 0 &&
                strcmp(call->input[2], call->input[4]) == 0;
    dcn_body_needs(body, 13);
    dcn_body_constant(body, "none", 0);
    dcn_body_constant(body, "high", (float)(levels->i - 1));
    add_pair(body, "Sub", "C", "B", "range");
    add_pair(body, "Div", "range", "high", "scale");
    add_levels(body, DCN_NAMES("A", "scale", "none", "B", "none", "high"),
               same ? "Y" : "within");
    if (same)
        return true;
    add_pair(body, "Sub", "within", "B", "above");
    add_pair(body, "Sub", "E", "D", "spread");
    add_pair(body, "Div", "spread", "range", "factor");
    add_pair(body, "Mul", "above", "factor", "part");
    add_pair(body, "Add", "part", "D", "Y");
    return true;
}
