/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ArgMax: where along an axis the largest element stands (extreme.h). It is flat, so no
 * signal comes back. */
#include "ops/kit/extreme.h"

static void
argmax_forward(const DcnCall *call)
{
    dcn_extreme_forward(call, true);
}

const DcnOp dcn_op_argmax = {
    .name = "ArgMax",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_DECIDES,
    .params_size = sizeof(DcnExtreme),
    .setup = dcn_extreme_setup,
    .forward = argmax_forward,
    .back = DCN_BACK_ALL(dcn_flat_back),
    .reach.ahead = dcn_extreme_ahead,
    .reach.back = dcn_extreme_seen,
    .constants.type = dcn_extreme_type,
};
