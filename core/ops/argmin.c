/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ArgMin: where along an axis the least element stands (extreme.h). It is flat, so no
 * signal comes back. */
#include "ops/kit/extreme.h"

static void
argmin_forward(const DcnCall *call)
{
    dcn_extreme_forward(call, false);
}

const DcnOp dcn_op_argmin = {
    .name = "ArgMin",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_DECIDES,
    .params_size = sizeof(DcnExtreme),
    .setup = dcn_extreme_setup,
    .forward = argmin_forward,
    .back = DCN_BACK_ALL(dcn_flat_back),
    .reach.ahead = dcn_extreme_ahead,
    .reach.back = dcn_extreme_seen,
    .constants.type = dcn_extreme_type,
};
