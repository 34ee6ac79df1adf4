/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ConvInteger: y = the convolution of x - x_zero with w - w_zero, whole numbers.
 *
 * Back, all methods: the transposed map; weights are held. */
#include "ops/quant/sums_conv.h"

typedef struct {
    DcnSumsConv conv;
} Params;

static bool
convinteger_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->conv.weights = 1;
    p->conv.x_zero = 2;
    p->conv.w_zero = 3;
    return dcn_sums_conv_setup(setup, &p->conv);
}

static void
finish(const DcnCall *call,
       size_t image,
       size_t row,
       size_t column,
       size_t at,
       size_t n,
       const double *sums)
{
    float *y = dcn_image(&call->out[0], image) + at;
    (void)row, (void)column;
    for (size_t i = 0; i < n; i++)
        y[i] = (float)sums[i];
}

static float
slope(const DcnCall *call, size_t image, size_t row, size_t column, float y)
{
    (void)call, (void)image, (void)row, (void)column, (void)y;
    return 1;
}

static void
convinteger_forward(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_sums_conv_forward(call, &p->conv, finish);
}

static void
convinteger_back(const DcnCall *call)
{
    const Params *p = call->params;
    dcn_sums_conv_back(call, &p->conv, slope);
}

static void
convinteger_reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    const Params *p = call->params;
    (void)output;
    dcn_sums_conv_ahead(call, &p->conv, input, in, out);
}

static void
convinteger_reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    const Params *p = call->params;
    (void)output;
    dcn_sums_conv_seen(call, &p->conv, input, out, in);
}

static DcnLocality
convinteger_local(const void *params, DcnLocalWindow *window)
{
    const Params *p = params;
    return dcn_sums_conv_local(&p->conv, window);
}

static DcnType
convinteger_type(const void *params, size_t output)
{
    (void)params, (void)output;
    return DCN_INT32;
}

const DcnOp dcn_op_convinteger = {
    .name = "ConvInteger",
    .inputs = {2, 4},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .planes = true,
    .params_size = sizeof(Params),
    .setup = convinteger_setup,
    .forward = convinteger_forward,
    .back = DCN_BACK_ALL(convinteger_back),
    .reach.ahead = convinteger_reach_ahead,
    .reach.back = convinteger_reach_back,
    .reach.local = convinteger_local,
    .constants.type = convinteger_type,
    .layer = "conv",
};
