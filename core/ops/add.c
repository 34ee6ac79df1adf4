/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Add: y = a + b, broadcast. All methods: da += dy, db += dy, summed where broadcast. */
#include "ops/kit/broadcast.h"

typedef struct {
    DcnClamp clamp;
} Params;

static bool
add_setup(DcnSetup *setup)
{
    ((Params *)setup->params)->clamp = dcn_clamp_open();
    return dcn_setup_broadcast(setup);
}

static void
add_values(const float *a, const float *b, float *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] + b[i];
}

static void
add_slopes(const float *restrict a,
           const float *restrict b,
           const float *restrict y,
           const float *restrict dy,
           float *restrict da,
           float *restrict db,
           size_t n)
{
    (void)a, (void)b, (void)y;
    for (size_t i = 0; i < n; i++) {
        da[i] = dy[i];
        db[i] = dy[i];
    }
}

static void
add_forward(const DcnCall *call)
{
    dcn_pair_forward(call, add_values, &((const Params *)call->params)->clamp);
}

static void
add_back(const DcnCall *call)
{
    dcn_pair_back(call, add_slopes);
}

static void
add_grad_weights(const DcnCall *call)
{
    dcn_pair_grad_weights(call, add_slopes);
}

static bool
add_integers(int64_t a, int64_t b, int64_t *y)
{
    *y = (int64_t)((uint64_t)a + (uint64_t)b); /* wraps */
    return true;
}

static void
add_fuse_clamp(void *params, const DcnClamp *clamp)
{
    Params *p = params;
    p->clamp = dcn_clamp_join(p->clamp, *clamp);
}

const DcnOp dcn_op_add = {
    .name = "Add",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .params_size = sizeof(Params),
    .setup = add_setup,
    .forward = add_forward,
    .back = DCN_BACK_ALL(add_back),
    .grad_weights = add_grad_weights,
    .reach_ahead = dcn_reach_broadcast,
    .reach_back = dcn_reach_back_broadcast,
    .local = dcn_local_places,
    .integers = add_integers,
    .fuse_clamp = add_fuse_clamp,
    .layer = "add",
};
