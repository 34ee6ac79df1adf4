/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HardSwish: y = x * max(0, min(1, x / 6 + 1/2)) (Howard et al. 2019). All methods:
 * dx += 0 where x < -3, dy where x > 3, dy * (2 x + 3) / 6 between. */
#include "ops/kit/elementwise.h"
#include <math.h>

DCN_VALUES(hardswish_values, x *dcn_clamp((DcnClamp){0, 1}, x / 6 + 0.5F))
DCN_SLOPES(hardswish_slopes, x<-3 ? 0 : x> 3 ? dy : dy *(2 * x + 3) / 6)

const DcnOp dcn_op_hardswish = {
    .name = "HardSwish",
    .inputs = {1, 1},
    .outputs = {1, 1},
    .each = {hardswish_values, DCN_BACK_ALL(hardswish_slopes)},
    .layer = "hswish",
};
