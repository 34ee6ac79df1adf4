/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shrink: y = x + bias where x < -lambd, x - bias where x > lambd, else 0. All methods:
 * dx += dy where |x| > lambd. */
#include "ops/kit/elementwise.h"

typedef struct {
    float bias;
    float lambd;
} Params;

static bool
shrink_setup(DcnSetup *setup)
{
    Params *p = setup->params;
    p->bias = dcn_node_float(setup->node, "bias", 0);
    p->lambd = dcn_node_float(setup->node, "lambd", 0.5F);
    return dcn_setup_same(setup);
}

static void
shrink_values(const void *params, const float *restrict x, float *restrict y, size_t n)
{
    const Params *p = params;
    float bias = p->bias;
    float lambd = p->lambd;
    for (size_t i = 0; i < n; i++)
        y[i] = x[i] < -lambd ? x[i] + bias : x[i] > lambd ? x[i] - bias : 0;
}

static void
shrink_slopes(const void *params,
              const float *restrict x,
              const float *restrict y,
              const float *restrict dy,
              float *restrict dx,
              size_t n)
{
    const Params *p = params;
    float lambd = p->lambd;
    (void)y;
    for (size_t i = 0; i < n; i++)
        dx[i] += x[i] < -lambd || x[i] > lambd ? dy[i] : 0;
}

const DcnOp dcn_op_shrink = {
    .name = "Shrink",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = shrink_setup,
    .each = {shrink_values, DCN_BACK_ALL(shrink_slopes)},
    .layer = "shrink",
};
