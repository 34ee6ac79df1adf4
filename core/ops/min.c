/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Min: the smallest of all inputs, broadcast. All methods: the signal goes to the
 * smallest, to the first of equals. */
#include "ops/kit/broadcast.h"

DCN_PAIR_VALUES(min_values, b < a ? b : a)
DCN_PAIR_SLOPES(min_slopes, b < a ? 0 : dy, b < a ? dy : 0)

static bool
min_integers(int64_t a, int64_t b, int64_t *y)
{
    *y = b < a ? b : a;
    return true;
}

static void
min_forward(const DcnCall *call)
{
    if (call->n_in == 2)
        dcn_pair_forward(call, min_values, NULL);
    else
        dcn_many_forward(call, min_values);
}

static void
min_back(const DcnCall *call)
{
    if (call->n_in == 2)
        dcn_pair_back(call, min_slopes);
    else
        dcn_many_back_taken(call, false);
}

static void
min_grad_weights(const DcnCall *call)
{
    if (call->n_in == 2)
        dcn_pair_grad_weights(call, min_slopes);
    else
        dcn_many_back_taken(call, true);
}

const DcnOp dcn_op_min = {
    .name = "Min",
    .inputs = {1, DCN_MANY},
    .outputs = {1, 1},
    .pair = {min_values, min_slopes, min_integers},
    .setup = dcn_setup_broadcast_many,
    .forward = min_forward,
    .back = DCN_BACK_ALL(min_back),
    .grad_weights = min_grad_weights,
    .reach.ahead = dcn_reach_broadcast,
    .reach.back = dcn_reach_back_broadcast,
    .reach.local = dcn_local_places,
};
