/* Dropout, as a net that is used has it: y = x, and nothing is dropped (mask: all ones).
 * What it drops in training depends on somebody's random numbers, so a node that asks for
 * it (training_mode, ratio other than 0) is refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "common.h"

static bool
dropout_setup(DcnSetup *setup)
{
    double ratio, training;
    if (!dcn_setup_number(setup, 1, 0.5, &ratio) ||
        !dcn_setup_number(setup, 2, 0, &training))
        return false;
    if (training != 0 && ratio != 0)
        return dcn_setup_fail(setup, DCN_ERROR_UNSUPPORTED,
                              "it is in training mode and drops at random");
    for (size_t i = 0; i < setup->n_out; i++)
        setup->out[i] = *setup->in[0];
    return true;
}

static void
dropout_forward(const DcnCall *call)
{
    dcn_copy_forward(call);
    if (call->n_out < 2 || !call->out[1].data)
        return;
    for (size_t n = 0; n < call->batch; n++)
        for (size_t i = 0; i < call->out[1].count; i++)
            dcn_image(&call->out[1], n)[i] = 1;
}

const DcnOp dcn_op_dropout = {
    .name = "Dropout",
    .inputs = {1, 3},
    .outputs = {1, 2},
    .setup = dropout_setup,
    .forward = dropout_forward,
    .back = DCN_BACK_ALL(dcn_copy_back),
    .reach_ahead = dcn_reach_reshape,
    .reach_back = dcn_reach_back_reshape,
    .local = dcn_local_places,
};
