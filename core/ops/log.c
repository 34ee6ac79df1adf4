/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Log: y = ln x. All methods: dx += dy / x. */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(log_values, logf(x))
DCN_SLOPES(log_slopes, dy / x)

const DcnOp dcn_op_log = {
    .name = "Log",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {log_values, DCN_BACK_ALL(log_slopes)},
};
