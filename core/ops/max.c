/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Max: the largest of all inputs, broadcast. All methods: the signal goes to the largest,
 * to the first of equals. */
#include "ops/kit/broadcast.h"

DCN_PAIR_VALUES(max_values, a < b ? b : a)
DCN_PAIR_SLOPES(max_slopes, a < b ? 0 : dy, a < b ? dy : 0)

static bool
max_integers(int64_t a, int64_t b, int64_t *y)
{
    *y = a < b ? b : a;
    return true;
}

static void
max_forward(const DcnCall *call)
{
    if (call->n_in == 2)
        dcn_pair_forward(call, max_values, NULL);
    else
        dcn_many_forward(call, max_values);
}

static void
max_back(const DcnCall *call)
{
    if (call->n_in == 2)
        dcn_pair_back(call, max_slopes);
    else
        dcn_many_back_taken(call, false);
}

static void
max_grad_weights(const DcnCall *call)
{
    if (call->n_in == 2)
        dcn_pair_grad_weights(call, max_slopes);
    else
        dcn_many_back_taken(call, true);
}

const DcnOp dcn_op_max = {
    .name = "Max",
    .inputs = {1, DCN_MANY},
    .outputs = {1, 1},
    .pair = {max_values, max_slopes, max_integers},
    .setup = dcn_setup_broadcast_many,
    .forward = max_forward,
    .back = DCN_BACK_ALL(max_back),
    .grad_weights = max_grad_weights,
    .reach.ahead = dcn_reach_broadcast,
    .reach.back = dcn_reach_back_broadcast,
    .reach.local = dcn_local_places,
};
