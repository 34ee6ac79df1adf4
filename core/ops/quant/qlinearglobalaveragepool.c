/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QLinearGlobalAveragePool (com.microsoft): the mean of each plane, from levels to
 * levels: with the exact sum s of x - x_zero over n elements,
 *
 *     y = saturate(round(s * x_scale / (y_scale * n)) + y_zero)
 *
 * Back, all methods: each element gets the signal over n, through the scales, from levels
 * that were not cut (affine.h). */
#include "ops/kit/planes.h"
#include "ops/quant/requantise.h"

static bool
setup_pool(DcnSetup *setup)
{
    char text[128];
    const DcnShape *x = setup->in[0];
    if (dcn_node_int(setup->node, "channels_last", 0) != 0)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED, "channels are the last axis");
    if (x->rank < 2 || dcn_shape_count(x) == 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s",
                              dcn_shape_print(x, text));
    if (!dcn_requantise_one_setup(setup))
        return false;
    for (int i = 2; i < x->rank; i++)
        setup->out[0].dim[i] = 1;
    return true;
}

/* Levels of the output that a step of the sum is worth. */
static float
step_of(const DcnCall *call, size_t image)
{
    DcnAffine from = dcn_affine(call, image, 1, 2), to = dcn_affine(call, image, 3, 4);
    return from.scale / (to.scale * (float)dcn_plane_size(&call->in[0]));
}

static void
forward_plane(const DcnCall *call, size_t image, size_t plane)
{
    const DcnRequantise *p = call->params;
    size_t n = dcn_plane_size(&call->in[0]);
    const float *x = dcn_image(&call->in[0], image) + plane * n;
    DcnAffine from = dcn_affine(call, image, 1, 2), to = dcn_affine(call, image, 3, 4);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)(x[i] - from.zero);
    dcn_image(&call->out[0], image)[plane] =
        dcn_level((float)sum * step_of(call, image), to.zero, p->levels);
}

static void
forward(const DcnCall *call)
{
    dcn_each_plane(call, dcn_plane_size(&call->in[0]), forward_plane);
}

static void
back_plane(const DcnCall *call, size_t image, size_t plane)
{
    const DcnRequantise *p = call->params;
    size_t n = dcn_plane_size(&call->in[0]);
    if (!dcn_level_is_inside(dcn_image(&call->out[0], image)[plane], p->levels))
        return;
    float share = dcn_image_grad(&call->out[0], image)[plane] * step_of(call, image);
    float *dx = dcn_image_grad(&call->in[0], image) + plane * n;
    for (size_t i = 0; i < n; i++)
        dx[i] += share;
}

static void
back(const DcnCall *call)
{
    if (dcn_wants_back(call, 0))
        dcn_each_plane(call, dcn_plane_size(&call->in[0]), back_plane);
}

static void
reach_ahead(
    const DcnCall *call, size_t input, const DcnBox *in, size_t output, DcnBox *out)
{
    if (input == 0)
        dcn_reach_planes(call, input, in, output, out);
    else
        *out = dcn_shape_box(&call->out[output].shape);
}

static void
reach_back(
    const DcnCall *call, size_t output, const DcnBox *out, size_t input, DcnBox *in)
{
    if (input == 0)
        dcn_reach_back_planes(call, output, out, input, in);
    else
        *in = dcn_shape_box(&call->in[input].shape);
}

const DcnOp dcn_op_qlinearglobalaveragepool = {
    .name = "QLinearGlobalAveragePool",
    .domain = "com.microsoft",
    .inputs = {4, 5},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .params_size = sizeof(DcnRequantise),
    .setup = setup_pool,
    .forward = forward,
    .rule = DCN_RULE_STRAIGHT,
    .back = DCN_BACK_ALL(back),
    .reach.ahead = reach_ahead,
    .reach.back = reach_back,
    .constants.type = dcn_requantise_type,
    .layer = "pool",
};
