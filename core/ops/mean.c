/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean: y = all inputs added, broadcast, over their number. All methods: each input gets
 * the signal over the number of inputs, summed where broadcast. */
#include "ops/kit/broadcast.h"

DCN_PAIR_VALUES(add_values, a + b)

static void
mean_forward(const DcnCall *call)
{
    const DcnOperand *y = &call->out[0];
    dcn_many_forward(call, add_values);
    for (size_t n = 0; n < call->batch; n++)
        for (size_t i = 0; i < y->count; i++)
            dcn_image(y, n)[i] /= (float)call->n_in;
}

static void
mean_back(const DcnCall *call)
{
    dcn_many_back_sum(call, 1 / (float)call->n_in, false);
}

static void
mean_grad_weights(const DcnCall *call)
{
    dcn_many_back_sum(call, 1 / (float)call->n_in, true);
}

const DcnOp dcn_op_mean = {
    .name = "Mean",
    .inputs = {1, DCN_MANY},
    .outputs = {1, 1},
    .role = DCN_ROLE_ADDS,
    .setup = dcn_setup_broadcast_many,
    .forward = mean_forward,
    .back = DCN_BACK_ALL(mean_back),
    .grad_weights = mean_grad_weights,
    .reach.ahead = dcn_reach_broadcast,
    .reach.back = dcn_reach_back_broadcast,
    .reach.local = dcn_local_places,
    .layer = "mean",
};
