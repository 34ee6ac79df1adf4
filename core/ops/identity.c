/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Identity: y = x. */
#include "ops/kit/common.h"

const DcnOp dcn_op_identity = {
    .name = "Identity",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .role = DCN_ROLE_HANDS_ON,
    .forward = dcn_copy_forward,
    .back = DCN_BACK_ALL(dcn_copy_back),
    .reach.ahead = dcn_reach_reshape,
    .reach.back = dcn_reach_back_reshape,
    .reach.local = dcn_local_places,
    .constants.moves = true,
};
