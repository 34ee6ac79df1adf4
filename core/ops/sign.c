/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sign: 1 where x > 0, -1 where x < 0, 0 where x is 0, NaN where it is NaN (in nets of
 * binary weights or activations). It is flat, so no signal comes back. */
#include "ops/kit/elementwise.h"

DCN_VALUES(sign_values, x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x)

const DcnOp dcn_op_sign = {
    .name = "Sign",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {sign_values},
};
