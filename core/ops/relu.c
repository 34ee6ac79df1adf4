/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Relu: y = max(0, x), element by element.
 *
 * Gradient    dx += dy where x > 0, else 0.
 * Deconvnet   dx += max(0, dy): the rectifier acts on the signal that comes down and does
 *             not look at x (Zeiler & Fergus 2014, section 2.1, "Rectification").
 * Guided      both: max(0, dy) where x > 0 (Springenberg et al. 2015, section 3.4).
 *
 * x > 0 where y > 0, so back looks at y only. */
#include "base/vector.h"
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VECTOR static void
relu_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    (void)params;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] < 0 ? 0 : x[i];
}

DCN_VECTOR static void
relu_gradient(const void *params,
              const float *x,
              const float *restrict y,
              const float *restrict dy,
              float *restrict dx,
              size_t n)
{
    (void)params, (void)x;
    for (size_t i = 0; i < n; i++)
        dx[i] += y[i] > 0 ? dy[i] : 0;
}

DCN_VECTOR static void
relu_deconvnet(const void *params,
               const float *x,
               const float *y,
               const float *restrict dy,
               float *restrict dx,
               size_t n)
{
    (void)params, (void)x, (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += dy[i] > 0 ? dy[i] : 0;
}

DCN_VECTOR static void
relu_guided(const void *params,
            const float *x,
            const float *restrict y,
            const float *restrict dy,
            float *restrict dx,
            size_t n)
{
    (void)params, (void)x;
    for (size_t i = 0; i < n; i++)
        dx[i] += y[i] > 0 && dy[i] > 0 ? dy[i] : 0;
}

static bool
relu_clamp(const void *params, DcnClamp *clamp)
{
    (void)params;
    *clamp = (DcnClamp){0, INFINITY};
    return true;
}

const DcnOp dcn_op_relu = {
    .name = "Relu",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .rule = DCN_RULE_RECTIFIER,
    .each = {relu_values,
             {
                 [DCN_DECONVNET] = relu_deconvnet,
                 [DCN_GUIDED] = relu_guided,
                 [DCN_GRADIENT] = relu_gradient,
             }},
    .starts = true,
    .bounded = dcn_bounded_always,
    .fuse.clamp = relu_clamp,
    .layer = "relu",
};
