/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clip: y = min(max(x, low), high), element by element. Bounds are attributes before
 * opset 11, inputs (constant ones) since.
 *
 * Gradient: dx += dy where low < x < high, else 0. With a lower bound of exactly 0 it is
 * a rectifier (ReLU6): the deconvnet takes max(0, dy) whatever x was, guided max(0, dy)
 * where 0 < x < high. With any other lower bound all methods take the gradient.
 *
 * x is between the bounds where y is, so back looks at y only. */
#include "ops/kit/elementwise.h"
#include <math.h>

typedef struct {
    DcnClamp clamp;
} Params;

static bool
clip_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    double low = -(double)INFINITY, high = (double)INFINITY;
    if (setup->opset < 11) {
        const DcnAttribute *min = dcn_node_attribute(setup->node, "min");
        const DcnAttribute *max = dcn_node_attribute(setup->node, "max");
        if (min && min->kind == DCN_ATTRIBUTE_FLOAT)
            low = (double)min->f;
        if (max && max->kind == DCN_ATTRIBUTE_FLOAT)
            high = (double)max->f;
    } else if (!dcn_setup_number(setup, 1, low, &low) ||
               !dcn_setup_number(setup, 2, high, &high)) {
        return false;
    }
    p->clamp = (DcnClamp){(float)low, (float)high};
    return dcn_setup_same(setup);
}

DCN_VECTOR static void
clip_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    DcnClamp clamp = ((const Params *)params)->clamp;
    for (size_t i = 0; i < n; i++)
        y[i] = dcn_clamp(clamp, x[i]);
}

DCN_VECTOR static void
clip_gradient(const void *params,
              const float *x,
              const float *restrict y,
              const float *restrict dy,
              float *restrict dx,
              size_t n)
{
    DcnClamp clamp = ((const Params *)params)->clamp;
    (void)x;
    for (size_t i = 0; i < n; i++)
        dx[i] += y[i] > clamp.low && y[i] < clamp.high ? dy[i] : 0;
}

DCN_VECTOR static void
clip_deconvnet(const void *params,
               const float *x,
               const float *y,
               const float *restrict dy,
               float *restrict dx,
               size_t n)
{
    if (((const Params *)params)->clamp.low != 0) {
        clip_gradient(params, x, y, dy, dx, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] > 0 ? dy[i] : 0;
}

DCN_VECTOR static void
clip_guided(const void *params,
            const float *x,
            const float *restrict y,
            const float *restrict dy,
            float *restrict dx,
            size_t n)
{
    DcnClamp clamp = ((const Params *)params)->clamp;
    if (clamp.low != 0) {
        clip_gradient(params, x, y, dy, dx, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        dx[i] += y[i] > 0 && y[i] < clamp.high && dy[i] > 0 ? dy[i] : 0;
}

static bool
clip_clamp(const void *params, DcnClamp *clamp)
{
    *clamp = ((const Params *)params)->clamp;
    return true;
}

static DcnRule
clip_rule(const void *params)
{
    const Params *p = params;
    return p->clamp.low == 0 ? DCN_RULE_RECTIFIER : DCN_RULE_DERIVATIVE;
}

const DcnOp dcn_op_clip = {
    .name = "Clip",
    .inputs = {1, 3},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = clip_setup,
    .rule_by = clip_rule,
    .each = {clip_values,
             {
                 [DCN_DECONVNET] = clip_deconvnet,
                 [DCN_GUIDED] = clip_guided,
                 [DCN_GRADIENT] = clip_gradient,
             }},
    .fuse.clamp = clip_clamp,
    .layer = "clip",
};
