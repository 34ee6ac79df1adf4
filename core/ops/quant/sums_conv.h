/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sums_conv.h: convolutions of whole numbers less their zero points, exact: ConvInteger
 * and QLinearConv. Padding is the zero point, so that it counts for nothing. */
#ifndef DCN_OPS_QUANT_SUMS_CONV_H
#define DCN_OPS_QUANT_SUMS_CONV_H

#include "ops/kit/window.h"
#include "ops/quant/sums.h"

typedef struct {
    DcnSumsResult result;
    DcnWindow window;
    size_t images; /* on axis 0 of the input */
    size_t groups, channels, maps, volume;
    size_t weights, x_zero, w_zero; /* inputs; the picture is input 0 */
    bool constant;                  /* all inputs but the picture */
    float fill;                     /* the zero point, if it is constant */
} DcnSumsConv;

/* Reads the window and checks shapes, also of the zero points: one for all weights, or
 * one a map. conv: the result and the three inputs are set. */
bool dcn_sums_conv_setup(DcnSetup *setup, DcnSumsConv *conv);

/* Entries of DcnOp, for params that begin with a DcnSumsConv. */
void dcn_sums_conv_forward(const DcnCall *call);
void dcn_sums_conv_back(const DcnCall *call);
void dcn_sums_conv_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out);
void dcn_sums_conv_seen(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in);
DcnLocality dcn_sums_conv_local(const void *params, DcnLocalWindow *window);

#endif
