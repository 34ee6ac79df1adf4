/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GlobalAveragePool: the mean of each plane.
 *
 * Back, all methods: linear, so each element of the plane gets the signal over the number
 * of elements. */
#include "ops/kit/change.h"
#include "ops/kit/planes.h"

static bool
globalaveragepool_setup(DcnSetup *setup)
{
    char text[128];
    if (setup->in[0]->rank < 2 || dcn_shape_count(setup->in[0]) == 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s",
                              dcn_shape_print(setup->in[0], text));
    setup->out[0] = *setup->in[0];
    for (int i = 2; i < setup->out[0].rank; i++)
        setup->out[0].dim[i] = 1;
    return true;
}

static void
forward_plane(const DcnCall *call, size_t image, size_t plane)
{
    size_t n = dcn_plane_size(&call->in[0]);
    float *y = dcn_image(&call->out[0], image) + plane;
    *y = dcn_sum(dcn_image(&call->in[0], image) + plane * n, n) / (float)n;
}

static void
globalaveragepool_forward(const DcnCall *call)
{
    dcn_each_plane(call, dcn_plane_size(&call->in[0]), forward_plane);
}

static void
back_plane(const DcnCall *call, size_t image, size_t plane)
{
    size_t n = dcn_plane_size(&call->in[0]);
    float share = dcn_image_grad(&call->out[0], image)[plane] / (float)n;
    float *dx = dcn_image_grad(&call->in[0], image) + plane * n;
    for (size_t i = 0; i < n; i++)
        dx[i] += share;
}

static void
globalaveragepool_back(const DcnCall *call)
{
    if (dcn_wants_back(call, 0))
        dcn_each_plane(call, dcn_plane_size(&call->in[0]), back_plane);
}

static void
globalaveragepool_change(const DcnCall *call, const DcnChange *change, float *y)
{
    size_t n = dcn_plane_size(&call->in[0]);
    dcn_change_sums(call, change, (int64_t[]){1, 0, 0}, 1 / (float)n, y);
}

const DcnOp dcn_op_globalaveragepool = {
    .name = "GlobalAveragePool",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .planes = true,
    .setup = globalaveragepool_setup,
    .forward = globalaveragepool_forward,
    .rule = DCN_RULE_TRANSPOSED,
    .back = DCN_BACK_ALL(globalaveragepool_back),
    .reach.ahead = dcn_reach_planes,
    .reach.back = dcn_reach_back_planes,
    .reach.change = globalaveragepool_change,
    .layer = "pool",
};
