/* SPDX-License-Identifier: GPL-3.0-or-later */
/* body.h: writing the function that a node stands for which is none of today's operators.
 *
 * A body's inputs are called A, B, C ... in the node's order, its outputs Y, mean,
 * deviation, sum. An input that the node leaves out is left out where the body names it.
 * Its nodes are of the file's opset, or of a later one that dcn_body_needs(). */
#ifndef DCN_ONNX_BODY_H
#define DCN_ONNX_BODY_H

#include "onnx/reader.h"

typedef struct {
    DcnReader *reader;
    const Onnx__NodeProto *call;
    Onnx__FunctionProto *function;
    int opset;
    const char *refusal; /* why the call cannot be taken apart, for a message */
    bool failed;         /* no memory */
} DcnBody;

/* Lists of names; "" stands for an input left out. */
#define DCN_NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* --- what the call says --- */

const Onnx__AttributeProto *dcn_body_attribute(const DcnBody *body, const char *name);
float dcn_body_float(const DcnBody *body, const char *name, float fallback);
bool dcn_body_is_set(const DcnBody *body, const char *name); /* an integer other than 0 */
bool dcn_body_says(const DcnBody *body, const char *name, const char *word);
bool dcn_body_has_input(const DcnBody *body, size_t input);
bool dcn_body_has_output(const DcnBody *body, size_t output);

/* Always false. reason: what follows "is not supported: ", a literal. */
bool dcn_body_refuse(DcnBody *body, const char *reason);

/* The body's nodes are of this opset, if the file's is not later. */
void dcn_body_needs(DcnBody *body, int opset);

/* --- the parts; nothing happens after a failure, and node may then be NULL --- */

/* outputs: names with NULL behind the last. */
Onnx__NodeProto *dcn_body_node(DcnBody *body,
                               const char *type,
                               const char *const *inputs,
                               const char *const *outputs);

/* The call's attribute `from`, if it has that, is the node's attribute `name`. */
void dcn_body_give(DcnBody *body,
                   Onnx__NodeProto *node,
                   const char *name,
                   const char *from);

/* The same for several that keep their names. */
void dcn_body_hand_on(DcnBody *body, Onnx__NodeProto *node, const char *const *names);

void dcn_body_set_float(DcnBody *body,
                        Onnx__NodeProto *node,
                        const char *name,
                        float value);
void dcn_body_set_int(DcnBody *body,
                      Onnx__NodeProto *node,
                      const char *name,
                      int64_t value);
void dcn_body_set_word(DcnBody *body,
                       Onnx__NodeProto *node,
                       const char *name,
                       const char *word);

/* values stay the caller's and must be literals. */
void dcn_body_set_ints(DcnBody *body,
                       Onnx__NodeProto *node,
                       const char *name,
                       size_t n,
                       const int64_t *values);

void dcn_body_set_floats(DcnBody *body,
                         Onnx__NodeProto *node,
                         const char *name,
                         size_t n,
                         const float *values);

/* A Constant of one float. */
void dcn_body_constant(DcnBody *body, const char *output, float value);

/* --- bodies; false: the call is not taken apart, and is an unknown operator --- */

/* older.c: what nodes of ONNX's own domain meant in the body's opset */
bool dcn_older(DcnBody *body);

/* fused_attention.c */
bool dcn_fused_attention(DcnBody *body);
bool dcn_fused_multi_head(DcnBody *body);
bool dcn_fused_quantised_attention(DcnBody *body);

/* fused_layout.c: operators on N x H x W x C */
bool dcn_fused_channels_last(DcnBody *body);

/* fused_quant.c */
bool dcn_fused_dynamic_product(DcnBody *body);
bool dcn_fused_integer_product(DcnBody *body);
bool dcn_fused_bits_product(DcnBody *body);
bool dcn_fused_bnb4_product(DcnBody *body);
bool dcn_fused_softmax_of_levels(DcnBody *body);
bool dcn_fused_where_of_levels(DcnBody *body);

/* fused_trained.c: levels that stay numbers */
bool dcn_trained_quant(DcnBody *body);
bool dcn_trained_bipolar(DcnBody *body);
bool dcn_trained_trunc(DcnBody *body);
bool dcn_trained_fake(DcnBody *body);

/* fused_learned.c: domain ai.onnx.ml */
bool dcn_learned_scaler(DcnBody *body);
bool dcn_learned_normalizer(DcnBody *body);
bool dcn_learned_linear(DcnBody *body);

/* `output` = (A B, of levels with the zero points named) * scale, as floats. */
void dcn_body_dequantised_product(DcnBody *body,
                                  const char *const *operands,
                                  const char *const *scales,
                                  const char *output);

#endif
