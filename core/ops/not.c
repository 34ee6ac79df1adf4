/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Not: true where x is 0. Flat, so no signal comes back. */
#include "ops/kit/elementwise.h"

DCN_VALUES(not_values, x == 0 ? 1 : 0)

const DcnOp dcn_op_not = {
    .name = "Not",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {.values = not_values},
};
