/* SPDX-License-Identifier: GPL-3.0-or-later */
/* operator.h: what Conv and ConvTranspose have in common: all but attributes and shapes.
 *
 * Both are a convolution (conv2d.h) with an input side and an output side. Conv takes the
 * image side and gives the map side; ConvTranspose is the transpose and does the reverse,
 * so its forward is a way back and its back a way forward. */
#ifndef DCN_OPS_CONV_OPERATOR_H
#define DCN_OPS_CONV_OPERATOR_H

#include "ops/conv/way.h"

/* The params of both. */
typedef struct {
    DcnConv2d conv;
    bool transposed;
    DcnClamp clamp;
    DcnConvUse use[DCN_CONV_MAPS]; /* of each map */
} DcnConvParams;

/* Ends a setup that has filled conv and setup->out[0]: fills the rest of params and asks
 * for scratch memory. */
void dcn_conv_plan(DcnSetup *setup, DcnConvParams *params, bool transposed);

/* Entries of the two tables; see DcnOp. */
void dcn_conv_ahead(const DcnCall *call);
void dcn_conv_back(const DcnCall *call);
void dcn_conv_grad_weights(const DcnCall *call);
bool dcn_conv_bounded(const DcnCall *call);
size_t dcn_conv_op_floats(const void *params, bool transform);
bool dcn_conv_op_only_prepared(const void *params);
void dcn_conv_op_prepare(const DcnCall *call, bool transform, float *prepared);
void dcn_conv_fuse_clamp(void *params, const DcnClamp *clamp);
void dcn_conv_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_conv_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);

#endif
