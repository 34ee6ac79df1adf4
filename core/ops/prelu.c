/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PRelu: y = a where a >= 0, else b * a; the slope b is broadcast (one a channel, say).
 * Not a rectifier: all methods take the gradient, da += dy * (a < 0 ? b : 1), db += dy *
 * (a < 0 ? a : 0), summed where broadcast. */
#include "ops/kit/broadcast.h"

DCN_PAIR_VALUES(prelu_values, a < 0 ? b * a : a)
DCN_PAIR_SLOPES(prelu_slopes, a < 0 ? b * dy : dy, a < 0 ? a * dy : 0)

const DcnOp dcn_op_prelu = {
    .name = "PRelu",
    .inputs = {2, 2},
    .outputs = {1, 1},
    .training.learns = {DCN_LEARNS, DCN_LEARNS},
    .pair = {.values = prelu_values, .slopes = prelu_slopes},
    .layer = "prelu",
};
