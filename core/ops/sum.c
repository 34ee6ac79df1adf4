/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sum: y = all inputs added, broadcast. All methods: the signal goes to each of them,
 * summed where broadcast. */
#include "ops/kit/broadcast.h"

DCN_PAIR_VALUES(add_values, a + b)

static void
sum_forward(const DcnCall *call)
{
    dcn_many_forward(call, add_values);
}

static void
sum_back(const DcnCall *call)
{
    dcn_many_back_sum(call, 1, false);
}

static void
sum_grad_weights(const DcnCall *call)
{
    dcn_many_back_sum(call, 1, true);
}

const DcnOp dcn_op_sum = {
    .name = "Sum",
    .inputs = {1, DCN_MANY},
    .outputs = {1, 1},
    .role = DCN_ROLE_ADDS,
    .setup = dcn_setup_broadcast_many,
    .forward = sum_forward,
    .back = DCN_BACK_ALL(sum_back),
    .grad_weights = sum_grad_weights,
    .reach.ahead = dcn_reach_broadcast,
    .reach.back = dcn_reach_back_broadcast,
    .reach.local = dcn_local_places,
    .layer = "add",
};
