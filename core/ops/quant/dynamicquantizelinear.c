/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DynamicQuantizeLinear: uint8 levels whose scale fits the tensor of one image:
 *
 *     low = min(0, least x)    high = max(0, largest x)
 *     scale = (high - low) / 255    zero = saturate(round(-low / scale))
 *     y = saturate(round(x / scale) + zero)
 *
 * Outputs: y, scale, zero. A tensor of zeroes has scale 1. One element changes the scale
 * of all, so there is no local rule.
 *
 * Back, all methods: dx += dy / scale, with scale and zero held as if they were
 * constants. No level is cut. */
#include "ops/quant/affine.h"

enum { LEVEL, SCALE, ZERO };

static const DcnLevels bytes = {0, 255};

static bool
dynamicquantizelinear_setup(DcnSetup *setup)
{
    char text[128];
    if (dcn_shape_count(setup->in[0]) == 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s",
                              dcn_shape_print(setup->in[0], text));
    setup->out[LEVEL] = *setup->in[0];
    for (size_t i = SCALE; i < setup->n_out; i++)
        setup->out[i] = dcn_shape(0, NULL);
    return true;
}

static DcnAffine
fit(const float *x, size_t n)
{
    float low = 0, high = 0;
    for (size_t i = 0; i < n; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    float scale = high > low ? (high - low) / 255 : 1;
    return (DcnAffine){scale, dcn_level(-low / scale, 0, bytes)};
}

static void
forward_image(void *user, size_t image, size_t worker)
{
    const DcnCall *call = user;
    const float *x = dcn_image(&call->in[0], image);
    DcnAffine affine = fit(x, call->in[0].count);
    float *y = call->out[LEVEL].data ? dcn_image(&call->out[LEVEL], image) : NULL;
    (void)worker;
    for (size_t i = 0; y && i < call->in[0].count; i++)
        y[i] = dcn_quantise(x[i], affine, bytes);
    if (call->n_out > SCALE && call->out[SCALE].data)
        *dcn_image(&call->out[SCALE], image) = affine.scale;
    if (call->n_out > ZERO && call->out[ZERO].data)
        *dcn_image(&call->out[ZERO], image) = affine.zero;
}

static void
dynamicquantizelinear_forward(const DcnCall *call)
{
    dcn_parallel(call->context, call->batch, forward_image, (void *)(uintptr_t)call);
}

static void
dynamicquantizelinear_back(const DcnCall *call)
{
    for (size_t n = 0; n < call->batch && dcn_wants_back(call, 0); n++) {
        DcnAffine affine = fit(dcn_image(&call->in[0], n), call->in[0].count);
        const float *dy = dcn_image_grad(&call->out[LEVEL], n);
        float *dx = dcn_image_grad(&call->in[0], n);
        for (size_t i = 0; i < call->in[0].count; i++)
            dx[i] += dy[i] / affine.scale;
    }
}

static DcnType
dynamicquantizelinear_type(const void *params, size_t output)
{
    (void)params;
    return output == SCALE ? DCN_FLOAT : DCN_UINT8;
}

const DcnOp dcn_op_dynamicquantizelinear = {
    .name = "DynamicQuantizeLinear",
    .inputs = {1, 1},
    .outputs = {1, 3},
    .setup = dynamicquantizelinear_setup,
    .forward = dynamicquantizelinear_forward,
    .rule = DCN_RULE_STRAIGHT,
    .levels = DCN_LEVELS_MADE,
    .back = DCN_BACK_ALL(dynamicquantizelinear_back),
    .constants.type = dynamicquantizelinear_type,
};
