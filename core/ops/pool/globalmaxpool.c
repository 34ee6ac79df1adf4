/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GlobalMaxPool: the largest element of each plane.
 *
 * Back, all methods: the signal goes to where the maximum was, the first such place in
 * row-major order, as in MaxPool. */
#include "ops/kit/planes.h"
#include <math.h>

static bool
globalmaxpool_setup(DcnSetup *setup)
{
    char text[128];
    size_t count = dcn_shape_count(setup->in[0]);
    if (setup->in[0]->rank < 2 || count == 0)
        return dcn_setup_fail(setup, DCN_ERROR_SHAPE, "the input is %s",
                              dcn_shape_print(setup->in[0], text));
    setup->out[0] = *setup->in[0];
    for (int i = 2; i < setup->out[0].rank; i++)
        setup->out[0].dim[i] = 1;
    setup->kept = dcn_shape_count(&setup->out[0]) * sizeof(uint64_t);
    return true;
}

/* The places of the maxima of an image, one a plane. */
static uint64_t *
places_of(const DcnCall *call, size_t image)
{
    return (uint64_t *)(void *)(call->kept + image * call->kept_stride);
}

static void
forward_plane(const DcnCall *call, size_t image, size_t plane)
{
    size_t n = dcn_plane_size(&call->in[0]), best = 0;
    const float *x = dcn_image(&call->in[0], image) + plane * n;
    float most = -INFINITY;
    for (size_t i = 0; i < n; i++)
        if (x[i] > most) {
            most = x[i];
            best = i;
        }
    dcn_image(&call->out[0], image)[plane] = most;
    if (call->kept)
        places_of(call, image)[plane] = best;
}

static void
globalmaxpool_forward(const DcnCall *call)
{
    dcn_each_plane(call, dcn_plane_size(&call->in[0]), forward_plane);
}

static void
back_plane(const DcnCall *call, size_t image, size_t plane)
{
    size_t n = dcn_plane_size(&call->in[0]);
    float *dx = dcn_image_grad(&call->in[0], image) + plane * n;
    dx[places_of(call, image)[plane]] += dcn_image_grad(&call->out[0], image)[plane];
}

static void
globalmaxpool_back(const DcnCall *call)
{
    if (dcn_wants_back(call, 0) && call->kept)
        dcn_each_plane(call, 1, back_plane);
}

const DcnOp dcn_op_globalmaxpool = {
    .name = "GlobalMaxPool",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_POOLS,
    .planes = true,
    .setup = globalmaxpool_setup,
    .forward = globalmaxpool_forward,
    .rule = DCN_RULE_SWITCH,
    .back = DCN_BACK_ALL(globalmaxpool_back),
    .reach.ahead = dcn_reach_planes,
    .reach.back = dcn_reach_back_planes,
    .layer = "pool",
};
