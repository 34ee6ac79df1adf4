/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Identity: y = x. */
#include "ops/kit/common.h"

const DcnOp dcn_op_identity = {
    .name = "Identity",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .setup = dcn_setup_same,
    .forward = dcn_copy_forward,
    .back = DCN_BACK_ALL(dcn_copy_back),
    .reach_ahead = dcn_reach_reshape,
    .reach_back = dcn_reach_back_reshape,
    .local = dcn_local_places,
    .moves = true,
};
