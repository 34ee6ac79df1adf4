/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fused_attention.c: com.microsoft's attention as ONNX's Attention of opset 23, behind the
 * products that make queries, keys and values.
 *
 * What only generators of text need, keys of past runs and masks for texts of different
 * lengths, is refused. */
#include "onnx/body.h"

#define PAST "it keeps keys of past runs"
#define MASK "it has a mask for rows of padding"

/* Y = the attention of q, k and v, B x rows x (heads * size), with F added to the
 * scores. */
static void
add_attention(DcnBody *body, const char *q, const char *k, const char *v, bool bias)
{
    dcn_body_needs(body, 23);
    Onnx__NodeProto *node = dcn_body_node(
        body, "Attention", DCN_NAMES(q, k, v, bias ? "F" : ""), DCN_NAMES("Y"));
    dcn_body_give(body, node, "q_num_heads", "num_heads");
    dcn_body_give(body, node, "kv_num_heads", "num_heads");
    dcn_body_give(body, node, "is_causal", "unidirectional");
    if (dcn_body_float(body, "scale", 0) != 0)
        dcn_body_give(body, node, "scale", "scale");
}

/* Queries, keys and values lie side by side in the last axis of `all`. */
static void
split_columns(DcnBody *body, const char *all)
{
    static const char *const none[] = {NULL};
    bool sizes = dcn_body_attribute(body, "qkv_hidden_sizes") != NULL;
    if (sizes) {
        Onnx__NodeProto *list = dcn_body_node(body, "Constant", none, DCN_NAMES("sizes"));
        dcn_body_give(body, list, "value_ints", "qkv_hidden_sizes");
    }
    Onnx__NodeProto *split = dcn_body_node(
        body, "Split", DCN_NAMES(all, sizes ? "sizes" : ""), DCN_NAMES("q", "k", "v"));
    dcn_body_set_int(body, split, "axis", -1);
    if (!sizes)
        dcn_body_set_int(body, split, "num_outputs", 3);
}

/* A x B + C are queries, keys and values; D: a mask, E: the past, F: added to scores. */
bool
dcn_fused_attention(DcnBody *body)
{
    if (dcn_body_has_input(body, 4) || dcn_body_has_input(body, 6) ||
        dcn_body_has_output(body, 1))
        return dcn_body_refuse(body, PAST);
    if (dcn_body_has_input(body, 3))
        return dcn_body_refuse(body, MASK);
    if (dcn_body_is_set(body, "do_rotary"))
        return dcn_body_refuse(body, "it turns queries and keys by their place");
    bool bias = dcn_body_has_input(body, 2);
    dcn_body_node(body, "MatMul", DCN_NAMES("A", "B"), DCN_NAMES("product"));
    if (bias)
        dcn_body_node(body, "Add", DCN_NAMES("product", "C"), DCN_NAMES("all"));
    split_columns(body, bias ? "all" : "product");
    add_attention(body, "q", "k", "v", dcn_body_has_input(body, 5));
    return true;
}

/* The same from levels: A x B with scales D and E and zero points G and H, plus C. */
bool
dcn_fused_quantised_attention(DcnBody *body)
{
    if (dcn_body_has_input(body, 8) || dcn_body_has_output(body, 1))
        return dcn_body_refuse(body, PAST);
    if (dcn_body_has_input(body, 5))
        return dcn_body_refuse(body, MASK);
    if (dcn_body_is_set(body, "do_rotary"))
        return dcn_body_refuse(body, "it turns queries and keys by their place");
    dcn_body_dequantised_product(body, DCN_NAMES("A", "B", "G", "H"), DCN_NAMES("D", "E"),
                                 "product");
    dcn_body_node(body, "Add", DCN_NAMES("product", "C"), DCN_NAMES("all"));
    split_columns(body, "all");
    add_attention(body, "q", "k", "v", false);
    return true;
}

/* Splits B x rows x heads x n x size into n of B x rows x (heads * size). */
static void
split_packed(DcnBody *body,
             const char *packed,
             int64_t n,
             const char *const *parts,
             const char *const *rows)
{
    static const int64_t shape[] = {0, 0, -1};
    static const char *const none[] = {NULL};
    Onnx__NodeProto *split = dcn_body_node(body, "Split", DCN_NAMES(packed), parts);
    dcn_body_set_int(body, split, "axis", 3);
    dcn_body_set_int(body, split, "num_outputs", n);
    Onnx__NodeProto *list = dcn_body_node(body, "Constant", none, DCN_NAMES("shape"));
    dcn_body_set_ints(body, list, "value_ints", 3, shape);
    for (int64_t i = 0; i < n; i++)
        dcn_body_node(body, "Reshape", DCN_NAMES(parts[i], "shape"), DCN_NAMES(rows[i]));
}

/* A, B and C, or A with all three, or B with keys and values packed. D: biases of all
 * three one behind the other; E: a mask, F: added to scores; G to J: the past. */
bool
dcn_fused_multi_head(DcnBody *body)
{
    static const char *const parts[] = {"q5", "k5", "v5", NULL};
    static const char *const packed[] = {"query", "key", "value"};
    static const char *const sums[] = {"q", "k", "v"};
    static const char *const sizes[] = {"q_size", "k_size", "v_size"};
    static const char *const biases[] = {"q_bias", "k_bias", "v_bias", NULL};
    const char *rows[] = {"A", "B", "C"};
    for (size_t i = 6; i < body->call->n_input; i++)
        if (dcn_body_has_input(body, i))
            return dcn_body_refuse(body, PAST);
    for (size_t i = 1; i < body->call->n_output; i++)
        if (dcn_body_has_output(body, i))
            return dcn_body_refuse(body, PAST);
    if (dcn_body_has_input(body, 4))
        return dcn_body_refuse(body, MASK);
    size_t own = dcn_body_has_input(body, 2) ? 3 : dcn_body_has_input(body, 1) ? 1 : 0;
    if (own < 3)
        split_packed(body, own == 1 ? "B" : "A", own == 1 ? 2 : 3, parts + own,
                     packed + own);
    for (size_t i = own; i < 3; i++)
        rows[i] = packed[i];
    if (dcn_body_has_input(body, 3)) {
        for (size_t i = 0; i < 3; i++) {
            Onnx__NodeProto *size =
                dcn_body_node(body, "Shape", DCN_NAMES(rows[i]), DCN_NAMES(sizes[i]));
            dcn_body_set_int(body, size, "start", 2);
        }
        Onnx__NodeProto *list = dcn_body_node(
            body, "Concat", DCN_NAMES(sizes[0], sizes[1], sizes[2]), DCN_NAMES("sizes"));
        dcn_body_set_int(body, list, "axis", 0);
        dcn_body_node(body, "Split", DCN_NAMES("D", "sizes"), biases);
        for (size_t i = 0; i < 3; i++) {
            dcn_body_node(body, "Add", DCN_NAMES(rows[i], biases[i]), DCN_NAMES(sums[i]));
            rows[i] = sums[i];
        }
    }
    add_attention(body, rows[0], rows[1], rows[2], dcn_body_has_input(body, 5));
    return true;
}
