/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QLinearConv: a convolution from levels to levels. With the exact sum s of (x - x_zero)
 * * (w - w_zero) over a window,
 *
 *     y = saturate(round((s + bias) * x_scale * w_scale / y_scale) + y_zero)
 *
 * w_scale and w_zero are one for all maps, or one each; the bias counts in steps of
 * x_scale * w_scale.
 *
 * Back, all methods: the transposed map, times those scales, from levels that were not
 * cut (affine.h). */
#include "ops/quant/affine.h"
#include "ops/quant/sums_conv.h"

enum { X, X_SCALE, X_ZERO, W, W_SCALE, W_ZERO, Y_SCALE, Y_ZERO, BIAS };

typedef struct {
    DcnSumsConv conv;
    DcnLevels levels;
} Params;

/* Levels of the output that a step of the sum is worth. */
static float
step_of(const DcnCall *call, size_t image, size_t map)
{
    return dcn_of_channel(call, image, X_SCALE, 0, 1) *
           dcn_of_channel(call, image, W_SCALE, map, 1) /
           dcn_of_channel(call, image, Y_SCALE, 0, 1);
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
    const Params *p = call->params;
    const DcnOperand *b = dcn_input(call, BIAS);
    double bias = b ? (double)dcn_image(b, image)[row] : 0;
    float step = step_of(call, image, row);
    float zero = dcn_of_channel(call, image, Y_ZERO, 0, 0);
    float *y = dcn_image(&call->out[0], image) + at;
    (void)column;
    for (size_t i = 0; i < n; i++)
        y[i] = dcn_level((float)(sums[i] + bias) * step, zero, p->levels);
}

static float
slope(const DcnCall *call, size_t image, size_t row, size_t column, float y)
{
    const Params *p = call->params;
    (void)column;
    return dcn_level_is_inside(y, p->levels) ? step_of(call, image, row) : 0;
}

static bool
qlinearconv_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->conv.weights = W;
    p->conv.x_zero = X_ZERO;
    p->conv.w_zero = W_ZERO;
    DcnType type = dcn_setup_type(setup, Y_ZERO, DCN_UINT8);
    p->conv.result = (DcnSumsResult){finish, slope, type};
    if (!dcn_setup_levels_of(setup, type, &p->levels) ||
        !dcn_sums_conv_setup(setup, &p->conv) ||
        !dcn_setup_affine(setup, X_SCALE, X_ZERO, 0) ||
        !dcn_setup_affine(setup, W_SCALE, W_ZERO, p->conv.maps) ||
        !dcn_setup_affine(setup, Y_SCALE, Y_ZERO, 0))
        return false;
    char text[128];
    if (dcn_has_input(setup, BIAS) && dcn_shape_count(setup->in[BIAS]) != p->conv.maps)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE,
                              "the bias is %s where %zu maps need one each",
                              dcn_shape_print(setup->in[BIAS], text), p->conv.maps);
    return true;
}

const DcnOp dcn_op_qlinearconv = {
    .name = "QLinearConv",
    .inputs = {8, 9},
    .outputs = {1, 1},
    .role = DCN_ROLE_WEIGHTED,
    .planes = true,
    .levels = DCN_LEVELS_READ,
    .params_size = sizeof(Params),
    .setup = qlinearconv_setup,
    .forward = dcn_sums_conv_forward,
    .rule = DCN_RULE_STRAIGHT,
    .back = DCN_BACK_ALL(dcn_sums_conv_back),
    .reach.ahead = dcn_sums_conv_ahead,
    .reach.back = dcn_sums_conv_seen,
    .reach.local = dcn_sums_conv_local,
    .constants.type = dcn_sums_type,
    .layer = "conv",
};
