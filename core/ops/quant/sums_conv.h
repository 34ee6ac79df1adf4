/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sums_conv.h: convolutions of whole numbers less their zero points, exact: ConvInteger
 * and QLinearConv. Padding is the zero point, so that it counts for nothing. */
#ifndef DCN_OPS_QUANT_SUMS_CONV_H
#define DCN_OPS_QUANT_SUMS_CONV_H

#include "ops/kit/window.h"
#include "ops/quant/sums.h"

typedef struct {
    DcnWindow window;
    size_t images; /* on axis 0 of the input */
    size_t groups, channels, maps, volume;
    size_t weights, x_zero, w_zero; /* inputs; the picture is input 0 */
    bool constant;                  /* all inputs but the picture */
    float fill;                     /* the zero point, if it is constant */
} DcnSumsConv;

/* Reads the window and checks shapes, also of the zero points: one for all weights, or
 * one a map. conv: the three inputs are set. */
bool dcn_sums_conv_setup(DcnSetup *setup, DcnSumsConv *conv);

void dcn_sums_conv_forward(const DcnCall *call,
                           const DcnSumsConv *conv,
                           DcnSumsFinish finish);
void dcn_sums_conv_back(const DcnCall *call, const DcnSumsConv *conv, DcnSumsSlope slope);

void dcn_sums_conv_ahead(const DcnCall *call,
                         const DcnSumsConv *conv,
                         size_t input,
                         const DcnBox *in,
                         DcnBox *out);
void dcn_sums_conv_seen(const DcnCall *call,
                        const DcnSumsConv *conv,
                        size_t input,
                        const DcnBox *out,
                        DcnBox *in);
DcnLocality dcn_sums_conv_local(const DcnSumsConv *conv, DcnLocalWindow *window);

#endif
