/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Add: y = a + b, broadcast. All methods: da += dy, db += dy, summed where broadcast. */
#include "ops/kit/broadcast.h"
#include "ops/kit/elementwise.h"
#include <string.h>

typedef struct {
    DcnClamp clamp;
} Params;

DCN_PAIR_VALUES(add_values, a + b)
DCN_PAIR_SLOPES(add_slopes, dy, dy)

static bool
add_setup(DcnSetup *setup)
{
    ((Params *)setup->params)->clamp = dcn_clamp_open();
    return dcn_setup_broadcast(setup);
}

static void
add_forward(const DcnCall *call)
{
    dcn_pair_forward(call, add_values, &((const Params *)call->params)->clamp);
}

/* An input that is broadcast gets sums, and is left to the loops of pairs. */
static void
add_back(const DcnCall *call)
{
    DcnOperand operands[3] = {call->in[0], call->in[1], call->out[0]};
    DcnCall rest = *call;
    rest.in = operands;
    rest.out = operands + 2;
    for (size_t k = 0; k < 2; k++)
        if (dcn_shape_equal(&call->in[k].shape, &call->out[0].shape)) {
            dcn_hand_on(call, k);
            operands[k].grad = NULL;
        } else if (operands[k].fresh) {
            memset(operands[k].grad, 0, call->batch * operands[k].stride * sizeof(float));
            operands[k].fresh = false;
        }
    dcn_pair_back(&rest, add_slopes);
}

static bool
add_hands(const DcnCall *call, size_t input)
{
    return dcn_shape_equal(&call->in[input].shape, &call->out[0].shape);
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
    .since = 7,
    .role = DCN_ROLE_ADDS,
    .training.learns = {DCN_LEARNS_BEHIND_WEIGHTS, DCN_LEARNS_BEHIND_WEIGHTS},
    .params_size = sizeof(Params),
    .pair = {add_values, add_slopes, add_integers},
    .setup = add_setup,
    .forward = add_forward,
    .back = DCN_BACK_ALL(add_back),
    .starts_all = true,
    .bounded = dcn_pair_bounded,
    .hands = add_hands,
    .fuse.take = add_fuse_clamp,
    .layer = "add",
};
