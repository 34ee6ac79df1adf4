/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Softsign: y = x / (1 + |x|). All methods: dx += dy / (1 + |x|)^2. */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(softsign_values, x / (1 + fabsf(x)))
DCN_SLOPES(softsign_slopes, dy / ((1 + fabsf(x)) * (1 + fabsf(x))))

const DcnOp dcn_op_softsign = {
    .name = "Softsign",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {softsign_values, DCN_BACK_ALL(softsign_slopes)},
    .layer = "softsign",
};
