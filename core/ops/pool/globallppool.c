/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GlobalLpPool: the p-norm of each plane (lp.h). Back, all methods: dx += dy * the norm's
 * slope. */
#include "ops/kit/planes.h"
#include "ops/pool/lp.h"

typedef struct {
    float p;
} Params;

static bool
globallppool_setup(DcnSetup *setup)
{
    Params *params = setup->params;
    char text[128];
    if (setup->in[0]->rank < 2)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s",
                              dcn_shape_print(setup->in[0], text));
    setup->out[0] = *setup->in[0];
    for (int i = 2; i < setup->out[0].rank; i++)
        setup->out[0].dim[i] = 1;
    return dcn_lp_order(setup, &params->p);
}

static void
forward_plane(const DcnCall *call, size_t image, size_t plane)
{
    const Params *params = call->params;
    size_t n = dcn_plane_size(&call->in[0]);
    const float *x = dcn_image(&call->in[0], image) + plane * n;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += dcn_lp_term(params->p, x[i]);
    dcn_image(&call->out[0], image)[plane] = dcn_lp_norm(params->p, sum);
}

static void
back_plane(const DcnCall *call, size_t image, size_t plane)
{
    const Params *params = call->params;
    size_t n = dcn_plane_size(&call->in[0]);
    const float *x = dcn_image(&call->in[0], image) + plane * n;
    float *dx = dcn_image_grad(&call->in[0], image) + plane * n;
    float y = dcn_image(&call->out[0], image)[plane];
    float dy = dcn_image_grad(&call->out[0], image)[plane];
    for (size_t i = 0; i < n; i++)
        dx[i] += dy * dcn_lp_slope(params->p, x[i], y);
}

static void
globallppool_forward(const DcnCall *call)
{
    dcn_each_plane(call, dcn_plane_size(&call->in[0]), forward_plane);
}

static void
globallppool_back(const DcnCall *call)
{
    if (dcn_wants_back(call, 0))
        dcn_each_plane(call, dcn_plane_size(&call->in[0]), back_plane);
}

const DcnOp dcn_op_globallppool = {
    .name = "GlobalLpPool",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .planes = true,
    .params_size = sizeof(Params),
    .setup = globallppool_setup,
    .forward = globallppool_forward,
    .back = DCN_BACK_ALL(globallppool_back),
    .reach.ahead = dcn_reach_planes,
    .reach.back = dcn_reach_back_planes,
    .layer = "pool",
};
